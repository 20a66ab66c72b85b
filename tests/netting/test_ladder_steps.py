"""Steps of deals from look to look, and the probabilities closed deals teach."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.network import Network
from planning.netting.ladder_steps import ladder_steps, stages_reached, standing_since
from planning.netting.win_rates import adopted, learned_rates
from tests.builders.networks import deal, network, order

LADDER = [
    {"stage": "lead", "position": 1, "probability": 0.1},
    {"stage": "quoted", "position": 2, "probability": 0.3},
    {"stage": "verbal", "position": 3, "probability": 0.7},
]
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
DEFAULT: dict[str, Any] = {"source": "crm", "observed_date": date(2026, 4, 1)}


def held(*deals: dict[str, Any], orders: tuple[dict[str, Any], ...] = ()) -> Network:
    return network({}, opportunities=[DEFAULT | row for row in deals], stages=LADDER, orders=list(orders))


def look(*deals: dict[str, Any]) -> pl.DataFrame:
    """The deals as an import had them."""
    return held(*deals)["opportunities"]


def steps(looks: list[tuple[date, pl.DataFrame]], now: Network) -> list[tuple[Any, ...]]:
    return ladder_steps(looks, now).select("day", "came_from", "rung", "days_before").rows()


def test_a_deal_climbs_from_look_to_look_since_it_was_observed() -> None:
    now = held(deal("A", 1, 5, stage="verbal"))
    looks = [
        (MAY, look(deal("A", 1, 5, stage="lead"))),
        (JUNE, look(deal("A", 1, 5, stage="lead"))),
        (JULY, now["opportunities"]),
    ]
    assert steps(looks, now) == [(date(2026, 4, 1), None, "lead", None), (JULY, "lead", "verbal", 91)]
    assert standing_since(ladder_steps(looks, now), date(2026, 7, 11)).rows() == [("A", 10)]


@pytest.mark.parametrize(
    ("status", "shipped", "rung"),
    [("confirmed", 0, "confirmed"), ("shipped", 5, "shipped"), (None, 0, "won")],
)
def test_a_won_deal_is_where_its_order_is(status: str | None, shipped: float, rung: str) -> None:
    orders = () if status is None else (order("SO-1", 1, 5, status=status, quantity_shipped=shipped),)
    now = held(deal("A", 1, 5, stage="quoted", status="won", order_id="SO-1"), orders=orders)
    looks = [(MAY, look(deal("A", 1, 5, stage="quoted"))), (JUNE, now["opportunities"])]
    assert steps(looks, now)[-1] == (JUNE, "quoted", rung, 61)


def test_the_same_look_again_is_no_step() -> None:
    now = held(deal("A", 1, 5, stage="lead"))
    once = [(MAY, now["opportunities"])]
    assert steps(once * 3, now) == steps(once, now)
    assert ladder_steps([], now).is_empty()


def reached(now: Network, looks: list[tuple[date, pl.DataFrame]] | None = None) -> pl.DataFrame:
    made = ladder_steps(looks or [(JULY, now["opportunities"])], now)
    return stages_reached(made, now)


def test_a_closed_deal_counts_for_the_stages_it_was_on_and_those_below() -> None:
    now = held(deal("A", 1, 5, stage="quoted", status="lost"), deal("B", 1, 5, stage="lead", status="won"))
    assert reached(now).select("opportunity_id", "stage", "won").rows() == [
        ("A", "lead", False),
        ("A", "quoted", False),
        ("B", "lead", True),
    ]


def test_what_imports_saw_counts_where_the_closed_row_names_no_stage_of_the_ladder() -> None:
    now = held(deal("A", 1, 5, stage="Closed Won", status="won"))
    looks = [(MAY, look(deal("A", 1, 5, stage="verbal"))), (JUNE, now["opportunities"])]
    assert reached(now, looks)["stage"].to_list() == ["Closed Won", "lead", "quoted", "verbal"]
    assert reached(now)["stage"].to_list() == ["Closed Won"]


def closed(stage: str, won: int, lost: int, source: str = "crm") -> list[dict[str, Any]]:
    words = ["won"] * won + ["lost"] * lost
    return [
        deal(f"{source}-{stage}-{n}", 1, 5, stage=stage, status=word, source=source)
        for n, word in enumerate(words)
    ]


def rate(rates: pl.DataFrame, stage: str, source: str | None = None) -> dict[str, Any]:
    mine = rates.filter((pl.col("stage") == stage) & pl.col("source").eq_missing(pl.lit(source)))
    return mine.row(0, named=True)


def test_few_deals_move_the_entered_probability_a_little_and_many_a_lot() -> None:
    few, many = held(*closed("verbal", 3, 1)), held(*closed("verbal", 300, 100))
    # (3 + 20 · 0.7) / (4 + 20) and (300 + 20 · 0.7) / (400 + 20).
    assert rate(learned_rates(reached(few), few), "verbal")["learned"] == pytest.approx(17 / 24)
    assert rate(learned_rates(reached(many), many), "verbal")["learned"] == pytest.approx(314 / 420)
    assert rate(learned_rates(reached(few), few), "verbal")["entered"] == 0.7


def test_the_range_is_that_of_the_beta_distribution() -> None:
    """Beta(1, 1) has its quantiles at themselves; with Beta(a, 1) the q-quantile is q to the power of 1/a."""
    ladder = [{"stage": "verbal", "position": 1, "probability": 0.95}]
    now = network({}, opportunities=[DEFAULT | row for row in closed("verbal", 10, 0)], stages=ladder)
    told = rate(learned_rates(reached(now), now), "verbal")
    # 10 won and 20 · 0.95 = 19 before: Beta(29, 1).
    assert (told["low"], told["high"]) == pytest.approx((0.05 ** (1 / 29), 0.95 ** (1 / 29)))


@pytest.mark.parametrize("entered", [0.0, 1.0])
def test_what_is_entered_as_certain_stays_so_until_a_deal_says_otherwise(entered: float) -> None:
    ladder = [{"stage": "verbal", "position": 1, "probability": entered}]
    agreeing, contrary = (closed("verbal", 3, 0), closed("verbal", 0, 3))
    if entered == 0:
        agreeing, contrary = contrary, agreeing
    now = network({}, opportunities=[DEFAULT | row for row in agreeing], stages=ladder)
    told = rate(learned_rates(reached(now), now), "verbal")
    assert (told["low"], told["learned"], told["high"]) == (entered, entered, entered)
    now = network({}, opportunities=[DEFAULT | row for row in contrary], stages=ladder)
    told = rate(learned_rates(reached(now), now), "verbal")
    assert told["low"] < told["learned"] < told["high"]


def test_a_source_is_drawn_to_what_the_others_show() -> None:
    now = held(*closed("verbal", 0, 2, "fair"), *closed("verbal", 90, 10))
    rates = learned_rates(reached(now), now)
    others = (90 + 20 * 0.7) / (100 + 20)
    assert rate(rates, "verbal", "fair")["learned"] == pytest.approx((0 + 20 * others) / 22)
    assert (rate(rates, "verbal", "fair")["won"], rate(rates, "verbal", "fair")["closed"]) == (0, 2)


def test_one_source_alone_is_not_told_twice() -> None:
    now = held(*closed("verbal", 3, 1))
    assert learned_rates(reached(now), now)["source"].null_count() == 3


def test_what_is_adopted_is_learned_and_a_stage_without_deals_stays_as_entered() -> None:
    now = held(*closed("lead", 4, 16))
    table = adopted(now, learned_rates(reached(now), now))
    assert table.rows() == [("lead", 1, 0.15), ("quoted", 2, 0.3), ("verbal", 3, 0.7)]


counts = st.integers(0, 60)


@settings(max_examples=25)
@given(counts, counts, counts, counts)
def test_a_learned_probability_lies_in_its_range_and_one_more_deal_won_never_lowers_it(
    won: int, lost: int, other_won: int, other_lost: int
) -> None:
    def learn(extra: int) -> pl.DataFrame:
        now = held(*closed("quoted", won + extra, lost), *closed("quoted", other_won, other_lost, "fair"))
        return learned_rates(reached(now), now)

    before, after = learn(0), learn(1)
    for row in before.iter_rows(named=True):
        assert 0 <= row["low"] <= row["learned"] <= row["high"] <= 1
        assert 0 <= row["won"] <= row["closed"]
    assert rate(after, "quoted")["learned"] > rate(before, "quoted")["learned"]


def test_the_order_of_the_deals_makes_no_difference() -> None:
    deals = [*closed("quoted", 3, 4), *closed("verbal", 2, 2, "fair")]
    one, other = held(*deals), held(*reversed(deals))
    assert learned_rates(reached(one), one).equals(learned_rates(reached(other), other))
