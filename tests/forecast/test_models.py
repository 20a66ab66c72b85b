"""Models: who serves a series, and no fallback that is not told."""

import numpy as np
import pytest

from planning.forecast.models import Recipe, point_forecast, with_regressors
from planning.forecast.series import SeriesClass, classify
from tests.forecast.demand import forecast_of, method_of, noisy, now_and_then, quantity_of


def test_steady_demand_is_served_by_the_regular_median_and_rare_demand_by_its_own() -> None:
    forecast = forecast_of(steady=noisy(50, 60), rare=now_and_then(8, 60))
    steady, rare = method_of(forecast, "steady"), method_of(forecast, "rare")
    assert steady["method"] == "median of AutoCES, DynamicOptimizedTheta, AutoETS"
    assert rare["method"] == "median of TSB, IMAPA, ADIDA, SES"
    assert steady["fallback"] is None
    assert rare["fallback"] is None


def test_seasons_come_in_once_two_are_there() -> None:
    young, old = np.array(noisy(50, 23)), np.array(noisy(50, 24))
    recipe = Recipe(season_length=12)
    assert "season" not in point_forecast(young, classify(young), 4, recipe).method
    assert "AutoCES (season 12)" in point_forecast(old, classify(old), 4, recipe).method


def test_the_quick_recipe_has_theta_in_autoets_place() -> None:
    weeks = np.array(noisy(50, 110))
    method = point_forecast(weeks, classify(weeks), 4, Recipe(fast=True)).method
    assert method == "median of AutoCES, DynamicOptimizedTheta, Theta"


@pytest.mark.parametrize("weeks", [1, 3, 7])
def test_a_new_product_is_served_by_the_mean_of_its_weeks_and_says_so(weeks: int) -> None:
    sold = noisy(20, weeks)
    forecast = forecast_of(new=sold, old=noisy(9, 40))
    assert quantity_of(forecast, "new") == pytest.approx([np.mean(sold)] * 8)
    assert f"{weeks} week" in str(method_of(forecast, "new")["fallback"])


def test_a_product_nobody_ever_asked_for_is_zero_and_says_so() -> None:
    forecast = forecast_of(unsold=[], silent=[0, 0, 0], sold=noisy(9, 20))
    for product, reason in (("unsold", "no history"), ("silent", "no demand in the history")):
        assert method_of(forecast, product)["fallback"] == reason
        for column in ("quantity", "p10", "p50", "p90"):
            assert quantity_of(forecast, product, column) == [0.0] * 8


def test_a_constant_goes_on_and_says_so() -> None:
    forecast = forecast_of(constant=[12] * 40)
    assert quantity_of(forecast, "constant") == [12.0] * 8
    assert quantity_of(forecast, "constant", "p10") == quantity_of(forecast, "constant", "p90")
    assert "constant" in str(method_of(forecast, "constant")["fallback"])


def test_a_model_that_refuses_a_series_is_named_and_takes_no_other_series_down() -> None:
    refused = "statsforecast's AutoCES cannot fit a series without noise"
    forecast = forecast_of(ramp=[2.0 + t for t in range(40)], other=noisy(30, 40))
    assert np.isfinite(forecast.quantiles["quantity"].to_numpy()).all()
    assert method_of(forecast, "other")["fallback"] is None
    ramp = method_of(forecast, "ramp")
    for model in ("AutoCES", "AutoETS", "DynamicOptimizedTheta"):
        served, told = model in str(ramp["method"]), model in str(ramp["fallback"])
        assert served is not told, refused


@pytest.mark.parametrize(
    "trap",
    [
        [5.0],
        [0.0] * 30 + [5.0],
        [5.0] + [0.0] * 60,
        [5.0] * 39 + [6.0],
        [1.0, 0.0] * 30,
        [0.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0],
        [1e-9 * t for t in range(1, 30)],
        [1e9, 1.0] * 20,
        [3.0, 2.0, 4.0, 1.0, 2.0, 3.0, 5.0, 2.0],
        [10.0, 20.0, 30.0, 40.0] * 30,
        [float(max(100 - 3 * t, 0)) for t in range(60)],
    ],
    ids=lambda trap: f"{len(trap)} weeks from {trap[0]:g} to {trap[-1]:g}",
)
def test_awkward_series_get_a_finite_forecast_and_never_a_silent_one(trap: list[float]) -> None:
    forecast = forecast_of(trap=trap, usual=noisy(30, 40))
    values = forecast.quantiles.select("quantity", "p10", "p50", "p90").to_numpy()
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    row = method_of(forecast, "trap")
    members = {"AutoCES", "AutoETS", "DynamicOptimizedTheta"}, {"TSB", "IMAPA", "ADIDA", "SES"}
    complete = any(all(name in str(row["method"]) for name in named) for named in members)
    assert complete is (row["fallback"] is None)


