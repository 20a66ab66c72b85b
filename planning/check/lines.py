"""Open confirmed order lines and when they are due (2-data, netting: *Confirmed*)."""

import polars as pl

from planning.domain.calendar import due_week_expr, week_index_expr
from planning.domain.network import Network


def dated_orders(network: Network) -> pl.DataFrame:
    """Every order line with its due week and bucket and what is still open of it.

    Returns
    -------
    orders.csv with priority and quantity_shipped filled, due_week, due (bucket; negative: past due) and
    open_quantity (0 unless confirmed).
    """
    policy = network.policy
    open_quantity = pl.col("quantity") - pl.col("quantity_shipped")
    is_open = (pl.col("status") == "confirmed") & (open_quantity > 0)
    return (
        network["orders"]
        .with_columns(
            pl.col("quantity_shipped").fill_null(0.0),
            pl.col("priority").fill_null(2),
            due_week=due_week_expr("due_date", policy.due_cutoff_weekday),
        )
        .with_columns(
            due=week_index_expr("due_week", policy.start_week),
            open_quantity=pl.when(is_open).then(open_quantity).otherwise(0.0),
        )
    )


def open_lines(orders: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Order lines the plan must answer: open, due inside the horizon or before it.

    Returns
    -------
    order_id, line, product, market, priority, due_date, due_week, due, quantity (open units), in the
    order in which they are served within product and market.
    """
    return (
        orders.filter((pl.col("open_quantity") > 0) & (pl.col("due") < horizon))
        .select(
            "order_id",
            "line",
            "product",
            "market",
            "priority",
            "due_date",
            "due_week",
            "due",
            quantity="open_quantity",
        )
        .sort("product", "market", "priority", "due_date", "order_id", "line")
    )


def confirmed_by_class(lines: pl.DataFrame) -> pl.DataFrame:
    """Confirmed units by product, market, bucket and class; past-due ones are due in the first week.

    Returns
    -------
    product, market, t, due_1, due_2, due_3.
    """
    classes = [pl.col("quantity").filter(pl.col("priority") == k).sum().alias(f"due_{k}") for k in (1, 2, 3)]
    return (
        lines.with_columns(t=pl.max_horizontal("due", pl.lit(0, dtype=pl.Int64)))
        .group_by("product", "market", "t")
        .agg(classes)
    )


def in_transit(network: Network) -> pl.DataFrame:
    """Units on their way by market, product and bucket: before the start in the first week, none after
    the horizon.

    Returns
    -------
    market, product, t, quantity.
    """
    policy = network.policy
    bucket = week_index_expr("arrive_week", policy.start_week)
    return (
        network["in_transit"]
        .with_columns(t=pl.max_horizontal(bucket, pl.lit(0, dtype=pl.Int64)))
        .filter(pl.col("t") < policy.horizon_weeks)
        .group_by("market", "product", "t")
        .agg(pl.col("quantity").sum())
    )


def free_stock(network: Network, lines: pl.DataFrame) -> pl.DataFrame:
    """What confirmed orders leave of stock and goods in transit; negative where they need more.

    Open confirmed of the horizon is taken with the past-due part, as in rule 7.

    Returns
    -------
    product, free (units).
    """
    parts = [
        network["stock"].select("product", "quantity"),
        in_transit(network).select("product", "quantity"),
        lines.select("product", quantity=-pl.col("quantity")),
    ]
    supply = pl.concat(parts).group_by("product").agg(free=pl.col("quantity").sum())
    return network["products"].select("product").join(supply, on="product", how="left").fill_null(0.0)
