"""A week at a factory opened: its products, its hours by model, the orders its goods reach."""

from typing import Any

import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import plan_cell
from planning.present.view import Choice
from tests.builders.plans import a_network, a_plan, export_frame, input_frame, week

ALL = Choice()


def made(at: int, units: float, factory: str = "F1", product: str = "0001", **more: Any) -> dict[str, Any]:
    return {
        "factory": factory,
        "product": product,
        "routing": f"{product}/R",
        "week": week(at),
        "quantity": units,
        "gross": units,
        "robot_hours": units * 0.5,
        "setup": 0,
        "for_confirmed": units,
        "for_expected": 0.0,
    } | more


def shipped(leave: int, units: float, market: str = "UK", **more: Any) -> dict[str, Any]:
    return {
        "factory": "F1",
        "market": market,
        "product": "0001",
        "ship_week": week(leave),
        "arrive_week": week(leave + 1),
        "quantity": units,
    } | more


def promised(order: str, to: int, market: str = "UK", product: str = "0001") -> dict[str, Any]:
    return {
        "order_id": order,
        "line": 1,
        "product": product,
        "market": market,
        "due_week": week(to),
        "quantity": 10.0,
        "delivered_week": week(to),
        "delivered_quantity": 10.0,
        "late_weeks": 0,
        "status": "on_time",
    }


def worked(model: str, setup: float, run: float, at: int = 0, orders: str = "A/1") -> dict[str, Any]:
    return {
        "work_order": "WO",
        "factory": "F1",
        "robot_model": model,
        "product": "0001",
        "routing": "0001/R",
        "week": week(at),
        "setup_hours": setup,
        "run_hours": run,
        "for_orders": orders,
    }


def plan_of(**tables: list[dict[str, Any]]) -> Plan:
    plan = a_plan()
    frames = {name: export_frame(name, rows) for name, rows in tables.items()}
    empty = {name: frame.clear() for name, frame in plan.tables.items()}
    return Plan(empty | frames, plan.summary)


def network_of(*routings: dict[str, Any]) -> Network:
    network = a_network()
    frame = input_frame(
        "routings",
        [
            {"routing": "0001/R", "product": "0001", "setup_hours": 0.0, "yield": 1.0} | row
            for row in routings
        ],
    )
    return type(network)(**vars(network) | {"tables": dict(network.tables) | {"routings": frame}})


def orders_of(plan: Plan, at: int, choice: Choice = ALL) -> list[str]:
    return plan_cell.orders_served(plan, a_network(), choice, week(at)).frame["order"].to_list()


def test_a_cell_tells_products_with_what_they_are_for() -> None:
    plan = plan_of(
        production=[made(2, 8.0), made(2, 30.0, product="0002", for_confirmed=5.0, for_expected=25.0)]
    )
    rows = plan_cell.made_in(plan, a_network(), ALL, week(2)).frame
    assert rows.select("product", "quantity", "for_confirmed", "for_expected").rows() == [
        ("Bracket L", 30.0, 5.0, 25.0),
        ("Bracket S", 8.0, 8.0, 0.0),
    ]


def test_a_cell_is_one_week_of_the_factories_chosen() -> None:
    plan = plan_of(production=[made(2, 8.0), made(3, 9.0), made(2, 7.0, factory="F2")])
    of_one = plan_cell.made_in(plan, a_network(), Choice({"F1"}), week(2))
    assert of_one.frame["quantity"].to_list() == [8.0]
    assert "factory" not in of_one.columns
    of_all = plan_cell.made_in(plan, a_network(), ALL, week(2))
    assert of_all.frame["quantity"].to_list() == [8.0, 7.0]
    assert of_all.frame["factory"].to_list() == ["Leeds", "Gdańsk"]
    assert plan_cell.made_in(plan, a_network(), ALL, week(5)).is_empty


def test_hours_by_model_are_the_schedules_where_it_reaches() -> None:
    plan = plan_of(
        production=[made(0, 8.0, robot_hours=9.0)],
        schedule=[worked("fdm_xl", 1.0, 4.0), worked("fdm_xl", 0.0, 2.0), worked("finish", 0.5, 1.5)],
    )
    row = plan_cell.made_in(plan, a_network(), ALL, week(0)).frame.row(0, named=True)
    assert (row["hours fdm_xl"], row["hours finish"], row["robot_hours"]) == (7.0, 2.0, 9.0)


