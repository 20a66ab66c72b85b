"""The record: judged beside naive on weeks the models had not seen."""

import numpy as np
import polars as pl
import pytest

from planning.forecast import forecast_demand
from planning.forecast.backtest import hold_out_weeks, naive, record
from tests.forecast.demand import START, forecast_of, history_of, in_north, method_of, noisy, quantity_of


@pytest.mark.parametrize(("weeks", "held"), [(9, 0), (11, 2), (24, 6), (52, 13), (130, 13)])
def test_a_quarter_is_held_out_at_most_a_quarter_of_a_year(weeks: int, held: int) -> None:
    assert hold_out_weeks(weeks) == held


def test_seasonal_naive_repeats_last_season_and_before_that_the_last_four_weeks() -> None:
    weeks = np.arange(1.0, 9.0)
    assert naive(weeks, 5, 3).tolist() == [6, 7, 8, 6, 7]
    assert naive(weeks, 2, 52).tolist() == [6.5, 6.5]


def test_wape_and_bias_of_a_known_case() -> None:
    found = record(np.array([10.0, 30.0]), np.array([20.0, 24.0]), np.array([10.0, 10.0]))
    assert found.wape == pytest.approx(16 / 40)
    assert found.naive_wape == pytest.approx(20 / 40)
    assert found.bias == pytest.approx(4 / 40)
    assert found.better_than_naive is True


def test_nothing_is_judged_where_nothing_was_asked_for() -> None:
    found = record(np.zeros(3), np.ones(3), np.ones(3))
    assert (found.wape, found.bias, found.better_than_naive) == (None, None, None)


def test_the_record_has_not_seen_the_weeks_it_is_judged_on() -> None:
    calm = noisy(50, 60)
    jump = calm[:-13] + [500.0] * 13
    calm_record, jump_record = (method_of(forecast_of(p=weeks), "p") for weeks in (calm, jump))
    assert jump_record["bias"] == pytest.approx(
        (1 + float(str(calm_record["bias"]))) * sum(calm[-13:]) / 6500 - 1
    )


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