def falling(weeks: int, seed: int) -> list[float]:
    """Rare demand that comes ever less often."""
    rng = np.random.default_rng(seed)
    hit = rng.random(weeks) < np.linspace(0.9, 0.05, weeks)
    hit[0] = True
    return [float(q) for q in np.where(hit, rng.integers(3, 9, weeks), 0)]


def test_falling_rare_demand_is_declining_and_steady_rare_demand_seldom_is() -> None:
    assert all(classify(np.array(falling(60, s))) is SeriesClass.DECLINING for s in range(5))
    rare = [classify(np.array(now_and_then(8, 60, seed=s))) for s in range(40)]
    assert rare.count(SeriesClass.DECLINING) <= 5


def test_declining_demand_is_not_forecast_at_the_level_it_used_to_have() -> None:
    own = others = came = 0.0
    for seed in range(20):
        weeks = np.array(falling(60, seed))
        known, came = weeks[:52], came + weeks[52:].sum()
        if classify(known) is not SeriesClass.DECLINING:
            continue
        own += point_forecast(known, SeriesClass.DECLINING, 8, Recipe()).mean.sum()
        others += point_forecast(known, SeriesClass.INTERMITTENT, 8, Recipe()).mean.sum()
    assert abs(own - came) < 0.5 * abs(others - came)


def test_a_decline_levels_off_far_ahead() -> None:
    weeks = np.array(falling(60, 3))
    ahead = point_forecast(weeks, SeriesClass.DECLINING, 60, Recipe()).mean
    assert abs(ahead[59] - ahead[40]) < 0.2 * abs(ahead[7] - ahead[0]) + 1e-9


def test_rare_demand_repeats_its_year_only_where_that_was_clearly_closer() -> None:
    yearly = np.array(([0.0] * 40 + [9.0, 0, 8, 9, 0, 7, 9, 8, 0, 9, 8, 9]) * 4 + [0.0] * 40)
    found = point_forecast(yearly, classify(yearly), 12, Recipe())
    assert found.method.startswith("the same weeks of last year, clearly closer at 6 origins")
    assert found.mean.tolist() == yearly[-52:-40].tolist()
    for seed in range(10):
        rare = np.array(now_and_then(8, 200, seed=seed))
        assert "last year" not in point_forecast(rare, classify(rare), 12, Recipe()).method


@pytest.mark.parametrize("noise", [0.2, 0.5])
def test_the_mean_of_demand_survives_its_logarithm(noise: float) -> None:
    means = []
    for seed in range(12):
        demand = 100 * np.random.default_rng(seed).lognormal(0, noise, 120)
        means.append(point_forecast(demand, SeriesClass.SMOOTH, 4, Recipe(), in_logs=True).mean.mean())
    assert np.mean(means) == pytest.approx(100 * np.exp(noise**2 / 2), rel=0.06)


def test_a_key_product_has_autoarima_with_regressors_and_a_refusal_is_told() -> None:
    rng = np.random.default_rng(2)
    deal = (rng.random((88, 1)) < 0.2).astype(float)
    demand = 50 * np.exp(0.8 * deal[:80, 0]) * rng.lognormal(0, 0.1, 80)
    lift = 0.8 * deal[80:, 0]
    point = point_forecast(np.full(80, 50.0) + rng.random(80), SeriesClass.SMOOTH, 8, Recipe())
    blended = with_regressors(point, demand, deal, lift)
    assert blended.method.startswith("mean of AutoARIMA with regressors and the median of")
    assert blended.mean == pytest.approx(np.full(8, 50.0), rel=0.1)
    refused = with_regressors(point, demand, np.hstack([deal, deal]), lift)
    assert "AutoARIMA with regressors refused it" in str(refused.fallback)
    assert refused.mean.tolist() == point.mean.tolist()
