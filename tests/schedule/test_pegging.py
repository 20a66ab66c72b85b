"""Which units go where: first in, first out at the factory, by due week at the market; nothing gets lost."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.schema import EXPORT
from planning.schedule.pegging import PEGS, peg, shared_among
from tests.schedule.shop import MONDAY, table, week

Row = dict[str, Any]
UNTOLD = ("confirmed", "expected", "unreachable", "refused", "backlog", "backlog_1", "backlog_2")
NOTHING = dict.fromkeys(UNTOLD, 0.0)


def made(number: int, units: float, factory: str = "berlin", routing: str = "gear") -> Row:
    return {
        "factory": factory,
        "product": "gear",
        "routing": routing,
        "week": week(number),
        "quantity": units,
    }


def sent(number: int, units: float, factory: str = "berlin", market: str = "de", lead: int = 0) -> Row:
    weeks = {"ship_week": week(number), "arrive_week": week(number + lead)}
    return {"factory": factory, "market": market, "product": "gear", "quantity": units} | weeks


def served(number: int, confirmed: float, expected: float = 0, market: str = "de") -> Row:
    kinds = {"served_confirmed": confirmed, "served_expected": expected}
    return NOTHING | {"product": "gear", "market": market, "week": week(number)} | kinds


def promised(order: str, number: int, units: float, due: int = 0, market: str = "de") -> Row:
    told = {"due_week": week(due), "delivered_week": week(number), "delivered_quantity": units}
    return {"order_id": order, "line": 1, "product": "gear", "market": market, "quantity": units} | told


def pegged(
    production: Sequence[Row], shipments: Sequence[Row], demand: Sequence[Row], promises: Sequence[Row],
    opening: float = 0,
) -> pl.DataFrame:  # fmt: skip
    """PEGS of a plan whose factory in berlin begins with `opening`."""
    first = sum(row["quantity"] for row in production if row["week"] == MONDAY and row["factory"] == "berlin")
    gone = sum(
        row["quantity"] for row in shipments if row["ship_week"] == MONDAY and row["factory"] == "berlin"
    )
    left = {"factory": "berlin", "product": "gear", "week": MONDAY, "quantity": opening + first - gone}
    rows = {
        "production": production,
        "shipments": shipments,
        "demand": demand,
        "promises": promises,
        "inventory": [left],
    }
    return peg({name: table(EXPORT[name], filled) for name, filled in rows.items()}, MONDAY)


def told(pegs: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return pegs.sort(*columns, nulls_last=True).select(*columns, "units").rows()


def test_first_made_is_first_delivered() -> None:
    pegs = pegged(
        [made(0, 5), made(1, 5)],
        [sent(1, 10)],
        [served(1, 10)],
        [promised("B", 1, 5, due=1), promised("A", 1, 5, due=0)],
    )
    assert told(pegs, "made_week", "order_id") == [(week(0), "A", 5), (week(1), "B", 5)]


def test_stock_leaves_before_anything_new() -> None:
    pegs = pegged([made(0, 4)], [sent(0, 7)], [served(0, 7)], [promised("A", 0, 7)], opening=3)
    assert told(pegs, "made_week", "order_id") == [(week(0), "A", 4), (None, "A", 3)]


def test_goods_on_the_way_serve_first_and_are_of_no_factory() -> None:
    pegs = pegged([made(1, 6)], [sent(1, 6)], [served(1, 10)], [promised("A", 1, 4), promised("B", 1, 6)])
    assert told(pegs, "factory", "order_id") == [("berlin", "B", 6), (None, "A", 4)]


def test_an_order_is_made_where_its_shipment_leaves() -> None:
    pegs = pegged(
        [made(0, 5), made(0, 5, "lyon")],
        [sent(0, 5, market="fr"), sent(0, 5, "lyon")],
        [served(0, 5), served(0, 5, market="fr")],
        [promised("A", 0, 5), promised("F", 0, 5, market="fr")],
    )
    assert told(pegs, "order_id", "factory") == [("A", "lyon", 5), ("F", "berlin", 5)]


def test_a_week_that_serves_both_is_shared_as_its_service_is() -> None:
    pegs = pegged([made(0, 40)], [sent(0, 40)], [served(0, 10, 30)], [promised("A", 0, 10)])
    assert told(pegs, "use", "order_id") == [("expected", None, 30), ("order", "A", 10)]


def test_what_is_over_serves_nobody() -> None:
    pegs = pegged([made(0, 8)], [sent(0, 5)], [served(0, 5)], [promised("A", 0, 5)])
    assert told(pegs, "use", "market") == [("left", None, 3), ("order", "de", 5)]


def test_nothing_serves_what_was_delivered_before_it_came() -> None:
    pegs = pegged([made(2, 5)], [sent(2, 5)], [served(2, 5)], [promised("A", 1, 5)])
    assert told(pegs, "use") == [("left", 5)]


def test_a_part_of_a_unit_waits_for_the_rest_of_it() -> None:
    """A unit counts as delivered once all of it is there."""
    pegs = pegged(
        [made(0, 2.5), made(1, 2.5)],
        [sent(0, 2.5), sent(1, 2.5)],
        [served(0, 2.5), served(1, 2.5)],
        [promised("A", 0, 2), promised("A", 1, 3)],
    )
    assert told(pegs, "made_week", "delivered_week") == [
        (week(0), week(0), 2),
        (week(0), week(1), 0.5),
        (week(1), week(1), 2.5),
    ]


def test_places_are_filled_one_after_the_other_and_the_last_takes_what_is_over() -> None:
    parcels = [{"order_id": "A", "units": 3.0}, {"order_id": "B", "units": 4.0}]
    filled = [(place, part["order_id"], part["units"]) for place, part in shared_among(parcels, [2, 2, 1])]
    assert filled == [(0, "A", 2), (1, "A", 1), (1, "B", 1), (2, "B", 3)]


@st.composite
def plans(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Four weeks of two factories and two markets: all that is shipped is served, orders in whole units."""
    production, shipments, arrived = [], [], dict.fromkeys([("de", t) for t in range(4)], 0)
    for factory in ("berlin", "lyon"):
        held = 0
        for t in range(4):
            units = draw(st.integers(0, 9))
            production.append(made(t, units, factory))
            gone = draw(st.integers(0, held + units))
            held += units - gone
            if gone:
                shipments.append(sent(t, gone, factory))
                arrived["de", t] += gone
    demand, promises = [], []
    for (_, t), units in arrived.items():
        confirmed = draw(st.integers(0, units))
        demand.append(served(t, confirmed, units - confirmed))
        first = draw(st.integers(0, confirmed))
        promises += [
            promised(f"{name}{t}", t, part, due=draw(st.integers(0, 3)))
            for name, part in (("A", first), ("B", confirmed - first))
            if part
        ]
    return {"production": production, "shipments": shipments, "demand": demand, "promises": promises}


