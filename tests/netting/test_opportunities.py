"""Deals on the ladder: what they count, when, and what forecast they consume."""

from typing import Any

import polars as pl
import pytest

from planning.netting import net_demand
from planning.netting.ladder import stage_win_rates
from tests.builders.networks import Row, certain, deal, forecast, network, order, week
from tests.netting.weeks import CALM, TEN, TRACE, weekly

LADDER = [
    {"stage": "quoted", "position": 1, "probability": 0.3},
    {"stage": "verbal", "position": 2, "probability": 0.95},
]


def closed(stage: str, won: int, lost: int) -> list[Row]:
    """Deals that ended in a stage; the won ones have their order (cancelled since, so nobody is served)."""
    status = ["won"] * won + ["lost"] * lost
    return [
        deal(f"{stage}{n:02d}", 1, 5, stage=stage, status=word, order_id="DONE" if word == "won" else None)
        for n, word in enumerate(status)
    ]


DONE = order("DONE", 1, 5, status="cancelled")


# What a deal counts


def test_open_deals_count_with_their_probability_in_their_expected_week() -> None:
    net = net_demand(
        network(CALM, opportunities=[deal("A", 2, 10, probability=0.4)], forecast=forecast(TRACE))
    )
    assert weekly(net) == [0, 0, 4, 0, 0, 0]


def test_their_own_probability_else_the_stages() -> None:
    deals = [
        deal("A", 0, 10, stage="verbal"),
        deal("B", 1, 10, stage="verbal", probability=0.5),
        deal("C", 2, 10, stage="verbal", probability=0),
        deal("D", 3, 10, stage="quoted"),
    ]
    net = net_demand(network(CALM, opportunities=deals, stages=LADDER, forecast=forecast(TRACE)))
    assert weekly(net) == [9.5, 5, 0, 3, 0, 0]


def test_without_stages_the_usual_ladder_holds() -> None:
    deals = [
        deal(stage, t, 100, stage=stage) for t, stage in enumerate(["lead", "qualified", "quoted", "verbal"])
    ]
    net = net_demand(network(CALM, opportunities=deals, forecast=forecast(TRACE)))
    assert weekly(net) == [5, 15, 30, 70, 0, 0]


@pytest.mark.parametrize(("weekday", "bucket"), [(4, 1), (5, 2)])
def test_the_expected_date_follows_the_due_cutoff(weekday: int, bucket: int) -> None:
    sale = deal("A", 2, 10, probability=0.5, expected_date=week(2, weekday))
    net = net_demand(
        network(CALM | {"due_cutoff_weekday": 5}, opportunities=[sale], forecast=forecast(TRACE))
    )
    assert weekly(net)[bucket] == 5


def test_but_never_before_the_first_week() -> None:
    sale = deal("A", 0, 10, probability=0.5, expected_date=week(0, 2))
    net = net_demand(
        network(CALM | {"due_cutoff_weekday": 5}, opportunities=[sale], forecast=forecast(TRACE))
    )
    assert weekly(net) == [5, 0, 0, 0, 0, 0]
    assert net.stale.is_empty()


def test_deals_expected_after_the_horizon_count_nothing() -> None:
    net = net_demand(network(CALM, opportunities=[deal("A", 6, 10, probability=0.5)], forecast=forecast(TEN)))
    assert weekly(net) == TEN


def test_an_open_deal_whose_date_has_passed_is_stale_and_counts_nothing() -> None:
    net = net_demand(
        network(CALM, opportunities=[deal("A", -1, 10, probability=0.5)], forecast=forecast(TEN))
    )
    assert weekly(net) == TEN
    assert net.stale["opportunity_id"].to_list() == ["A"]


def test_a_lost_deal_counts_nothing() -> None:
    sale = deal("A", 2, 10, probability=0.9, status="lost")
    assert weekly(net_demand(network(CALM, opportunities=[sale], forecast=forecast(TEN)))) == TEN


def test_a_won_deal_with_its_order_counts_nothing_more() -> None:
    sale = deal("A", 2, 10, status="won", order_id="SO")
    made = network(CALM, opportunities=[sale], orders=[order("SO", 2, 10)], forecast=forecast(TEN))
    assert weekly(net_demand(made)) == [10, 10, 0, 10, 10, 10]


