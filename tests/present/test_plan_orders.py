"""Orders of a plan: every line once, its promised weeks, what being late costs, whose factory it is."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.plan import Plan
from planning.present import plan_orders
from planning.present.view import Choice
from tests.builders.plans import WEEKS, a_network, a_plan, export_frame, input_frame, week

ALL = Choice()


def promised(order: str, due: int, delivered: int | None, units: float, **more: Any) -> dict[str, Any]:
    """A row of promises.csv; on time or late as its weeks say, unless it is told otherwise."""
    late = 0 if delivered is None else max(0, delivered - due)
    return {
        "order_id": order,
        "line": 1,
        "product": "0001",
        "market": "UK",
        "due_week": week(due),
        "quantity": units,
        "delivered_week": None if delivered is None else week(delivered),
        "delivered_quantity": units,
        "late_weeks": late,
        "status": "late" if late else "on_time",
    } | more


def shipped(factory: str, arrive: int, market: str = "UK", product: str = "0001") -> dict[str, Any]:
    return {
        "factory": factory,
        "market": market,
        "product": product,
        "ship_week": week(arrive),
        "arrive_week": week(arrive),
        "quantity": 5.0,
    }


def plan_of(*promises: dict[str, Any], shipments: tuple[dict[str, Any], ...] = ()) -> Plan:
    plan = a_plan()
    tables = {
        "promises": export_frame("promises", list(promises)),
        "shipments": export_frame("shipments", list(shipments)),
    }
    return Plan(dict(plan.tables) | tables, plan.summary)


def orders_of(plan: Plan, choice: Choice = ALL) -> list[str]:
    return plan_orders.order_lines(plan, a_network(), choice).frame["order"].to_list()


def test_what_is_not_on_time_comes_first_and_dearest_first() -> None:
    lines = plan_orders.order_lines(a_plan(), a_network(), ALL).frame
    assert lines["order"].to_list() == ["SO-1077/1", "SO-1103/1", "SO-1042/1", "0012/1", "SO-1001/1"]
    late, refused_or_open = 12.0, 240.0
    assert lines["cost"].to_list() == [
        24 * refused_or_open,
        18 * (refused_or_open + late * 1),  # open at the end: late since week 25 of 26, and lost
        40 * late * 2 + 12 * late * 1,
        30 * late * 1,
        0.0,
    ]


def test_of_all_lines_those_not_on_time_can_be_listed_alone() -> None:
    lines = plan_orders.order_lines(a_plan(), a_network(), ALL)
    assert plan_orders.not_on_time(lines).frame["outcome"].to_list() == [
        "Refused",
        "Still open at the end",
        "Late",
        "Late",
    ]


def test_a_line_that_comes_in_parts_is_one_row_with_its_weeks() -> None:
    lines = plan_orders.order_lines(a_plan(), a_network(), ALL).frame
    row = lines.row(by_predicate=pl.col("order") == "SO-1042/1", named=True)
    assert row["deliveries"] == "12 in W50, 40 in W51"
    assert (row["promised"], row["late_weeks"]) == (week(3), 2)
    assert lines.filter(pl.col("order") == "SO-1001/1")["deliveries"].to_list() == [None]


def test_a_line_is_as_its_worst_part() -> None:
    plan = plan_of(
        promised("A", 1, 1, 10.0),
        promised("A", 1, None, 2.0, status="refused", cause="no robot of this model"),
    )
    row = plan_orders.order_lines(plan, a_network(), ALL).frame.row(0, named=True)
    assert (row["outcome"], row["cause"]) == ("Refused", "no robot of this model")
    assert row["deliveries"] == "10 in W49, 2 refused"
    assert row["promised"] == week(1)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ADD at F1 is full in the week of 2026-11-30", "ADD at F1 is full in W49 · 30 Nov 2026"),
        (
            "ADD at F1 is full in the week of 2026-12-28; PA12 at F2 cannot be there by 2027-01-04",
            "ADD at F1 is full in W53 · 28 Dec 2026; PA12 at F2 cannot be there by 4 Jan 2027",
        ),
        ("due before the shortest lane (1 week) can bring it",) * 2,
    ],
)
def test_a_cause_names_weeks_as_the_page_does(said: str, told: str) -> None:
    plan = plan_of(promised("A", 1, 2, 2.0, cause=said))
    assert plan_orders.order_lines(plan, None, ALL).frame["cause"].to_list() == [told]


def test_weeks_before_the_plan_are_late_but_cost_this_plan_nothing() -> None:
    overdue = promised("A", -3, 1, 10.0)
    row = plan_orders.order_lines(plan_of(overdue), a_network(), ALL).frame.row(0, named=True)
    assert row["late_weeks"] == 4
    assert row["cost"] == pytest.approx(10 * 12.0 * 1)


def test_a_line_open_at_the_end_pays_every_week_until_then() -> None:
    plan = plan_of(promised("A", WEEKS - 4, None, 10.0, status="open", late_weeks=4))
    row = plan_orders.order_lines(plan, a_network(), ALL).frame.row(0, named=True)
    assert row["cost"] == pytest.approx(10 * (12.0 * 4 + 240.0))


def test_customers_are_named_where_the_orders_name_them() -> None:
    network = a_network()
    orders = input_frame("orders", [{"order_id": "SO-1001", "line": 1, "customer": "Calder"}])
    network = type(network)(**vars(network) | {"tables": dict(network.tables) | {"orders": orders}})
    lines = plan_orders.order_lines(a_plan(), network, ALL).frame
    named = dict(lines.select("order", "customer").iter_rows())
    assert named["SO-1001/1"] == "Calder"
    assert named["SO-1042/1"] is None


def test_an_order_id_keeps_its_zeros() -> None:
    assert "0012/1" in orders_of(a_plan())


def test_without_a_network_nothing_is_priced_and_nothing_lost() -> None:
    lines = plan_orders.order_lines(a_plan(), None, ALL).frame
    assert lines.height == 5
    assert lines["cost"].null_count() == 5


def test_an_order_belongs_to_the_factories_that_ship_for_it_in_time() -> None:
    plan = plan_of(
        promised("early", 1, 2, 5.0),
        promised("other market", 1, 2, 5.0, market="DE"),
        shipments=(shipped("F1", 2), shipped("F2", 3), shipped("F3", 2, market="DE")),
    )
    assert orders_of(plan, Choice({"F1"})) == ["early/1"]
    assert orders_of(plan, Choice({"F2"})) == [], "it ships there only after the order is delivered"
    assert orders_of(plan, Choice({"F3"})) == ["other market/1"]
    assert set(orders_of(plan, Choice({"F1", "F3"}))) == {"early/1", "other market/1"}


def test_an_order_nobody_ships_for_is_shown_at_every_factory() -> None:
    plan = plan_of(promised("A", 1, None, 5.0, status="refused"), shipments=(shipped("F1", 2, market="DE"),))
    assert orders_of(plan, Choice({"F1"})) == orders_of(plan, Choice({"F4"})) == ["A/1"]


def test_a_refused_order_belongs_to_whoever_ships_its_product_there() -> None:
    plan = plan_of(promised("A", 1, None, 5.0, status="refused"), shipments=(shipped("F1", 9),))
    assert orders_of(plan, Choice({"F1"})) == ["A/1"]
    assert orders_of(plan, Choice({"F2"})) == []


def test_orders_narrow_to_products_and_markets() -> None:
    assert orders_of(a_plan(), Choice(products={"0004"})) == ["SO-1042/1"]
    assert set(orders_of(a_plan(), Choice(markets={"DE"}))) == {"SO-1042/1", "0012/1"}


@given(
    st.lists(
        st.tuples(st.integers(-4, 20), st.integers(0, 25), st.integers(1, 50), st.sampled_from("ABCDE")),
        max_size=20,
    )
)
def test_every_line_is_listed_once_and_no_cost_is_lost(rows: list[tuple[int, int, int, str]]) -> None:
    """The cost of the list is the cost of the deliveries, however lines are cut into parts."""
    due = {order: first for first, _, _, order in rows}
    parts = [promised(order, due[order], max(due[order], to), float(n)) for _, to, n, order in rows]
    lines = plan_orders.order_lines(plan_of(*parts), a_network(), ALL).frame
    assert sorted(lines["order_id"].to_list()) == sorted(due)
    expected = sum(n * 12.0 * max(0, max(due[order], to) - max(due[order], 0)) for _, to, n, order in rows)
    assert lines["cost"].sum() == pytest.approx(expected)
