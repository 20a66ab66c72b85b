"""One series from its history to its point forecast and the trials its record is made of."""

from dataclasses import dataclass, replace

import numpy as np

from planning.forecast.backtest import WINDOWS, WINDOWS_FAST, Trial, naive, naive_scale, origins
from planning.forecast.distribution import shape_of
from planning.forecast.lift import cleaned
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
    shape : see `shape_of`, of the history without what season and campaigns did.
    log_lift : log factor on 1 + demand that season and campaigns bring to each week of `point`.
    trials : forecasts made as of past weeks, the furthest back first.
    signals : what became of campaigns, holidays and leading signals, in words; null without any.
    unusual : stock-outs, outliers and the like, in words; null without any.
    """

    series_class: SeriesClass
    point: PointForecast
    shape: Weekly
    log_lift: Weekly
    trials: tuple[Trial, ...]
    signals: str | None
    unusual: str | None


def forecast_one(
    series: WeeklySeries,
    steps: int,
    recipe: Recipe,
    lifts: Lifts | None,
    *,
    backtest: bool,
) -> Outcome:
    """Point forecast of one series, `steps` weeks from the end of its history on, and its trials."""
    weeks = series.quantity.size
    series_class = series.series_class
    base, log_lift, words = _without_lifts(
        series.quantity, series_class, _log_lift(series, lifts, 0, steps), recipe.season_length
    )
    point = _point(series, 0, steps, recipe, lifts, found=(series_class, base, log_lift))
    point = replace(point, method=point.method + words)
    windows = WINDOWS_FAST if recipe.fast else WINDOWS
    backs = origins(weeks, recipe.lead_weeks, windows) if backtest else ()
    trials = tuple(_look_back(series, back, recipe, lifts) for back in backs)
    signals = lifts.verdict.words if lifts else None
    told = unusual(series, base)
    return Outcome(series_class, point, shape_of(base), log_lift[weeks:], trials, signals, told)


def _look_back(series: WeeklySeries, back: int, recipe: Recipe, lifts: Lifts | None) -> Trial:
    """The forecast of the last `back` weeks from those before them."""
    known, actual = series.quantity[:-back], series.quantity[-back:]
    series_class, season = classify(known), recipe.season_length
    base, log_lift, _ = _without_lifts(known, series_class, _log_lift(series, lifts, back, 0), season)
    point = _point(series, back, back, recipe, lifts, found=(series_class, base, log_lift))
    return Trial(
        back=back,
        series_class=series_class,
        mean=point.mean,
        spread=point.spread,
        shape=shape_of(base),
        log_lift=log_lift[-back:],
        actual=actual,
        naive=naive(known, back, season),
        scale=naive_scale(known, season),
    )


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
