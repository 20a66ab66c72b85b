"""Plans as tables: every row of the plan is told, in the order a planner works through it."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.present import fleet_tables, plan_orders, plan_tables
from planning.present.view import Choice, ids
from tests.builders.plans import (
    COSTS,
    FACTORIES,
    PRODUCTS,
    WEEKS,
    a_network,
    a_plan,
    export_frame,
    week,
)

ALL = Choice()


def hours_of(*rows: tuple[str, str, int, float, float, float, float, float]) -> Plan:
    """Factory, model, week, attended and unattended available, attended, unattended and overtime used."""
    plan = a_plan()
    names = (
        "attended_available",
        "unattended_available",
        "attended_used",
        "unattended_used",
        "overtime_used",
    )
    hours = export_frame(
        "hours",
        [
            {"factory": factory, "robot_model": model, "week": week(at)} | dict(zip(names, rest, strict=True))
            for factory, model, at, *rest in rows
        ],
    )
    return Plan(dict(plan.tables) | {"hours": hours}, plan.summary)


def cell(load: pl.DataFrame, row: str, at: int) -> dict[str, Any]:
    return load.row(by_predicate=(pl.col("row") == row) & (pl.col("week") == week(at)), named=True)


def test_cost_lines_add_up_to_the_objective() -> None:
    lines = plan_tables.cost_lines(a_plan()).frame
    assert lines["amount"].sum() == pytest.approx(sum(COSTS.values()))


def test_shares_are_of_money_and_add_up() -> None:
    lines = plan_tables.cost_lines(a_plan()).frame
    assert lines["share"].sum() == pytest.approx(1.0)
    assert lines.filter(pl.col("term") == "priority")["share"].to_list() == [None]


def test_every_cost_term_of_the_export_has_a_name() -> None:
    assert set(COSTS) <= set(plan_tables.COSTS)


chosen_factories = st.sets(st.sampled_from(sorted(FACTORIES)))
chosen_products = st.sets(st.sampled_from(sorted(PRODUCTS)))


@given(chosen_factories, chosen_products)
def test_grid_and_chart_tell_the_same_production(factories: set[str], products: set[str]) -> None:
    plan, choice = a_plan(), Choice(factories, products)
    made = choice.of(plan["production"])["quantity"].sum()
    grid = plan_tables.production_grid(plan, None, choice).frame
    chart = plan_tables.production_by_week(plan, choice)
    assert grid["all"].sum() == pytest.approx(made)
    assert (chart["confirmed"] + chart["expected"]).sum() == pytest.approx(made)
    assert grid.height == chart.height == WEEKS


def test_a_rule_the_plan_bends_is_told_in_words_with_its_price() -> None:
    entry = {
        "rule": "floor",
        "factory": "F1",
        "week": week(2).isoformat(),
        "amount": 2.0,
        "unit_price": 500.0,
    }
    row = plan_tables.relaxed(a_plan(relaxed=[entry])).frame.row(0, named=True)
    assert row == {
        "rule": "More robots than the floor has room for",
        "factory": "F1",
        "week": week(2),
        "amount": 2.0,
        "unit": "floor slots",
        "cost": 1_000.0,
    }


def test_a_rule_that_holds_everywhere_has_no_place_and_no_week() -> None:
    entry = {"rule": "carbon_cap", "factory": None, "week": None, "amount": 3.0, "unit_price": 2.0}
    row = plan_tables.relaxed(a_plan(relaxed=[entry])).frame.row(0, named=True)
    assert (row["factory"], row["week"], row["cost"]) == (None, None, 6.0)


def test_a_plan_that_bends_nothing_has_an_empty_table() -> None:
    assert plan_tables.relaxed(a_plan()).is_empty


def test_an_empty_plan_can_be_shown() -> None:
    plan = a_plan()
    empty = {name: export_frame(name, []) for name in EXPORT}
    plan = type(plan)(empty, plan.summary)
    assert ids(plan, "factory") == []
    assert plan_orders.order_lines(plan, a_network(), ALL).is_empty
    assert plan_tables.robot_load(plan, a_network(), ALL).is_empty()
    assert plan_tables.fullest(plan_tables.robot_load(plan, a_network(), ALL)) == ""
    assert fleet_tables.rentals(plan, a_network(), ALL).is_empty
    assert plan_tables.production_grid(plan, None, ALL).is_empty


def test_load_is_hours_used_of_those_available_with_people_and_without() -> None:
    plan = hours_of(("F1", "fdm_xl", 3, 60.0, 40.0, 45.0, 30.0, 0.0))
    told = cell(plan_tables.robot_load(plan, a_network(), ALL), "Leeds · fdm_xl", 3)
    assert (told["used"], told["available"], told["load"]) == (75.0, 100.0, pytest.approx(0.75))
    assert (told["where"], told["robot"]) == ("Leeds", "FDM XL")


def test_overtime_takes_load_beyond_what_is_available() -> None:
    plan = hours_of(("F1", "fdm_xl", 3, 60.0, 40.0, 60.0, 40.0, 7.5))
    told = cell(plan_tables.robot_load(plan, a_network(), ALL), "Leeds · fdm_xl", 3)
    assert (told["load"], told["overtime"]) == (pytest.approx(1.075), 7.5)


def test_every_robot_has_every_week_of_the_plan() -> None:
    plan = hours_of(
        ("F1", "fdm_xl", 3, 60.0, 0.0, 45.0, 0.0, 0.0), ("F2", "fdm_xl", 4, 60.0, 0.0, 1.0, 0.0, 0.0)
    )
    load = plan_tables.robot_load(plan, a_network(), ALL)
    assert load.height == 2 * WEEKS
    assert cell(load, "Leeds · fdm_xl", 4)["load"] is None


def test_load_narrows_to_factories_and_not_to_products() -> None:
    plan = hours_of(
        ("F1", "fdm_xl", 3, 60.0, 0.0, 45.0, 0.0, 0.0), ("F2", "fdm_xl", 4, 60.0, 0.0, 1.0, 0.0, 0.0)
    )
    load = plan_tables.robot_load(plan, a_network(), Choice({"F2"}, {"0001"}))
    assert load["row"].unique().to_list() == ["Gdańsk · fdm_xl"]
    assert load["used"].sum() == 1.0


def test_the_fullest_robot_is_named_with_all_overtime() -> None:
    plan = hours_of(
        ("F1", "fdm_xl", 3, 60.0, 0.0, 60.0, 0.0, 6.0),
        ("F2", "fdm_xl", 4, 60.0, 0.0, 59.0, 0.0, 2.0),
        ("F2", "fdm_xl", 5, 60.0, 0.0, 10.0, 0.0, 0.0),
    )
    told = plan_tables.fullest(plan_tables.robot_load(plan, a_network(), ALL))
    assert told == "Fullest: Leeds · fdm_xl in week 51, at 110.0 %. Overtime in all: 8 h."


def test_work_in_overtime_only_is_fuller_than_full() -> None:
    plan = hours_of(
        ("F1", "fdm_xl", 3, 0.0, 0.0, 0.0, 0.0, 6.0), ("F2", "fdm_xl", 4, 60.0, 0.0, 60.0, 0.0, 2.0)
    )
    told = plan_tables.fullest(plan_tables.robot_load(plan, a_network(), ALL))
    assert told.startswith("Fullest: Leeds · fdm_xl in week 51, in overtime only.")


def test_too_many_robots_for_a_chart_are_told_by_factory_and_then_the_fullest() -> None:
    rows = [
        (f, model, 3, 60.0, 0.0, used, 0.0, 0.0)
        for f, used in (("F1", 30.0), ("F2", 45.0))
        for model in "abc"
    ]
    load = plan_tables.robot_load(hours_of(*rows), a_network(), ALL)
    assert plan_tables.drawable_load(load, 6, 2_000)[1] == ""
    by_factory, words = plan_tables.drawable_load(load, 5, 2_000)
    assert "All robot models of a factory together" in words
    assert (cell(by_factory, "Gdańsk", 3)["used"], cell(by_factory, "Gdańsk", 3)["load"]) == (135.0, 0.75)
    fullest, words = plan_tables.drawable_load(load, 5, WEEKS)
    assert fullest["row"].unique().to_list() == ["Gdańsk"]
    assert "Only 1 factory, the fullest" in words
