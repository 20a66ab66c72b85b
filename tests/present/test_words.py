"""Figures in a planner's words."""

import math
from datetime import date

import pytest

from planning.domain.policy import Policy
from planning.export.figures import RELAXED_RULES
from planning.present import words
from tests.builders.plans import COSTS, a_network, a_plan


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        (0, "EUR", "€0"),
        (8_600.4, "EUR", "€8,600"),
        (-613.2, "EUR", "−€613"),
        (1_240_000, "USD", "$1.24 M"),
        (3_500_000_000, "EUR", "€3.50 bn"),
        (12_000, "CHF", "CHF 12,000"),
    ],
)
def test_money_is_told_with_its_currency(amount: float, currency: str, told: str) -> None:
    assert words.money(amount, currency) == told


def test_a_share_of_nothing_is_a_dash() -> None:
    assert words.share(None) == "–"
    assert words.share(0.9641) == "96.4 %"


def test_one_row_is_not_rows() -> None:
    assert words.count(1, "row") == "1 row"
    assert words.count(1_200, "row") == "1,200 rows"


@pytest.mark.parametrize("day", [23, 24, 29])
def test_data_reach_to_the_last_whole_week(day: int) -> None:
    assert words.data_until(None, a_network(as_of=date(2026, 11, day))) == "week 47"


def test_a_plan_tells_its_own_data_and_not_newer_ones() -> None:
    plan = a_plan(policy=Policy(as_of=date(2026, 11, 23), start_week=date(2026, 11, 23)).as_settings())
    assert words.data_until(plan, a_network(as_of=date(2026, 12, 7))) == "week 47"


def test_cost_is_money_only() -> None:
    plan = a_plan()
    assert words.cost_in_money(plan.summary) == pytest.approx(sum(COSTS.values()) - COSTS["priority"])


def test_a_gap_is_told_as_what_could_be_saved() -> None:
    told = words.quality(a_plan(objective=1_000.0, bound=900.0, gap=0.1, gap_controllable=0.25).summary)
    assert (
        "under the same rules at most €100 (10.0 % of all cost, 25.0 % of what planning can influence)"
        in told
    )


@pytest.mark.parametrize(
    "weak", [{"gap": 0.953, "gap_controllable": 1.078}, {"gap": 0.2, "gap_controllable": 1.1}]
)
def test_a_bound_far_from_any_plan_is_told_as_what_it_is_and_not_as_a_saving(weak: dict[str, float]) -> None:
    summary = a_plan(status="cancelled", objective=14_661_006.0, bound=695_748.0, **weak).summary
    told = words.quality(summary)
    assert "How far it is from the best is not known" in told
    assert "no plan costs less than €695,748" in told
    assert "saved" not in told
    left = words.figures(summary)[-1]
    assert (left.label, left.value) == ("Saving left, at most", "Not known")
    assert "€695,748" in left.help
    assert words.progress("planning", 0.953, 14_661_006, "EUR", 695_748) == (
        "Planning · best plan so far €14.66 M · how far from the best is not known yet"
    )


@pytest.mark.parametrize("status", ["cancelled", "time_limit", "gap"])
def test_a_solve_that_ended_early_has_not_shown_that_no_plan_keeps_every_rule(status: str) -> None:
    assert "no plan keeps them all" not in words.bent(2, status)
    assert "no plan keeps them all" in words.bent(2, "optimal")


def test_a_proven_plan_leaves_nothing_to_save() -> None:
    told = words.quality(a_plan(status="optimal").summary)
    assert "no plan is cheaper" in told
    assert "could still be saved" not in told


@pytest.mark.parametrize("status", ["optimal", "gap", "time_limit", "cancelled"])
def test_every_way_a_solve_ends_has_words(status: str) -> None:
    summary = a_plan(status=status).summary
    assert status not in words.plan_name(summary)
    assert words.plan_name(summary).startswith("Plan v3, ")


def test_a_quick_plan_is_named_by_the_plan_it_keeps() -> None:
    summary = {"version": 4, "status": "time_limit", "around": {"version": 3}}
    assert words.plan_name(summary) == "Plan v4, quick, around v3"


def test_progress_tells_what_is_known_so_far() -> None:
    assert words.progress("forecasting", None, None, "EUR") == "Forecasting"
    assert words.progress("planning", math.inf, None, "EUR") == "Planning"
    assert (
        words.progress("planning", 0.021, 1_500_000, "EUR")
        == "Planning · best plan so far €1.50 M · at most 2.1 % could still be saved"
    )
    assert (
        words.progress("planning", 0.1, 1_500_000, "EUR", 1_350_000)
        == "Planning · best plan so far €1.50 M · no plan costs less than €1.35 M · "
        "at most 10.0 % could still be saved"
    )


def test_every_rule_a_plan_may_bend_has_words() -> None:
    assert set(RELAXED_RULES.values()) <= set(words.RELAXED)


def test_deals_that_count_nothing_are_named_with_the_reason() -> None:
    deal = {"opportunity_id": "OP-7", "product": "0017", "market": "UKI", "quantity": 260.0}
    lumpy, stale = words.deals_left_out({"rent_or_wait": [deal], "stale": [deal] * 7})
    assert lumpy.startswith("1 open deal left out, too large")
    assert "OP-7 (260 of 0017 in UKI)" in lumpy
    assert "and 2 more" in stale
    assert words.deals_left_out({}) == []
