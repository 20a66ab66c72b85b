"""rentals: what to rent, give back, keep and end early, by when, and what it commits to."""

from datetime import timedelta

import polars as pl
import pytest

from tests.builders.networks import PRODUCT, contract, offer, order, week
from tests.export.tables import Exported, exported

#: Nobody waits and nobody makes anything before its week.
PUNCTUAL = [PRODUCT | {"late_cost_per_week": 1e4, "lost_cost": 1e6, "holding_cost_per_week": 1e4}]
DATES = ("action", "id", "units", "decide_by", "on_rent_date", "off_rent_date")


def work(*robots: int) -> list[dict[str, object]]:
    """Orders that keep so many robots busy, week by week."""
    return [dict(order(f"W{t}", t, 40 * units)) for t, units in enumerate(robots) if units]


def rented(*robots: int, **terms: object) -> Exported:
    """A plan without robots of its own: so many are needed, week by week, all from one offer."""
    return exported(
        {"horizon_weeks": len(robots), "flex_term_weeks": 52},
        products=PUNCTUAL,
        owned=[],
        orders=work(*robots),
        offers=[offer("O", 100, vendor="Robora", **({"mobilisation_fee": 30} | terms))],
    )


def under_contract(*robots: int, min_end: int, off: int | None = None, **terms: object) -> Exported:
    """A plan with one robot on a contract that began four weeks ago."""
    ends = {} if off is None else {"off": off}
    return exported(
        {"horizon_weeks": len(robots), "flex_term_weeks": 52},
        products=PUNCTUAL,
        owned=[],
        orders=work(*robots),
        offers=[offer("O", 100, **({"max_units": 1, "mobilisation_fee": 30} | terms))],
        contracts=[contract("C1", "O", -4, min_end, **ends)],
    )


def test_units_with_the_same_dates_are_one_lot_and_the_oldest_go_back_first() -> None:
    plan = rented(1, 3, 3, 2, 0, 0)
    assert plan.rows("rentals", "units", "on_rent_date", "off_rent_date") == [
        (1, 0, 3),
        (2, 1, 4),
    ]


def test_a_lot_that_goes_back_in_parts_is_one_row_for_each_part() -> None:
    plan = rented(3, 2, 1, 0)
    assert plan.rows("rentals", "units", "on_rent_date", "off_rent_date") == [
        (1, 0, 1),
        (1, 0, 2),
        (1, 0, 3),
    ]


def test_the_last_day_to_order_lies_the_lead_time_before() -> None:
    plan = rented(0, 0, 0, 2, 0, lead_time_weeks=2)
    assert plan.rows("rentals", *DATES) == [("rent", "O", 2, 1, 3, 4)]
    assert plan.rows("rentals", "vendor", "robot_model", "factory", "to_factory") == [
        ("Robora", "R", "F", None)
    ]


def test_an_order_commits_to_the_minimum_term_and_both_fees() -> None:
    plan = rented(0, 2, 2, 2, 0, 0, min_term_weeks=3, mobilisation_fee=30, demobilisation_fee=20)
    assert plan.rows("rentals", "committed_cost", "tail_cost") == [(2 * (3 * 100 + 30 + 20), 0)]


def test_a_term_that_crosses_the_horizon_is_charged_in_part_and_committed_in_whole() -> None:
    plan = rented(0, 0, 2, 2, min_term_weeks=5)
    assert plan.rows("rentals", "off_rent_date", "committed_cost", "tail_cost") == [
        (7, 2 * (5 * 100 + 30), 2 * 3 * 100 * 0.5)
    ]
    assert plan.plan.costs["rent_tail"] == 300


def test_a_lot_that_rolls_on_runs_to_the_end_of_the_renewal_under_way() -> None:
    plan = rented(1, 1, 1, 1, 1, min_term_weeks=2, renewal_weeks=2)
    assert plan.rows("rentals", "on_rent_date", "off_rent_date") == [(0, 6)]


def test_the_rate_committed_to_is_that_of_the_tier_reached() -> None:
    plan = exported(
        {"flex_term_weeks": 52},
        products=PUNCTUAL,
        owned=[],
        orders=work(0, 3, 0, 0),
        offers=[offer("O", 100, min_term_weeks=2)],
        offer_tiers=[{"offer": "O", "from_units": 3, "weekly_rate": 80}],
    )
    assert plan.rows("rentals", "units", "committed_cost") == [(3, 3 * 2 * 80)]
    assert plan.plan.costs["rent"] == 3 * 2 * 80


