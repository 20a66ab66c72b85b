"""One series from its history to its point forecast and record."""

from dataclasses import dataclass

import numpy as np

from planning.forecast.backtest import Record, hold_out_weeks, naive, record
from planning.forecast.distribution import excess, tail_ratio
from planning.forecast.models import PointForecast, Recipe, point_forecast
from planning.forecast.regressors import Lifts, cleaned, lifted
from planning.forecast.series import SeriesClass, Weekly, WeeklySeries, classify


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found of one series, before the intervals.

    Parameters
    ----------
    series_class : class of the demand as it was.
    point : what the models say of demand without campaigns, from the week after the history on.
    base : history without what campaigns did, units per week.
    log_lift : log factor on 1 + demand that campaigns bring to each week of `point`.
    record : errors over the weeks held out.
    held_out : class before those weeks, and what they say about the width of the intervals.
    signals : what became of the campaigns, in words; null without any.
    """

    series: WeeklySeries
    series_class: SeriesClass
    point: PointForecast
    base: Weekly
    log_lift: Weekly
    record: Record
    held_out: tuple[SeriesClass, Weekly]
    signals: str | None


def forecast_one(
    series: WeeklySeries, steps: int, recipe: Recipe, lifts: Lifts | None, *, backtest: bool
) -> Outcome:
    """Point forecast and record of one series; `steps` weeks from the end of its history on."""
    weeks = series.quantity.size
    log_lift = _log_lift(series, lifts, 0, steps)
    base = cleaned(series.quantity, log_lift[:weeks]) if log_lift.any() else series.quantity
    series_class = series.series_class
    point = point_forecast(base, series_class, steps, recipe, recorded=series.recorded)
    held = hold_out_weeks(weeks) if backtest else 0
    nothing = Record(), (series_class, np.zeros(0))
    judged, held_out = _look_back(series, held, recipe, lifts) if held else nothing
    words = lifts.verdict.words if lifts else None
    return Outcome(series, series_class, point, base, log_lift[weeks:], judged, held_out, words)


def _look_back(
    series: WeeklySeries, held: int, recipe: Recipe, lifts: Lifts | None
) -> tuple[Record, tuple[SeriesClass, Weekly]]:
    """The record over the last `held` weeks, and what they teach `calibrate`."""
    known, actual = series.quantity[:-held], series.quantity[-held:]
    log_lift = _log_lift(series, lifts, held, 0)
    base = cleaned(known, log_lift[:-held]) if log_lift.any() else known
    series_class = classify(known)
    point = point_forecast(base, series_class, held, recipe)
    forecast = lifted(point.mean, log_lift[-held:])
    judged = record(actual, forecast, naive(known, held, recipe.season_length))
    plain = cleaned(actual, log_lift[-held:])
    if series_class.regular:
        return judged, (series_class, excess(plain, point.mean, point.spread))
    return judged, (series_class, tail_ratio(plain, point.mean, base))


def _log_lift(series: WeeklySeries, lifts: Lifts | None, back: int, steps: int) -> Weekly:
    """Log lift over the history and `steps` weeks more; all zero without campaigns."""
    weeks = series.quantity.size + steps
    if lifts is None or not lifts.verdict.entered:
        return np.zeros(weeks)
    return lifts.log_lift((series.product, series.market), back)[:weeks]
