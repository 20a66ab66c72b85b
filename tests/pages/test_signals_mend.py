"""Rows kept aside on the Signals page: page by page, by reason, in a spreadsheet and back, and applied."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.present.mending_tables import MOST
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from tests.builders.desk import said, table, visit
from tests.builders.workspaces import write_imported
from tests.signals.hostile import book

TODAY = date(2026, 11, 23)
#: More rows than are shown at once, all with a product nobody makes; the last has no number either.
BAD = 2 * MOST + 3
HISTORY = "date,product,market,quantity\n" + "".join(
    f"2026-10-05,0O01,uk,{'x' if number == BAD else number}\n" for number in range(1, BAD + 1)
)
SALES = [
    ["Order ID", "Due", "SKU", "Country", "Qty"],
    ["SO-9", "2026-12-18", "0003", "pt", "few"],
    ["SO-8", "2026-12-18", "0001", "uk", "7"],
]
EDITOR = "mend-data:history"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Desk]:
    """A desk on the small company with a long history nobody can use; its worker is never started."""
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY, history=HISTORY)))
    with serving(desk):
        yield desk
    desk.close()


def typed_over(page: AppTest, key: str, row: int, column: str, text: str) -> AppTest:
    """What a cell of an editor says now, as the browser tells it."""
    page.session_state[key] = {"edited_rows": {row: {column: text}}, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception
    return page


def test_rows_are_typed_in_page_by_page_and_by_reason_and_no_edit_is_lost(company: Desk) -> None:
    page = visit("signals")
    page = typed_over(page, f"{EDITOR}-0", 0, "product", "0001")
    page.selectbox(key="page-data:history").set_value(2 * MOST).run()
    page = typed_over(page, f"{EDITOR}-0-{2 * MOST}", 0, "product", "0001")
    told = table(page, "becomes")
    assert told[["line", "before", "after", "becomes"]].values.tolist() == [
        [2, "0O01", "0001", "Loads"],
        [2 * MOST + 2, "0O01", "0001", "Loads"],
    ]
    (why,) = [box for box in page.multiselect if box.label == "Only rows kept aside because"]
    (rare,) = [reason for reason in why.options if reason.endswith("(1)")]
    assert rare.startswith("quantity is not a number")
    why.set_value([rare.removesuffix(" (1)")]).run()
    assert table(page, "quantity")["quantity"].tolist() == ["x"]
    page.button(key="apply-mending").click().run()
    assert "2 rows of history.csv mended: in the data now." in page.success[0].value
    network = company.network()
    assert network is not None
    assert network["history"]["quantity"].to_list() == [1, 2 * MOST + 1]


def test_rows_mended_in_a_spreadsheet_are_compared_before_they_are_applied(company: Desk) -> None:
    page = visit("signals")
    rows = "".join(f"{line};0001;{line - 1}\r\n" for line in range(2, BAD + 2))
    page.text_area(key="text-data:history-0").set_value(f"Takt: line;product;quantity\r\n{rows}")
    page.button(key="compare-data:history").click().run()
    assert f"{BAD} rows came back: {BAD + 1} cells of {BAD} rows differ." in said(page)
    assert "Columns left as they were, as none came back: date, market." in said(page)
    assert set(table(page, "becomes")["becomes"]) == {"Loads"}
    assert company.network()["history"].is_empty()  # type: ignore[index]
    page.button(key="apply-mending").click().run()
    assert f"{BAD} rows of history.csv mended" in page.success[0].value
    assert company.network()["history"]["quantity"].sum() == sum(range(1, BAD + 1))  # type: ignore[index]


def test_a_spreadsheet_that_does_not_say_which_rows_it_has_is_refused(company: Desk) -> None:
    page = visit("signals")
    page.text_area(key="text-data:history-0").set_value("product\n0001\n")
    page.button(key="compare-data:history").click().run()
    assert "has no column 'Takt: line'" in page.warning[0].value
    assert "came back" not in said(page)


@pytest.mark.parametrize("imported", [True, False])
def test_rows_of_a_workbook_that_cannot_be_read_are_mended_before_and_after_its_import(
    company: Desk, imported: bool
) -> None:
    page = visit("signals")
    page.file_uploader[0].set_value([("sales.xlsx", book(*SALES), "application/vnd.ms-excel")])
    page.run()
    id = str(next(text for text in page.text_input if text.label == "Remember as").key).removeprefix(
        "remember-"
    )
    if imported:
        page.button(key="import").click().run()
        page.selectbox(key="mend-table").set_value("file:sales.xlsx").run()
        page = typed_over(page, "mend-file:sales.xlsx-0", 0, "Qty", "5")
        page.button(key="apply-mending").click().run()
        assert "1 row of sales.xlsx mended: in the data now." in page.success[0].value
    else:
        page = typed_over(page, f"mend-{id}-0", 0, "Qty", "5")
        page.button(key=f"try-{id}").click().run()
        page.button(key="import").click().run()
    network = company.network()
    assert network is not None
    held = dict(network["orders"].select("order_id", "quantity").iter_rows())
    assert (held["SO-9"], held["SO-8"]) == (5, 7)
    assert "sales.xlsx" not in set(table(page, "first")["file"])
