"""Campaign effects: learned from the past, used for the plan, let in only where they pay."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand
from planning.forecast.lift import cleaned, lifted
from planning.forecast.regressors import Member, Pool, judge, learn_effects, pays
from planning.forecast.series import WeeklySeries
from tests.forecast.demand import START, history_of, in_north, noisy, quantity_of

WEEKS = 100
PAST = (40, 41, 56, 57, 71, 72, 90, 91)
PLANNED = (104, 105)


def sold(level: float, factor: float, seed: int, promoted: Sequence[int] = PAST) -> list[float]:
    weeks = noisy(level, WEEKS, seed)
    return [round(q * (factor if t in promoted else 1)) for t, q in enumerate(weeks)]


def deals(weeks: Sequence[int], **columns: object) -> list[dict[str, object]]:
    """A week-long deal for the family housing in each of the weeks; week 100 is the plan's first."""
    mondays = [START + (t - WEEKS) * WEEK for t in weeks]
    return [
        {
            "campaign": f"c{monday}", "channel": "deal", "family": "housing",
            "start_date": monday, "end_date": monday + WEEK * (6 / 7), "promotion": 1.0, **columns,
        }
        for monday in mondays
    ]  # fmt: skip


def with_campaigns(history: dict[str, list[float]], rows: list[dict[str, object]]) -> Forecast:
    products = pl.DataFrame({"product": list(history), "family": ["housing"] * len(history)})
    return forecast_demand(
        history_of(**history), in_north(*history), START, 8,
        campaigns=pl.DataFrame(rows, infer_schema_length=None), products=products, backtest=False,
    )  # fmt: skip


def test_a_planned_campaign_lifts_its_weeks_by_what_past_ones_did() -> None:
    history = {f"p{i}": sold(40 + 30 * i, 2.0, seed=i) for i in range(4)}
    forecast = with_campaigns(history, deals(PAST + PLANNED))
    for product in history:
        weeks = quantity_of(forecast, product)
        usual = np.mean([weeks[t] for t in (0, 1, 2, 3, 6, 7)])
        for t in (4, 5):
            assert 1.7 < weeks[t] / usual < 2.3
    assert all("deal: WAPE" in words for words in forecast.methods["signals"])


def test_without_a_planned_campaign_past_ones_do_not_raise_the_forecast() -> None:
    history = {f"p{i}": sold(100, 2.5, seed=i, promoted=(*PAST, 96, 97, 98, 99)) for i in range(4)}
    told = with_campaigns(history, deals((*PAST, 96, 97, 98, 99)))
    for product in history:
        assert np.mean(quantity_of(told, product)) == pytest.approx(100, rel=0.15)


def test_a_new_product_of_the_family_is_lifted_like_the_others() -> None:
    history: dict[str, list[float]] = {f"p{i}": sold(80, 2.0, seed=i) for i in range(4)}
    history["new"] = noisy(30, 5)
    weeks = quantity_of(with_campaigns(history, deals(PAST + PLANNED)), "new")
    assert 1.7 < weeks[4] / weeks[0] < 2.3


def test_a_campaign_that_did_nothing_stays_out_and_says_so() -> None:
    history = {f"p{i}": noisy(80, WEEKS, seed=i) for i in range(4)}
    told, untold = with_campaigns(history, deals(PAST + PLANNED)), with_campaigns(history, deals(PLANNED))
    assert told.quantiles.equals(untold.quantiles)
    assert set(told.methods["signals"]) == {"left out: deal (no gain)"}
    assert set(untold.methods["signals"]) == {"left out: too few past campaign weeks to test"}


def test_signals_that_cannot_be_told_apart_are_pruned_and_named() -> None:
    history = {f"p{i}": sold(80, 2.0, seed=i) for i in range(4)}
    twins = deals(PAST + PLANNED) + deals(PAST + PLANNED, channel="feature", promotion=0.5)
    idle = deals(PLANNED, channel="search", promotion=1.0)
    (words,) = set(with_campaigns(history, twins + idle).methods["signals"])
    assert words.startswith("deal: WAPE")
    assert "feature (collinear)" in words
    assert "search (constant)" in words


def test_products_no_campaign_touches_are_as_without_campaigns() -> None:
    history = {f"p{i}": sold(80, 2.0, seed=i) for i in range(4)}
    rows = [{**row, "family": None, "product": "p0"} for row in deals(PAST + PLANNED)]
    told, plain = (
        with_campaigns(history, rows),
        forecast_demand(history_of(**history), in_north(*history), START, 8),
    )
    for product in ("p1", "p2", "p3"):
        assert quantity_of(told, product) == quantity_of(plain, product)
    assert told.methods.filter(pl.col("product") != "p0")["signals"].is_null().all()


