"""Deals one by one: what needs a word first, how long they stand, and what closed ones teach."""

from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.netting.ladder_steps import STEPS_SCHEMA
from planning.netting.win_rates import RATES_SCHEMA
from planning.present import deal_tables
from planning.present.ladder_tables import LadderChoice
from tests.builders.networks import deal, network, order

EVERYTHING = LadderChoice()
SINCE = pl.DataFrame({"opportunity_id": ["A"], "days_there": [12]})


def held(*deals: dict[str, Any], **more: Any) -> Network:
    return network({}, opportunities=[{"observed_date": date(2026, 11, 1)} | row for row in deals], **more)


def notes(shown: Network, lumpy: tuple[str, ...] = ()) -> dict[str, str]:
    view = deal_tables.deals(shown, EVERYTHING, SINCE, lumpy)
    return dict(view.frame.select("opportunity_id", "note").iter_rows())


def test_a_stale_a_lumpy_and_a_deal_whose_order_is_here_are_shown_as_such() -> None:
    shown = held(
        deal("A", 1, 5),
        deal("B", -3, 5),
        deal("C", 1, 500),
        deal("D", 1, 5, order_id="SO-1"),
        deal("SO-2", 1, 5),
        orders=[order("SO-1", 1, 5), order("SO-2", 1, 5)],
    )
    told = notes(shown, lumpy=("C", "B"))
    counts = deal_tables.deals(shown, EVERYTHING, SINCE, ("C",)).frame.select("opportunity_id", "counts")
    assert dict(counts.iter_rows())["C"] == 0
    assert dict(counts.iter_rows())["A"] > 0
    assert told["A"] == ""
    assert told["B"].startswith("Stale")
    assert told["C"].startswith("Lumpy")
    assert told["D"] == told["SO-2"] == "Its order is here: confirm it, so that it counts once"
    assert set(list(told)[:2]) == {"D", "SO-2"}


def test_how_long_a_deal_stands_on_its_stage_is_shown_where_it_is_known() -> None:
    view = deal_tables.deals(held(deal("A", 1, 5), deal("B", 1, 5)), EVERYTHING, SINCE, ())
    assert dict(view.frame.select("opportunity_id", "days_there").iter_rows()) == {"A": 12, "B": None}
    assert list(view.columns)[:4] == ["opportunity_id", "note", "stage", "days_there"]


def test_steps_are_told_the_latest_first_and_where_a_deal_was_seen_first_is_none() -> None:
    made = pl.DataFrame(
        [
            ("A", "crm", date(2026, 5, 1), None, "lead", None),
            ("A", "crm", date(2026, 6, 1), "lead", "verbal", 31),
            ("B", "fair", date(2026, 7, 1), "verbal", "lost", 9),
        ],
        STEPS_SCHEMA,
        orient="row",
    )
    told = deal_tables.steps(made, EVERYTHING)
    assert told.frame.select("opportunity_id", "came_from", "rung").rows() == [
        ("B", "verbal", "Lost"),
        ("A", "lead", "verbal"),
    ]
    assert deal_tables.steps(made, LadderChoice(sources=["crm"])).frame["opportunity_id"].to_list() == ["A"]


def test_learned_probabilities_are_told_with_their_range_where_a_deal_has_closed() -> None:
    rates = pl.DataFrame(
        [
            ("quoted", 2, None, 0.3, 6, 10, 0.4, 0.264, 0.55),
            ("quoted", 2, "fair", 0.3, 1, 4, 0.35, 0.2, 0.5),
            ("verbal", 3, None, 0.7, 0, 0, 0.7, 0.5, 0.9),
        ],
        RATES_SCHEMA,
        orient="row",
    )
    told = deal_tables.learned(rates, EVERYTHING)
    assert told.frame.select("stage", "source", "span", "of").rows() == [
        ("quoted", "All", "26 to 55 %", "6 of 10"),
        ("quoted", "fair", "20 to 50 %", "1 of 4"),
    ]
    assert deal_tables.learned(rates, LadderChoice(sources=["crm"])).frame.height == 1
    assert deal_tables.learned(rates, LadderChoice(stages=["verbal"])).is_empty
