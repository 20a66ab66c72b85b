"""How errors go together is found again where it is known."""

import numpy as np
import pytest

from planning.forecast.backtest import Trial
from planning.forecast.dependence import learn_dependence
from planning.forecast.distribution import calibrate, excess
from planning.forecast.paths import Dependence
from planning.forecast.series import SeriesClass

Pair = tuple[str, str]
WEEKS = 8


def trials_with(week_correlation: float, shared: float, series: int = 90) -> dict[Pair, list[Trial]]:
    """Errors of 10 units with these correlations, of series in three families, from eight past weeks."""
    rng = np.random.default_rng(11)

    def paths(count: int) -> np.ndarray:
        level, noise = rng.standard_normal((count, 8, 1)), rng.standard_normal((count, 8, WEEKS))
        return np.sqrt(week_correlation) * level + np.sqrt(1 - week_correlation) * noise

    family, own = paths(3), paths(series)
    errors = [np.sqrt(shared) * family[n % 3] + np.sqrt(1 - shared) * own[n] for n in range(series)]
    return {(f"p{n}", "north"): [one(errors[n][k], back=WEEKS + k) for k in range(8)] for n in range(series)}


def one(error: np.ndarray, back: int) -> Trial:
    mean = np.full(back, 1000.0)
    path = np.concatenate([error, np.zeros(back - WEEKS)])
    return Trial(
        back, SeriesClass.SMOOTH, mean, 10.0, np.zeros(3), np.zeros(back), mean + 10 * path, mean, 1.0
    )


def learned(trials: dict[Pair, list[Trial]]) -> Dependence:
    everyone = [t for of_series in trials.values() for t in of_series]
    calibration = calibrate([(t.series_class, excess(t.plain, t.mean, t.spread)[:WEEKS]) for t in everyone])
    return learn_dependence(trials, calibration, {f"p{n}": f"family {n % 3}" for n in range(500)}, WEEKS)


def test_weeks_that_go_together_are_told_from_weeks_that_do_not() -> None:
    few = {pair: of_series[:1] for pair, of_series in trials_with(0.7, 0.0, series=150).items()}
    many = {pair: of_series[:1] for pair, of_series in trials_with(0.0, 0.0, series=150).items()}
    assert learned(few).regular == pytest.approx(0.7, abs=0.2)
    assert learned(many).regular < 0.2


def test_what_a_family_shares_is_found_and_nothing_else() -> None:
    found = learned(trials_with(0.3, 0.4))
    assert found.family == pytest.approx(0.4, abs=0.2)
    assert found.company + found.market < 0.15  # all are in one market: nothing tells the two apart
    assert found.product == 0.0
    alone = learned(trials_with(0.3, 0.0))
    assert alone.family + alone.company < 0.1


def test_without_trials_what_is_usual_holds() -> None:
    assert learn_dependence({}, calibrate([]), {}, 4) == Dependence()
