-- What Takt's forecast said where an override of the network that holds was said: the newest forecast made
-- before the override came in, else the first one after it.
with said as (
    select product, market, week, min(imported_at) as said_at
    from core.overrides
    inner join raw.overrides as every using (product, market, week, quantity)
    inner join raw.import_batch on import_batch.batch = every.batch
    group by all
),
offered as (
    select
        product,
        market,
        week,
        quantity,
        row_number() over (
            partition by product, market, week
            order by created_at > said_at, abs(epoch(created_at) - epoch(said_at)), forecast desc
        ) as choice
    from said
    inner join plan.forecast using (product, market, week)
    inner join plan.forecast_run using (forecast)
    anti join plan.scenario_forecast using (forecast)
)
select product, market, week, quantity
from offered
where choice = 1
order by product, market, week