def test_beyond_the_schedule_a_routings_hours_are_shared_among_its_models() -> None:
    """40 units at 0.5 h and 0.25 h; the first needs a set-up of 4 h for each 20 units: 28 h and 10 h."""
    network = network_of(
        {"robot_model": "fdm_xl", "hours_per_unit": 0.5, "setup_hours": 4.0, "typical_lot": 20.0},
        {"robot_model": "finish", "hours_per_unit": 0.25, "typical_lot": 20.0},
    )
    plan = plan_of(production=[made(9, 40.0, robot_hours=38.0)])
    row = plan_cell.made_in(plan, network, ALL, week(9)).frame.row(0, named=True)
    assert row["hours fdm_xl"] == pytest.approx(28.0)
    assert row["hours finish"] == pytest.approx(10.0)


def test_without_schedule_and_network_only_all_hours_are_told() -> None:
    view = plan_cell.made_in(plan_of(production=[made(9, 40.0)]), None, ALL, week(9))
    assert view.frame["robot_hours"].to_list() == [20.0]
    assert not [name for name in view.columns if name.startswith("hours ")]


def test_where_the_schedule_reaches_it_says_which_orders_work_is_for() -> None:
    plan = plan_of(
        production=[made(0, 20.0)],
        schedule=[worked("fdm_xl", 0.0, 4.0, orders="A/1;B/1"), worked("fdm_xl", 0.0, 4.0, orders="B/1")],
        promises=[promised("A", 1), promised("B", 2), promised("C", 1)],
    )
    assert orders_of(plan, 0) == ["A/1", "B/1"]
    assert "as the schedule has them" in plan_cell.how_served(plan, week(0))


def test_beyond_the_schedule_goods_are_followed_first_in_first_out() -> None:
    """10 in stock leave first; what week 4 makes leaves in weeks 5 and 6, what week 5 makes in week 7."""
    plan = plan_of(
        inventory=[{"factory": "F1", "product": "0001", "week": week(0), "quantity": 10.0}],
        production=[made(4, 20.0), made(5, 10.0)],
        shipments=[shipped(4, 10.0), shipped(5, 10.0), shipped(6, 10.0, "DE"), shipped(7, 10.0)],
        promises=[promised("stock", 5), promised("A", 6), promised("B", 7, "DE"), promised("C", 8)],
    )
    assert orders_of(plan, 4) == ["A/1", "B/1"]
    assert orders_of(plan, 5) == ["C/1"]
    assert "first in, first out" in plan_cell.how_served(plan, week(4))


def test_a_market_chosen_narrows_the_orders_and_not_the_way_of_the_goods() -> None:
    plan = plan_of(
        production=[made(4, 20.0)],
        shipments=[shipped(5, 10.0), shipped(6, 10.0, "DE")],
        promises=[promised("A", 6), promised("B", 7, "DE")],
    )
    assert orders_of(plan, 4, Choice(markets={"DE"})) == ["B/1"]


def test_an_order_delivered_in_parts_is_told_whole() -> None:
    first, rest = promised("A", 6), promised("A", 6)
    rest |= {"delivered_week": week(9), "late_weeks": 3, "status": "late"}
    plan = plan_of(production=[made(4, 10.0)], shipments=[shipped(5, 10.0)], promises=[first, rest])
    row = plan_cell.orders_served(plan, a_network(), ALL, week(4)).frame.row(0, named=True)
    assert (row["outcome"], row["promised"], row["deliveries"]) == ("Late", week(9), "10 in W01, 10 in W04")


def test_work_for_expected_demand_serves_no_order() -> None:
    units = {"served_confirmed": 0.0, "served_expected": 10.0}
    served = {"product": "0001", "market": "UK", "week": week(6)} | units
    plan = plan_of(
        production=[made(4, 10.0, for_confirmed=0.0, for_expected=10.0)],
        shipments=[shipped(5, 10.0)],
        demand=[served],
        promises=[promised("A", 6)],
    )
    assert orders_of(plan, 4) == []
