"""The record: judged beside naive on weeks the models had not seen."""

import numpy as np
import polars as pl
import pytest

from planning.forecast import forecast_demand
from planning.forecast.backtest import Trial, naive, naive_scale, origins, record
from planning.forecast.distribution import calibrate
from planning.forecast.series import SeriesClass
from tests.forecast.demand import START, forecast_of, history_of, in_north, noisy, quantity_of


@pytest.mark.parametrize(
    ("weeks", "lead_weeks", "starts"),
    [
        (9, 4, ()),
        (11, 4, (2, 1)),
        (24, 4, (6, 4, 2)),
        (52, 4, (12, 8, 4)),
        (130, 8, (24, 16, 8)),
        (40, 8, (10, 6, 2)),
    ],
)
def test_trials_start_one_lead_time_apart_within_the_last_quarter(
    weeks: int, lead_weeks: int, starts: tuple[int, ...]
) -> None:
    assert origins(weeks, lead_weeks, windows=3) == starts


def test_seasonal_naive_repeats_last_season_and_before_that_the_last_four_weeks() -> None:
    weeks = np.arange(1.0, 9.0)
    assert naive(weeks, 5, 3).tolist() == [6, 7, 8, 6, 7]
    assert naive(weeks, 2, 52).tolist() == [6.5, 6.5]


def trial(actual: list[float], forecast: list[float], benchmark: list[float]) -> Trial:
    """Of smooth demand with a one-step error of 10 units and a naive error of 5 within the history."""
    weeks = len(actual)
    found = [np.array(values) for values in (forecast, actual, benchmark)]
    return Trial(
        weeks, SeriesClass.SMOOTH, found[0], 10.0, np.zeros(3), np.zeros(weeks), found[1], found[2], 5.0
    )


def test_the_record_of_a_known_case() -> None:
    found = record([trial([10, 30], [20, 24], [10, 10])], calibrate([]), 2)
    assert found.wape == pytest.approx(16 / 40)
    assert found.naive_wape == pytest.approx(20 / 40)
    assert found.bias == pytest.approx(4 / 40)
    assert found.better_than_naive is True
    assert found.value_added == pytest.approx(4 / 40)
    assert found.mase == pytest.approx((10 / 5 + 6 / 5) / 2)
    assert (found.origins, found.weeks) == (1, 2)


def test_pinball_and_coverage_of_a_known_band() -> None:
    # The prior's band of the first week is 12.816 units either way: 80 ± 12.816 does not hold 100.
    found = record([trial([100], [80], [100])], calibrate([]), 1)
    loss = 0.1 * (100 - 67.184) + 0.5 * (100 - 80) + 0.9 * (100 - 92.816)
    assert found.pinball == pytest.approx(2 / 3 * loss / 100, rel=1e-4)
    assert found.coverage == 0.0
    assert record([trial([85], [80], [85])], calibrate([]), 1).coverage == 1.0


def test_the_record_judges_the_lead_time_of_every_trial_and_no_week_after_it() -> None:
    far_off = trial([10, 10, 900], [10, 12, 0], [10, 10, 10])
    near = trial([10, 10], [14, 10], [10, 10])
    found = record([far_off, near], calibrate([]), 2)
    assert found.wape == pytest.approx(6 / 40)
    assert (found.origins, found.weeks) == (2, 4)


def test_mase_has_no_unit_where_the_history_never_moved() -> None:
    assert naive_scale(np.array([3.0, 5.0, 3.0, 5.0]), 2) == 0.0
    assert naive_scale(np.array([3.0, 5.0, 3.0]), 2) == 2.0


def test_nothing_is_judged_where_nothing_was_asked_for() -> None:
    found = record([trial([0, 0, 0], [1, 1, 1], [1, 1, 1])], calibrate([]), 3)
    assert (found.wape, found.bias, found.better_than_naive, found.coverage) == (None,) * 4
    assert record([], calibrate([]), 3).wape is None


def test_the_record_has_not_seen_the_weeks_it_is_judged_on() -> None:
    calm = noisy(50, 60)
    jump = [*calm[:-1], 5000.0]
    calm_found, jump_found = (
        forecast_demand(history_of(p=weeks), in_north("p"), START, 8, lead_weeks=15) for weeks in (calm, jump)
    )
    calm_bias, jump_bias = (float(f.methods["bias"].item()) for f in (calm_found, jump_found))
    calm_came, jump_came = (sum(sum(weeks[-back:]) for back in (15, 10, 5)) for weeks in (calm, jump))
    assert jump_bias == pytest.approx((1 + calm_bias) * calm_came / jump_came - 1)


def test_a_season_is_found_and_beats_naive() -> None:
    rng = np.random.default_rng(5)
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(150) / 52)
    history = {f"p{i}": list(np.round(100 * season * rng.lognormal(0, 0.15, 150))) for i in range(6)}
    past = {name: weeks[:130] for name, weeks in history.items()}
    forecast = forecast_of(20, **past)
    wrong = naive_wrong = 0.0
    for name, weeks in history.items():
        actual = np.array(weeks[130:])
        wrong += np.abs(np.array(quantity_of(forecast, name)) - actual).sum()
        naive_wrong += np.abs(np.array(weeks[78:98]) - actual).sum()
    assert wrong < 0.85 * naive_wrong
    assert forecast.methods["better_than_naive"].sum() >= 4


def test_without_a_backtest_there_is_a_forecast_but_no_record() -> None:
    weeks = noisy(50, 60)
    with_record = forecast_of(p=weeks)
    without = forecast_demand(history_of(p=weeks), in_north("p"), START, 8, backtest=False)
    assert without.methods.select("wape", "naive_wape", "bias", "better_than_naive").row(0) == (None,) * 4
    assert without.quantiles["quantity"].equals(with_record.quantiles["quantity"])
    assert (without.quantiles["p10"] < without.quantiles["p90"]).all()
    assert without.methods.filter(pl.col("fallback").is_not_null()).is_empty()
