"""The yearly profile of weekly demand, believed only where it foretold the year's quarters."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planning.forecast.lift import bounded, cleaned, lifted
from planning.forecast.models import LONGEST_OWN_SEASON, smoothed_level
from planning.forecast.series import SeriesClass, Weekly

HARMONICS = (1, 2, 3, 6)
ORIGINS = 4
FEWEST_SEASONS = 2
FEWEST_SEASONS_TO_LEARN = 1.5
LEAST_GAIN = 0.05

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """How a series moves within its season.

    Parameters
    ----------
    log_lift : log factor on 1 + demand of each week of the history and of the weeks to forecast.
    harmonics : sine waves it is made of; 0: no season.
    """

    log_lift: Weekly
    harmonics: int

    @property
    def words(self) -> str:
        """What the method says of it; empty without a season."""
        if self.harmonics == 0:
            return ""
        return f", on a yearly profile of {self.harmonics} harmonic{'s' if self.harmonics > 1 else ''}"


def season_of(quantity: Weekly, series_class: SeriesClass, steps: int, season_length: int) -> Profile:
    """The seasonal profile of a regular series over its history and `steps` weeks more.

    For seasons longer than the models handle themselves (24 weeks), once two are there. Fourier terms
    beside a linear trend in log(1 + demand) (Hyndman and Athanasopoulos, "Forecasting: principles and
    practice", on weekly data). The number of harmonics is the one that had the least error from
    four origins a quarter of a season apart, a quarter ahead, with smoothing for the level; unless it
    saves 5 % against no season at all, there is none. A random walk is then taken for a year once in
    five times, which costs it little; a stricter test loses more where there is a season.

    The seasonal Theta and CES of statsforecast are no substitute: over two or three years Theta's test,
    which weighs the autocorrelation a year back against all shorter ones, rejects nearly every yearly
    cycle, AutoETS has none this long, and the median of the three then follows the two without a season.

    Parameters
    ----------
    quantity : units per week.
    season_length : weeks of a season.
    """
    flat = Profile(np.zeros(quantity.size + steps), 0)
    if season_length <= LONGEST_OWN_SEASON or not series_class.regular:
        return flat
    if quantity.size < FEWEST_SEASONS * season_length or np.ptp(quantity) == 0:
        return flat
    errors = {k: _error(quantity, k, season_length) for k in (0, *HARMONICS)}
    best = min(HARMONICS, key=lambda k: errors[k])
    if errors[best] > (1 - LEAST_GAIN) * errors[0]:
        return flat
    return Profile(_profile(quantity, best, quantity.size + steps, season_length), best)


def _profile(quantity: Weekly, harmonics: int, weeks: int, season_length: int) -> Weekly:
    """Fourier part, over `weeks` weeks, of the regression on the first quantity.size of them."""
    if harmonics == 0:
        return np.zeros(weeks)
    waves, learned = _regression(quantity.size, harmonics, weeks, season_length)
    return bounded(waves @ (learned @ np.log1p(quantity)))


@lru_cache(maxsize=256)
def _regression(known: int, harmonics: int, weeks: int, season_length: int) -> tuple[Matrix, Matrix]:
    """Waves (weeks, effects), and what turns log(1 + demand) of the first `known` weeks into their effects.

    The same for all series of one length, which is why it is kept.
    """
    t = np.arange(weeks) / season_length
    angles = 2 * np.pi * np.outer(t, np.arange(1, harmonics + 1))
    waves = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    columns = np.concatenate([np.stack([np.ones(known), t[:known]], axis=1), waves[:known]], axis=1)
    return waves, np.linalg.pinv(columns)[2:]


def _error(quantity: Weekly, harmonics: int, season_length: int) -> float:
    """Sum of absolute errors over the quarters after the origins that leave enough to learn from."""
    quarter = season_length // 4
    error = 0.0
    for back in range(quarter, ORIGINS * quarter + 1, quarter):
        known = quantity.size - back
        if known < FEWEST_SEASONS_TO_LEARN * season_length:
            continue
        log_lift = _profile(quantity[:known], harmonics, known + quarter, season_length)
        level = smoothed_level(cleaned(quantity[:known], log_lift[:known]))
        forecast = lifted(np.full(quarter, level), log_lift[known:])
        error += float(np.abs(forecast - quantity[known : known + quarter]).sum())
    return error
