"""Which models serve a series, and what they say: the only place that calls statsforecast."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from planning.forecast.analogues import by_analogues
from planning.forecast.lift import cleaned
from planning.forecast.series import Launch, SeriesClass, Weekly

Matrix = NDArray[np.float64]

LONGEST_OWN_SEASON = 24
RESIDUAL_WEEKS = 52
LAST_RESORT_WEEKS = 4
SELDOM = (("TSB", 1), ("IMAPA", 1), ("ADIDA", 1), ("SES", 1))
YEAR_ORIGINS, CLEAR_MARGIN = 6, 0.5
TREND_WEIGHT, TREND_DAMPING = 0.7, 0.9
WIDEST_LOG_VARIANCE = 1.0
LEAST_WEEKS_IN_LOGS = 52


class Model(Protocol):
    """What this room uses of a statsforecast model."""

    def forecast(
        self, y: Weekly, h: int, X: Matrix | None, X_future: Matrix | None, *, fitted: bool
    ) -> dict[str, Weekly]:
        """Mean of the next h steps and, where asked for, the one-step fits; X where there are regressors."""
        ...


@dataclass(frozen=True, eq=False)
class PointForecast:
    """What the models say of one series.

    Parameters
    ----------
    mean : units per week, from the week after the history on; never negative.
    spread : root mean square of the one-step errors in sample (units), of the last year at most.
    method : the models behind it, in words.
    fallback : the plain reason when something simpler than the class's own models had to serve.
    """

    mean: Weekly
    spread: float
    method: str
    fallback: str | None = None


@dataclass(frozen=True)
class Recipe:
    """How to forecast.

    Parameters
    ----------
    season_length : weeks of a season.
    fast : thousands of series ask for the quick members.
    lead_weeks : weeks ahead at whose totals rival models are judged.
    """

    season_length: int = 52
    fast: bool = False
    lead_weeks: int = 4


def point_forecast(
    quantity: Weekly,
    series_class: SeriesClass,
    horizon: int,
    recipe: Recipe,
    *,
    recorded: bool = True,
    launch: Launch | None = None,
    in_logs: bool = False,
) -> PointForecast:
    """Forecast one series by the models of its class.

    Smooth and erratic: the median of AutoETS, DynamicOptimizedTheta and AutoCES, the combination that
    came best on M3 and M4 weekly, with seasons of up to 24 weeks once two are there (`season_of` takes
    longer ones out beforehand). AutoETS tries no damped trends: on M3 monthly that takes half the time and
    is as good. The fast recipe has Theta in AutoETS' place.
    Intermittent and lumpy: the median of TSB (0.3, 0.1), IMAPA, ADIDA and SES (0.1). Declining: three
    parts of that, seven of AutoTheta, which follows the trend down; on car parts (docs/forecast.md) the
    median alone is half too high. A model that refuses the series is left out and named in `fallback`.

    Parameters
    ----------
    quantity : units per week, starting in a week with demand; empty when there is none.
    series_class : as `classify` says.
    horizon : weeks to forecast.
    recorded : the history has rows of this series.
    launch : of a new series, how earlier launches of its family went.
    in_logs : the models of regular demand see log(1 + demand), for demand that signals move by factors:
        what is left of a mighty campaign week then weighs no more than that of another. Not in the first
        year, when a product still finds its level: a straight line in logs goes through the roof.
    """
    if series_class is SeriesClass.EMPTY:
        reason = "no demand in the history" if recorded else "no history"
        return PointForecast(np.zeros(horizon), 0.0, "zero", reason)
    if series_class is SeriesClass.NEW:
        return _cold_start(quantity, horizon, launch)
    if np.ptp(quantity) == 0:
        reason = "constant history: nothing for a model to learn"
        return PointForecast(np.full(horizon, quantity[0]), 0.0, "the constant carried on", reason)
    members = _members(quantity.size, recipe)
    if in_logs and series_class.regular and quantity.size >= LEAST_WEEKS_IN_LOGS:
        return _out_of_logs(quantity, _median(np.log1p(quantity), horizon, members))
    if series_class.regular:
        return _median(quantity, horizon, members)
    own = _seldom(quantity, series_class, horizon)
    if recipe.fast or not _year_repeats(quantity, series_class, recipe):
        return own
    method = f"the same weeks of last year, clearly closer at {YEAR_ORIGINS} origins than the {own.method}"
    return replace(own, mean=np.resize(quantity[-recipe.season_length :], horizon), method=method)


def _seldom(quantity: Weekly, series_class: SeriesClass, horizon: int) -> PointForecast:
    """What the models of rare demand say."""
    level = _median(quantity, horizon, SELDOM)
    return _following_down(quantity, level) if series_class is SeriesClass.DECLINING else level


def _year_repeats(quantity: Weekly, series_class: SeriesClass, recipe: Recipe) -> bool:
    """Whether last year's weeks foretold the totals of a lead time clearly better than the class's models.

    The models of rare demand know no season. At six origins a lead time apart the totals of the lead time
    must be off by half as much at most, with less bias, and at no origin by more: totals are what is planned
    by, and on weekly errors a forecast of nothing would win (Kolassa 2016, "Evaluating predictive count data
    distributions in retail sales forecasting"). On a slighter margin the choice is a coin's, and on car
    parts it cost accuracy.
    """
    lead, season = recipe.lead_weeks, recipe.season_length
    if quantity.size - YEAR_ORIGINS * lead < max(season, 2 * lead) or not quantity.any():
        return False
    misses = []
    for back in range(lead, YEAR_ORIGINS * lead + 1, lead):
        known, actual = quantity[:-back], float(quantity[-back:][:lead].sum())
        if not known.any():
            return False
        own = float(_seldom(known, series_class, lead).mean.sum())
        year = float(np.resize(known[-season:], lead).sum())
        misses.append((own - actual, year - actual))
        if abs(year - actual) > abs(own - actual):
            return False
    own_misses, year_misses = np.array(misses).T
    less_bias = abs(year_misses.sum()) <= abs(own_misses.sum())
    return bool(less_bias and np.abs(year_misses).sum() <= CLEAR_MARGIN * np.abs(own_misses).sum())


def smoothed_level(quantity: Weekly) -> float:
    """Level of optimised simple exponential smoothing: the quick yardstick signals are tested with.

    Asked for ten thousand times, and never refused: nothing is silenced or caught around it.
    """
    answer = _model("SES optimised", 1).forecast(y=quantity, h=1, X=None, X_future=None, fitted=False)
    return float(answer["mean"][0])


def _cold_start(quantity: Weekly, horizon: int, launch: Launch | None) -> PointForecast:
    """As earlier launches went, or else the mean of the weeks so far.

    Its spread has eight weeks of the smooth/erratic border behind it: the sample variance of a few weeks
    is no measure; it is blended with four weeks of a coefficient of variation of 0.7, the border between
    smooth and erratic demand.
    """
    if launch is not None and quantity.size == 0:
        return _awaited(horizon, launch)
    level, weeks = float(quantity.mean()), quantity.size
    variance = (float(np.square(quantity - level).sum()) + 4 * 0.49 * level**2) / (weeks + 3)
    plural = "week" if weeks == 1 else "weeks"
    reason = f"{weeks} {plural} of history, fewer than 8: mean of what is there"
    if launch is not None:
        method = f"shape of {launch.launches} earlier launches of the family at its own scale"
        reason = reason.replace("mean of what is there", "earlier launches of its family stand in")
        return PointForecast(
            by_analogues(quantity, horizon, launch), float(np.sqrt(variance)), method, reason
        )
    return PointForecast(
        np.full(horizon, level), float(np.sqrt(variance)), "mean of the weeks so far", reason
    )


def _awaited(horizon: int, launch: Launch) -> PointForecast:
    """A product not sold so far: as earlier launches went, from its first order in hand on."""
    method = f"shape and scale of {launch.launches} earlier launches of the family"
    reason = "no history: earlier launches of its family stand in from the first order in hand on"
    return PointForecast(by_analogues(np.zeros(0), horizon, launch), 0.7 * launch.scale, method, reason)


def _members(weeks: int, recipe: Recipe) -> list[tuple[str, int]]:
    """Names and seasons of the models that serve regular demand."""
    known = recipe.season_length <= LONGEST_OWN_SEASON and weeks >= 2 * recipe.season_length
    season = recipe.season_length if known else 1
    third = "Theta" if recipe.fast else "AutoETS"
    return [("AutoCES", season), ("DynamicOptimizedTheta", season), (third, season)]


def with_regressors(point: PointForecast, demand: Weekly, signals: Matrix, log_lift: Weekly) -> PointForecast:
    """The forecast of a key product: half `point`, half AutoARIMA with regressors on log(1 + demand).

    Regression with ARIMA errors (Hyndman and Athanasopoulos, "Forecasting: principles and practice",
    on dynamic regression) learns the effects and what follows from the weeks before together, which takes
    twenty times as long as `learn_effects` and is worth it where the money is.

    Parameters
    ----------
    point : what the models say of demand without its signals.
    demand : units per week, signals and all.
    signals : (weeks of demand and of `point`, signals), none constant or collinear over those of demand.
    log_lift : log factor that the signals bring to each week of `point` by `learn_effects`.
    """
    weeks, horizon = demand.size, point.mean.size
    answer = _ask("AutoARIMA", 1, np.log1p(demand), horizon, known=signals[:weeks], ahead=signals[weeks:])
    if isinstance(answer, str):
        reason = f"AutoARIMA with regressors refused it ({answer}): the other models alone"
        return replace(point, fallback="; ".join(filter(None, (point.fallback, reason))))
    mean, fits = answer
    whole = _mean_out_of_logs(mean, np.log1p(demand) - fits)
    blended = (point.mean + cleaned(whole, log_lift)) / 2
    return replace(point, mean=blended, method=f"mean of AutoARIMA with regressors and the {point.method}")


def _out_of_logs(quantity: Weekly, logs: PointForecast) -> PointForecast:
    """A forecast of log(1 + demand) as one of demand; its spread grows with the level, as factors do."""
    mean = _mean_out_of_logs(logs.mean, np.array([-logs.spread, logs.spread]))
    spread = float(np.expm1(min(logs.spread, 1.0)) * np.median(1 + quantity[-RESIDUAL_WEEKS:]))
    return replace(logs, mean=mean, spread=spread, method=f"{logs.method} (in logs)")


def _mean_out_of_logs(log_mean: Weekly, errors: Weekly) -> Weekly:
    """Mean of demand whose log(1 + demand) has this mean and these one-step errors.

    exp alone would give the median, too little by the factor exp(σ² / 2) (that of the log-normal; Miller
    1984, "Reducing transformation bias in curve fitting"). A variance above 1 is no measured one.
    """
    variance = float(np.mean(np.square(errors[np.isfinite(errors)])))
    return np.maximum(np.expm1(log_mean + min(variance, WIDEST_LOG_VARIANCE) / 2), 0.0)


def _following_down(quantity: Weekly, level: PointForecast) -> PointForecast:
    """The forecast of a level, seven tenths of it replaced by that of a trend.

    The trend is damped by a tenth a week (Gardner and McKenzie 1985, "Forecasting trends in time series"):
    over half a year a straight line would end at zero.
    """
    answer = _ask("AutoTheta", 1, quantity, level.mean.size)
    if isinstance(answer, str):
        reason = f"AutoTheta refused it ({answer}): no trend is followed"
        return replace(level, fallback="; ".join(filter(None, (level.fallback, reason))))
    first, steps = answer[0][:1], np.diff(answer[0])
    damped = np.concatenate([first, first + np.cumsum(steps * TREND_DAMPING ** np.arange(1, steps.size + 1))])
    mean = (1 - TREND_WEIGHT) * level.mean + TREND_WEIGHT * np.maximum(damped, 0.0)
    method = f"{level.method}, with seven parts in ten of AutoTheta, damped"
    return replace(level, mean=mean, method=method)


def _median(quantity: Weekly, horizon: int, members: Sequence[tuple[str, int]]) -> PointForecast:
    means: list[Weekly] = []
    served: list[tuple[str, int]] = []
    refused: list[str] = []
    spread: float | None = None
    for name, season in members:
        answer = _ask(name, season, quantity, horizon)
        if isinstance(answer, str):
            refused.append(f"{name} refused it ({answer})")
            continue
        mean, fits = answer
        means.append(mean)
        served.append((name, season))
        spread = _spread(quantity, fits, season) if spread is None else spread
    if spread is None:
        return _last_resort(quantity, horizon, refused)
    mean = np.maximum(np.median(np.stack(means), axis=0), 0.0)
    reason = "; ".join(refused) + ": median of the others" if refused else None
    return PointForecast(mean, spread, _in_words(served), reason)


def _last_resort(quantity: Weekly, horizon: int, refused: list[str]) -> PointForecast:
    method = f"mean of the last {LAST_RESORT_WEEKS} weeks"
    mean = np.full(horizon, quantity[-LAST_RESORT_WEEKS:].mean())
    return PointForecast(mean, float(quantity.std()), method, "; ".join(refused) + f": {method}")


def _in_words(served: Sequence[tuple[str, int]]) -> str:
    names = [name if season == 1 else f"{name} (season {season})" for name, season in served]
    return names[0] if len(names) == 1 else "median of " + ", ".join(names)


def _spread(quantity: Weekly, fits: Weekly, season: int) -> float:
    """One-step errors behind the start-up, which a seasonal model initialises from the data themselves."""
    burn_in = season if season > 1 else min(3, quantity.size // 4)
    errors = (quantity - fits)[burn_in:][-RESIDUAL_WEEKS:]
    errors = errors[np.isfinite(errors)]
    return float(np.sqrt(np.mean(np.square(errors)))) if errors.size else float(quantity.std())


def _ask(
    name: str,
    season: int,
    quantity: Weekly,
    horizon: int,
    *,
    known: Matrix | None = None,
    ahead: Matrix | None = None,
) -> tuple[Weekly, Weekly] | str:
    """One model's means and one-step fits, or why it refused the series.

    Parameters
    ----------
    known, ahead : regressors of the weeks of quantity and of the horizon.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = _model(name, season)
        try:
            answer = model.forecast(y=quantity, h=horizon, X=known, X_future=ahead, fitted=True)
        except (NotImplementedError, ValueError, ArithmeticError, np.linalg.LinAlgError) as fault:
            return str(fault)
        except Exception as fault:
            if type(fault) is not Exception:  # statsforecast raises the bare class where it cannot fit
                raise
            return str(fault)
    mean = np.asarray(answer["mean"], dtype=np.float64)
    if not np.isfinite(mean).all():
        return "no finite forecast"
    return mean, np.asarray(answer["fitted"], dtype=np.float64)


def _model(name: str, season: int) -> Model:
    """A fresh statsforecast model; the library is imported on first use, which takes two seconds."""
    from statsforecast import models

    makers: dict[str, Callable[[], Model]] = {
        "AutoCES": lambda: models.AutoCES(season_length=season),
        "AutoARIMA": lambda: models.AutoARIMA(season_length=season),
        "AutoTheta": lambda: models.AutoTheta(season_length=season),
        "AutoETS": lambda: models.AutoETS(season_length=season, damped=False),
        "DynamicOptimizedTheta": lambda: models.DynamicOptimizedTheta(season_length=season),
        "Theta": lambda: models.Theta(season_length=season),
        "TSB": lambda: models.TSB(alpha_d=0.3, alpha_p=0.1),
        "IMAPA": models.IMAPA,
        "ADIDA": models.ADIDA,
        "SES optimised": models.SimpleExponentialSmoothingOptimized,
        "SES": lambda: models.SimpleExponentialSmoothing(alpha=0.1),
    }
    return makers[name]()
