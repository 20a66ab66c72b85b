"""Exports of shop, CRM and marketing on their whole way: meaning, upload, what holds, and once more."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.domain.network import Network
from planning.errors import InputError
from planning.signals.reading.profile import Profile, read_profile
from planning.signals.sources import Meaning
from planning.signals.sources.settings import Answers
from planning.store import Workspace
from planning.workflows.confirming import draft_confirmation
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads
from tests.builders.company import write_company
from tests.builders.workspaces import write_imported

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
    with Workspace.open(write_imported(tmp_path / "workspace", TODAY)) as workspace:
        desk = Desk(workspace)
        yield desk
        desk.close()


def network(desk: Desk) -> Network:
    held = desk.network()
    assert held is not None
    return held


def preview(desk: Desk, text: str, answers: Answers | None = None) -> tuple[Meaning, Preview]:
    """What an export means, and what its upload would do."""
    data = text.encode()
    told = desk.uploads.understood("export.csv", data, Profile(answers=answers or Answers()))
    assert told is not None
    return told.meaning, desk.uploads.preview([desk.uploads.incoming("export.csv", data, told)])


def load(desk: Desk, text: str, answers: Answers | None = None) -> tuple[Meaning, Preview]:
    told, made = preview(desk, text, answers)
    desk.uploads.load(made)
    return told, made


def test_a_shop_s_orders_are_demand_and_what_is_not_is_told_by_whoever_sees_it(desk: Desk) -> None:
    told, made = load(desk, SHOP)
    assert (told.rows_in, told.rows("loaded"), told.rows("kept aside")) == (4, 3, 1)
    # The product nobody makes is kept aside where products are known.
    assert made.aside.select("column", "value").rows() == [
        ("Lineitem sku", "0009"),
        ("Financial Status", "pending"),
    ]
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


def test_orders_that_are_history_too_come_in_one_import_and_every_row_counts_once(desk: Desk) -> None:
    text = SHOP.replace("2026-11-2", "2026-09-2")
    _, made = load(desk, text, Answers(as_history=True, due_days=7))
    assert [(report.table, report.new) for report in made.files] == [("orders", 2), ("history", 2)]
    (total,) = made.sums
    assert (total.rows_in, total.loaded, total.kept_aside, total.collapsed) == (4, 2, 2, 0)
    assert desk.uploads.history()["batch"].to_list() == [2, 1]
    desk.uploads.undo(2)
    assert "#1001" not in network(desk)["orders"]["order_id"]


def test_duplicates_count_once_and_are_told_beside_what_loads_and_what_does_not(desk: Desk) -> None:
    text = VISITS + "20261121,Direct,100\n20261122,Direct,few\n"
    _, made = load(desk, text)
    (total,) = made.sums
    assert (total.rows_in, total.loaded, total.kept_aside, total.collapsed) == (4, 2, 1, 1)
    row = desk.uploads.history().row(0, named=True)
    assert row["rows_in"] == row["rows_new"] + row["rows_kept_aside"] + row["rows_collapsed"] == 4


def test_a_row_another_file_refuses_is_told_by_line_column_cell_and_text_of_the_shop_s_file(
    desk: Desk,
) -> None:
    _, made = load(desk, SHOP)
    told = made.aside.filter(column="Lineitem sku").select("file", "line", "value", "raw").row(0)
    line = "#1002,paid,unfulfilled,EUR,2026-11-21 10:00:00 +0100,1,Bracket,40.00,0009,uk,"
    assert told == ("export.csv", 4, "0009", line)


def test_a_line_no_product_of_ours_is_in_never_drives_out_one_of_its_order_that_loads(desk: Desk) -> None:
    load(desk, SHOP)
    load(desk, SHOP.replace("Gear,60.00,0002", "Gear,60.00,0O02"))
    lines = network(desk)["orders"].filter(order_id="#1001")
    assert sorted(lines["product"]) == ["0001", "0002"]
    load(desk, SHOP.replace("#1001,,,,,2,Gear,60.00,0002,,\n", ""))
    assert network(desk)["orders"].filter(order_id="#1001")["product"].to_list() == ["0001"]


def test_days_that_could_be_two_are_asked_once_for_a_source_and_never_guessed(desk: Desk) -> None:
    text = VISITS.replace("20261121", "03/11/2026")
    told = desk.uploads.understood("visits.csv", text.encode())
    assert told is not None
    assert told.asked.days == "03/11/2026"
    with pytest.raises(ValueError, match="not all is said"):
        desk.uploads.incoming("visits.csv", text.encode(), told)
    load(desk, text, Answers(date_order="day first"))
    assert network(desk)["activity"]["date"].unique().to_list() == [date(2026, 11, 3)]
    later = desk.uploads.understood("other.csv", text.replace("03/", "04/").encode())
    assert later is not None
    assert later.is_settled


def test_what_is_due_when_stays_as_it_was_said_whatever_came_in_since(desk: Desk) -> None:
    load(desk, SHOP)
    load(desk, SHOP.replace("#100", "#200"), Answers(due_days=3))
    load(desk, SHOP, Answers(due_days=36))
    _, again = preview(desk, SHOP)
    assert not again.loads


def test_a_planner_may_map_the_columns_instead_and_is_not_asked_again(desk: Desk) -> None:
    data = VISITS.encode()
    assert desk.uploads.understood("activity.csv", data, Profile(source="")) is None
    proposal = desk.uploads.read("activity.csv", data, Profile(source=""))
    assert proposal.is_settled
    desk.uploads.load(desk.uploads.preview([desk.uploads.incoming("activity.csv", data, proposal)]))
    assert network(desk)["activity"]["channel"].unique().sort().to_list() == ["Direct", "Email"]
    assert desk.uploads.understood("activity.csv", data) is None


def test_what_was_said_of_a_source_survives_a_trip_through_a_file(desk: Desk) -> None:
    load(desk, SHOP, Answers(market="uk", statuses={"pending": "confirmed"}, as_history=False))
    (profile,) = desk.uploads.profiles()
    assert profile.answers.statuses == {"pending": "confirmed"}
    assert read_profile("shop.json", profile.as_json()) == profile
    with pytest.raises(InputError, match="speaks of a source"):
        read_profile("shop.json", profile.as_json().replace('"shopify"', '"shop"'))


@pytest.mark.parametrize(
    ("name", "as_of", "columns", "loads", "sums"),
    [
        (
            "sales_data_sample.csv",
            date(2005, 6, 1),
            ("PRODUCTCODE", "COUNTRY"),
            {"orders": 1971},
            (1999, 1971, 28, 0),
        ),
        (
            "online_retail_2011-09_raw.csv",
            date(2011, 10, 1),
            ("StockCode", "Country"),
            {"history": 36_361, "returns": 572},
            (37_516, 36_933, 321, 262),
        ),
    ],
)
def test_the_real_files_load_once_and_the_second_time_nothing_is_asked_and_nothing_changes(
    shared_data: Path,
    tmp_path: Path,
    name: str,
    as_of: date,
    columns: tuple[str, str],
    loads: dict[str, int],
    sums: tuple[int, int, int, int],
) -> None:
    """Into a company that makes their products and sells in their countries; the counts are those of
    test_invoices_and_order_lines, taken from the files with the csv module."""
    data = (shared_data / name).read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("cp1252"))))
    made, sold = (sorted({row[column].strip() for row in rows}) for column in columns)
    company = write_company(
        tmp_path / "company",
        routings="product,robot_model,hours_per_unit\n" + "".join(f"{one},printer,0.1\n" for one in made),
        markets="market\n" + "".join(f"{one}\n" for one in sold),
        orders="order_id,due_date,product,market,quantity\n",
        settings=f"key,value\nas_of,{as_of}\n",
    )
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        import_folder(workspace, company, as_of)
        uploads = Uploads(workspace, lambda: as_of)
        for known in (False, True):
            told = uploads.understood(name, data)
            assert told is not None
            assert told.is_settled
            assert bool(uploads.profiles()) is known
            preview = uploads.preview([uploads.incoming(name, data, told)])
            assert [(one.rows_in, one.loaded, one.kept_aside, one.collapsed) for one in preview.sums] == [
                sums
            ]
            assert {r.table: r.same if known else r.new for r in preview.files} == loads
            assert preview.loads is not known
            if preview.loads:
                uploads.load(preview)
        network = workspace.load_network(as_of)
        assert network is not None
        assert {table: network[table].height for table in loads} == loads
