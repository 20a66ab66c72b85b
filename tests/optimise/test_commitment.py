"""Rule 8: long rent follows demand that is as good as sold; what the rule costs and saves."""

from typing import Any

import pytest

from planning.errors import NoPlanError
from planning.optimise.rule_money import rule_money
from planning.optimise.solvers.answer import Answer
from tests.builders.networks import (
    PRODUCT,
    Planned,
    certain,
    contract,
    deal,
    forecast,
    offer,
    order,
    planned,
)

#: Worth any rent of these tests.
DEAR = [PRODUCT | {"price": 10_000, "lost_cost": 10_000}]
#: Six weeks; more than four weeks of minimum term are long.
SIX = {"horizon_weeks": 6, "flex_term_weeks": 4}
LONG = offer("LONG", 50, min_term_weeks=6)
FLEX = offer("FLEX", 100)
FULL = [40.0] * 6


def rented(**tables: Any) -> Planned:
    settings = SIX | tables.pop("settings", {})
    return planned(settings, **({"owned": [], "products": DEAR, "offers": [LONG, FLEX]} | tables))


def caps(plan: Planned) -> list[tuple[Any, ...]]:
    """Offer, factory, bucket and units of the long starts the first solve allows."""
    assert plan.solution.commitment is not None
    rows = plan.solution.problem.names.decode(plan.solution.commitment.caps, offer="o")
    return [(row["offer"], row["f"], row["t"], row["units"]) for row in rows.iter_rows(named=True)]


def test_demand_that_is_only_expected_is_covered_by_flexible_rent() -> None:
    plan = rented(forecast=forecast(FULL))
    assert caps(plan) == []
    assert plan.weekly("start", offer="LONG") == [0] * 6
    assert plan.weekly("on_rent", offer="FLEX") == [1] * 6
    assert plan.costs == {"rent": 600}


def test_a_certain_base_justifies_long_rent() -> None:
    plan = rented(forecast=certain(FULL))
    assert caps(plan) == [("LONG", 0, 0, 1)]
    assert plan.weekly("on_rent", offer="LONG") == [1] * 6
    assert plan.costs == {"rent": 300}


def test_so_do_confirmed_orders() -> None:
    plan = rented(orders=[order(f"A{t}", t, 40) for t in range(6)])
    assert plan.costs == {"rent": 300}


def test_so_does_a_deal_as_good_as_won() -> None:
    deals = [deal(f"D{t}", t, 40, status="won") for t in range(6)]
    assert rented(opportunities=deals).costs == {"rent": 300}


def test_what_exceeds_the_certain_base_is_covered_flexibly() -> None:
    base = [row | {"p10": 40, "p50": 80, "p90": 120} for row in forecast([80] * 6)]
    plan = rented(forecast=base)
    assert plan.weekly("on_rent", offer="LONG") == [1] * 6
    assert plan.weekly("on_rent", offer="FLEX") == [1] * 6
    assert plan.costs == {"rent": 900}


#: A certain base in weeks 2–5 only; the rest is expected.
LATER = [row | {"p10": 40 * (t >= 2)} | {"p50": 40, "p90": 40} for t, row in enumerate(forecast(FULL))]
LONG_FROM_2 = offer("LONG", 50, min_term_weeks=5, mobilisation_fee=10)


def test_long_rent_comes_no_sooner_than_its_certain_demand() -> None:
    """The long robot is worth having from week 0 on, but only what is sold from week 2 on pays for it."""
    plan = rented(forecast=LATER, offers=[LONG_FROM_2, FLEX])
    assert caps(plan) == [("LONG", 0, 2, 1)]
    assert plan.weekly("on_rent", offer="LONG") == [0, 0, 1, 1, 1, 1]
    assert plan.weekly("on_rent", offer="FLEX") == [1, 1, 0, 0, 0, 0]


def test_nor_is_another_one_smuggled_in_a_week_later() -> None:
    """The first solve starts one long robot in week 0; a second one in week 1 would be one too many."""
    base = [row | {"p10": 40, "p50": 80, "p90": 120} for row in forecast([40, 80, 80, 80, 80, 80])]
    plan = rented(forecast=base)
    assert caps(plan) == [("LONG", 0, 0, 1)]
    assert plan.total("start", offer="LONG") == 1
    assert plan.weekly("on_rent", offer="FLEX") == [0, 1, 1, 1, 1, 1]


