"""The history of demand, with the weeks that orders now tell of."""

from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK, due_week, due_week_expr
from planning.domain.network import Network

_SERIES = ["product", "market"]


def demand_came(
    network: Network, orders: pl.DataFrame, sold: pl.DataFrame, week: date, as_of: date
) -> pl.DataFrame:
    """Rows history.csv lacks: demand by due week, from its last week to the one that is over.

    Demand is what orders asked for, shipped or not; cancelled ones asked for nothing. What history says of a
    week already is taken off, so that demand is told once, however often a week is looked at. Without a
    history there is none to keep up.

    Parameters
    ----------
    orders : every line as it is known now.
    sold : product, market, sold: units of expected demand that were served in `week`.
    as_of : the day the data speak for from now on; no row may be later.

    Returns
    -------
    date (first day whose demand is due in that week), product, market, quantity.
    """
    policy, history = network.policy, network["history"]
    if history.is_empty():
        return history
    cutoff = policy.due_cutoff_weekday
    last = history["date"].max()
    assert isinstance(last, date)
    first = due_week(last, cutoff)
    due = due_week_expr("due_date", cutoff)
    asked = orders.filter(pl.col("status").is_in(["confirmed", "shipped"])).select(
        *_SERIES, "quantity", week=due
    )
    asked = asked.filter(pl.col("week").is_between(first, week))
    unseen = sold.select(*_SERIES, quantity="sold", week=pl.lit(week))
    known = history.select(*_SERIES, quantity=-pl.col("quantity"), week=due_week_expr("date", cutoff))
    known = known.filter(pl.col("week").is_between(first, week))
    rows = pl.concat([asked, unseen, known]).group_by(*_SERIES, "week").agg(pl.col("quantity").sum())
    rows = rows.filter(pl.col("quantity") > 0).with_columns(
        date=pl.col("week") + timedelta(days=cutoff - 1), quantity=pl.col("quantity").round(6)
    )
    rows = rows.filter((pl.col("date") <= as_of) & (pl.col("date") < week + 2 * WEEK))
    return rows.select("date", *_SERIES, "quantity").sort("date", *_SERIES)
