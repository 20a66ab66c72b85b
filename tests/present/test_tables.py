"""Plans as tables: every row of the plan is told, in the order a planner works through it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.schema import EXPORT
from planning.present import tables
from planning.present.tables import Choice
from tests.builders.plans import (
    COSTS,
    FACTORIES,
    PRODUCTS,
    WEEKS,
    a_network,
    a_plan,
    export_frame,
    input_frame,
    rejected_rows,
    week,
)

ALL = Choice()


def test_cost_lines_add_up_to_the_objective() -> None:
    lines = tables.cost_lines(a_plan()).frame
    assert lines["amount"].sum() == pytest.approx(sum(COSTS.values()))


def test_shares_are_of_money_and_add_up() -> None:
    lines = tables.cost_lines(a_plan()).frame
    assert lines["share"].sum() == pytest.approx(1.0)
    assert lines.filter(tables.pl.col("term") == "priority")["share"].to_list() == [None]


def test_every_cost_term_of_the_export_has_a_name() -> None:
    assert set(COSTS) <= set(tables.COSTS)


def test_what_is_not_on_time_is_told_dearest_first() -> None:
    rows = tables.unserved(a_plan(), a_network(), ALL).frame
    assert rows["order"].to_list() == ["SO-1077/1", "SO-1103/1", "SO-1042/1", "0012/1", "SO-1042/1"]
    assert rows["cost"].to_list() == [24 * 240, 18 * 240, 40 * 12 * 2, 30 * 12, 12 * 12]


def test_an_order_id_keeps_its_zeros() -> None:
    assert "0012/1" in tables.unserved(a_plan(), a_network(), ALL).frame["order"].to_list()


def test_without_a_network_nothing_is_priced_and_nothing_lost() -> None:
    rows = tables.unserved(a_plan(), None, ALL).frame
    assert rows.height == 5
    assert rows["cost"].null_count() == 5


def test_rentals_come_by_their_deadline() -> None:
    rows = tables.rentals(a_plan(), a_network(), ALL)
    assert rows.frame["decide_by"].is_sorted()
    assert rows.frame["what"][0] == "Return 1 × fdm_xl"
    assert rows.frame["robot"][0] == "FDM XL"
    assert rows.frame["where"].to_list()[-1] == "Gdańsk to Porto"
    assert tables.due_soon(rows, date(2026, 11, 23), days=14) == 3


def test_a_returned_contract_tells_the_rent_it_frees() -> None:
    contracts = input_frame("contracts", [{"contract": "CT-204", "offer": "FX-4", "weekly_rate": 610.0}])
    offers = input_frame("offers", [{"offer": "FX-4", "weekly_rate": 725.0}])
    network = a_network().with_tables(contracts=contracts, offers=offers)
    rows = tables.rentals(a_plan(), network, ALL).frame
    assert dict(rows.select("id", "weekly").unique().iter_rows())["CT-204"] == 610.0
    assert rows.filter(tables.pl.col("id") == "FX-4")["weekly"].to_list() == [2 * 725.0, 725.0]
    assert rows.height == 6


chosen_factories = st.sets(st.sampled_from(sorted(FACTORIES)))
chosen_products = st.sets(st.sampled_from(sorted(PRODUCTS)))


@given(chosen_factories, chosen_products)
def test_grid_and_chart_tell_the_same_production(factories: set[str], products: set[str]) -> None:
    plan, choice = a_plan(), Choice(factories, products)
    made = choice.of(plan["production"])["quantity"].sum()
    grid = tables.production_grid(plan, None, choice).frame
    chart = tables.production_by_week(plan, choice)
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
    row = tables.relaxed(a_plan(relaxed=[entry])).frame.row(0, named=True)
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
    row = tables.relaxed(a_plan(relaxed=[entry])).frame.row(0, named=True)
    assert (row["factory"], row["week"], row["cost"]) == (None, None, 6.0)


def test_a_plan_that_bends_nothing_has_an_empty_table() -> None:
    assert tables.relaxed(a_plan()).is_empty


def test_kept_aside_rows_show_every_column_of_the_contract() -> None:
    view = tables.kept_aside(rejected_rows(2))
    assert list(view.columns) == EXPORT["rejected_rows"].columns
    assert view.frame.height == 2


def test_products_of_the_same_name_can_be_told_apart() -> None:
    twins = input_frame("products", [{"product": "A", "name": "Gear"}, {"product": "B", "name": "Gear"}])
    network = a_network().with_tables(products=twins)
    assert tables.labels(network, "products", "product", ["A", "B", "C"]) == {
        "A": "Gear (A)",
        "B": "Gear (B)",
        "C": "C",
    }


def test_an_empty_plan_can_be_shown() -> None:
    plan = a_plan()
    empty = {name: export_frame(name, []) for name in EXPORT}
    plan = type(plan)(empty, plan.summary)
    assert tables.ids(plan, "factory") == []
    assert tables.unserved(plan, a_network(), ALL).is_empty
    assert tables.rentals(plan, a_network(), ALL).is_empty
    assert tables.production_grid(plan, None, ALL).is_empty
