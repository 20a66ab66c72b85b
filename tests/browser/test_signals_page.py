"""A demand manager's journey over the Signals page, in a real browser on a real server."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visit, press, serving_a_copy
from tests.builders.server import serving

UPLOAD = (
    "order_id,due_date,product,market,quantity\n"
    "SO-9,2026-12-18,0003,pt,10\n"
    "SO-8,2026-12-18,0O03,pt,10\n"
    "=1+1,2026-12-18,0003,pt,5\n"
)
GERMAN = (
    "Auftragsliste November;;;;;\n"
    "Auftrag;Artikel;Land;Menge;Preis;Liefertermin\n"
    "SO-19;0003;pt;1,5;12,50;18.12.2026\n"
    "SO-18;0003;pt;viele;12,50;18.12.2026\n"
    "Summe;;;1,5;;\n"
)
AMBIGUOUS = "Order ID,SKU,Country,Qty,Due\nSO-29,0003,pt,10,03/12/2026\n"


@pytest.fixture
def own(planned_workspace: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose data it may change."""
    with serving_a_copy(planned_workspace, tmp_path) as server:
        yield server


def test_an_upload_is_previewed_imported_makes_the_plan_stale_and_is_undone(
    own: Server, visit: Visit
) -> None:
    page = visit.open(f"{own.url}/signals")
    button = page.get_by_role("button", name="Import", exact=True)
    expect(button).to_have_count(0)

    drop(page, "orders november.csv", UPLOAD)
    expect(page.get_by_text("1 row will be kept aside")).to_be_visible()
    (row,) = rows(page, "Uploaded rows that cannot load")
    assert (row["file"], row["line"], row["column"]) == ("orders november.csv", "3", "product")
    assert (row["value"], row["remedy"]) == ("0O03", "Did you mean '0003'?")
    expect(page.get_by_text("Stale: the data changed since")).to_have_count(0)

    press(button)
    expect(
        page.get_by_text("3 rows in, 2 loaded (2 new, 0 changed, 0 the same), 1 kept aside")
    ).to_be_visible()
    expect(page.get_by_text("Stale: the data changed since")).to_be_visible()
    visit.settle()
    imports = rows(page, "Imports, the latest first")
    assert [row["state"] for row in imports] == ["Holds", "Replaced since"]

    drop(page, "orders november.csv", UPLOAD)
    expect(page.get_by_text("Nothing to import: every row that can load holds already")).to_be_visible()
    expect(button).to_have_count(0)

    visit.settle()
    press(page.get_by_role("button", name="Undo import 2"))
    expect(page.get_by_text("Stale: the data changed since")).to_have_count(0)
    expect(page.get_by_role("button", name="Redo import 2")).to_be_visible()


def test_a_messy_file_is_understood_and_what_it_leaves_open_is_asked(own: Server, visit: Visit) -> None:
    page = visit.open(f"{own.url}/signals")
    button = page.get_by_role("button", name="Import", exact=True)

    drop(page, "Aufträge.csv", GERMAN)
    expect(page.get_by_text("header in line 2; above it line 1 passed over")).to_be_visible()
    expect(page.get_by_text("decimal comma")).to_be_visible()
    (text, total) = rows(page, "Uploaded rows that cannot load")
    assert (text["line"], text["column"], text["value"]) == ("4", "Menge", "viele")
    assert total["raw"] == "Summe;;;1,5;;"
    press(button)
    expect(page.get_by_text("3 rows in, 1 loaded (1 new")).to_be_visible()
    visit.settle()

    drop(page, "orders export.csv", AMBIGUOUS)
    expect(page.get_by_text("Confirm how Due is meant.")).to_be_visible()
    expect(button).to_have_count(0)
    visit.settle()
    page.get_by_text("day first, then month: it is 3 December 2026").click()
    expect(page.get_by_text("Confirm how Due is meant.")).to_have_count(0)
    press(button)
    expect(page.get_by_text("1 row in, 1 loaded (1 new")).to_be_visible()


def test_a_file_of_another_kind_is_refused_in_words(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/signals")
    page.locator("input[type=file]").set_input_files(
        {"name": "orders.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": b"PK\x03\x04\0\0"}
    )
    expect(page.get_by_text("is a damaged workbook or zip archive")).to_be_visible()
    expect(page.get_by_text("Get it anew.")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)


def test_a_file_that_is_too_large_is_refused_in_words(tmp_path: Path, visit: Visit) -> None:
    with serving(tmp_path / "workspace", tmp_path / "server.log", TAKT_MAX_UPLOAD_MB="1") as small:
        page = visit.open(f"{small.url}/signals")
        expect(page.get_by_text("1MB per file")).to_be_visible()
        drop(page, "orders.csv", "order_id\n" + "1\n" * 1_000_000)
        expect(page.get_by_text("File must be 1.0MB or smaller.")).to_be_visible()
        expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
        visit.leave()


def test_the_ladder_of_a_link_is_narrowed_to_its_stage(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/signals?stage=quoted")
    rungs = [row["rung"] for row in rows(page, "Demand ladder by stage")]
    assert "quoted" in rungs
    assert "lead" not in rungs


def drop(page: Page, name: str, text: str) -> None:
    """Give the page a file."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def rows(page: Page, name: str) -> list[dict[str, str]]:
    """The table of this name as its own download has it."""
    button = page.get_by_role("button", name=f"Download as CSV: {name}")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.hover()
    with page.expect_download() as download:
        # By keyboard: scrolled to the top, a table's toolbar lies under the page's header.
        press(button)
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))
