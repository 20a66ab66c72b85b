"""A demand manager's journey over the Forecast page, in a real browser on a real server."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Page, expect

from planning.store import Workspace
from planning.workflows.folders import import_folder
from tests.browser.conftest import DEMAND, FILES, TODAY, Server, Visit, press, serving_a_copy, write_company

FORECASTING = 60_000


@pytest.fixture
def own(planned_workspace: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose data it may change."""
    with serving_a_copy(planned_workspace, tmp_path) as server:
        yield server


def test_a_series_is_opened_by_link_or_by_its_row_and_its_netting_downloads(
    planned: Server, visit: Visit
) -> None:
    page = visit.open(f"{planned.url}/forecast?product=0001&market=uk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forecast")
    expect(page.get_by_role("heading", name="0001, uk")).to_be_visible()
    expect(page.get_by_role("heading", name="Method and why")).to_be_visible()
    rows = netted(page)
    shown = page.get_by_text(re.compile("^Forecast [0-9,]+ − ")).inner_text()
    expected = re.search(r"= ([0-9,]+) expected", shown)
    assert expected is not None
    assert round(sum(float(row["expected"]) for row in rows)) == int(expected.group(1).replace(",", ""))

    press(page.get_by_role("button", name="All series"))
    table = page.get_by_test_id("stDataFrame").first
    expect(page.get_by_role("heading", name="Series by money at stake")).to_be_visible()
    visit.settle()
    table.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.wait_for_url(re.compile("product=.*market="))
    expect(page.get_by_role("heading", name="Method and why")).to_be_visible()


def test_a_forecast_of_changed_data_is_made_while_one_watches_then_it_stands(
    planned_workspace: Path, tmp_path: Path, visit: Visit
) -> None:
    more = FILES["orders"] + "SO-7,2026-11-16,2026-12-31,0001,uk,50,Cy,60\n"
    copytree(planned_workspace, tmp_path / "changed")
    with Workspace.open(tmp_path / "changed" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(tmp_path / "company", orders=more, **DEMAND), TODAY)
    with serving_a_copy(tmp_path / "changed", tmp_path) as changed:
        page = visit.open(f"{changed.url}/forecast")
        expect(page.get_by_text(re.compile("^Forecast [0-9]+ · made"))).to_be_visible()
        before = shown_number(page)
        button = page.get_by_test_id("stBaseButton-primary")
        expect(button).to_have_count(1)
        # So few series may be done before the page is drawn: how it looks meanwhile is seen of longer work.
        press(button)
        expect(page.get_by_text(re.compile("Forecast of [0-9]+ series is ready"))).to_be_visible(
            timeout=FORECASTING
        )
        expect(page.get_by_text(re.compile(f"^Forecast {before + 1} · made"))).to_be_visible()
        expect(button).to_be_enabled()
        # By keyboard: the mouse is over what tells that the forecast is ready, which stays as long.
        press(button)
        expect(page.get_by_text("The forecast stands: nothing it was made of has changed.")).to_be_visible(
            timeout=FORECASTING
        )
        assert shown_number(page) == before + 1
        visit.leave()


def test_an_override_is_typed_pasted_told_saved_makes_the_plan_stale_and_is_undone(
    own: Server, visit: Visit
) -> None:
    page = visit.open(f"{own.url}/forecast?product=0001&market=uk")
    save = page.get_by_role("button", name="Save overrides")
    first_cell_to_type_in(page)
    say(page, "99999999999")
    expect(page.get_by_text("is too large to plan with: at most 1,000,000,000")).to_be_visible()
    visit.settle()
    expect(save).to_have_count(0)

    first_cell_to_type_in(page)
    paste(page, "40\nplenty")
    expect(page.get_by_text("'plenty' is neither units, such as 120")).to_be_visible()
    visit.settle()
    first_cell_to_type_in(page)
    page.keyboard.press("ArrowDown")
    say(page, "+50 %")
    expect(page.get_by_text(re.compile("^Not saved yet. 2 overrides"))).to_be_visible()
    page.get_by_role("textbox", name="Reason").fill("Second line starts")
    page.get_by_role("textbox", name="Author").fill("ada")
    page.keyboard.press("Enter")
    expect(save).to_be_visible()
    expect(page.get_by_test_id("stBaseButton-primary")).to_have_count(1)
    stale = page.get_by_text("Stale: the data changed since")
    expect(stale).to_have_count(0)

    press(save)
    expect(page.get_by_text("2 overrides saved.")).to_be_visible()
    expect(stale).to_be_visible()
    expect(save).to_have_count(0)
    visit.settle()
    press(page.get_by_role("button", name="Undo"))
    expect(stale).to_have_count(0)
    expect(page.get_by_text("2 overrides saved.")).to_have_count(0)


def first_cell_to_type_in(page: Page) -> None:
    """Go to the first week's cell by keyboard."""
    button = page.get_by_role("button", name="Download as CSV: Weeks, and what is said instead")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.get_by_test_id("data-grid-canvas").focus()
    for key in ("ArrowDown", "Control+ArrowUp", "Control+ArrowLeft", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)


def say(page: Page, text: str) -> None:
    """Type into the cell that has the focus."""
    page.keyboard.press("Enter")
    editor = page.locator("#portal textarea")
    editor.fill(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)


def paste(page: Page, text: str) -> None:
    """Paste into the cell that has the focus."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def netted(page: Page) -> list[dict[str, str]]:
    """The table of what was netted, as it downloads."""
    button = page.get_by_role("button", name="Download as CSV: Forecast, orders and deals netted")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.hover()
    with page.expect_download() as download:
        button.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def shown_number(page: Page) -> int:
    """Number of the forecast shown."""
    found = re.search(
        "Forecast ([0-9]+) ·", page.get_by_text(re.compile("^Forecast [0-9]+ · made")).inner_text()
    )
    assert found is not None
    return int(found.group(1))
