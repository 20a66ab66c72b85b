"""The demand ladder as planners see it."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from planning.domain.network import Network
from planning.netting.ladder import open_deals
from planning.present import ladder_tables
from planning.present.colours import DARK, LIGHT, Palette
from planning.present.ladder_charts import ladder_chart
from planning.present.ladder_tables import CONFIRMED, LOST, SHIPPED, WON, LadderChoice
from tests.builders.plans import START, a_network, input_frame

EVERYTHING = LadderChoice()
SOON, PAST = date(2027, 1, 8), date(2026, 10, 2)


def deal(number: int, stage: str, quantity: float, **more: Any) -> dict[str, Any]:
    row = {
        "opportunity_id": f"OP-{number}",
        "source": "crm",
        "observed_date": date(2026, 11, 13),
        "stage": stage,
        "product": "0001",
        "market": "UK",
        "quantity": quantity,
        "expected_date": SOON,
        "status": "open",
    }
    return row | more


@pytest.fixture
def network() -> Network:
    """Deals on every rung, two orders, a ladder of three stages."""
    stages = [("lead", 1, 0.05), ("quoted", 3, 0.3), ("verbal", 4, 0.7)]
    deals = [
        deal(1, "lead", 100),
        deal(2, "lead", 50, expected_date=PAST),
        deal(3, "quoted", 10, source="fair", probability=0.5),
        deal(4, "verbal", 7, status="won"),
        deal(5, "verbal", 8, status="won", order_id="SO-1"),
        deal(6, "verbal", 9, status="lost", source="fair"),
    ]
    line: dict[str, Any] = {
        "line": 1,
        "order_date": START,
        "due_date": SOON,
        "product": "0001",
        "market": "UK",
    }
    line |= {"unit_price": 10.0}
    orders = [
        line | {"order_id": "SO-1", "quantity": 20.0, "quantity_shipped": 5.0, "status": "confirmed"},
        line | {"order_id": "SO-2", "quantity": 4.0, "quantity_shipped": 4.0, "status": "shipped"},
    ]
    names = ("stage", "position", "probability")
    made = a_network().with_tables(
        stages=input_frame("stages", [dict(zip(names, s, strict=True)) for s in stages]),
        opportunities=input_frame("opportunities", deals),
        orders=input_frame("orders", orders),
    )
    products = made["products"].with_columns(price=pl.lit(2.0))
    return made.with_tables(products=products)


def rung(network: Network, name: str, choice: LadderChoice = EVERYTHING) -> dict[str, Any]:
    rows = ladder_tables.ladder(network, choice).frame.filter(pl.col("rung") == name)
    return rows.row(0, named=True)


def test_rungs_go_from_the_foot_of_the_ladder_to_what_is_closed(network: Network) -> None:
    rungs = ladder_tables.ladder(network, EVERYTHING).frame["rung"].to_list()
    assert rungs == ["lead", "quoted", "verbal", WON, CONFIRMED, SHIPPED, LOST]


def test_a_stale_deal_stands_on_its_rung_and_counts_nothing(network: Network) -> None:
    lead = rung(network, "lead")
    assert (lead["deals"], lead["units"], lead["stale"]) == (2, 150, 1)
    assert lead["counts"] == pytest.approx(5)
    assert lead["value"] == pytest.approx(300)


def test_a_deal_counts_at_its_own_probability_else_at_its_stages(network: Network) -> None:
    assert rung(network, "quoted")["counts"] == pytest.approx(5)


def test_what_is_lost_or_shipped_counts_nothing_and_what_is_confirmed_counts_whole(network: Network) -> None:
    assert (rung(network, LOST)["units"], rung(network, LOST)["counts"]) == (9, 0)
    assert (rung(network, SHIPPED)["units"], rung(network, SHIPPED)["counts"]) == (4, 0)
    confirmed = rung(network, CONFIRMED)
    assert (confirmed["units"], confirmed["counts"], confirmed["value"]) == (15, 15, 150)


def test_a_won_deal_counts_whole_until_its_order_comes(network: Network) -> None:
    assert (rung(network, WON)["deals"], rung(network, WON)["counts"]) == (1, 7)


def test_the_measured_win_rate_stands_beside_the_one_entered_with_its_count(network: Network) -> None:
    verbal = rung(network, "verbal")
    assert verbal["entered"] == pytest.approx(0.7)
    assert verbal["measured"] == pytest.approx(2 / 3)
    assert verbal["closed"] == "2 of 3"
    assert rung(network, "lead")["measured"] is None


def test_what_counts_is_what_netting_counts_of_deals(network: Network) -> None:
    """Lumpy deals apart, of which there are none without a forecast to be lumpy against."""
    counted = open_deals(network).filter(~pl.col("stale"))
    rungs = ladder_tables.ladder(network, EVERYTHING).frame
    shown = rungs.filter(pl.col("rung").is_in(["lead", "quoted", "verbal", WON]))["counts"].sum()
    assert shown == pytest.approx((counted["quantity"] * counted["probability"]).sum())


def test_a_source_or_stage_narrows_the_deals_and_leaves_orders_out(network: Network) -> None:
    fair = LadderChoice(sources=["fair"])
    assert rung(network, "quoted", fair)["deals"] == 1
    assert rung(network, "lead", fair)["deals"] == 0
    assert CONFIRMED not in ladder_tables.ladder(network, fair).frame["rung"]
    assert ladder_tables.ladder(network, LadderChoice(stages=["lead"])).frame["rung"].to_list() == [
        "lead",
        WON,
        LOST,
    ]


def test_what_needs_a_word_comes_first_among_the_deals(network: Network) -> None:
    rows = ladder_tables.deals(network, EVERYTHING).frame
    assert rows["opportunity_id"].to_list() == ["OP-2", "OP-4", "OP-1", "OP-3"]
    assert rows["note"].to_list()[:2] == [
        "Stale: give it a new date, or close it",
        "Won: its order is not here yet",
    ]
    assert rows["age"].to_list() == [10, 10, 10, 10]


def test_each_source_tells_what_came_of_its_deals(network: Network) -> None:
    rows = {row["source"]: row for row in ladder_tables.by_source(network, EVERYTHING).frame.to_dicts()}
    assert (rows["crm"]["open"], rows["crm"]["won"], rows["crm"]["win_rate"]) == (2, 2, 1.0)
    assert (rows["fair"]["lost"], rows["fair"]["win_rate"]) == (1, 0.0)


def test_without_deals_and_orders_the_rungs_are_there_and_empty() -> None:
    bare = a_network()
    frame = ladder_tables.ladder(bare, EVERYTHING).frame
    assert frame["rung"].to_list() == [WON, CONFIRMED, SHIPPED, LOST]
    assert frame["units"].sum() == 0


def test_a_stage_no_ladder_names_is_a_rung_too(network: Network) -> None:
    strange = pl.concat(
        [network["opportunities"], input_frame("opportunities", [deal(9, "dreamt", 3, probability=0.1)])]
    )
    told = replace(network).with_tables(opportunities=strange)
    assert rung(told, "dreamt")["counts"] == pytest.approx(0.3)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_chart_names_every_bar_and_is_dashed_amber(network: Network, palette: Palette) -> None:
    rungs = ladder_tables.open_rungs(ladder_tables.ladder(network, EVERYTHING))
    drawn = ladder_chart(rungs, palette).to_dict(validate=True)
    labels = [row["label"] for data in drawn["datasets"].values() for row in data]
    assert labels == ["5 of 150", "5 of 10", "0 of 0", "7 of 7"]
    whole = drawn["layer"][0]["mark"]
    assert (whole["stroke"], whole["strokeDash"]) == (palette.expected, [3, 2])


def test_a_chart_of_too_many_rungs_is_refused() -> None:
    many = pl.DataFrame({"rung": [str(n) for n in range(700)], "units": [1.0] * 700, "counts": [1.0] * 700})
    with pytest.raises(ValueError, match="aggregate"):
        ladder_chart(many, LIGHT)
