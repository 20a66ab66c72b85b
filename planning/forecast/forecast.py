"""The room's front door: history in, weekly quantiles and the record of every series out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK, weeks_between
from planning.forecast.analogues import with_analogues
from planning.forecast.distribution import Calibration, Quantiles, around, as_last_year, calibrate
from planning.forecast.lift import lifted
from planning.forecast.models import Recipe
from planning.forecast.outcome import Outcome, forecast_one
from planning.forecast.pools import Sources, signal_lifts
from planning.forecast.series import weekly_history
from planning.forecast.unusual import launched

FAST_FROM_SERIES = 1500

Progress = Callable[[float, str], None]

QUANTILES_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "week": pl.Date,
    "quantity": pl.Float64,
    "p10": pl.Float64,
    "p50": pl.Float64,
    "p90": pl.Float64,
}
METHODS_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "series_class": pl.String,
    "method": pl.String,
    "fallback": pl.String,
    "signals": pl.String,
    "unusual": pl.String,
    "weeks_of_history": pl.Int64,
    "first_week": pl.Date,
    "last_week": pl.Date,
    "mean_weekly": pl.Float64,
    "wape": pl.Float64,
    "naive_wape": pl.Float64,
    "bias": pl.Float64,
    "better_than_naive": pl.Boolean,
}


@dataclass(frozen=True)
class Forecast:
    """Demand to come, and how it was found.

    Parameters
    ----------
    quantiles : product, market, week (Monday), quantity (mean), p10, p50, p90: units, 0 ≤ p10 ≤ p50
        ≤ p90, one row per series and week of the horizon. The mean of regular demand is its p50; that
        of intermittent demand may lie above p90.
    methods : one row per series: series_class; method (the models, in words); fallback (why
        something simpler had to serve, else null); signals (campaign signals that entered and
        what they gained, or why none did; null without any); unusual (launch, stock-outs, outliers, an
        end of demand, rows without a quantity; null without any); weeks_of_history, first_week (null
        without demand), last_week and mean_weekly (units) of the filled calendar; wape, naive_wape
        and bias (see `Record`) of one hold-out, null where there is none; better_than_naive.
    """

    quantiles: pl.DataFrame
    methods: pl.DataFrame


def forecast_demand(
    history: pl.DataFrame,
    series: pl.DataFrame,
    start_week: date,
    horizon_weeks: int,
    *,
    campaigns: pl.DataFrame | None = None,
    products: pl.DataFrame | None = None,
    activity: pl.DataFrame | None = None,
    markets: pl.DataFrame | None = None,
    season_length: int = 52,
    as_of: date | None = None,
    due_cutoff_weekday: int = 1,
    progress: Progress | None = None,
    backtest: bool = True,
) -> Forecast:
    """Forecast the weekly demand of every product and market in `series`.

    The calendar is filled (see `weekly_history`), each series served by the models of its class
    (`point_forecast`), signals (`judge`) and long seasons (`season_of`) taken out before and put back
    after, the last weeks held out for the record and the width of the intervals (`calibrate`). From
    1,500 series on the fast recipe serves. The result depends on neither row order nor clock.

    Parameters
    ----------
    history : date, product, market, quantity: demand by requested delivery, several rows a day allowed;
        what falls in start_week or later is passed over.
    series : product, market to forecast, with or without history.
    start_week : Monday of the first week of the horizon.
    horizon_weeks : weeks to forecast.
    campaigns : rows of campaigns.csv, past and planned; null or empty: none.
    products : product, family and price: families share effects, prices find the key products.
    activity, markets : rows of activity.csv, which may lead; market and country, whose holidays count.
    season_length : weeks of a season.
    as_of : today: weeks not over by then are unknown; null takes all before start_week as over.
    due_cutoff_weekday : dates before this weekday belong to the week before (1: none do).
    progress : told the share done and what is being done; what it raises ends the forecast.
    backtest : hold the last weeks out; without it there is no record and intervals are the prior's.
    """
    found = weekly_history(history, series, start_week, as_of, due_cutoff_weekday)
    known = with_analogues(found, families_of(products))
    gap = weeks_between(known.last_week, start_week) - 1
    steps = gap + horizon_weeks
    recipe = Recipe(season_length, fast=len(known.series) >= FAST_FROM_SERIES)
    tell = progress or (lambda _share, _what: None)
    tell(0.0, "Learning what campaigns and holidays did")
    sources = Sources(campaigns, activity, products, markets)
    lifts = signal_lifts(known, sources, steps, due_cutoff_weekday, season_length)
    outcomes = []
    for done, one in enumerate(known.series):
        tell(done / len(known.series), f"Forecasting {one.product} in {one.market}")
        lift = lifts.get((one.product, one.market))
        outcomes.append(forecast_one(one, steps, recipe, lift, backtest=backtest))
    calibration = calibrate([o.held_out for o in outcomes])
    tell(1.0, "Forecast done")
    weeks = [start_week + t * WEEK for t in range(horizon_weeks)]
    return Forecast(
        quantiles=_quantiles_frame(outcomes, calibration, gap, weeks),
        methods=_methods_frame(outcomes, known.last_week),
    )


def families_of(products: pl.DataFrame | None) -> dict[str, str]:
    """Family of every product that has one."""
    if products is None:
        return {}
    return dict(products.select("product", "family").drop_nulls().iter_rows())


def _quantiles_frame(
    outcomes: Sequence[Outcome], calibration: Calibration, gap: int, weeks: Sequence[date]
) -> pl.DataFrame:
    """Quantiles of all series with the campaigns put back; the weeks before the horizon fall away."""
    if not outcomes or not weeks:
        return pl.DataFrame(schema=QUANTILES_SCHEMA)
    found = [_quantiles(o, calibration) for o in outcomes]
    columns = {
        "quantity": [o.point.mean for o in outcomes],
        "p10": [q.p10 for q in found],
        "p50": [q.p50 for q in found],
        "p90": [q.p90 for q in found],
    }
    values = {
        name: np.concatenate(
            [lifted(array, o.log_lift)[gap:] for array, o in zip(arrays, outcomes, strict=True)]
        )
        for name, arrays in columns.items()
    }
    keys = {
        "product": [o.series.product for o in outcomes for _ in weeks],
        "market": [o.series.market for o in outcomes for _ in weeks],
        "week": list(weeks) * len(outcomes),
    }
    return pl.DataFrame({**keys, **values}, schema=QUANTILES_SCHEMA)


def _quantiles(outcome: Outcome, calibration: Calibration) -> Quantiles:
    bands = calibration.bands.get(outcome.series_class)
    if bands is None:
        return as_last_year(outcome.point.mean, outcome.base, calibration.tail)
    return around(outcome.point.mean, outcome.point.spread, bands)


def _methods_frame(outcomes: Sequence[Outcome], last_week: date) -> pl.DataFrame:
    began = min((o.series.first_week for o in outcomes if o.series.first_week), default=None)
    rows = [
        (
            o.series.product,
            o.series.market,
            str(o.series_class),
            o.point.method,
            o.point.fallback,
            o.signals,
            "; ".join(word for word in (launched(o.series, began), o.unusual) if word) or None,
            o.series.quantity.size,
            o.series.first_week,
            last_week,
            float(o.series.quantity.mean()) if o.series.quantity.size else 0.0,
            o.record.wape,
            o.record.naive_wape,
            o.record.bias,
            o.record.better_than_naive,
        )
        for o in outcomes
    ]
    return pl.DataFrame(rows, METHODS_SCHEMA, orient="row")