def test_a_long_start_may_be_put_off() -> None:
    """The caps are cumulative: what the first solve starts in week 0 may start in week 1 instead."""
    sure = [order(f"A{t}", t, 40) for t in range(6)]
    base = rented(orders=sure, offers=[LONG])
    assert caps(base) == [("LONG", 0, 0, 1)]
    model, problem = base.solution.model, base.solution.problem
    rows = model.rows["commitment"]
    assert rows.index["t"].to_list() == list(range(problem.weeks))
    assert rows.rhs.tolist() == [1] * 6


def test_a_minimum_term_of_just_the_flexible_weeks_is_not_long() -> None:
    plan = rented(offers=[offer("FOUR", 50, min_term_weeks=4), FLEX], forecast=forecast(FULL))
    assert plan.solution.commitment is None
    assert plan.weekly("on_rent", offer="FOUR") == [1] * 6


def test_where_nothing_is_long_there_is_one_solve() -> None:
    assert rented(offers=[FLEX], forecast=forecast(FULL)).solution.commitment is None


def test_an_offer_that_cannot_come_restricts_nothing() -> None:
    plan = rented(offers=[LONG | {"lead_time_weeks": 6}, FLEX], forecast=forecast(FULL))
    assert plan.solution.commitment is None


# Renewals


RENEWED = offer("YEAR", 50, min_term_weeks=2, renewal_weeks=5, max_units=0)


def test_a_long_renewal_of_a_contract_counts_as_a_start() -> None:
    running = [contract("C", "YEAR", -3, 2)]
    loose = rented(offers=[RENEWED, FLEX], contracts=running, forecast=forecast(FULL))
    assert loose.weekly("kept") == [1, 1, 0, 0, 0, 0]
    assert loose.weekly("on_rent", offer="FLEX") == [0, 0, 1, 1, 1, 1]
    sure = rented(offers=[RENEWED, FLEX], contracts=running, forecast=certain(FULL))
    assert caps(sure) == [("YEAR", 0, 2, 1)]
    assert sure.weekly("kept") == [1] * 6


def test_a_short_renewal_does_not() -> None:
    short = RENEWED | {"renewal_weeks": 4}
    plan = rented(offers=[short, FLEX], contracts=[contract("C", "YEAR", -3, 2)], forecast=forecast(FULL))
    assert plan.solution.commitment is None
    assert plan.weekly("kept") == [1] * 6


def test_a_long_renewal_of_a_new_robot_counts_as_well() -> None:
    """A week at 50 and then five weeks at a time: renewing it needs certain demand, a new start does not."""
    rolling = offer("ROLLS", 50, min_term_weeks=1, renewal_weeks=5, mobilisation_fee=40)

    def stays(plan: Planned) -> list[tuple[int, int]]:
        return plan.rows("lot").filter(value=1).select("s", "e").sort("s").rows()

    assert stays(rented(offers=[rolling, FLEX], forecast=forecast(FULL))) == [(t, t + 1) for t in range(6)]
    assert stays(rented(offers=[rolling, FLEX], forecast=certain(FULL))) == [(0, 6)]


# What the rule costs and saves


def money(plan: Planned) -> tuple[float | None, float | None]:
    both = rule_money(plan.solution, seconds=30)
    return both["commitment_cost_if_all"], both["commitment_saving_if_qualifying"]


def test_what_the_rule_costs_if_everything_comes_and_saves_if_only_the_certain_part_does() -> None:
    cost, saving = money(rented(forecast=forecast(FULL)))
    # flexible rent 600 instead of 300; a long robot nobody needs would have cost 300
    assert cost == pytest.approx(300)
    assert saving == pytest.approx(300)


def test_a_rule_that_does_not_bind_costs_and_saves_nothing() -> None:
    assert money(rented(forecast=certain(FULL))) == (0, 0)
    assert money(rented(offers=[FLEX], forecast=forecast(FULL))) == (0, 0)


def test_without_time_to_price_it_the_rule_has_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_given: object, **_more: object) -> Answer:
        raise NoPlanError("The linear relaxation was not solved.")

    plan = rented(forecast=forecast(FULL))
    monkeypatch.setattr("planning.optimise.rule_money.solve_relaxation", out_of_time)
    assert money(plan) == (None, None)
