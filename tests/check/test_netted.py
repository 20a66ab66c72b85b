"""Netting by hand: what the documents say sentence by sentence, and laws that follow from it."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.check.facts import Facts
from planning.check.netted import (
    consume,
    expected_demand,
    first_reached,
    qualifying_demand,
    quantile_exceeded,
    unreachable,
    win_rates,
)
from planning.domain.network import Network
from planning.domain.schema import INPUT
from tests.check import world
from tests.check.tables import table

WEEKS = 5
UNITS = st.lists(st.integers(0, 30), min_size=WEEKS, max_size=WEEKS)


def by_week(frame: pl.DataFrame, product: str, market: str, name: str = "expected") -> list[float]:
    """The weeks of one product and market."""
    rows = frame.filter((pl.col("product") == product) & (pl.col("market") == market)).sort("t")
    return [round(units, 6) for units in rows[name].to_list()]


def left(forecast: list[int], demand: list[int], back: int = 2, forward: int = 2) -> list[float]:
    """Forecast left of one product and market."""
    rows: Any = consume(np.array([forecast], float), np.array([demand], float), back, forward)
    return [float(units) for units in rows[0]]


def with_rows(network: Network, name: str, text: str) -> Network:
    """The network with one table written anew."""
    return network.with_tables(**{name: table(INPUT[name], text)})


def test_expected_demand_of_the_small_company() -> None:
    expected = expected_demand(world.network())
    assert by_week(expected, "P1", "M1") == [2, 0, 10, 6, 10]
    assert by_week(expected, "P2", "M1") == [2, 0, 0, 0, 0]
    assert by_week(expected, "P2", "M2") == [3, 0, 6, 4, 4]


def test_own_week_then_back_nearest_first_then_forward() -> None:
    assert left([5, 5, 5, 5, 5], [0, 0, 5, 0, 0]) == [5, 5, 0, 5, 5]
    assert left([5, 5, 5, 5, 5], [0, 0, 8, 0, 0]) == [5, 2, 0, 5, 5]
    assert left([5, 5, 5, 5, 5], [0, 0, 18, 0, 0]) == [0, 0, 0, 2, 5]
    assert left([5, 5, 5, 5, 5], [0, 0, 99, 0, 0]) == [0, 0, 0, 0, 0]


def test_consumption_reaches_no_further_than_told() -> None:
    assert left([5, 5, 5, 5, 5], [0, 0, 0, 99, 0], back=1, forward=0) == [5, 5, 0, 0, 5]
    assert left([5, 5, 5, 5, 5], [99, 0, 0, 0, 0], back=2, forward=1) == [0, 0, 5, 5, 5]


@given(forecast=UNITS, demand=UNITS)
def test_no_forecast_is_consumed_twice_and_none_below_zero(forecast: list[int], demand: list[int]) -> None:
    rest = left(forecast, demand)
    assert all(0 <= units <= before for units, before in zip(rest, forecast, strict=True))
    assert sum(forecast) - sum(rest) <= sum(demand)


@given(forecast=UNITS, demand=UNITS, week=st.integers(0, WEEKS - 1))
def test_more_demand_never_leaves_more_forecast(forecast: list[int], demand: list[int], week: int) -> None:
    more = [units + 3 * (t == week) for t, units in enumerate(demand)]
    assert sum(left(forecast, more)) <= sum(left(forecast, demand))


@settings(max_examples=15)
@given(parts=st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_splitting_an_order_changes_nothing(parts: list[int]) -> None:
    def ordered(quantities: list[int]) -> Network:
        rows = " ".join(f"N{i},2026-12-15,P1,M1,{units}" for i, units in enumerate(quantities))
        return with_rows(world.network(), "orders", f"order_id,due_date,product,market,quantity {rows}")

    one, many = (expected_demand(ordered(quantities)) for quantities in ([sum(parts)], parts))
    assert by_week(one, "P1", "M1") == by_week(many, "P1", "M1")


def test_past_due_and_cancelled_orders_consume_nothing_and_shipped_ones_do() -> None:
    text = "order_id,due_date,product,market,quantity,quantity_shipped,status "
    rows = "A,2026-11-24,P1,M1,9,0,confirmed B,2026-12-08,P1,M1,9,0,cancelled C,2026-12-22,P1,M1,4,4,shipped"
    network = with_rows(world.network(), "orders", text + rows).with_tables(
        opportunities=INPUT["opportunities"].empty()
    )
    assert by_week(expected_demand(network), "P1", "M1") == [10, 10, 10, 6, 10]


def test_an_open_deal_before_the_cutoff_of_the_first_week_counts_in_it() -> None:
    network = replace(world.network(), policy=replace(world.POLICY, due_cutoff_weekday=5))
    header = "opportunity_id,stage,probability,product,market,quantity,expected_date,status "
    deal = header + "A,x,1,P1,M1,1,2026-12-01,open"
    network = with_rows(network, "opportunities", deal).with_tables(orders=INPUT["orders"].empty())
    assert by_week(expected_demand(network), "P1", "M1") == [10, 10, 10, 10, 10]
    stale = with_rows(
        network, "opportunities", deal.replace("2026-12-01", "2026-11-29").replace(",1,P1", ",1,P2")
    )
    assert by_week(expected_demand(stale), "P2", "M1") == [0, 0, 0, 0, 0]


def test_free_stock_is_given_out_by_week_and_then_by_market() -> None:
    wanted = pl.DataFrame(
        {
            "product": ["P"] * 4,
            "market": ["M2", "M1", "M1", "M2"],
            "t": [0, 0, 1, 3],
            "expected": [4.0, 3.0, 5.0, 9.0],
        }
    )
    free = pl.DataFrame({"product": ["P"], "free": [8.0]})
    first = pl.DataFrame({"market": ["M1", "M2"], "first": [2, 3]})
    rows = unreachable(wanted, free, first)
    assert rows.select("market", "t", "unreachable").rows() == [
        ("M1", 0, 0.0),
        ("M2", 0, 0.0),
        ("M1", 1, 4.0),
    ]
    owing = free.with_columns(free=-5.0)
    assert unreachable(wanted, owing, first)["unreachable"].to_list() == [3.0, 4.0, 5.0]


def test_a_market_is_reached_after_the_firm_weeks_and_its_shortest_lane() -> None:
    assert dict(first_reached(world.network()).sort("market").rows()) == {"M1": 2, "M2": 3}


def test_free_stock_is_stock_and_transit_less_all_that_is_confirmed() -> None:
    free = dict(Facts(world.network(), world.plan()).free.rows())
    assert free == {"P1": 3 + 2 - (12 + 6 + 8), "P2": 20 - (5 + 7 + 3)}


@pytest.mark.parametrize(
    ("probability", "units"), [(0.9, 6.0), (0.5, 9.0), (0.7, 7.5), (1.0, 0.0), (0.95, 3.0), (0.1, 14.0)]
)
def test_quantile_exceeded_with_a_probability(probability: float, units: float) -> None:
    row = pl.DataFrame({"p10": [6.0, None], "p50": [9.0, 9.0], "p90": [14.0, 14.0]})
    assert row.select(quantile_exceeded(probability)).to_series().to_list() == [pytest.approx(units), None]


def test_qualifying_demand_is_what_is_as_good_as_certain() -> None:
    qualifying = qualifying_demand(world.network())
    # p10 of 6 less 18 units ordered for week 1 (own week, then week 0, then weeks 2 and 3) and 4 shipped.
    assert by_week(qualifying, "P1", "M1") == [0, 0, 0, 2, 6]
    # A verbal deal counts 0.7 of what is said where too few are closed: 0.95 is not enough.
    assert by_week(qualifying, "P2", "M2") == [2, 1, 0, 2, 2]
    assert by_week(qualifying, "P2", "M1") == [2, 0, 0, 0, 0]


def test_a_measured_win_rate_beats_the_ladder_from_twenty_closed_deals_on() -> None:
    def closed(won: int, lost: int) -> float:
        header = "opportunity_id,stage,product,market,quantity,expected_date,status "
        rows = [f"W{i},quoted,P1,M1,1,2026-01-05,won" for i in range(won)]
        rows += [f"L{i},quoted,P1,M1,1,2026-01-05,lost" for i in range(lost)]
        network = with_rows(world.network(), "opportunities", header + " ".join(rows))
        return float(win_rates(network)["win_rate"].item())

    assert closed(19, 0) == pytest.approx(0.3)
    assert closed(19, 1) == pytest.approx(0.95)