def pool_of(*members: tuple[list[float], NDArray[np.float64]], names: tuple[str, ...] = ("deal",)) -> Pool:
    series = [WeeklySeries(f"p{i}", "north", START, np.array(q), True) for i, (q, _) in enumerate(members)]
    return Pool(names, tuple(Member(s, x) for s, (_, x) in zip(series, members, strict=True)))


def test_effects_are_learned_before_the_weeks_looked_back_on() -> None:
    flat, signal = sold(100, 1.0, seed=1), np.isin(np.arange(WEEKS), (20, 21, 50, 51, 95))[:, None] * 1.0
    late = [*flat[:95], 900.0, *flat[96:]]
    seen, unseen = (learn_effects(pool_of((late, signal)), (0,), back)["p0", "north"][0] for back in (0, 8))
    assert unseen == pytest.approx(learn_effects(pool_of((flat, signal)), (0,), 8)["p0", "north"][0])
    assert seen > unseen + 0.2


def test_a_trend_and_a_season_are_not_taken_for_an_effect() -> None:
    t = np.arange(WEEKS)
    weeks = [float(q) for q in 50 * np.exp(t / WEEKS) * (1 + 0.4 * np.sin(2 * np.pi * t / 52))]
    signal = np.isin(t, PAST)[:, None] * 1.0
    assert abs(learn_effects(pool_of((weeks, signal)), (0,))["p0", "north"][0]) < 0.05


def test_own_campaigns_move_a_product_away_from_its_family() -> None:
    signal = np.isin(np.arange(WEEKS), range(30, 95, 4))[:, None] * 1.0
    promoted = tuple(range(30, 95, 4))
    members = [(sold(100, 1.2 if i else 3.0, seed=i, promoted=promoted), signal) for i in range(6)]
    effects = learn_effects(pool_of(*members), (0,))
    assert effects["p0", "north"][0] == pytest.approx(np.log(3.0), abs=0.2)
    assert effects["p3", "north"][0] == pytest.approx(np.log(1.2), abs=0.15)


def test_rare_demand_alone_teaches_nothing() -> None:
    rare = [float(40 if t % 5 == 0 else 0) for t in range(WEEKS)]
    verdict = judge(pool_of((rare, np.isin(np.arange(WEEKS), PAST)[:, None] * 1.0)))
    assert verdict.entered == ()
    assert "too few past campaign weeks" in verdict.words


def test_taking_a_lift_out_and_putting_it_back_changes_nothing() -> None:
    weeks, lift = np.array([5.0, 80.0, 3.0]), np.array([0.4, 1.2, -0.9])
    assert lifted(cleaned(weeks, lift), lift) == pytest.approx(weeks)
    assert lifted(weeks, np.zeros(3)).tolist() == weeks.tolist()


def test_a_gain_must_be_large_enough_and_come_nearly_everywhere() -> None:
    without = [(10.0, 100.0)] * 5
    assert pays(without, [(9.0, 100.0)] * 5)
    assert pays(without, [(7.0, 100.0)] * 4 + [(11.0, 100.0)])
    assert not pays(without, [(2.0, 100.0)] * 3 + [(11.0, 100.0)] * 2), "three lucky origins of five"
    assert not pays(without, [(9.9, 100.0)] * 5), "one percent"
    assert not pays(without, [(9.4, 100.0)] * 5, least_gain=0.1)


def test_what_comes_every_year_anyway_is_not_a_campaigns_doing() -> None:
    t = np.arange(3 * 52)
    weeks = 100 * (1 + 0.6 * np.sin(2 * np.pi * t / 52)) * np.random.default_rng(1).lognormal(0, 0.1, t.size)
    fair = np.isin(t % 52, (12, 13, 14))[:, None] * 1.0
    assert judge(pool_of(([float(q) for q in weeks], fair))).entered == ()


def test_the_largest_series_with_campaigns_has_autoarima_with_regressors() -> None:
    history = {f"p{i}": sold(100, 2.0, seed=i) for i in range(3)}
    history["small"] = sold(3, 2.0, seed=9)
    methods = with_campaigns(history, deals(PAST + PLANNED)).methods
    key = methods.filter(pl.col("method").str.starts_with("mean of AutoARIMA with regressors"))["product"]
    assert key.to_list() == ["p0", "p1", "p2"]
