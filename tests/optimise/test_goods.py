"""Rules 1–3: stock, shipments, confirmed demand late or refused, expected demand in its week."""

from typing import Any

import pytest

from tests.builders.networks import FACTORY, PRODUCT, Row, forecast, order, planned, week

TWO_FACTORIES = [FACTORY, FACTORY | {"factory": "G"}]
TWO_MARKETS = [{"market": "M"}, {"market": "N"}]


def stock(quantity: float, factory: str = "F", product: str = "P") -> Row:
    return {"factory": factory, "product": product, "quantity": quantity}


def lane(lead: int, **more: Any) -> list[Row]:
    return [{"factory": "F", "market": "M", "lead_time_weeks": lead} | more]


# Stock


def test_what_is_in_stock_need_not_be_made() -> None:
    plan = planned(orders=[order("A", 1, 30)], stock=[stock(30)])
    assert plan.weekly("make") == [0, 0, 0, 0]
    assert plan.weekly("stock") == [30, 0, 0, 0]
    assert plan.costs == {"holding": 30}


def test_what_is_not_in_stock_is_made() -> None:
    plan = planned(orders=[order("A", 1, 30)], stock=[stock(12)])
    assert plan.total("make") == 18
    assert plan.costs == {"holding": 12}


def test_stock_sits_at_its_factory() -> None:
    """Goods at a factory without a lane to the market are of no use there, and wasted."""
    plan = planned(factories=TWO_FACTORIES, lanes=lane(0), stock=[stock(30, "G")], orders=[order("A", 0, 30)])
    assert plan.weekly("make", factory="F") == [30, 0, 0, 0]
    assert plan.costs == {"holding": 4 * 30, "waste": 30 * 50}


def test_storage_limits_what_is_made_ahead() -> None:
    """70 are due in week 1 and 40 can be made a week: storage for 10 leaves 20 late."""
    plan = planned(factories=[FACTORY | {"storage_units": 10}], orders=[order("A", 1, 70)])
    assert plan.weekly("stock") == [10, 0, 0, 0]
    assert plan.weekly("backlog") == [0, 20, 0, 0]
    assert plan.costs == {"holding": 10, "late": 200}


def test_storage_that_is_large_enough_limits_nothing() -> None:
    plan = planned(factories=[FACTORY | {"storage_units": 30}], orders=[order("A", 1, 70)])
    assert plan.costs == {"holding": 30}


def test_stock_above_the_storage_is_a_relaxed_plan_and_no_infeasible_one() -> None:
    plan = planned(factories=[FACTORY | {"storage_units": 10}], stock=[stock(25)], orders=[order("A", 2, 25)])
    assert plan.weekly("storage_over") == [15, 15, 0, 0]
    # dearer than any unit is worth: ten times lost_cost
    assert plan.costs == {"holding": 50, "relaxed": 30 * 10 * 200}


# From factory to market


def test_goods_on_the_way_for_a_week_leave_a_week_earlier() -> None:
    plan = planned(lanes=lane(1), orders=[order("A", 2, 30)])
    assert plan.weekly("ship") == [0, 30, 0, 0]
    assert plan.weekly("serve") == [0, 0, 30, 0]
    assert plan.objective == 0


def test_what_is_due_before_anything_can_arrive_is_late() -> None:
    plan = planned(lanes=lane(1), orders=[order("A", 0, 30)])
    assert plan.weekly("serve") == [0, 30, 0, 0]
    assert plan.costs == {"late": 300}


def test_nothing_arrives_after_the_horizon() -> None:
    """80 due in the last week, a week away: 40 a week can leave before it, none in it."""
    plan = planned({"horizon_weeks": 2}, lanes=lane(1), orders=[order("A", 1, 60)])
    assert plan.weekly("ship") == [40, 0]
    assert plan.costs == {"lost_confirmed": 20 * 200}


def test_goods_come_from_where_freight_costs_least() -> None:
    lanes = [*lane(0, cost_per_unit=5), {"factory": "G", "market": "M", "cost_per_unit": 2}]
    owned = [{"factory": factory, "robot_model": "R", "units": 1} for factory in "FG"]
    plan = planned(factories=TWO_FACTORIES, lanes=lanes, owned=owned, orders=[order("A", 0, 50)])
    # 40 from G; the other 10 from F, as being late would cost 10 a unit
    assert plan.weekly("ship", factory="G") == [40, 0, 0, 0]
    assert plan.weekly("ship", factory="F") == [10, 0, 0, 0]
    assert plan.costs == {"transport": 40 * 2 + 10 * 5}


# Confirmed demand


def test_nothing_is_served_before_its_due_week() -> None:
    plan = planned(orders=[order("A", 2, 10)], stock=[stock(10)])
    assert plan.weekly("ship") == plan.weekly("serve") == [0, 0, 10, 0]


def test_what_cannot_be_made_in_time_is_late_and_pays_each_week() -> None:
    plan = planned(orders=[order("A", 0, 100)])
    assert plan.weekly("serve") == [40, 40, 20, 0]
    assert plan.weekly("backlog") == [60, 20, 0, 0]
    assert plan.costs == {"late": 80 * 10}


