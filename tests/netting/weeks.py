"""Net demand of product P in market M, week by week."""

import polars as pl

from planning.netting import NetDemand

#: Forecast of 10 a week: what the cases start from.
TEN = [10.0] * 6

#: A trace of a forecast, for deals alone: where nothing at all is forecast every deal is lumpy.
TRACE = [1e-9] * 6

#: Six weeks, and no deal is lumpy unless a test says so.
CALM = {"horizon_weeks": 6, "lumpy_deal_share": 1e12}


def weekly(
    net: NetDemand, column: str = "expected", product: str = "P", market: str = "M", weeks: int = 6
) -> list[float]:
    """A column of the expected demand by bucket."""
    rows = net.expected.filter((pl.col("product") == product) & (pl.col("market") == market))
    units = dict(rows.select("t", column).iter_rows())
    return [round(units.get(t, 0.0), 6) for t in range(weeks)]


def confirmed(net: NetDemand, weeks: int = 6) -> list[float]:
    """Open confirmed units by bucket."""
    units = dict(net.orders.group_by("t").agg(pl.col("quantity").sum()).iter_rows())
    return [units.get(t, 0.0) for t in range(weeks)]
