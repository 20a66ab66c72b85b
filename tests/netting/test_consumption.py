"""What took from the forecast, and what of it is left, week by week."""

from datetime import timedelta

from planning.netting import NetDemand, net_demand
from tests.builders.networks import START, deal, forecast, network, order
from tests.netting.weeks import CALM, TEN


def taken(net: NetDemand, column: str) -> list[float]:
    """A column of the consumption by bucket."""
    units = dict(net.consumption.select("t", column).iter_rows())
    return [round(units.get(t, 0.0), 6) for t in range(6)]


def test_orders_then_deals_are_told_apart_in_the_weeks_they_took_from() -> None:
    """An order of 15 takes its own week and 5 of the week before; half a deal of 8 takes 4 of its week."""
    net = net_demand(
        network(
            CALM,
            forecast=forecast(TEN),
            orders=[order("SO-1", 2, 15)],
            opportunities=[deal("OP-1", 4, 8, probability=0.5)],
        )
    )
    assert taken(net, "forecast") == TEN
    assert taken(net, "by_orders") == [0, 5, 10, 0, 0, 0]
    assert taken(net, "deals") == [0, 0, 0, 0, 4, 0]
    assert taken(net, "by_deals") == [0, 0, 0, 0, 4, 0]
    assert taken(net, "left") == [10, 5, 0, 10, 6, 10]


def test_what_is_left_and_the_deals_are_what_is_expected() -> None:
    net = net_demand(
        network(
            CALM,
            forecast=forecast(TEN),
            orders=[order("SO-1", 1, 33), order("SO-2", 5, 4, status="shipped", quantity_shipped=4)],
            opportunities=[deal("OP-1", 0, 40, probability=0.6)],
        )
    )
    joined = net.consumption.join(net.expected, on=["product", "market", "t"], how="left").fill_null(0.0)
    assert (joined["deals"] + joined["left"]).to_list() == joined["expected"].to_list()
    assert joined.select("forecast", "by_orders", "by_deals", "left").rows() == [
        (10.0, by_orders, by_deals, 10.0 - by_orders - by_deals)
        for by_orders, by_deals in joined.select("by_orders", "by_deals").rows()
    ]


def test_an_order_that_has_shipped_takes_from_the_forecast_though_nothing_is_owed() -> None:
    shipped = order("SO-1", 3, 6, status="shipped", quantity_shipped=6)
    net = net_demand(network(CALM, forecast=forecast(TEN), orders=[shipped]))
    assert taken(net, "by_orders") == [0, 0, 0, 6, 0, 0]
    assert net.orders.is_empty()


def test_a_forecast_outside_the_horizon_is_no_part_of_it() -> None:
    rows = forecast(TEN)
    before = rows[0] | {"week": START - timedelta(weeks=1)}
    net = net_demand(network(CALM, forecast=[*rows, before]))
    assert taken(net, "forecast") == TEN
    weeks = net.consumption["t"].to_list()
    assert weeks == list(range(6))
