"""Season: a yearly profile where the years agree, none where they do not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from planning.forecast.lift import cleaned, lifted
from planning.forecast.season import season_of
from planning.forecast.series import SeriesClass, Weekly


def waves(weeks: int, swing: float, seed: int) -> tuple[Weekly, NDArray[np.float64]]:
    """Demand around 100 with one wave a year, and that wave as a factor."""
    factor = 1 + swing * np.sin(2 * np.pi * np.arange(weeks) / 52 + seed)
    return np.round(100 * factor * np.random.default_rng(seed).lognormal(0, 0.15, weeks)), factor


@pytest.mark.parametrize("seed", range(4))
def test_a_yearly_wave_is_found_and_carried_on(seed: int) -> None:
    demand, factor = waves(156, 0.5, seed)
    profile = season_of(demand[:130], SeriesClass.SMOOTH, 26, 52)
    assert profile.log_lift.size == 156
    ahead = np.exp(profile.log_lift[130:])
    assert np.corrcoef(ahead, factor[130:])[0, 1] > 0.9
    assert "yearly profile" in profile.words


def test_a_short_yearly_peak_is_found() -> None:
    week = np.arange(156)
    factor = 1 + 2 * np.exp(-0.5 * ((week % 52 - 26) / 2.5) ** 2)
    demand = 50 * factor * np.random.default_rng(2).lognormal(0, 0.15, 156)
    profile = season_of(demand[:117], SeriesClass.ERRATIC, 39, 52)
    peak = profile.log_lift[117:]
    assert 127 <= 117 + int(peak.argmax()) <= 133
    assert np.exp(peak.max() - np.median(peak)) > 1.8


def test_a_random_walk_seldom_passes_for_a_year_and_loses_little_by_it() -> None:
    taken, wrong, wrong_without = 0, 0.0, 0.0
    for seed in range(20):
        walk = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.06, 156)))
        known, actual = walk[:130], walk[130:]
        profile = season_of(known, SeriesClass.SMOOTH, 26, 52)
        taken += profile.harmonics > 0
        level = cleaned(known, profile.log_lift[:130])[-1]
        wrong += np.abs(lifted(np.full(26, level), profile.log_lift[130:]) - actual).sum()
        wrong_without += np.abs(known[-1] - actual).sum()
    assert taken <= 6
    assert wrong < 1.1 * wrong_without


def test_steady_demand_with_a_trend_has_no_season() -> None:
    taken = 0
    for seed in range(20):
        noise = np.random.default_rng(seed).lognormal(0, 0.2, 130)
        demand = 100 * np.exp(0.005 * np.arange(130)) * noise
        taken += season_of(demand, SeriesClass.SMOOTH, 26, 52).harmonics > 0
    assert taken <= 3


@pytest.mark.parametrize(
    ("weeks", "series_class", "season_length"),
    [(103, SeriesClass.SMOOTH, 52), (156, SeriesClass.LUMPY, 52), (156, SeriesClass.SMOOTH, 12)],
    ids=["less than two years", "lumpy demand", "seasons the models handle themselves"],
)
def test_no_profile_for(weeks: int, series_class: SeriesClass, season_length: int) -> None:
    profile = season_of(waves(weeks, 0.5, 1)[0], series_class, 10, season_length)
    assert profile.log_lift.tolist() == [0.0] * (weeks + 10)
    assert profile.words == ""
