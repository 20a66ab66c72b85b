"""One series from its history to its point forecast and record."""

from dataclasses import dataclass, replace

import numpy as np

from planning.forecast.backtest import Record, hold_out_weeks, naive, record
from planning.forecast.distribution import excess, tail_ratio
from planning.forecast.lift import cleaned, lifted
from planning.forecast.models import PointForecast, Recipe, point_forecast, with_regressors
from planning.forecast.regressors import Lifts
from planning.forecast.season import season_of
from planning.forecast.series import SeriesClass, Weekly, WeeklySeries, classify
from planning.forecast.unusual import unusual


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found of one series, before the intervals.

    Parameters
    ----------
    series_class : class of the demand as it was.
    point : what the models say of demand without season and campaigns, from the week after the history on.
    base : history without what season and campaigns did, units per week.
    log_lift : log factor on 1 + demand that season and campaigns bring to each week of `point`.
    record : errors over the weeks held out.
    held_out : class before those weeks, and what they say about the width of the intervals.
    signals : what became of campaigns, holidays and leading signals, in words; null without any.
    unusual : stock-outs, outliers and the like, in words; null without any.
    """

    series: WeeklySeries
    series_class: SeriesClass
    point: PointForecast
    base: Weekly
    log_lift: Weekly
    record: Record
    held_out: tuple[SeriesClass, Weekly]
    signals: str | None
    unusual: str | None


def forecast_one(
    series: WeeklySeries, steps: int, recipe: Recipe, lifts: Lifts | None, *, backtest: bool
) -> Outcome:
    """Point forecast and record of one series; `steps` weeks from the end of its history on."""
    weeks = series.quantity.size
    series_class = series.series_class
    base, log_lift, words = _without_lifts(
        series.quantity, series_class, _log_lift(series, lifts, 0, steps), recipe.season_length
    )
    point = _point(series, 0, steps, recipe, lifts, found=(series_class, base, log_lift))
    point = replace(point, method=point.method + words)
    held = hold_out_weeks(weeks) if backtest else 0
    nothing = Record(), (series_class, np.zeros(0))
    judged, held_out = _look_back(series, held, recipe, lifts) if held else nothing
    signals = lifts.verdict.words if lifts else None
    told = unusual(series, base)
    return Outcome(series, series_class, point, base, log_lift[weeks:], judged, held_out, signals, told)


def _look_back(
    series: WeeklySeries, held: int, recipe: Recipe, lifts: Lifts | None
) -> tuple[Record, tuple[SeriesClass, Weekly]]:
    """The record over the last `held` weeks, and what they teach `calibrate`."""
    known, actual = series.quantity[:-held], series.quantity[-held:]
    series_class = classify(known)
    base, log_lift, _ = _without_lifts(
        known, series_class, _log_lift(series, lifts, held, 0), recipe.season_length
    )
    point = _point(series, held, held, recipe, lifts, found=(series_class, base, log_lift))
    forecast = lifted(point.mean, log_lift[-held:])
    judged = record(actual, forecast, naive(known, held, recipe.season_length))
    plain = cleaned(actual, log_lift[-held:])
    if series_class.regular:
        return judged, (series_class, excess(plain, point.mean, point.spread))
    return judged, (series_class, tail_ratio(plain, point.mean, base))


def _point(
    series: WeeklySeries,
    back: int,
    steps: int,
    recipe: Recipe,
    lifts: Lifts | None,
    *,
    found: tuple[SeriesClass, Weekly, Weekly],
) -> PointForecast:
    """What the models say of the `steps` weeks after all but the last `back` weeks of the history.

    Parameters
    ----------
    found : class, history without campaigns and season, log lift of both over history and steps.
    """
    series_class, base, log_lift = found
    moved = lifts is not None and bool(lifts.verdict.entered)
    point = point_forecast(
        base, series_class, steps, recipe, recorded=series.recorded, launch=series.launch, in_logs=moved
    )
    regressors = lifts.regressors((series.product, series.market), back) if lifts is not None else None
    if regressors is None or point.spread == 0:
        return point
    weeks = base.size
    signals = _log_lift(series, lifts, back, steps - back)
    demand = cleaned(series.quantity[:weeks], (log_lift - signals)[:weeks])
    return with_regressors(point, demand, regressors[: weeks + steps], signals[weeks:])


def _without_lifts(
    known: Weekly, series_class: SeriesClass, campaigns: Weekly, season_length: int
) -> tuple[Weekly, Weekly, str]:
    """History without campaigns and season, the log lift of both over all weeks, the season in words."""
    weeks = known.size
    plain = cleaned(known, campaigns[:weeks])
    season = season_of(plain, series_class, campaigns.size - weeks, season_length)
    return cleaned(plain, season.log_lift[:weeks]), campaigns + season.log_lift, season.words


def _log_lift(series: WeeklySeries, lifts: Lifts | None, back: int, steps: int) -> Weekly:
    """Log lift over the history and `steps` weeks more; all zero without campaigns."""
    weeks = series.quantity.size + steps
    if lifts is None or not lifts.verdict.entered:
        return np.zeros(weeks)
    return lifts.log_lift((series.product, series.market), back)[:weeks]
