"""Orders against the forecast, sentence by sentence of 2-data, Netting."""

from datetime import timedelta
from typing import Any

import pytest

from planning.netting import net_demand
from tests.builders.networks import START, Row, forecast, network, order, week
from tests.netting.weeks import CALM, TEN, confirmed, weekly


def left(*orders: Row, weekly_forecast: list[float] = TEN, **settings: Any) -> list[float]:
    """What these orders leave of the forecast."""
    made = network(CALM | settings, forecast=forecast(weekly_forecast), orders=orders)
    return weekly(net_demand(made))


# What is confirmed


def test_confirmed_is_what_is_still_open_of_confirmed_orders_in_their_due_week() -> None:
    net = net_demand(
        network(
            CALM,
            orders=[
                order("A", 1, 10, quantity_shipped=4),
                order("B", 1, 5),
                order("C", 2, 7, quantity_shipped=7),
                order("D", 3, 9, status="shipped"),
                order("E", 4, 9, status="cancelled"),
            ],
        )
    )
    assert confirmed(net) == [0, 11, 0, 0, 0, 0]
    assert net.orders["order_id"].to_list() == ["A", "B"]


def test_an_order_shipped_beyond_its_quantity_is_not_open() -> None:
    assert net_demand(network(orders=[order("A", 1, 5, quantity_shipped=6)])).orders.is_empty()


def test_past_due_orders_are_owed_in_the_first_week_and_keep_their_due_week() -> None:
    net = net_demand(network(CALM, orders=[order("A", -3, 8)]))
    assert net.orders.select("t", "due_week", "quantity").rows() == [(0, week(-3), 8.0)]


@pytest.mark.parametrize(("weekday", "due"), [(3, 1), (4, 1), (5, 2), (7, 2)])
def test_what_is_due_before_the_cutoff_belongs_to_the_week_before(weekday: int, due: int) -> None:
    made = network(CALM | {"due_cutoff_weekday": 5}, orders=[order("A", 2, 6, due_date=week(2, weekday))])
    assert net_demand(made).orders["t"].to_list() == [due]


def test_orders_due_after_the_horizon_are_counted_and_left_out() -> None:
    orders = [
        order("A", 5, 1),
        order("B", 6, 20),
        order("C", 60, 20),
        order("D", 6, 20, status="shipped"),
        order("E", 6, 20, quantity_shipped=20),
    ]
    net = net_demand(network(CALM, forecast=forecast(TEN), orders=orders))
    assert net.orders_beyond_horizon == 2
    assert net.orders["order_id"].to_list() == ["A"]
    assert weekly(net) == [10, 10, 10, 10, 10, 9]


# What orders consume


def test_without_orders_the_whole_forecast_is_expected() -> None:
    assert left() == TEN


def test_an_order_consumes_its_own_week_first() -> None:
    assert left(order("A", 3, 4)) == [10, 10, 10, 6, 10, 10]


def test_then_earlier_weeks_nearest_first() -> None:
    assert left(order("A", 3, 14)) == [10, 10, 6, 0, 10, 10]
    assert left(order("A", 3, 25)) == [10, 5, 0, 0, 10, 10]


def test_then_later_weeks_nearest_first() -> None:
    assert left(order("A", 3, 35)) == [10, 0, 0, 0, 5, 10]
    assert left(order("A", 3, 45)) == [10, 0, 0, 0, 0, 5]


def test_what_finds_no_forecast_is_demand_beyond_it() -> None:
    net = net_demand(network(CALM, forecast=forecast(TEN), orders=[order("A", 3, 60)]))
    assert weekly(net) == [10, 0, 0, 0, 0, 0]
    assert confirmed(net) == [0, 0, 0, 60, 0, 0]


def test_an_order_due_in_week_0_cannot_consume_what_has_passed() -> None:
    made = network(CALM, forecast=forecast({-2: 10, -1: 10, 0: 10, 1: 10}), orders=[order("A", 0, 15)])
    assert weekly(net_demand(made)) == [0, 5, 0, 0, 0, 0]


def test_forecast_after_the_horizon_is_neither_expected_nor_consumed() -> None:
    made = network(CALM, forecast=forecast({5: 10, 6: 10}), orders=[order("A", 5, 15)])
    assert weekly(net_demand(made)) == [0, 0, 0, 0, 0, 0]


def test_orders_consume_in_week_order() -> None:
    # B comes first: own week 1, back week 0, forward 5 of week 2; A then finds 5 there, goes forward for 5
    assert left(order("A", 2, 10), order("B", 1, 25)) == [0, 0, 0, 5, 10, 10]


def test_the_weeks_back_and_forward_are_settings() -> None:
    assert left(order("A", 3, 60), consumption_back_weeks=0, consumption_forward_weeks=0) == [
        10, 10, 10, 0, 10, 10,
    ]  # fmt: skip
    assert left(order("A", 3, 60), consumption_back_weeks=1, consumption_forward_weeks=0) == [
        10, 10, 0, 0, 10, 10,
    ]  # fmt: skip
    assert left(order("A", 3, 60), consumption_back_weeks=0, consumption_forward_weeks=1) == [
        10, 10, 10, 0, 0, 10,
    ]  # fmt: skip


def test_shipped_orders_consume_at_their_full_quantity() -> None:
    assert left(order("A", 3, 10, quantity_shipped=7)) == [10, 10, 10, 0, 10, 10]
    assert left(order("A", 3, 6, quantity_shipped=6, status="shipped")) == [10, 10, 10, 4, 10, 10]


def test_past_due_and_cancelled_orders_consume_nothing() -> None:
    late = order("A", -1, 30)
    shipped_late = order("B", -1, 30, status="shipped", quantity_shipped=30)
    cancelled = order("C", 3, 30, status="cancelled")
    assert left(late, shipped_late, cancelled) == TEN


def test_an_order_consumes_the_forecast_of_its_product_and_market_only() -> None:
    made = network(
        CALM,
        products=[{"product": "P"}, {"product": "Q"}],
        markets=[{"market": "M"}, {"market": "N"}],
        forecast=[
            *forecast([10]),
            *forecast([10], product="Q"),
            *forecast([10], market="N"),
        ],
        orders=[order("A", 0, 10)],
    )
    net = net_demand(made)
    assert weekly(net, weeks=1) == [0]
    assert weekly(net, product="Q", weeks=1) == [10]
    assert weekly(net, market="N", weeks=1) == [10]


def test_a_forecast_week_is_the_plans_bucket() -> None:
    made = network(
        CALM, forecast=[{"product": "P", "market": "M", "week": START + timedelta(weeks=2), "quantity": 3}]
    )
    assert weekly(net_demand(made)) == [0, 0, 3, 0, 0, 0]