def test_a_won_deal_whose_order_was_cancelled_counts_nothing() -> None:
    sale = deal("A", 2, 10, status="won", order_id="SO")
    orders = [order("SO", 2, 10, status="cancelled")]
    assert (
        weekly(net_demand(network(CALM, opportunities=[sale], orders=orders, forecast=forecast(TEN)))) == TEN
    )


@pytest.mark.parametrize("order_id", ["NOT-YET", None])
def test_a_won_deal_whose_order_has_not_come_is_certain(order_id: str | None) -> None:
    sale = deal("A", 2, 13, status="won", order_id=order_id, probability=0.2)
    net = net_demand(network(CALM, opportunities=[sale], forecast=forecast(TEN)))
    assert weekly(net) == [10, 7, 13, 10, 10, 10]


def test_a_won_deal_whose_date_has_passed_is_expected_in_the_first_week() -> None:
    sale = deal("A", -4, 3, status="won")
    net = net_demand(network(CALM, opportunities=[sale]))
    assert weekly(net) == [3, 0, 0, 0, 0, 0]
    assert net.stale.is_empty()


# What a deal consumes


def test_expected_demand_is_deals_plus_the_forecast_they_leave() -> None:
    # 10 · 0.4 = 4 units of week 2 were in the forecast already: 4 + 6
    sale = deal("A", 2, 10, probability=0.4)
    net = net_demand(network(CALM, opportunities=[sale], forecast=forecast(TEN)))
    assert weekly(net) == TEN


def test_deals_take_own_week_then_back_then_forward() -> None:
    sale = deal("A", 3, 90, probability=0.5)
    net = net_demand(network(CALM, opportunities=[sale], forecast=forecast(TEN)))
    assert weekly(net) == [10, 0, 0, 45, 0, 5]


def test_deals_consume_what_orders_leave() -> None:
    # the order takes week 3 whole, so 5 of the deal come out of week 2 and the order stays whole
    made = network(
        CALM,
        opportunities=[deal("A", 3, 10, probability=0.5)],
        orders=[order("SO", 3, 10)],
        forecast=forecast(TEN),
    )
    assert weekly(net_demand(made)) == [10, 10, 5, 5, 10, 10]


# Lumpy deals


def lumpy(quantity: float, t: int = 2, **more: Any) -> Row:
    return deal("BIG", t, quantity, probability=0.5) | more


QUARTER = {"horizon_weeks": 6, "lumpy_deal_share": 0.25}


def test_a_lumpy_deal_that_is_unsure_is_left_out_and_reported() -> None:
    net = net_demand(network(QUARTER, opportunities=[lumpy(13)], forecast=forecast(TEN)))
    assert weekly(net) == TEN
    assert net.rent_or_wait["opportunity_id"].to_list() == ["BIG"]


def test_a_deal_of_just_the_share_is_not_lumpy() -> None:
    # a quarter of the 50 units forecast in weeks 0 … 4 is 12.5
    net = net_demand(network(QUARTER, opportunities=[lumpy(12.5)], forecast=forecast(TEN)))
    assert weekly(net) == TEN
    assert net.rent_or_wait.is_empty()
    assert weekly(net_demand(network(QUARTER, opportunities=[lumpy(12.5)]))) == [0] * 6


def test_a_lumpy_deal_as_good_as_sold_counts_whole() -> None:
    sure = lumpy(30, probability=0.9)
    net = net_demand(network(QUARTER, opportunities=[sure], forecast=forecast(TEN)))
    # 30 units in week 2, which then consume weeks 2, 1 and 0
    assert weekly(net) == [0, 0, 30, 10, 10, 10]
    assert net.rent_or_wait.is_empty()


def test_the_threshold_of_a_lumpy_deal_is_a_setting() -> None:
    made = network(QUARTER | {"commit_threshold": 0.5}, opportunities=[lumpy(30)], forecast=forecast(TEN))
    assert weekly(net_demand(made))[2] == 30


def test_lumpy_is_measured_against_five_weeks_inside_the_horizon() -> None:
    # around week 0 there are only weeks 0, 1, 2: 30 units, a quarter of them 7.5
    net = net_demand(network(QUARTER, opportunities=[lumpy(8, t=0)], forecast=forecast(TEN)))
    assert net.rent_or_wait.height == 1
    beside = forecast({-1: 100, 0: 10, 1: 10, 2: 10, 3: 100})
    net = net_demand(network(QUARTER, opportunities=[lumpy(8, t=0)], forecast=beside))
    assert net.rent_or_wait.height == 1


