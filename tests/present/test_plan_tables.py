"""Plans as tables: every row of the plan is told, in the order a planner works through it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.schema import EXPORT
from planning.present import fleet_tables, plan_tables
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


def test_cost_lines_add_up_to_the_objective() -> None:
    lines = plan_tables.cost_lines(a_plan()).frame
    assert lines["amount"].sum() == pytest.approx(sum(COSTS.values()))


def test_shares_are_of_money_and_add_up() -> None:
    lines = plan_tables.cost_lines(a_plan()).frame
    assert lines["share"].sum() == pytest.approx(1.0)
    assert lines.filter(pl.col("term") == "priority")["share"].to_list() == [None]


def test_every_cost_term_of_the_export_has_a_name() -> None:
    assert set(COSTS) <= set(plan_tables.COSTS)


def test_what_is_not_on_time_is_told_dearest_first() -> None:
    rows = plan_tables.unserved(a_plan(), a_network(), ALL).frame
    assert rows["order"].to_list() == ["SO-1077/1", "SO-1103/1", "SO-1042/1", "0012/1", "SO-1042/1"]
    assert rows["cost"].to_list() == [24 * 240, 18 * 240, 40 * 12 * 2, 30 * 12, 12 * 12]


def test_an_order_id_keeps_its_zeros() -> None:
    assert "0012/1" in plan_tables.unserved(a_plan(), a_network(), ALL).frame["order"].to_list()


def test_without_a_network_nothing_is_priced_and_nothing_lost() -> None:
    rows = plan_tables.unserved(a_plan(), None, ALL).frame
    assert rows.height == 5
    assert rows["cost"].null_count() == 5


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
    assert plan_tables.unserved(plan, a_network(), ALL).is_empty
    assert fleet_tables.rentals(plan, a_network(), ALL).is_empty
    assert plan_tables.production_grid(plan, None, ALL).is_empty
