"""Promises and demand: what becomes of every unit asked for, and of every order line."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.networks import PRODUCT, ROUTING, forecast, order, week
from tests.export.tables import Exported, exported

TOLD = ("order_id", "delivered_week", "delivered_quantity", "late_weeks", "status")

#: Waiting costs more than refusing.
IMPATIENT = [PRODUCT | {"late_cost_per_week": 300}]


def promises(plan: Exported, *columns: str) -> list[tuple[object, ...]]:
    """Promises in the order in which they are kept."""
    return sorted(plan.rows("promises", *(columns or TOLD)), key=str)


def test_what_one_week_holds_is_on_time_and_the_rest_is_late() -> None:
    plan = exported(orders=[order("A", 0, 100)])
    assert promises(plan) == [
        ("A", 0, 40, 0, "on_time"),
        ("A", 1, 40, 1, "late"),
        ("A", 2, 20, 2, "late"),
    ]


def test_a_unit_counts_in_the_week_in_which_it_is_whole() -> None:
    """40 hours make 44.44 units: the 45th is finished in the second week, the 89th in the third."""
    plan = exported(routings=[ROUTING | {"hours_per_unit": 0.9}], orders=[order("A", 0, 100)])
    assert plan.rows("demand", "served_confirmed") == [(44.444444,), (44.444444,), (11.111111,)]
    assert promises(plan) == [
        ("A", 0, 44, 0, "on_time"),
        ("A", 1, 44, 1, "late"),
        ("A", 2, 12, 2, "late"),
    ]


def test_the_last_part_of_a_line_counts_as_its_last_unit() -> None:
    assert promises(exported(orders=[order("A", 1, 7.5)])) == [("A", 1, 7.5, 0, "on_time")]


def test_the_earlier_due_date_comes_first_then_the_order_id_then_the_line() -> None:
    orders = [
        order("B", 0, 20, line=2),
        order("B", 0, 20, line=1),
        order("A", 0, 20, due_date=week(0, weekday=3)),
        order("C", 0, 20),
    ]
    plan = exported(orders=orders)
    assert promises(plan, "delivered_week", "order_id", "line") == [
        (0, "B", 1),
        (0, "B", 2),
        (1, "A", 1),
        (1, "C", 1),
    ]


def test_the_higher_class_comes_first_whenever_it_is_due_too() -> None:
    plan = exported(orders=[order("LOW", 0, 40, priority=3), order("HIGH", 0, 40, priority=1)])
    assert promises(plan) == [("HIGH", 0, 40, 0, "on_time"), ("LOW", 1, 40, 1, "late")]


def test_what_is_refused_is_taken_from_the_last_of_those_who_wait() -> None:
    orders = [
        order("A", 0, 30),
        order("B", 0, 30, due_date=week(0, 2)),
        order("C", 0, 5, due_date=week(0, 3)),
    ]
    plan = exported(products=IMPATIENT, orders=orders)
    assert promises(plan) == [
        ("A", 0, 30, 0, "on_time"),
        ("B", 0, 10, 0, "on_time"),
        ("B", None, 20, 0, "refused"),
        ("C", None, 5, 0, "refused"),
    ]


def test_a_unit_of_which_a_part_is_refused_is_refused() -> None:
    plan = exported(products=IMPATIENT, orders=[order("A", 0, 40.5)])
    assert plan.rows("demand", "refused") == [(0.5,)]
    assert promises(plan) == [("A", 0, 39.5, 0, "on_time"), ("A", None, 1, 0, "refused")]


def test_what_was_due_before_the_start_is_late_from_its_own_week() -> None:
    plan = exported(orders=[order("OLD", -2, 10), order("NEW", 0, 10)])
    columns = ("order_id", "due_week", "delivered_week", "late_weeks", "status", "cause")
    assert promises(plan, *columns) == [
        ("NEW", 0, 0, 0, "on_time", None),
        ("OLD", -2, 0, 2, "late", "it was overdue before the plan starts"),
    ]


def test_what_is_still_open_at_the_end_has_no_delivered_week() -> None:
    patient = [PRODUCT | {"late_cost_per_week": 0, "lost_cost": 200}]
    plan = exported({"horizon_weeks": 2}, products=patient, orders=[order("A", 0, 100), order("OLD", -3, 40)])
    rows = plan.rows("promises", "order_id", "delivered_week", "delivered_quantity", "status")
    unserved = [row for row in rows if row[3] in {"refused", "open"}]
    assert [row[1] for row in unserved] == [None] * len(unserved)
    assert sum(row[2] for row in unserved) == 60


def test_an_order_due_after_the_horizon_is_no_promise() -> None:
    plan = exported(orders=[order("A", 3, 5), order("B", 4, 5)])
    assert [row[0] for row in promises(plan)] == ["A"]
    assert plan.plan.net.orders_beyond_horizon == 1


def test_the_line_shows_what_is_still_open_of_it() -> None:
    orders = [order("A", 1, 10, quantity_shipped=4), order("B", 1, 5, status="cancelled")]
    assert promises(exported(orders=orders), "order_id", "quantity", "delivered_quantity") == [("A", 6, 6)]


def test_a_late_line_says_what_stands_in_its_way() -> None:
    plan = exported(orders=[order("A", 0, 80)])
    (cause,) = plan.rows("promises", "cause", status="late")[0]
    assert cause == "R at F is full in the week of 2026-11-30"
    assert plan.rows("promises", "cause", status="on_time") == [(None,)]


def test_demand_tells_confirmed_and_expected_apart() -> None:
    """The order consumes the forecast of its own week, so that nothing is asked for twice."""
    plan = exported(orders=[order("A", 1, 10)], forecast=forecast({1: 25, 2: 5}))
    columns = ("week", "confirmed", "expected", "served_confirmed", "served_expected", "unreachable")
    assert plan.rows("demand", *columns) == [(1, 10, 15, 10, 15, 0), (2, 0, 5, 0, 5, 0)]


def test_expected_demand_that_cannot_be_reached_is_told_and_not_served() -> None:
    """In the firm weeks nothing is made that is not sold."""
    plan = exported({"firm_weeks": 2}, forecast=forecast([5, 5, 5]))
    columns = ("week", "expected", "unreachable", "served_expected")
    assert plan.rows("demand", *columns) == [(0, 5, 5, 0), (1, 5, 5, 0), (2, 5, 0, 5)]


def test_backlog_is_told_by_class() -> None:
    orders = [order("A", 0, 60, priority=1), order("B", 0, 40, priority=2), order("C", 0, 20, priority=3)]
    plan = exported(orders=orders)
    assert plan.rows("demand", "week", "backlog", "backlog_1", "backlog_2") == [
        (0, 80, 20, 40),
        (1, 40, 0, 20),
        (2, 0, 0, 0),
    ]


def test_rows_without_a_figure_are_left_out() -> None:
    assert exported(orders=[order("A", 2, 5)]).rows("demand", "week") == [(2,)]


quantities = st.floats(0.25, 90).map(lambda units: round(units * 4) / 4)
lines = st.lists(st.tuples(st.integers(-2, 4), quantities, st.integers(1, 3)), min_size=1, max_size=6)


@settings(max_examples=10)
@given(lines, st.sampled_from([0.7, 1.0, 1.3]), st.booleans())
def test_every_unit_of_every_line_is_told_once(
    asked: list[tuple[int, float, int]], hours: float, impatient: bool
) -> None:
    orders = [order(f"{n:04}", t, units, priority=k) for n, (t, units, k) in enumerate(asked)]
    routings = [ROUTING | {"hours_per_unit": hours}]
    products = IMPATIENT if impatient else [PRODUCT]
    plan = exported(orders=orders, routings=routings, products=products)
    told = (
        plan.tables["promises"]
        .group_by("order_id")
        .agg(pl.col("delivered_quantity").sum(), pl.col("quantity").first(), pl.len())
    )
    due = {f"{n:04}": units for n, (t, units, _) in enumerate(asked) if t < 4}
    assert {row[0]: row[1] for row in told.iter_rows()} == pytest.approx(due)
    assert {row[0]: row[2] for row in told.iter_rows()} == due

    rows = plan.tables["promises"]
    assert rows.filter(pl.col("delivered_week") < pl.col("due_week")).is_empty(), "never before it is due"
    left = rows.filter(pl.col("status").is_in(["refused", "open"]))
    assert left["delivered_week"].null_count() == left.height
    _whole_units_follow_service(plan)


def _whole_units_follow_service(plan: Exported) -> None:
    """Delivered so far is what is served so far, but for the units not yet whole: one a class at most."""
    served = plan.tables["demand"].group_by("week").agg(pl.col("served_confirmed").sum())
    given_out = plan.tables["promises"].group_by("delivered_week").agg(pl.col("delivered_quantity").sum())
    so_far = delivered = 0.0
    for t in range(4):
        so_far += float(served.filter(pl.col("week") == week(t))["served_confirmed"].sum())
        delivered += float(given_out.filter(pl.col("delivered_week") == week(t))["delivered_quantity"].sum())
        assert so_far - 3 - 1e-4 <= delivered <= so_far + 1e-4
