"""plan.json's figures: honest about status and gap, and every one recomputable from the tables."""

from dataclasses import replace
from typing import Any

import pytest

from planning.export import figures
from tests.builders.networks import FACTORY, PRODUCT, ROUTING, contract, offer, order, planned, week
from tests.export.tables import exported

#: Status words, and the gap, the setting and the reason a solve ended with.
STATUS = [
    ("optimal", 0.0, 0.01, "Optimal"),
    ("optimal", 1e-4, 0.0, "TimeLimit"),
    ("gap", 0.0099, 0.01, "Optimal"),
    ("gap", 0.01, 0.01, "TimeLimit"),
    ("gap", 0.004, 0.01, "Interrupted"),
    ("time_limit", 0.02, 0.01, "TimeLimit"),
    ("time_limit", 0.02, 0.01, "Optimal"),
    ("cancelled", 0.02, 0.01, "Interrupted"),
]


@pytest.mark.parametrize(("word", "gap", "setting", "stopped"), STATUS)
def test_the_status_says_how_good_the_plan_is_and_then_why_it_is_not_better(
    word: str, gap: float, setting: float, stopped: str
) -> None:
    assert figures.status_of(gap, setting, stopped) == word


@pytest.mark.parametrize(
    ("weeks", "terms"),
    [
        (3, {"min_end": 3}),
        (2, {"min_end": 1, "notice": 2}),
        (4, {"min_end": 9}),
        (2, {"min_end": 9, "off": 2}),
        (1, {"min_end": 9, "notice": 1, "share": 0.5}),
        (0, {"min_end": -1, "notice": 0}),
    ],
    ids=["minimum term", "notice", "to the horizon", "ends by itself", "ended early", "free to go"],
)
def test_rent_is_unavoidable_until_the_first_day_a_contract_could_go_back(
    weeks: int, terms: dict[str, Any]
) -> None:
    more = {} if "off" not in terms else {"off": terms["off"]}
    made = planned(
        offers=[
            offer("O", 500, notice_weeks=terms.get("notice", 0), early_termination_share=terms.get("share"))
        ],
        contracts=[contract("C1", "O", -4, terms["min_end"], units=2, weekly_rate=70, **more)],
    )
    assert figures.unavoidable_rent(made.solution.problem) == weeks * 2 * 70


def test_a_contract_that_could_have_gone_long_ago_binds_nothing() -> None:
    """Its notice is over before it would be on rent."""
    made = planned(
        offers=[offer("O", 500)],
        contracts=[contract("C1", "O", 2, 1, status="ordered"), contract("C2", "O", -9, -3)],
    )
    assert figures.unavoidable_rent(made.solution.problem) == 0


def test_a_contract_that_begins_later_is_unavoidable_from_then_on() -> None:
    made = planned(offers=[offer("O", 500)], contracts=[contract("C1", "O", 2, 3, status="ordered")])
    assert figures.unavoidable_rent(made.solution.problem) == 500


def test_the_cheapest_making_takes_the_cheapest_routing_with_its_material_and_scrap() -> None:
    made = planned(
        orders=[order("A", 0, 10), order("B", 2, 5)],
        routings=[
            ROUTING | {"routing": "PRINT", "unit_cost": 4, "yield": 0.8},
            ROUTING | {"routing": "MILL", "unit_cost": 9},
        ],
        materials=[{"material": "powder", "unit_cost": 2}],
        bom=[{"product": "P", "routing": "PRINT", "material": "powder", "quantity_per_unit": 1.5}],
    )
    assert figures.cheapest_making(made.solution.problem) == pytest.approx(15 * (4 + 1.5 * 2) / 0.8)


def test_the_controllable_gap_leaves_out_what_no_plan_could_save() -> None:
    """Objective 1100 − owned 400 − making 10 · 20 leaves 500 to decide; 50 of it may be too much."""
    made = planned(
        owned=[{"factory": "F", "robot_model": "R", "units": 1, "weekly_cost": 100}],
        routings=[ROUTING | {"unit_cost": 20}],
        orders=[order("A", 0, 10)],
    )

    def controllable(objective: float, bound: float) -> float | None:
        answer = replace(made.solution.answer, objective=objective, bound=bound)
        return figures.gap_controllable(replace(made.solution, answer=answer), {"owned": 400.0})

    assert controllable(1100, 1050) == pytest.approx(50 / 500)
    assert controllable(600, 600) is None, "nothing is left to decide"