def test_a_contract_goes_back_with_notice_in_time() -> None:
    plan = under_contract(1, 1, 1, 0, 0, min_end=3, notice_weeks=2)
    assert plan.rows("rentals", *DATES) == [("return", "C1", 1, 1, -4, 3)]


def test_a_contract_kept_beyond_its_minimum_term_is_renewed() -> None:
    plan = under_contract(1, 1, 1, 1, 1, min_end=3, notice_weeks=1)
    assert plan.rows("rentals", *DATES) == [("renew", "C1", 1, 2, 3, None)]
    assert plan.rows("rentals", "committed_cost", "vendor") == [(0, None)]


def test_a_contract_kept_a_while_is_renewed_and_then_goes_back() -> None:
    plan = under_contract(1, 1, 1, 1, 0, 0, min_end=2, notice_weeks=1)
    assert sorted(plan.rows("rentals", *DATES)) == [
        ("renew", "C1", 1, 1, 2, 4),
        ("return", "C1", 1, 3, -4, 4),
    ]


def test_a_renewal_nobody_can_decide_on_any_more_is_no_decision() -> None:
    plan = under_contract(1, 1, 1, 1, 1, 1, min_end=1, notice_weeks=3)
    assert plan.rows("rentals", *DATES) == []


def test_a_contract_that_goes_back_after_an_end_nobody_could_use_was_not_renewed() -> None:
    """Notice takes three weeks, so the end of the minimum term had passed before anybody could choose."""
    plan = under_contract(1, 1, 1, 1, 0, 0, min_end=1, notice_weeks=3)
    assert plan.rows("rentals", *DATES) == [("return", "C1", 1, 1, -4, 4)]


def test_a_contract_that_ends_by_itself_is_no_decision() -> None:
    plan = under_contract(1, 1, 0, 0, min_end=2, off=2)
    assert plan.rows("rentals", *DATES) == []
    assert plan.rows("fleet", "week", "units") == [(0, 1), (1, 1)]


def test_a_contract_that_ends_by_itself_after_the_horizon_was_not_renewed() -> None:
    plan = under_contract(1, 1, 1, 1, min_end=2, off=9)
    assert plan.rows("rentals", *DATES) == []


def test_a_contract_without_work_is_ended_early_where_that_is_cheaper() -> None:
    plan = under_contract(1, 0, 0, 0, 0, min_end=8, notice_weeks=1, early_termination_share=0.25)
    assert plan.rows("rentals", *DATES) == [("terminate", "C1", 1, 0, -4, 1)]
    assert plan.plan.costs["termination"] == 7 * 100 * 0.25


def test_several_units_of_a_contract_may_go_back_one_after_the_other() -> None:
    plan = exported(
        {"horizon_weeks": 5},
        products=PUNCTUAL,
        owned=[],
        orders=work(3, 3, 2, 1, 1),
        offers=[offer("O", 100, max_units=3, mobilisation_fee=30)],
        contracts=[contract("C1", "O", -4, 2, units=3)],
    )
    assert sorted(plan.rows("rentals", "action", "units", "on_rent_date", "off_rent_date"), key=str) == [
        ("renew", 1, 2, 3),
        ("renew", 1, 2, None),
        ("return", 1, -4, 2),
        ("return", 1, -4, 3),
    ]


@pytest.mark.parametrize("robots", [(2, 3, 1, 2, 2), (1, 2, 3, 2, 1), (3, 0, 3, 0, 3)])
def test_the_lots_stand_for_the_units_on_rent(robots: tuple[int, ...]) -> None:
    """Week by week, the lots that are there add up to fleet.csv."""
    plan = rented(*robots, min_term_weeks=2, mobilisation_fee=150)
    fleet = dict(plan.rows("fleet", "week", "units"))
    lots = plan.tables["rentals"].filter(pl.col("action") == "rent")
    for t in range(len(robots)):
        there = (pl.col("on_rent_date") <= week(t)) & (week(t) < pl.col("off_rent_date"))
        assert lots.filter(there)["units"].sum() == fleet.get(t, 0)
        assert fleet.get(t, 0) >= robots[t]
    terms = lots.select((pl.col("off_rent_date") - pl.col("on_rent_date")).alias("days"))["days"].to_list()
    assert min(terms) >= timedelta(weeks=2)


def test_every_decision_says_why_and_the_next_one_to_take_comes_first() -> None:
    plan = rented(1, 2, 3, 3, lead_time_weeks=0)
    decide_by = plan.tables["rentals"]["decide_by"].to_list()
    assert decide_by == sorted(decide_by)
    assert len(decide_by) == 3
    assert all("work on R at F" in reason for (reason,) in plan.rows("rentals", "reason"))
