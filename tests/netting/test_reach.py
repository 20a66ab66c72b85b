"""What qualifies of the forecast, and what only free stock can still serve."""

from typing import Any

import pytest

from planning.netting import NetDemand, net_demand
from tests.builders.networks import Row, certain, forecast, network, order, week
from tests.netting.weeks import CALM, TEN, weekly

QUANTILES = {"p10": 4, "p50": 8, "p90": 16}


def base(threshold: float, **quantiles: object) -> float:
    """Units of a week that qualify at a commitment threshold."""
    rows = [row | QUANTILES | quantiles for row in forecast([10])]
    made = network(CALM | {"commit_threshold": threshold}, forecast=rows)
    return weekly(net_demand(made), "qualifying", weeks=1)[0]


@pytest.mark.parametrize(
    ("threshold", "units"),
    [
        (0.9, 4),  # p10 is exceeded nine times in ten
        (0.8, 5),  # a quarter of the way to p50
        (0.7, 6),
        (0.5, 8),  # p50
        (0.3, 12),  # half way from p50 to p90
        (0.1, 16),
        (0.95, 2),  # half way from p10 to nothing
        (0.99, 0.4),
        (1, 0),  # nothing is certain
    ],
)
def test_the_base_that_qualifies_is_the_quantile_exceeded_so_often(threshold: float, units: float) -> None:
    assert base(threshold) == pytest.approx(units)


def test_a_row_without_quantiles_qualifies_nothing() -> None:
    assert base(0.9, p10=None, p50=None, p90=None) == 0
    assert base(0.8, p10=None, p50=None, p90=None) == 0


@pytest.mark.parametrize("lacking", ["p10", "p50", "p90"])
@pytest.mark.parametrize("threshold", [0.3, 0.7, 0.9, 0.95])
def test_a_row_that_lacks_one_of_them_qualifies_nothing_either(lacking: str, threshold: float) -> None:
    assert base(threshold, **{lacking: None}) == 0


def test_the_qualifying_base_is_netted_like_the_forecast() -> None:
    made = network(CALM, forecast=certain(TEN), orders=[order("A", 3, 25)])
    net = net_demand(made)
    assert weekly(net, "qualifying") == weekly(net) == [10, 5, 0, 0, 10, 10]


# Reach

FIRM = CALM | {"firm_weeks": 2}


def netted(settings: Row, lead: int = 0, **tables: Any) -> NetDemand:
    lanes = [{"factory": "F", "market": "M", "lead_time_weeks": lead}]
    return net_demand(network(settings, lanes=lanes, **{"forecast": certain(TEN), **tables}))


def stock(quantity: float, product: str = "P") -> list[Row]:
    return [{"factory": "F", "product": product, "quantity": quantity}]


def test_without_firm_weeks_and_lead_time_everything_can_be_reached() -> None:
    assert weekly(netted(CALM), "unreachable") == [0] * 6


def test_expected_demand_of_the_firm_weeks_cannot_be_made_any_more() -> None:
    net = netted(FIRM)
    assert weekly(net, "unreachable") == [10, 10, 0, 0, 0, 0]
    assert weekly(net) == TEN  # unreachable demand is part of it
    assert weekly(net, "qualifying_unreachable") == [10, 10, 0, 0, 0, 0]


def test_nor_what_the_shortest_lane_reaches_too_late() -> None:
    assert weekly(netted(FIRM, lead=1), "unreachable") == [10, 10, 10, 0, 0, 0]
    made = network(
        FIRM,
        forecast=forecast(TEN),
        factories=[{"factory": "F"}, {"factory": "G"}],
        lanes=[
            {"factory": "F", "market": "M", "lead_time_weeks": 3},
            {"factory": "G", "market": "M", "lead_time_weeks": 1},
        ],
    )
    assert weekly(net_demand(made), "unreachable") == [10, 10, 10, 0, 0, 0]


def test_a_market_no_lane_reaches_is_out_of_reach_in_every_week() -> None:
    made = network(
        CALM,
        forecast=forecast(TEN),
        markets=[{"market": "M"}, {"market": "N"}],
        lanes=[{"factory": "F", "market": "N"}],
    )
    assert weekly(net_demand(made), "unreachable") == TEN


def test_free_stock_reaches_what_production_cannot_in_week_order() -> None:
    assert weekly(netted(FIRM, stock=stock(15)), "unreachable") == [0, 5, 0, 0, 0, 0]
    assert weekly(netted(FIRM, stock=stock(99)), "unreachable") == [0] * 6


def test_stock_that_open_orders_need_is_not_free() -> None:
    owed = [order("A", 5, 8), order("B", -2, 4), order("C", 4, 9, status="shipped", quantity_shipped=9)]
    # 15 in stock, 12 owed (8 of the horizon and 4 past due): 3 free
    assert weekly(netted(FIRM, stock=stock(15), orders=owed), "unreachable")[:2] == [7, 10]


def test_orders_after_the_horizon_take_no_stock() -> None:
    assert weekly(netted(FIRM, stock=stock(15), orders=[order("A", 6, 15)]), "unreachable") == [
        0,
        5,
        0,
        0,
        0,
        0,
    ]


def test_free_stock_is_never_below_zero() -> None:
    made = network(
        FIRM, forecast=forecast(TEN), stock=stock(5), orders=[order("A", 5, 5), order("B", -1, 40)]
    )
    assert weekly(net_demand(made), "unreachable") == [10, 10, 0, 0, 0, 0]


def transit(arrive: int, quantity: float) -> list[Row]:
    row = {"factory": "F", "market": "M", "product": "P", "arrive_week": week(arrive), "quantity": quantity}
    return [row]


@pytest.mark.parametrize(("arrive", "short"), [(-1, 5), (0, 5), (5, 5), (6, 10)])
def test_goods_in_transit_count_when_they_arrive_within_the_horizon(arrive: int, short: float) -> None:
    net = netted(FIRM, stock=stock(5), in_transit=transit(arrive, 10))
    assert weekly(net, "unreachable")[:2] == ([0, short] if arrive < 6 else [5, short])


def test_the_markets_of_a_week_are_given_stock_in_id_order() -> None:
    markets = ["N", "M", "O"]
    made = network(
        FIRM,
        markets=[{"market": market} for market in markets],
        forecast=[row for market in markets for row in forecast(TEN, market=market)],
        stock=stock(25),
    )
    net = net_demand(made)
    short = {market: weekly(net, "unreachable", market=market)[:2] for market in markets}
    assert short == {"M": [0, 10], "N": [0, 10], "O": [5, 10]}


def test_stock_is_of_its_product() -> None:
    made = network(
        FIRM, products=[{"product": "P"}, {"product": "Q"}], forecast=forecast(TEN), stock=stock(99, "Q")
    )
    assert weekly(net_demand(made), "unreachable") == [10, 10, 0, 0, 0, 0]


def test_stock_of_two_factories_is_one() -> None:
    made = network(
        FIRM,
        factories=[{"factory": "F"}, {"factory": "G"}],
        forecast=forecast(TEN),
        stock=[*stock(8), {"factory": "G", "product": "P", "quantity": 7}],
    )
    assert weekly(net_demand(made), "unreachable") == [0, 5, 0, 0, 0, 0]