def test_past_due_orders_are_owed_from_the_first_week_on() -> None:
    plan = planned(orders=[order("A", -2, 30)])
    assert plan.weekly("serve") == [30, 0, 0, 0]
    assert plan.objective == 0


def test_what_can_never_be_made_is_refused_in_its_due_week() -> None:
    """160 units can be made in four weeks: to owe the other 40 until the end would cost lateness as well."""
    plan = planned(orders=[order("A", 0, 200)])
    assert plan.weekly("refuse") == [40, 0, 0, 0]
    assert plan.weekly("backlog") == [120, 80, 40, 0]
    assert plan.costs == {"late": 2400, "lost_confirmed": 40 * 200}


def test_an_order_is_refused_when_lateness_would_cost_more_than_losing_it() -> None:
    dear = PRODUCT | {"late_cost_per_week": 150}
    plan = planned(products=[dear], orders=[order("A", 0, 100)])
    # one week late costs 150, two weeks 300, losing it 200
    assert plan.weekly("refuse") == [20, 0, 0, 0]
    assert plan.costs == {"late": 40 * 150, "lost_confirmed": 20 * 200}


def test_class_1_comes_before_class_2_and_3() -> None:
    asked = [order(f"K{k}", 0, 40, priority=k) for k in (3, 2, 1)]
    plan = planned(orders=asked)
    late = {k: plan.rows("backlog").filter(k=k).sort("t")["value"].to_list()[0] for k in (1, 2, 3)}
    assert late == {1: 0, 2: 40, 3: 40}
    # class 2 waits a week, class 3 two; what the preference weighs is no money
    assert plan.costs == {"late": 400 + 800, "priority": 2 * 400}


# Expected demand


def test_expected_demand_is_served_in_its_week_or_not_at_all() -> None:
    plan = planned(forecast=forecast([60]))
    assert plan.weekly("serve_expected") == [40, 0, 0, 0]
    assert plan.weekly("make") == [40, 0, 0, 0]
    assert plan.costs == {"lost_expected": 20 * 100}


def test_expected_demand_of_a_later_week_is_made_ahead() -> None:
    plan = planned(forecast=forecast({1: 60}))
    assert plan.weekly("serve_expected") == [0, 60, 0, 0]
    assert plan.costs == {"holding": 20}


def test_no_more_is_served_than_is_expected() -> None:
    plan = planned(forecast=forecast([10]), stock=[stock(30)])
    assert plan.total("serve_expected") == 10
    assert plan.costs == {"holding": 4 * 20, "waste": 20 * 50}


def test_unreachable_demand_is_not_planned_and_not_charged() -> None:
    plan = planned({"firm_weeks": 2}, forecast=forecast([10] * 4))
    assert plan.weekly("serve_expected") == [0, 0, 10, 10]
    assert plan.objective == 0


# Goods in transit


def transit(arrive: int, quantity: float) -> Row:
    row = {"factory": "F", "market": "M", "product": "P"}
    return row | {"arrive_week": week(arrive), "quantity": quantity}


def test_goods_in_transit_wait_at_their_market_for_the_order() -> None:
    plan = planned(in_transit=[transit(0, 30)], orders=[order("A", 2, 30)])
    assert plan.weekly("pool") == [30, 30, 0, 0]
    assert plan.weekly("draw") == [0, 0, 30, 0]
    assert plan.costs == {"holding": 60}


def test_goods_in_transit_serve_from_the_week_they_arrive() -> None:
    plan = planned({"horizon_weeks": 3}, owned=[], in_transit=[transit(1, 30)], orders=[order("A", 0, 30)])
    assert plan.weekly("serve") == [0, 30, 0]
    assert plan.costs == {"late": 300}


def test_what_nobody_takes_of_them_is_held_and_wasted() -> None:
    plan = planned(in_transit=[transit(1, 50)], orders=[order("A", 2, 30)])
    assert plan.weekly("pool") == [0, 50, 20, 20]
    assert plan.costs == {"holding": 90, "waste": 20 * 50}


@pytest.mark.parametrize(("arrive", "served"), [(-1, [5, 0, 0, 0]), (3, [0, 0, 0, 5]), (4, [0, 0, 0, 0])])
def test_they_come_in_the_first_week_at_the_earliest_and_never_from_beyond_the_horizon(
    arrive: int, served: list[float]
) -> None:
    plan = planned(owned=[], in_transit=[transit(arrive, 5)], orders=[order("A", 0, 5)])
    assert plan.weekly("serve") == served


def test_goods_of_another_market_do_not_help() -> None:
    elsewhere = transit(0, 30) | {"market": "N"}
    plan = planned(
        {"horizon_weeks": 1},
        markets=TWO_MARKETS,
        in_transit=[elsewhere],
        orders=[order("A", 0, 30)],
        owned=[],
    )
    assert plan.costs == {"holding": 30, "waste": 30 * 50, "lost_confirmed": 30 * 200}
