"""The live record: what became of forecasts whose weeks are over."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.forecast.paths import Dependence, total_bands
from planning.forecast.series import History, actual_weeks

#: Twice in a hundred a forecast that is as good as its backtest drifts out of this range.
DRIFT_LEVELS = (0.01, 0.99)
SERIES = ["product", "market"]

LIVE_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "first_week": pl.Date,
    "last_week": pl.Date,
    "forecast": pl.Float64,
    "actual": pl.Float64,
    "lowest": pl.Float64,
    "highest": pl.Float64,
    "live_wape": pl.Float64,
    "live_bias": pl.Float64,
    "drifted": pl.Boolean,
}


def live_record(
    past: pl.DataFrame,
    known: History,
    lead_weeks: int,
    dependence: Dependence,
    classes: Mapping[tuple[str, str], str],
) -> pl.DataFrame:
    """The last lead time that is over: what was forecast of it before it began, and what came.

    A series has drifted when the total that came lies outside the range its forecast had left for it: the
    1 % and 99 % quantiles of the total, whose width the backtest found.

    Parameters
    ----------
    past : start_week, product, market, week, quantity, p10, p50, p90 of earlier forecasts, without overrides.
    known : history as it is now.
    lead_weeks : planning lead time.
    dependence, classes : of the latest forecast.

    Returns
    -------
    One row per series that was forecast before the lead time: first_week, last_week, forecast, actual,
    lowest and highest (units of the whole lead time), live_wape and live_bias (null without demand), drifted;
    none where no forecast is old enough.
    """
    over = past.filter(pl.col("start_week") <= known.last_week - (lead_weeks - 1) * WEEK)
    start = over["start_week"].max()
    if not isinstance(start, date):
        return pl.DataFrame(schema=LIVE_SCHEMA)
    told = over.filter((pl.col("start_week") == start) & (pl.col("week") < start + lead_weeks * WEEK)).drop(
        "start_week"
    )
    rows = told.join(actual_weeks(known), on=[*SERIES, "week"], how="left").with_columns(
        pl.col("actual").fill_null(0.0)
    )
    error = pl.col("quantity") - pl.col("actual")
    demand = pl.when(pl.col("actual").sum() > 0).then(pl.col("actual").sum())
    found = rows.group_by(SERIES).agg(
        first_week=pl.col("week").min(),
        last_week=pl.col("week").max(),
        forecast=pl.col("quantity").sum(),
        actual=pl.col("actual").sum(),
        live_wape=error.abs().sum() / demand,
        live_bias=error.sum() / demand,
    )
    bands = total_bands(told, SERIES, dependence, start, classes=classes, levels=DRIFT_LEVELS)
    ranged = found.join(bands.select(*SERIES, lowest="p1", highest="p99"), on=SERIES)
    inside = pl.col("actual").is_between(pl.col("lowest") - 1e-9, pl.col("highest") + 1e-9)
    return ranged.with_columns(drifted=~inside).select(*LIVE_SCHEMA).sort(SERIES)
