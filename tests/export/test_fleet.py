"""fleet: who works the hours, and what each source costs."""

import polars as pl
import pytest

from tests.builders.networks import FACTORY, PRODUCT, ROBOT, contract, offer, order
from tests.export.tables import Exported, exported

WORK = ("source", "id", "week", "hours_used", "overage_hours")

#: Nobody waits and nobody makes anything before its week.
PUNCTUAL = [PRODUCT | {"late_cost_per_week": 1e4, "lost_cost": 1e6, "holding_cost_per_week": 1e4}]


def first_week(plan: Exported) -> dict[str, tuple[float, float]]:
    """Source or id → hours worked and overage in the first week."""
    rows = plan.rows(
        "fleet", "source", "id", "hours_used", "overage_hours", week=plan.plan.network.policy.start_week
    )
    return {identity or source: (used, over) for source, identity, used, over in rows}


def test_own_robots_work_first_then_contracts_then_new_ones() -> None:
    plan = exported(
        products=PUNCTUAL,
        orders=[order("A", 0, 90)],
        offers=[offer("FLEX", 500), offer("LONG", 300, max_units=1)],
        contracts=[contract("C1", "LONG", -4, 3)],
    )
    assert first_week(plan) == {"owned": (40, 0), "C1": (40, 0), "FLEX": (10, 0)}


def test_included_hours_are_used_up_before_any_overage_and_the_cheapest_overage_comes_first() -> None:
    terms = {"included_hours_per_week": 10, "max_units": 1}
    plan = exported(
        products=PUNCTUAL,
        owned=[],
        orders=[order("A", 0, 75)],
        offers=[
            offer("CHEAP", 100, overage_per_hour=2, **terms),
            offer("DEAR", 100, overage_per_hour=5, **terms),
        ],
        contracts=[contract("C1", "DEAR", -4, 3)],
    )
    assert first_week(plan) == {"C1": (35, 25), "CHEAP": (40, 30)}
    money = dict(plan.rows("fleet", "id", "cost", week=plan.plan.network.policy.start_week))
    assert money == {"C1": 100 + 25 * 5, "CHEAP": 100 + 30 * 2}


def test_the_hours_worked_are_those_of_hours_csv_and_the_money_is_that_of_the_plan() -> None:
    plan = exported(
        factories=[FACTORY | {"overtime_hours_per_week": 5, "overtime_cost_per_hour": 1}],
        products=PUNCTUAL,
        owned=[{"factory": "F", "robot_model": "R", "units": 1, "weekly_cost": 30}],
        orders=[order("A", 0, 90), order("B", 2, 55)],
        offers=[offer("FLEX", 100, included_hours_per_week=20, overage_per_hour=1.5)],
    )
    used = plan.tables["hours"].select("week", used=pl.sum_horizontal(pl.col("^.*_used$")))
    worked = plan.tables["fleet"].group_by("week").agg(pl.col("hours_used").sum())
    both = used.join(worked, on="week")
    assert both["used"].to_list() == pytest.approx(both["hours_used"].to_list())
    assert both["used"].sum() == 145
    costs = plan.plan.costs
    rented = plan.tables["fleet"].filter(pl.col("source") != "owned")["cost"].sum()
    assert rented == pytest.approx(costs["rent"] + costs.get("overage", 0))
    assert [cost for _, cost in plan.rows("fleet", "week", "cost", source="owned")] == [30] * 4


def test_hours_available_follow_the_share_of_time_robots_are_up() -> None:
    plan = exported(
        factories=[FACTORY | {"unattended_hours_per_week": 20}],
        robots=[ROBOT | {"availability": 0.8}],
        owned=[{"factory": "F", "robot_model": "R", "units": 3}],
        orders=[order("A", 0, 90)],
    )
    assert plan.rows("fleet", "units", "hours_available", week=plan.plan.network.policy.start_week) == [
        (3, 144)
    ]
    columns = ("attended_available", "unattended_available", "attended_used", "unattended_used")
    assert plan.rows("hours", *columns)[0] == (96, 48, 90, 0)


def test_a_unit_on_the_move_stands_where_it_goes_and_has_no_hours() -> None:
    plan = moved()
    assert plan.rows("fleet", "factory", "id", "week", "units", "hours_available") == [
        ("F", "C1", 0, 1, 40),
        ("G", "C1", 1, 1, 0),
        ("G", "C1", 2, 1, 40),
        ("G", "C1", 3, 1, 40),
    ]


def moved() -> Exported:
    """A robot on rent whose work is at F in the first week and at G from the third on."""
    return exported(
        factories=[FACTORY, FACTORY | {"factory": "G"}],
        markets=[{"market": "M"}, {"market": "N"}],
        lanes=[{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
        products=PUNCTUAL,
        owned=[],
        orders=[order("A", 0, 40), order("B", 2, 40, market="N"), order("C", 3, 40, market="N")],
        offers=[offer("MOBILE", 100, vendor="Robora", transfer_fee=50, transfer_weeks=1, max_units=1)],
        contracts=[contract("C1", "MOBILE", -4, 8)],
    )


def test_a_move_is_a_decision_with_its_dates() -> None:
    columns = ("action", "id", "vendor", "factory", "to_factory", "units", "off_rent_date", "on_rent_date")
    assert moved().rows("rentals", *columns, action="move") == [
        ("move", "C1", "Robora", "F", "G", 1, 1, 2),
    ]
