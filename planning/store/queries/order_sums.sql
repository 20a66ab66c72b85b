-- Orders of a batch in so few rows that they have the same products and markets, and the same mean prices.
select
    product,
    market,
    status,
    sum(quantity) as quantity,
    sum(unit_price * quantity) / nullif(sum(quantity), 0) as unit_price
from raw.orders
where batch = $batch
group by product, market, status, unit_price is null
