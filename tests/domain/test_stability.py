"""What already stands: firm work, the published plan, and how much may be released."""

from typing import Any

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.problem import Coder, names_of
from planning.domain.stability import firm_work, frozen_cuts, published_production, published_until
from tests.builders.networks import ROUTING, Row, network, order, problem, week

FIRM = {"firm_weeks": 2}


def produced(t: int, quantity: float, **more: Any) -> Row:
    row = {"factory": "F", "product": "P", "routing": "P", "week": week(t), "quantity": quantity}
    return row | more


def work(name: str, t: int, quantity: float) -> Row:
    row = {"work_order": name, "factory": "F", "routing": "P", "week": week(t), "status": "pinned"}
    return row | {"quantity_left": quantity}


def coder(made: Network) -> Coder:
    return Coder(names_of(made))


# Firm work and the published plan


def test_firm_work_adds_up_by_week_past_weeks_first_far_ones_left_out() -> None:
    made = network(firm_work=[work("A", -3, 2), work("B", 0, 5), work("C", 3, 1), work("D", 4, 9)])
    assert firm_work(made, coder(made)).rows() == [(0, 0, 0, 7), (0, 0, 3, 1)]


def test_published_weeks_outside_this_horizon_are_passed_over() -> None:
    made = network(published={"production": [produced(t, 10 + t) for t in (-1, 0, 3, 4)]})
    assert published_production(made, coder(made)).rows() == [(0, 0, 0, 10), (0, 0, 3, 13)]


def test_a_published_routing_or_factory_that_is_gone_is_passed_over() -> None:
    gone = [produced(0, 5, routing="OLD"), produced(0, 6, factory="OLD"), produced(0, 7)]
    made = network(published={"production": gone})
    assert published_production(made, coder(made))["quantity"].to_list() == [7]


def test_without_a_published_plan_there_is_none() -> None:
    made = network()
    assert published_production(made, coder(made)).is_empty()
    assert frozen_cuts(made, coder(made)).is_empty()
    assert published_until(made) == 0


def test_a_published_plan_speaks_to_its_last_week_of_production() -> None:
    assert published_until(network(published={"production": [produced(1, 5), produced(2, 5)]})) == 3
    assert published_until(network(published={"production": [produced(9, 5)]})) == 4
    assert published_until(network(published={"production": [produced(-5, 5)]})) == 0
    assert published_until(network(published={"production": []})) == 0


@pytest.mark.parametrize(("start", "weeks", "until"), [(-1, 3, 2), (-1, 26, 4), (-9, 3, 0)])
def test_or_to_the_end_of_its_own_horizon_where_plan_json_tells_it(
    start: int, weeks: int, until: int
) -> None:
    plan = pl.DataFrame({"start_week": [week(start)], "horizon_weeks": [weeks]})
    made = network(published={"production": [produced(0, 5)]})
    told = Network(**(vars(made) | {"published": dict(made.published) | {"plan": plan}}))
    assert published_until(told) == until


def promise(order_id: str, quantity: float, line: int = 1, **more: Any) -> Row:
    row = {"order_id": order_id, "line": line, "product": "P", "market": "M", "quantity": quantity}
    return row | more


def cuts(promises: list[Row], orders: list[Row]) -> list[tuple[int, float]]:
    made = network(published={"production": [produced(0, 50)], "promises": promises}, orders=orders)
    return frozen_cuts(made, coder(made)).rows()


def test_published_orders_cancelled_since_cut_the_frozen_quantities() -> None:
    gone = order("A", 0, 9, status="cancelled")
    assert cuts([promise("A", 12), promise("B", 5)], [gone, order("B", 0, 5)]) == [(0, 12)]


def test_an_order_promised_in_several_deliveries_is_cut_once() -> None:
    gone = order("A", 0, 12, status="cancelled")
    deliveries = [promise("A", 12, delivered_week=week(t), delivered_quantity=6) for t in (0, 1)]
    assert cuts(deliveries, [gone]) == [(0, 12)]


def test_lines_are_cut_one_by_one() -> None:
    gone = order("A", 0, 4, line=2, status="cancelled")
    assert cuts([promise("A", 12), promise("A", 4, line=2)], [order("A", 0, 12), gone]) == [(0, 4)]


def test_orders_that_are_smaller_or_gone_cut_nothing() -> None:
    assert cuts([promise("A", 12), promise("B", 5)], [order("A", 0, 3)]) == []


# How much may be released


def limit(*routings: Row, **tables: Any) -> float:
    """Most good units of P over the firm weeks."""
    made = problem(network(FIRM, routings=list(routings or [ROUTING]), **tables))
    return float(made.firm_limit["limit"].item())


SOLD = [order("A", 1, 20), order("B", 3, 10), order("C", -2, 5), order("D", 4, 99)]


def test_what_is_sold_within_the_horizon_and_before_may_be_released() -> None:
    assert limit(orders=SOLD) == 35


def test_fractions_are_rounded_up() -> None:
    assert limit(orders=[order("A", 1, 4.2)]) == 5
    assert limit(orders=[order("A", 1, 4)]) == 4


def test_stock_and_goods_in_transit_are_taken_off() -> None:
    transit = {"factory": "F", "market": "M", "product": "P", "arrive_week": week(3), "quantity": 4}
    late = transit | {"arrive_week": week(4), "quantity": 50}
    stock = [{"factory": "F", "product": "P", "quantity": 6}]
    assert limit(orders=SOLD, stock=stock, in_transit=[transit, late]) == 25


def test_nothing_sold_nothing_released() -> None:
    assert limit() == 0
    assert limit(ROUTING | {"min_lot": 8}) == 0
    assert limit(orders=SOLD, stock=[{"factory": "F", "product": "P", "quantity": 99}]) == 0


@pytest.mark.parametrize(
    ("lots", "spare"),
    [
        ({"min_lot": 8}, 7),
        ({"batch_size": 10}, 9),
        ({"batch_size": 10, "yield": 0.75}, 6),  # ⌊7.5⌋ good units a batch
        ({"batch_size": 100, "yield": 0.57}, 56),  # 57, though 0.57 · 100 is a little less on a computer
        ({"batch_size": 10, "min_lot": 12}, 11),
        ({"min_lot": 0.5}, 0),
    ],
    ids=str,
)
def test_a_lot_may_exceed_the_need_by_less_than_itself(lots: Row, spare: float) -> None:
    assert limit(ROUTING | lots, orders=SOLD) == 35 + spare


def test_the_largest_lot_of_the_products_routings_counts() -> None:
    assert limit(ROUTING | {"min_lot": 8}, ROUTING | {"routing": "P2", "batch_size": 5}, orders=SOLD) == 42


def test_firm_work_may_always_be_finished() -> None:
    assert limit(firm_work=[work("A", 0, 5), work("B", 1, 6), work("C", 2, 40)]) == 11
    assert limit(firm_work=[work("A", 0, 5)], orders=SOLD) == 35


def test_so_may_what_is_frozen_and_a_cell_that_is_both_counts_once() -> None:
    settings = FIRM | {"frozen_weeks": 1}
    made = network(settings, {"production": [produced(0, 9), produced(1, 30)]}, firm_work=[work("A", 0, 5)])
    assert problem(made).firm_limit["limit"].to_list() == [9]
    more = network(settings, {"production": [produced(0, 9)]}, firm_work=[work("A", 1, 5)])
    assert problem(more).firm_limit["limit"].to_list() == [14]