def test_lumpy_is_measured_against_the_forecast_before_orders_consume_it() -> None:
    made = network(QUARTER, opportunities=[lumpy(12)], orders=[order("SO", 2, 50)], forecast=forecast(TEN))
    assert net_demand(made).rent_or_wait.is_empty()


def test_where_nothing_is_forecast_every_deal_is_lumpy() -> None:
    net = net_demand(network(QUARTER, opportunities=[lumpy(1)]))
    assert weekly(net) == [0] * 6
    assert net.rent_or_wait.height == 1


def test_a_won_deal_without_its_order_is_certain_however_large() -> None:
    net = net_demand(network(QUARTER, opportunities=[lumpy(99, status="won")], forecast=forecast(TEN)))
    assert weekly(net)[2] == 99


# Win rates


def test_a_win_rate_is_measured_from_twenty_closed_deals_on() -> None:
    deals = [*closed("quoted", 18, 2), *closed("verbal", 5, 14)]
    made = network(CALM, opportunities=deals, orders=[DONE], stages=LADDER)
    assert stage_win_rates(made).rows() == [("quoted", 0.3, 0.9), ("verbal", 0.95, 0.95)]


def test_open_deals_say_nothing_about_the_win_rate() -> None:
    deals = [*closed("verbal", 5, 14), deal("OPEN", 1, 5, stage="verbal")]
    made = network(CALM, opportunities=deals, orders=[DONE], stages=LADDER)
    assert stage_win_rates(made).row(by_predicate=pl.col("stage") == "verbal") == ("verbal", 0.95, 0.95)


def test_expected_demand_takes_the_typed_probability_not_the_win_rate() -> None:
    deals = [*closed("verbal", 2, 18), deal("A", 2, 10, stage="verbal")]
    made = network(CALM, opportunities=deals, orders=[DONE], stages=LADDER, forecast=forecast(TRACE))
    assert weekly(net_demand(made)) == [0, 0, 9.5, 0, 0, 0]


# What qualifies for long rent


def qualifying(*deals: Row, orders: tuple[Row, ...] = (), **settings: Any) -> list[float]:
    made = network(CALM | settings, opportunities=deals, orders=[DONE, *orders], stages=LADDER)
    return weekly(net_demand(made), "qualifying")


def test_a_deal_qualifies_whole_when_word_and_win_rate_both_reach_the_threshold() -> None:
    assert qualifying(deal("A", 2, 10, stage="verbal")) == [0, 0, 10, 0, 0, 0]
    assert qualifying(deal("A", 2, 10, stage="verbal", probability=0.9)) == [0, 0, 10, 0, 0, 0]


def test_a_typed_probability_below_the_threshold_does_not_qualify() -> None:
    assert qualifying(deal("A", 2, 10, stage="verbal", probability=0.89)) == [0] * 6


def test_a_typed_certainty_does_not_outdo_what_the_stage_wins() -> None:
    assert qualifying(deal("A", 2, 10, stage="quoted", probability=1)) == [0] * 6
    measured = closed("verbal", 10, 10)
    assert qualifying(*measured, deal("A", 2, 10, stage="verbal", probability=1)) == [0] * 6
    too_few = closed("verbal", 1, 18)
    assert qualifying(*too_few, deal("A", 2, 10, stage="verbal", probability=1)) == [0, 0, 10, 0, 0, 0]


def test_a_measured_win_rate_can_make_a_stage_qualify() -> None:
    assert qualifying(*closed("quoted", 19, 1), deal("A", 2, 10, stage="quoted", probability=0.9)) == [
        0, 0, 10, 0, 0, 0,
    ]  # fmt: skip


def test_a_won_deal_without_its_order_qualifies() -> None:
    assert qualifying(deal("A", 2, 10, status="won")) == [0, 0, 10, 0, 0, 0]


def test_stale_and_lost_deals_do_not_qualify() -> None:
    assert (
        qualifying(deal("A", -1, 10, stage="verbal"), deal("B", 2, 10, stage="verbal", status="lost"))
        == [0] * 6
    )


def test_qualifying_deals_consume_the_quantile_in_the_same_way() -> None:
    made = network(
        CALM, opportunities=[deal("A", 2, 15, stage="verbal")], stages=LADDER, forecast=certain(TEN)
    )
    assert weekly(net_demand(made), "qualifying") == [10, 5, 15, 10, 10, 10]
