"""Exports of shop, CRM and marketing on their whole way: meaning, upload, what holds, and once more."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.domain.network import Network
from planning.signals.rows import LINE, RAW, cut
from planning.signals.sources import Meaning, SourceSettings, handed_over, meaning_of
from planning.store import Workspace
from planning.workflows.confirming import draft_confirmation
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder
from planning.workflows.upload_preview import Incoming, Preview
from tests.builders.company import write_company

TODAY = date(2026, 11, 23)
SHOP = (
    "Name,Financial Status,Fulfillment Status,Currency,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Shipping Country,Cancelled at\n"
    "#1001,paid,unfulfilled,EUR,2026-11-20 10:00:00 +0100,3,Bracket,40.00,0001,uk,\n"
    "#1001,,,,,2,Gear,60.00,0002,,\n"
    "#1002,paid,unfulfilled,EUR,2026-11-21 10:00:00 +0100,1,Bracket,40.00,0009,uk,\n"
    "#1003,pending,,EUR,2026-11-21 10:00:00 +0100,1,Bracket,40.00,0001,uk,\n"
)
CRM = (
    "Record ID,Deal Stage,Close Date,Is Closed Won,SKU,Quantity,Country\n"
    "71,Contract Sent,2026-12-18,false,0001,40,uk\n"
    "72,Closed Lost,2026-11-02,false,0002,9,uk\n"
)
VISITS = "Date,Session default channel group,Sessions\n20261121,Direct,100\n20261121,Email,7\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The small company, as import 1."""
    with Workspace.open(tmp_path / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(tmp_path / "company"), TODAY)
        desk = Desk(workspace)
        yield desk
        desk.close()


def network(desk: Desk) -> Network:
    held = desk.network()
    assert held is not None
    return held


def preview(desk: Desk, text: str) -> tuple[Meaning, Preview]:
    """What an export means, and what its upload would do."""
    records = cut("export.csv", text)
    source = meaning_of(records.header)
    assert source is not None
    cells, _ = records.cells(set(records.header))
    told = source.read(cells.select(LINE, RAW, *records.header), SourceSettings.of(network(desk)))
    held = dict(desk._workspace.held_files().files)
    files = [
        Incoming(f"{handover.table}.csv", handover.data, handover.table, handover.mode)
        for handover in handed_over(told, held)
    ]
    return told, desk.uploads.preview(files)


def load(desk: Desk, text: str) -> tuple[Meaning, Preview]:
    told, made = preview(desk, text)
    desk.uploads.load(made)
    return told, made


def test_a_shop_s_orders_are_demand_and_what_is_not_is_told_by_whoever_sees_it(desk: Desk) -> None:
    told, made = load(desk, SHOP)
    assert (told.rows_in, told.rows("loaded"), told.rows("kept aside")) == (4, 3, 1)
    # The product nobody makes is kept aside where products are known.
    assert made.aside.select("column", "value").rows() == [("product", "0009")]
    orders = network(desk)["orders"].filter(order_id="#1001")
    # As the company's own order lines, due after 22, 25, 36, 39 and 53 days: 36 in the middle.
    assert orders.select("line", "product", "quantity", "due_date").rows() == [
        (1, "0001", 3, date(2026, 12, 26)),
        (2, "0002", 2, date(2026, 12, 26)),
    ]


@pytest.mark.parametrize("text", [SHOP, CRM, VISITS])
def test_the_same_export_again_changes_nothing(desk: Desk, text: str) -> None:
    load(desk, text)
    before = network(desk).input_hash
    _, again = preview(desk, text)
    assert not again.loads
    assert network(desk).input_hash == before


def test_a_deal_confirmed_in_takt_stays_its_order_while_the_crm_lags(desk: Desk) -> None:
    load(desk, CRM)
    desk.confirm_deal(draft_confirmation(network(desk), "71/0001"))
    load(desk, CRM.replace("2026-12-18", "2027-01-15"))
    deal = network(desk)["opportunities"].filter(opportunity_id="71/0001").row(0, named=True)
    assert (deal["status"], deal["order_id"], deal["stage"]) == ("won", "71/0001", "verbal")
    assert network(desk)["orders"].filter(order_id="71/0001").height == 1


def test_a_lost_deal_counts_for_the_stage_it_was_seen_on(desk: Desk) -> None:
    load(desk, CRM)
    load(desk, CRM.replace("Contract Sent", "Closed Lost"))
    climbed = desk.ladder_steps().filter(opportunity_id="71/0001").select("came_from", "rung").rows()
    assert climbed == [(None, "verbal"), ("verbal", "lost")]
    held = network(desk)["opportunities"].filter(opportunity_id="71/0001")
    assert held.select("stage", "status", "probability").row(0) == ("verbal", "lost", 0)


def test_days_written_anew_take_the_place_of_the_old_ones(desk: Desk) -> None:
    load(desk, VISITS)
    load(desk, "Date,Session default channel group,Sessions\n20261121,Direct,107\n20261122,Direct,50\n")
    assert network(desk)["activity"].select("date", "channel", "visits").rows() == [
        (date(2026, 11, 21), "GA4 Direct", 107),
        (date(2026, 11, 22), "GA4 Direct", 50),
    ]
