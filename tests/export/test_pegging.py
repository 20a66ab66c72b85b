"""Production is made for somebody: what of it serves confirmed orders, and what expected demand."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.schedule.pegging import peg
from tests.builders.networks import FACTORY, PRODUCT, forecast, order, week
from tests.export.tables import exported

FOR = ("week", "quantity", "for_confirmed", "for_expected")


def test_what_serves_an_order_is_for_confirmed_demand() -> None:
    assert exported(orders=[order("A", 1, 30)]).rows("production", *FOR) == [(1, 30, 30, 0)]


def test_a_week_that_serves_both_is_shared_as_its_service_is() -> None:
    plan = exported(orders=[order("A", 1, 10)], forecast=forecast({1: 25}))
    assert plan.rows("production", *FOR) == [(1, 25, 10, 15)]


def test_opening_stock_leaves_before_anything_new() -> None:
    plan = exported(
        orders=[order("A", 0, 10), order("B", 1, 30)],
        stock=[{"factory": "F", "product": "P", "quantity": 15}],
    )
    made = plan.tables["production"]
    assert made["quantity"].sum() == 25
    assert made["for_confirmed"].sum() == 25


def test_opening_stock_serves_the_first_and_what_is_made_who_comes_later() -> None:
    plan = exported(
        orders=[order("A", 0, 10)],
        forecast=forecast({3: 30}),
        stock=[{"factory": "F", "product": "P", "quantity": 10}],
    )
    assert plan.rows("production", *FOR) == [(3, 30, 0, 30)]


def test_opening_stock_counts_for_nobody() -> None:
    plan = exported(orders=[order("A", 0, 10)], stock=[{"factory": "F", "product": "P", "quantity": 15}])
    assert plan.rows("production", *FOR) == []


def test_what_is_made_and_not_sold_is_for_nobody() -> None:
    plan = exported(
        orders=[order("A", 0, 5)],
        firm_work=[{"work_order": "WO1", "factory": "F", "routing": "P", "week": week(0), "quantity_left": 8,
                    "status": "started"}],
    )  # fmt: skip
    assert plan.rows("production", *FOR) == [(0, 8, 5, 0)]
    assert plan.rows("inventory", "week", "quantity") == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_goods_on_the_way_are_not_production() -> None:
    """What arrives from earlier weeks serves first; the lane takes a week, so its week is the one before."""
    plan = exported(
        lanes=[{"factory": "F", "market": "M", "lead_time_weeks": 1}],
        in_transit=[{"factory": "F", "market": "M", "product": "P", "arrive_week": week(1), "quantity": 10}],
        orders=[order("A", 1, 10), order("B", 2, 20)],
    )
    assert plan.rows("production", *FOR) == [(1, 20, 20, 0)]
    assert plan.rows("shipments", "ship_week", "arrive_week", "quantity") == [(1, 2, 20)]


demands = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@settings(max_examples=8)
@given(demands, demands, st.integers(0, 50), st.booleans())
def test_what_is_pegged_is_what_is_made_and_no_more(
    ordered: list[int], foreseen: list[int], stock: int, two_factories: bool
) -> None:
    factories = [FACTORY, FACTORY | {"factory": "G"}] if two_factories else [FACTORY]
    plan = exported(
        factories=factories,
        owned=[{"factory": row["factory"], "robot_model": "R", "units": 1} for row in factories],
        orders=[order(f"O{t}", t, units) for t, units in enumerate(ordered) if units],
        forecast=forecast(foreseen),
        stock=[{"factory": "F", "product": "P", "quantity": stock}],
        products=[PRODUCT],
    )
    made, demand = plan.tables["production"], plan.tables["demand"]
    pegged = pl.col("for_confirmed") + pl.col("for_expected")
    assert made.filter(pegged > pl.col("quantity") + 1e-5).is_empty()
    assert made.filter(pl.min_horizontal("for_confirmed", "for_expected") < 0).is_empty()
    served = {kind: float(demand[f"served_{kind}"].sum()) for kind in ("confirmed", "expected")}
    for kind, units in served.items():
        assert float(made[f"for_{kind}"].sum()) <= units + 1e-4
    shipped_new = max(0.0, float(plan.tables["shipments"]["quantity"].sum()) - stock)
    assert float(made.select(pegged.sum()).item()) >= shipped_new - 1e-4, "only stock serves unpegged"
    pegs = peg(plan.tables, week(0))
    for use, column in (("order", "for_confirmed"), ("expected", "for_expected")):
        of_rows = (
            pegs.filter(pl.col("use") == use).group_by("factory", "made_week").agg(pl.col("units").sum())
        )
        both = made.group_by("factory", made_week="week").agg(told=pl.col(column).sum())
        rows = both.join(of_rows, on=["factory", "made_week"], how="left").fill_null(0.0)
        assert rows.filter((pl.col("told") - pl.col("units")).abs() > 1e-4).is_empty(), use
