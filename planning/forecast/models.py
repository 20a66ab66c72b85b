"""Which models serve a series, and what they say: the only place that calls statsforecast."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from planning.forecast.series import SeriesClass, Weekly

LONGEST_OWN_SEASON = 24
RESIDUAL_WEEKS = 52
LAST_RESORT_WEEKS = 4


class Model(Protocol):
    """What this room uses of a statsforecast model."""

    def forecast(self, y: Weekly, h: int, *, fitted: bool) -> dict[str, Weekly]:
        """Mean of the next h steps and, where asked for, the one-step fits."""
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
    """How to forecast: seasons in weeks, and whether thousands of series ask for the quick members."""

    season_length: int = 52
    fast: bool = False


def point_forecast(
    quantity: Weekly, series_class: SeriesClass, horizon: int, recipe: Recipe, *, recorded: bool = True
) -> PointForecast:
    """Forecast one series by the models of its class.

    Smooth and erratic: the median of AutoETS, DynamicOptimizedTheta and AutoCES, the combination that
    came best on M3 and M4 weekly, with seasons of up to 24 weeks once two are there (`season_of` takes
    longer ones out beforehand). The fast recipe has Theta in AutoETS' place.
    Intermittent and lumpy: the median of TSB (0.3, 0.1), IMAPA, ADIDA and SES (0.1).
    A model that refuses the series is left out and named in `fallback`.

    Parameters
    ----------
    quantity : units per week, starting in a week with demand; empty when there is none.
    series_class : as `classify` says.
    horizon : weeks to forecast.
    recorded : the history has rows of this series.
    """
    if series_class is SeriesClass.EMPTY:
        reason = "no demand in the history" if recorded else "no history"
        return PointForecast(np.zeros(horizon), 0.0, "zero", reason)
    if series_class is SeriesClass.NEW:
        return _cold_start(quantity, horizon)
    if np.ptp(quantity) == 0:
        reason = "constant history: nothing for a model to learn"
        return PointForecast(np.full(horizon, quantity[0]), 0.0, "the constant carried on", reason)
    return _median(quantity, horizon, _members(series_class, quantity.size, recipe))


def smoothed_level(quantity: Weekly) -> float:
    """Level of optimised simple exponential smoothing: the quick yardstick signals are tested with."""
    answer = _ask("SES optimised", 1, quantity, 1)
    return float(quantity.mean()) if isinstance(answer, str) else float(answer[0][0])


def _cold_start(quantity: Weekly, horizon: int) -> PointForecast:
    """Mean of the weeks so far, with a spread that eight weeks of the smooth/erratic border stand behind.

    The sample variance of a few weeks is no measure; it is blended with four weeks of a coefficient
    of variation of 0.7, the border between smooth and erratic demand.
    """
    level, weeks = float(quantity.mean()), quantity.size
    variance = (float(np.square(quantity - level).sum()) + 4 * 0.49 * level**2) / (weeks + 3)
    plural = "week" if weeks == 1 else "weeks"
    reason = f"{weeks} {plural} of history, fewer than 8: mean of what is there"
    return PointForecast(
        np.full(horizon, level), float(np.sqrt(variance)), "mean of the weeks so far", reason
    )


def _members(series_class: SeriesClass, weeks: int, recipe: Recipe) -> list[tuple[str, int]]:
    """Names and seasons of the models that serve a class."""
    if not series_class.regular:
        return [("TSB", 1), ("IMAPA", 1), ("ADIDA", 1), ("SES", 1)]
    known = recipe.season_length <= LONGEST_OWN_SEASON and weeks >= 2 * recipe.season_length
    season = recipe.season_length if known else 1
    third = "Theta" if recipe.fast else "AutoETS"
    return [("AutoCES", season), ("DynamicOptimizedTheta", season), (third, season)]


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


def _ask(name: str, season: int, quantity: Weekly, horizon: int) -> tuple[Weekly, Weekly] | str:
    """One model's means and one-step fits, or why it refused the series."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = _model(name, season)
        try:
            answer = model.forecast(y=quantity, h=horizon, fitted=True)
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
        "AutoETS": lambda: models.AutoETS(season_length=season),
        "DynamicOptimizedTheta": lambda: models.DynamicOptimizedTheta(season_length=season),
        "Theta": lambda: models.Theta(season_length=season),
        "TSB": lambda: models.TSB(alpha_d=0.3, alpha_p=0.1),
        "IMAPA": models.IMAPA,
        "ADIDA": models.ADIDA,
        "SES optimised": models.SimpleExponentialSmoothingOptimized,
        "SES": lambda: models.SimpleExponentialSmoothing(alpha=0.1),
    }
    return makers[name]()