def test_what_is_relaxed_says_where_when_and_how_much() -> None:
    plan = exported(
        factories=[FACTORY | {"floor_slots": 1}],
        owned=[{"factory": "F", "robot_model": "R", "units": 3}],
        orders=[order("A", 0, 5)],
    )
    rows = figures.relaxed_rules(plan.plan.solution)
    assert {(row["rule"], row["factory"], row["amount"]) for row in rows} == {("floor", "F", 2)}
    assert [row["week"] for row in rows] == [week(t).isoformat() for t in range(4)]
    paid = sum(row["amount"] * row["unit_price"] for row in rows)
    assert paid == pytest.approx(plan.plan.costs["relaxed"])


def test_pinned_work_that_does_not_fit_is_relaxed_by_its_routing() -> None:
    plan = exported(
        orders=[order("A", 0, 5)],
        firm_work=[{"work_order": "WO1", "factory": "F", "routing": "P", "week": week(1), "quantity_left": 50,
                    "status": "pinned"}],
    )  # fmt: skip
    (row,) = figures.relaxed_rules(plan.plan.solution)
    assert (row["rule"], row["factory"], row["week"], row["routing"]) == (
        "firm_work",
        "F",
        week(1).isoformat(),
        "P",
    )
    assert row["amount"] == pytest.approx(10)


def test_key_figures_are_those_a_planner_counts_herself() -> None:
    """100 units on time; one robot on rent for a week and at work for half of it, nothing else costs."""
    plan = exported(
        products=[PRODUCT | {"holding_cost_per_week": 100}],
        orders=[order("A", 0, 40), order("B", 1, 60), order("C", 9, 5)],
        offers=[offer("FLEX", 20)],
    )
    found = figures.key_figures(plan.plan.solution, plan.tables, plan.plan.costs | {"priority": 0}, 1)
    assert found["on_time_share"] == 1
    assert found["fill_rate"] == 1
    assert found["late_unit_weeks"] == 0
    assert found["refused_units"] == 0
    assert found["peak_robots_on_rent"] == 1
    assert found["rented_robot_weeks"] == 1
    assert found["paid_hour_utilisation"] == pytest.approx(20 / 40)
    assert found["cost_per_good_unit"] == pytest.approx(20 / 100)
    assert found["waste_units"] == 0
    assert found["orders_beyond_horizon"] == 1


@pytest.mark.parametrize(
    ("weeks", "on_time", "fill_rate", "late", "refused"),
    [(2, 40 / 60, 1, 20, 0), (1, 40 / 60, 40 / 60, 0, 20)],
)
def test_late_and_refused_units_show_in_the_key_figures(
    weeks: int, on_time: float, fill_rate: float, late: float, refused: float
) -> None:
    """What the second week would bring late, there is nothing for where the plan ends with the first."""
    plan = exported({"horizon_weeks": weeks}, orders=[order("A", 0, 60)])
    found = figures.key_figures(plan.plan.solution, plan.tables, plan.plan.costs | {"priority": 0}, 0)
    assert found["on_time_share"] == pytest.approx(on_time)
    assert found["fill_rate"] == pytest.approx(fill_rate)
    assert (found["late_unit_weeks"], found["refused_units"]) == (late, refused)


def test_without_orders_nothing_is_late_and_nothing_is_divided_by_nothing() -> None:
    plan = exported()
    found = figures.key_figures(plan.plan.solution, plan.tables, plan.plan.costs | {"priority": 0}, 0)
    assert (found["on_time_share"], found["fill_rate"]) == (1, 1)
    assert found["paid_hour_utilisation"] is None
    assert found["cost_per_good_unit"] is None


def test_change_is_measured_against_the_published_plan() -> None:
    published = [{"factory": "F", "product": "P", "routing": "P", "week": week(0), "quantity": 30}]
    plan = exported(orders=[order("A", 0, 10)], published={"production": published})
    share = figures.change_share(plan.plan.solution)
    made = sum(plan.plan.weekly("make"))
    assert made == 10
    assert share == pytest.approx((30 - 10) / (30 + 10))


def test_a_plan_without_long_terms_has_no_first_solve() -> None:
    told = figures.commitment_figures(planned(orders=[order("A", 0, 5)]).solution)
    assert told == {"objective": None, "bound": None, "gap": None, "caps": []}


def test_the_first_solve_tells_the_long_starts_it_allows() -> None:
    """What is ordered for half a year is as good as sold: 80 units a week need a second robot."""
    plan = planned(
        {"flex_term_weeks": 2},
        products=[PRODUCT | {"late_cost_per_week": 1e3, "lost_cost": 1e5, "holding_cost_per_week": 1e3}],
        orders=[order(f"A{t}", t, 80) for t in range(1, 4)],
        offers=[offer("LONG", 10, min_term_weeks=3)],
    )
    told = figures.commitment_figures(plan.solution)
    assert told["caps"] == [{"offer": "LONG", "factory": "F", "week": week(1).isoformat(), "units": 1}]
    assert told["gap"] == 0
    assert told["objective"] == pytest.approx(30)
