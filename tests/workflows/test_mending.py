"""Rows kept aside are mended in place: what loads then is in the data, what does not stays aside."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.network import Network
from planning.errors import InputError, NothingToPlanError
from planning.signals.reading.patch import patched, row_text
from planning.signals.reading.profile import Profile, Taken
from planning.signals.rows import LINE
from planning.store import Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.incoming import Incoming
from planning.workflows.mending import CHANGES, Mending, draft_mending, edited, following, save_mending
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads
from tests.builders.company import FILES
from tests.builders.workspaces import write_imported
from tests.signals.hostile import book

TODAY = date(2026, 11, 23)
HEADER = "date,product,market,quantity\n"
#: Two sales of one day, product and market; the third has a product nobody makes, the fourth no number.
HISTORY = HEADER + "2026-11-02,0001,uk,5\n2026-11-02,0001,uk,3\n2026-11-02,0O01,uk,4\n2026-11-03,0001,uk,x\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    orders = FILES["orders"] + "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"
    with Workspace.open(write_imported(tmp_path, TODAY, orders=orders, history=HISTORY)) as opened:
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def network(workspace: Workspace) -> Network:
    held = workspace.load_network(TODAY)
    assert held is not None
    return held


def typed(*cells: tuple[int, str, str]) -> pl.DataFrame:
    rows = [(line, column, "", after) for line, column, after in cells]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


def test_a_mended_row_stands_beside_others_of_its_day_and_drives_none_out(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("history")
    assert rows.rows[LINE].to_list() == [4, 5]
    mending = draft_mending(uploads, rows, typed((4, "product", "0001")))
    assert mending.loads == (4,)
    save_mending(uploads, rows, mending)
    assert sorted(network(workspace)["history"]["quantity"]) == [3, 4, 5]
    assert uploads.rows_aside("history").rows["quantity"].to_list() == ["x"]


def test_what_still_does_not_load_stays_aside_with_its_reason_and_its_old_text(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("history")
    mending = draft_mending(uploads, rows, typed((4, "product", "0001"), (5, "quantity", "1,5")))
    assert mending.loads == (4,)
    (still,) = mending.aside.iter_rows(named=True)
    assert (still["line"], still["column"], still["value"]) == (5, "quantity", "1,5")
    assert still["remedy"] == "Write a dot instead of the comma."
    save_mending(uploads, rows, mending)
    assert uploads.rows_aside("history").rows["quantity"].to_list() == ["x"]
    assert network(workspace).rejected.filter(file="history.csv").height == 1


def test_a_row_mended_under_another_key_is_no_more_where_it_stood(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("orders")
    (line,) = rows.rows[LINE]
    save_mending(
        uploads,
        rows,
        draft_mending(uploads, rows, typed((line, "product", "0003"), (line, "order_id", "SO-66"))),
    )
    assert network(workspace).rejected.filter(file="orders.csv").is_empty()
    orders = network(workspace)["orders"]["order_id"]
    assert "SO-66" in orders
    assert "SO-6" not in orders
    uploads.undo(2)
    assert network(workspace).rejected.filter(file="orders.csv").height == 1


def test_a_mended_row_that_contradicts_one_that_holds_stays_aside(
    uploads: Uploads, workspace: Workspace
) -> None:
    before = network(workspace)["orders"]
    rows = uploads.rows_aside("orders")
    (line,) = rows.rows[LINE]
    taken = str(before["order_id"][0])
    mending = draft_mending(uploads, rows, typed((line, "order_id", taken)))
    assert mending.loads == ()
    assert mending.preview is None
    with pytest.raises(NothingToPlanError):
        save_mending(uploads, rows, mending)
    assert network(workspace)["orders"].equals(before)


def test_rows_mended_on_data_that_changed_since_are_refused(uploads: Uploads) -> None:
    rows = uploads.rows_aside("history")
    mending = draft_mending(uploads, rows, typed((4, "product", "0001")))
    more = HEADER + "2026-11-05,0001,uk,9\n"
    uploads.load(uploads.preview([Incoming("history.csv", more.encode(), "history")]))
    with pytest.raises(ChangedMeanwhileError):
        save_mending(uploads, rows, mending)


def test_a_patched_file_keeps_every_other_row_and_line_in_its_own_encoding() -> None:
    data = 'Größe;Text\r\n1;"zwei\r\nZeilen"\r\n2;b\r\n'.encode("cp1252")
    text = patched("a.csv", data, ";", {2: row_text(["9", "ä;b"], ";")}).decode("cp1252")
    assert text == 'Größe;Text\n9;"ä;b"\n\n2;b\n'


GERMAN = (
    "Auftrag;Artikel;Land;Menge;Liefertermin\n"
    "SO-9;0003;pt;viele;18.12.2026\n"
    "SO-9;0001;pt;7;18.12.2026\n"
    "SO-8;0002;pt;3;bald\n"
    "SO-8;0O02;pt;4;18.12.2026\n"
)
COUNTED = Profile(columns={"line": Taken(counted=True)})
SHOP = (
    "Name,Financial Status,Fulfillment Status,Currency,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Shipping Country\n"
    "#1001,on account,unfulfilled,EUR,2026-11-20 10:00:00 +0100,3,Gear,40.00,0002,uk\n"
    "#1001,,,,,few,Bracket,60.00,0001,\n"
    "#1002,paid,unfulfilled,EUR,2026-11-20 10:00:00 +0100,few,Axle,20.00,0001,uk\n"
    "#1002,,,,,2,Bracket,60.00,0002,\n"
)
WEEKS = "SKU,Country,2026-W45,2026-W46,2026-W47\n0001,uk,5,many,7\n0002,uk,1,,2\n"


def brought(uploads: Uploads, name: str, data: bytes, draft: Profile | None = None) -> Preview:
    """A file of another system, imported as far as it can be read."""
    meant = uploads.understood(name, data, draft)
    taken = meant or uploads.read(name, data, draft)
    preview = uploads.preview([uploads.incoming(name, data, taken)])
    uploads.load(preview)
    return preview


def mended(uploads: Uploads, name: str, *cells: tuple[int, str, str]) -> Mending:
    """Rows of that file mended after its import, and let in."""
    rows = uploads.rows_unread(name)
    assert rows is not None
    mending = draft_mending(uploads, rows, typed(*cells))
    if mending.preview is not None:
        save_mending(uploads, rows, mending)
    return mending


def orders(workspace: Workspace, *ids: str) -> list[tuple[str, int, str, float]]:
    held = network(workspace)["orders"].filter(pl.col("order_id").is_in(ids)).sort("order_id", "line")
    return held.select("order_id", "line", "product", "quantity").rows()


@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_rows_that_could_not_be_read_are_mended_after_the_import_from_any_kind_of_file(
    uploads: Uploads, workspace: Workspace, kind: str
) -> None:
    name, data = "Aufträge.csv", GERMAN.encode("cp1252")
    if kind == "workbook":
        rows = [row.split(";") for row in GERMAN.splitlines()]
        name, data = "Aufträge.xlsx", book(*rows)
    brought(uploads, name, data, COUNTED)
    aside = uploads.rows_unread(name)
    assert aside is not None
    assert aside.rows.rows() == [
        (2, "SO-9", "0003", "pt", "viele", "18.12.2026"),
        (4, "SO-8", "0002", "pt", "3", "bald"),
    ]
    mending = mended(uploads, name, (2, "Menge", "1,5"), (4, "Menge", "4"))
    assert mending.loads == (2,)
    (still,) = mending.aside.iter_rows(named=True)
    assert still["line"] == 4
    # The row is the first of its order, as it is in its file; the second keeps its number.
    assert orders(workspace, "SO-9") == [("SO-9", 1, "0003", 1.5), ("SO-9", 2, "0001", 7)]
    assert uploads.aside_while_reading()["line"].to_list() == [4]
    assert mended(uploads, name, (4, "Liefertermin", "18.12.2026")).loads == (4,)
    assert orders(workspace, "SO-8") == [("SO-8", 1, "0002", 3)]
    assert uploads.aside_while_reading().is_empty()
    total = uploads.history().row(0, named=True)
    assert (total["rows_in"], total["rows_new"], total["rows_kept_aside"]) == (1, 1, 0)


def test_a_row_that_was_not_as_wide_as_its_header_takes_its_place_among_the_lines_of_its_order(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.replace("pt;3;bald", "pt").encode(), COUNTED)
    assert mended(uploads, "Aufträge.csv", (4, "Menge", "3"), (4, "Liefertermin", "18.12.2026")).loads == (4,)
    assert orders(workspace, "SO-8") == [("SO-8", 1, "0002", 3)]
    # The line that was the first of its order is its second now, and still aside.
    (line,) = uploads.rows_aside("orders").rows.filter(order_id="SO-8")["line"]
    assert line == "2"


def test_a_row_of_an_upload_that_was_mended_in_the_data_is_kept_aside_no_more(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.encode(), COUNTED)
    rows = uploads.rows_aside("orders")
    line = rows.rows.filter(order_id="SO-8")[LINE].item()
    save_mending(uploads, rows, draft_mending(uploads, rows, typed((line, "product", "0002"))))
    assert orders(workspace, "SO-8") == [("SO-8", 2, "0002", 4)]
    assert uploads.aside_while_reading()["line"].to_list() == [2, 4]


def test_mended_rows_are_taken_back_with_their_import_and_come_again_with_it(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.encode(), COUNTED)
    before = network(workspace).input_hash
    mended(uploads, "Aufträge.csv", (2, "Menge", "1,5"))
    after = network(workspace).input_hash
    uploads.undo(3)
    assert network(workspace).input_hash == before
    assert uploads.aside_while_reading()["line"].to_list() == [2, 4]
    uploads.redo(3)
    assert network(workspace).input_hash == after
    assert uploads.aside_while_reading()["line"].to_list() == [4]


def test_what_came_in_since_is_not_said_over_by_the_rows_that_were_not_mended(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.encode(), COUNTED)
    later = b"order_id,line,due_date,product,market,quantity\nSO-9,2,2026-12-18,0001,pt,70\n"
    uploads.load(uploads.preview([Incoming("orders.csv", later, "orders")]))
    mended(uploads, "Aufträge.csv", (2, "Menge", "1,5"))
    assert orders(workspace, "SO-9") == [("SO-9", 1, "0003", 1.5), ("SO-9", 2, "0001", 70)]


def test_a_row_moved_to_another_order_leaves_no_line_behind(uploads: Uploads, workspace: Workspace) -> None:
    text = GERMAN.replace("SO-9;0003;pt;viele", "SO-8;0003;pt;viele").replace("SO-8;0002;pt;3;bald\n", "")
    brought(uploads, "Aufträge.csv", text.replace("0O02", "0002").encode(), COUNTED)
    assert orders(workspace, "SO-8", "SO-9") == [("SO-8", 2, "0002", 4), ("SO-9", 1, "0001", 7)]
    mended(uploads, "Aufträge.csv", (2, "Auftrag", "SO-9"), (2, "Menge", "5"))
    assert orders(workspace, "SO-8", "SO-9") == [
        ("SO-8", 1, "0002", 4),
        ("SO-9", 1, "0003", 5),
        ("SO-9", 2, "0001", 7),
    ]


def test_a_shop_s_row_is_judged_with_the_first_row_of_its_order(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "shop.csv", SHOP.encode())
    assert mended(uploads, "shop.csv", (3, "Lineitem quantity", "5")).loads == ()
    mending = mended(uploads, "shop.csv", (2, "Financial Status", "paid"), (4, "Lineitem quantity", "6"))
    assert mending.loads == (2, 4)
    assert mended(uploads, "shop.csv", (3, "Lineitem quantity", "5")).loads == (3,)
    told = network(workspace)["orders"].filter(pl.col("order_id").str.starts_with("#"))
    assert sorted(told.select("order_id", "product", "quantity", "market").rows()) == [
        ("#1001", "0001", 5, "uk"),
        ("#1001", "0002", 3, "uk"),
        ("#1002", "0001", 6, "uk"),
        ("#1002", "0002", 2, "uk"),
    ]
    assert uploads.aside_while_reading().is_empty()


def test_of_quantities_side_by_side_only_the_mended_cell_comes_in(
    uploads: Uploads, workspace: Workspace
) -> None:
    brought(uploads, "history export.csv", WEEKS.encode(), Profile(table="history"))
    assert mended(uploads, "history export.csv", (2, "2026-W46", "6")).loads == (2,)
    told = network(workspace)["history"].filter(pl.col("quantity") > 3, product="0001").sort("date")
    assert told.filter(pl.col("date") >= date(2026, 11, 3))["quantity"].to_list() == [6, 7]
    assert told["quantity"].sum() == 5 + 6 + 7


def test_a_file_that_came_in_before_files_were_kept_is_to_be_dropped_again(
    uploads: Uploads,
) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.encode(), COUNTED)
    assert uploads.rows_unread("Aufträge vom Mai.csv") is None


def test_an_edit_that_can_be_read_two_ways_is_never_guessed(uploads: Uploads) -> None:
    brought(uploads, "Aufträge.csv", GERMAN.encode(), COUNTED)
    with pytest.raises(InputError, match=r"Menge: 1\.234 can be read in several ways"):
        mended(uploads, "Aufträge.csv", (2, "Menge", "1.234"))


def test_what_was_typed_follows_its_row_to_another_line_and_leaves_a_row_that_changed() -> None:
    before = pl.DataFrame({LINE: [2, 3, 5, 6], "product": ["X", "X", "Y", None]})
    now = pl.DataFrame({LINE: [3, 4, 7, 9], "product": ["X", "X", None, "Z"]})
    typed = edited(before, before.with_columns(product=pl.Series(["A", "B", "C", "D"])))
    rows = following(typed, before, now).select("line", "after").rows()
    assert rows == [(3, "A"), (4, "B"), (7, "D")]
    assert following(typed, before, now.rename({"product": "article"})).is_empty()
