"""HubSpot deals and Salesforce opportunities with line items."""

from dataclasses import replace

import pytest

from planning.signals.sources import handed_over
from planning.signals.sources.headers import headers
from tests.signals.sources.exports import SETTINGS, aside, collapsed, holding, meaning, rows

HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal probability,Is Closed Won,"
    "Is Deal Closed?,Merged Deal IDs,Create Date,Line item ID,SKU,Quantity,Country\n"
)
SALESFORCE = (
    "Opportunity ID,Opportunity Name,Stage,Probability (%),Close Date,Closed,Won,Deleted,"
    "Product Code,Quantity,Product Date,Shipping Country\n"
)
COLUMNS = ("opportunity_id", "stage", "probability", "status", "expected_date")


def deal(id: str = "71", **said: str) -> str:
    """A HubSpot deal over 40 of 0001: contract sent, to close on 18 December, unless told otherwise."""
    cells = {
        "stage": "Contract Sent",
        "pipeline": "Sales Pipeline",
        "close": "2026-12-18 10:00",
        "probability": "",
        "won": "false",
        "closed": "false",
        "merged": "",
        "item": "9",
        "product": "0001",
        "quantity": "40",
    } | said
    c = cells
    return (
        f"{id},Lamps,{c['stage']},{c['pipeline']},9000,{c['close']},{c['probability']},{c['won']},{c['closed']},"
        f"{c['merged']},2026-10-01 08:00,{c['item']},{c['product']},{c['quantity']},Germany\n"
    )


def opportunity(**said: str) -> str:
    """A Salesforce opportunity, quoted at 75 %."""
    cells = {
        "stage": "Proposal/Price Quote",
        "probability": "75%",
        "close": "12/18/2026",
        "closed": "0",
        "won": "0",
        "deleted": "0",
        "date": "",
    } | said
    c = cells
    return (
        f"006A,Lamps,{c['stage']},{c['probability']},{c['close']},{c['closed']},{c['won']},{c['deleted']},"
        f'0001,"1,200.00",{c["date"]},Germany\n'
    )


def test_a_deal_is_an_opportunity_for_each_line_item() -> None:
    told = meaning(HUBSPOT + deal() + deal(item="10", product="0002", quantity="5"))
    assert rows(told, "opportunities", *COLUMNS, "product", "quantity", "source", "observed_date") == [
        ("71/9", "verbal", "0.9", "open", "2026-12-18", "0001", "40", "HubSpot", "2026-10-01"),
        ("71/10", "verbal", "0.9", "open", "2026-12-18", "0002", "5", "HubSpot", "2026-10-01"),
    ]


def test_the_deal_s_probability_beats_its_pipeline_s_and_that_its_stage_s() -> None:
    settings = replace(SETTINGS, chances={"Renewals/Contract Sent": 0.95, "Contract Sent": 0.6})
    text = HUBSPOT + deal("1", probability="0.4") + deal("2", pipeline="Renewals") + deal("3")
    assert rows(meaning(text, settings), "opportunities", "probability") == [("0.4",), ("0.95",), ("0.6",)]


def test_a_stage_nobody_knows_keeps_its_name_and_asks_for_a_probability_downstream() -> None:
    told = meaning(HUBSPOT + deal(stage="Legal check"))
    assert rows(told, "opportunities", "stage", "probability") == [("Legal check", None)]
    named = replace(SETTINGS, stages={"legal check": "verbal"})
    assert rows(meaning(HUBSPOT + deal(stage="Legal check"), named), "opportunities", "stage") == [
        ("verbal",)
    ]


@pytest.mark.parametrize(
    ("said", "status", "probability"),
    [
        ({"stage": "Closed Lost", "closed": "TRUE", "probability": "0.9"}, "lost", "0"),
        ({"stage": "closedlost", "probability": "0.9"}, "lost", "0"),
        ({"stage": "Closed Won", "won": "true", "closed": "true"}, "won", "1"),
        ({"stage": "Closed Won", "won": "", "closed": ""}, "won", "1"),
        ({"stage": "Signed", "won": "True", "closed": "true"}, "won", "1"),
        ({"stage": "Not now", "closed": "true", "probability": "0.5"}, "lost", "0"),
    ],
)
def test_closed_deals_are_won_or_lost_and_lost_counts_nothing(
    said: dict[str, str], status: str, probability: str
) -> None:
    told = meaning(HUBSPOT + deal(**said))
    assert rows(told, "opportunities", "status", "probability") == [(status, probability)]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"close": ""}, "has no close date: nobody knows when it would be delivered"),
        ({"item": "", "product": "", "quantity": ""}, "says neither product nor quantity, only money"),
        ({"quantity": ""}, "quantity is not a number of units"),
        ({"probability": "40"}, "probability is not a number from 0 to 1"),
        ({"stage": ""}, "has no stage"),
        ({"close": "04/05/2026"}, "could be two days"),
    ],
)
def test_a_deal_nobody_could_plan_with_is_kept_aside(said: dict[str, str], why: str) -> None:
    told = meaning(HUBSPOT + deal(**said) + deal("72"))
    assert aside(told)[2].startswith(why)
    assert [id for (id,) in rows(told, "opportunities", "opportunity_id")] == ["72/9"]