def sums(pegs: pl.DataFrame, *key: str) -> dict[Any, float]:
    rows = pegs.group_by(key).agg(pl.col("units").sum()).iter_rows()
    return {tuple(row[:-1]): row[-1] for row in rows}


@given(plans())
def test_nothing_is_lost_and_nothing_given_twice(plan: dict[str, list[Row]]) -> None:
    pegs = pegged(**plan)
    assert dict(pegs.schema) == PEGS
    of_work = sums(pegs.drop_nulls("routing"), "factory", "made_week")
    assert of_work == pytest.approx(
        {(row["factory"], row["week"]): row["quantity"] for row in plan["production"] if row["quantity"]}
    )
    of_orders = sums(pegs.filter(use="order"), "order_id", "delivered_week")
    assert of_orders == pytest.approx(
        {(row["order_id"], row["delivered_week"]): row["delivered_quantity"] for row in plan["promises"]}
    )
    shipped = sums(pegs.drop_nulls("market"), "factory", "ship_week")
    assert shipped == pytest.approx(
        {(row["factory"], row["ship_week"]): row["quantity"] for row in plan["shipments"]}
    )
    to_expected = sums(pegs.filter(use="expected"), "arrive_week")
    assert to_expected == pytest.approx(
        {(row["week"],): row["served_expected"] for row in plan["demand"] if row["served_expected"]}
    )
    in_time = pegs.drop_nulls("made_week").select(
        (pl.col("made_week") <= pl.col("ship_week").fill_null(date.max)).all()
        & (pl.col("arrive_week") <= pl.col("delivered_week")).all()
    )
    assert in_time.item()


@given(plans())
def test_the_order_of_rows_makes_no_difference(plan: dict[str, list[Row]]) -> None:
    assert pegged(**{name: rows[::-1] for name, rows in plan.items()}).equals(pegged(**plan))
