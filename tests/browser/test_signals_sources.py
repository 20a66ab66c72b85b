"""A shop's file in a real browser: understood, imported with its profile, and rows of it mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visit, press, serving_a_copy
from tests.browser.test_forecast_page import paste
from tests.browser.test_signals_page import drop, rows

SALES = (
    "ORDERNUMBER,QUANTITYORDERED,PRICEEACH,ORDERLINENUMBER,ORDERDATE,STATUS,PRODUCTCODE,COUNTRY\n"
    "10107,30,95.7,2,10/24/2026 0:00,Shipped,0001,uk\n"
    "10107,12,60,3,10/24/2026 0:00,In Process,0O02,uk\n"
    "10108,7,60,1,11/11/2026 0:00,On Hold,0002,uk\n"
)


@pytest.fixture
def own(planned_workspace: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose data it may change."""
    with serving_a_copy(planned_workspace, tmp_path) as server:
        yield server


def test_a_shop_s_file_is_imported_and_its_rows_kept_aside_are_mended_in_place_and_in_a_spreadsheet(
    own: Server, visit: Visit
) -> None:
    page = visit.open(f"{own.url}/signals")
    drop(page, "sales.csv", SALES)
    expect(page.get_by_text("sales.csv: 3 rows in = 1 loaded + 2 kept aside.")).to_be_visible()
    press(page.get_by_role("button", name="Import", exact=True))
    expect(page.get_by_text("3 rows in, 1 loaded (1 new")).to_be_visible()
    visit.settle()
    aside = sorted((row["file"], row["reason"][:20]) for row in rows(page, "Rows kept aside by reason"))
    assert aside == [
        ("orders.csv", "product is not in ro"),
        ("sales.csv", "On Hold: it is not c"),
        ("sales.csv", "product is not in ro"),
    ]

    page.get_by_text("Mend rows in place").click()
    visit.settle()
    _go_to_product(page)
    paste(page, "0003")
    expect(page.get_by_text("1 edited row will load.")).to_be_visible()
    expect(page.get_by_role("region", name="What the edits come to")).to_be_visible()
    press(page.get_by_role("button", name="Apply", exact=True))
    expect(page.get_by_text("1 row of orders.csv mended: in the data now.")).to_be_visible()
    visit.settle()

    # The other row was never read into a file of the data: it comes back from a spreadsheet.
    page.get_by_role("combobox", name="Rows of").press("ArrowDown")
    page.get_by_role("option", name="sales.csv, as it was dropped: 1 row").click()
    visit.settle()
    press(page.get_by_role("button", name="From a spreadsheet"))
    page.get_by_role("textbox", name="or its rows, copied with their header").fill(
        "Takt: line\tSTATUS\n4\tIn Process"
    )
    press(page.get_by_role("button", name="Compare"))
    expect(page.get_by_text("1 row came back: 1 cell of 1 row differ.")).to_be_visible()
    page.keyboard.press("Escape")
    press(page.get_by_role("button", name="Apply", exact=True))
    expect(page.get_by_text("1 row of sales.csv mended: in the data now.")).to_be_visible()
    visit.settle()
    press(page.get_by_role("button", name="Undo import 4"))
    expect(page.get_by_role("button", name="Redo import 4")).to_be_visible()


def _go_to_product(page: Page) -> None:
    """To the product of the first row by keyboard, behind file, line, reason, order_id and two days."""
    button = page.get_by_role("button", name="Download as CSV: Rows of orders.csv to be mended")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.get_by_test_id("data-grid-canvas").focus()
    for key in ("ArrowDown", "Control+ArrowUp", "Control+ArrowLeft", *["ArrowRight"] * 6):
        page.keyboard.press(key)