def test_a_deal_without_an_id_is_kept_aside() -> None:
    assert aside(meaning(HUBSPOT + deal(""))) == {2: "has no deal id"}


def test_a_probability_nobody_can_read_does_not_matter_once_a_deal_is_closed() -> None:
    told = meaning(HUBSPOT + deal(stage="closedlost", probability="n/a"))
    assert rows(told, "opportunities", "probability") == [("0",)]


def test_a_deal_with_a_line_item_kept_aside_drives_nothing_out() -> None:
    (held,) = handed_over(meaning(HUBSPOT + deal() + deal(item="10", product="0002")), {})
    now = meaning(HUBSPOT + deal() + deal(item="10", product="0002", quantity="lots"))
    (handover,) = handed_over(now, {"opportunities.csv": held.data})
    assert handover.gone.is_empty()


def test_a_merged_deal_counts_in_the_one_it_went_into() -> None:
    told = meaning(HUBSPOT + deal("70") + deal("71", merged="70;69"))
    assert collapsed(told) == {2: "merged into deal 71"}
    assert [id for (id,) in rows(told, "opportunities", "opportunity_id")] == ["71/9"]
    assert told.speaks_for["opportunities"]["deal"].to_list() == ["70", "71"]


def test_milliseconds_are_days_of_the_plan_s_time_zone() -> None:
    # 1797636600000 is 2026-12-18 23:30 in UTC, half an hour into the 19th in Berlin.
    text = HUBSPOT + deal(close="1797636600000")
    assert rows(meaning(text), "opportunities", "expected_date") == [("2026-12-18",)]
    berlin = replace(SETTINGS, timezone="Europe/Berlin")
    assert rows(meaning(text, berlin), "opportunities", "expected_date") == [("2026-12-19",)]


def test_salesforce_counts_in_per_cent_and_the_product_s_own_day_is_the_delivery() -> None:
    told = meaning(
        SALESFORCE + opportunity(date="2/1/2027") + opportunity(stage="Prospecting", probability="")
    )
    assert rows(told, "opportunities", *COLUMNS, "quantity")[0] == (
        "006A/0001",
        "quoted",
        "0.75",
        "open",
        "2027-02-01",
        "1200",
    )
    assert rows(told, "opportunities", "stage", "probability")[1] == ("lead", "0.1")


def test_a_deleted_opportunity_is_kept_aside_and_holds_no_more() -> None:
    told = meaning(SALESFORCE + opportunity(deleted="1"))
    assert aside(told) == {2: "was deleted in the CRM"}
    held = (
        b"opportunity_id,stage,product,market,quantity,expected_date\n006A/0001,quoted,0001,de,9,2026-12-18\n"
    )
    (handover,) = handed_over(told, {"opportunities.csv": held})
    assert b"006A" not in holding(handover, held)


def test_a_line_item_taken_out_of_a_deal_holds_no_more() -> None:
    before = meaning(HUBSPOT + deal() + deal(item="10", product="0002"))
    (first,) = handed_over(before, {})
    now = meaning(HUBSPOT + deal())
    held = first.data + b"X,HubSpot,,quoted,,0001,de,4,2026-12-18,open,\n"
    (second,) = handed_over(now, {"opportunities.csv": held})
    assert second.lines.rows() == [(2, 2, "71")]
    told = holding(second, held)
    assert b"71/10" not in told
    assert b"71/9" in told
    assert b"X,HubSpot" in told


def test_a_closed_deal_keeps_the_stage_it_was_last_seen_in_while_open() -> None:
    (first,) = handed_over(meaning(HUBSPOT + deal()), {})
    lost = meaning(HUBSPOT + deal(stage="Closed Lost", closed="true"))
    (second,) = handed_over(lost, {"opportunities.csv": first.data})
    assert b"71/9,HubSpot,2026-10-01,verbal,0,0001,de,40,2026-12-18,lost," in second.data


def test_a_deal_that_became_its_order_is_not_opened_again_by_a_crm_that_lags() -> None:
    held = (
        b"opportunity_id,stage,product,market,quantity,expected_date,status,order_id\n"
        b"71/9,verbal,0001,de,40,2026-12-18,won,SO-1\n"
    )
    (handover,) = handed_over(meaning(HUBSPOT + deal()), {"opportunities.csv": held})
    assert handover.data.splitlines()[1].endswith(b",won,SO-1")
    # Won without its order it is as open as the CRM says.
    (handover,) = handed_over(meaning(HUBSPOT + deal()), {"opportunities.csv": held.replace(b"SO-1", b"")})
    assert handover.data.splitlines()[1].endswith(b",open,")


def test_every_source_is_told_apart_by_its_header() -> None:
    titles = {name: told.title for name, told in headers().items()}
    assert meaning(HUBSPOT + deal()).source == titles["hubspot"]
    assert meaning(SALESFORCE + opportunity()).source == titles["salesforce"]
