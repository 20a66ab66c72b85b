"""A demand manager's journey over the Forecast page, in a real browser on a real server."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visit

FORECASTING = 60_000


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

    page.get_by_role("button", name="All series").click()
    table = page.get_by_test_id("stDataFrame").first
    expect(page.get_by_role("heading", name="Series by money at stake")).to_be_visible()
    visit.settle()
    table.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.wait_for_url(re.compile("product=.*market="))
    expect(page.get_by_role("heading", name="Method and why")).to_be_visible()


def test_a_forecast_is_made_while_one_watches_and_is_told(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/forecast")
    expect(page.get_by_text(re.compile("^Forecast [0-9]+ · made"))).to_be_visible()
    before = shown_number(page)
    button = page.get_by_test_id("stBaseButton-primary")
    expect(button).to_have_count(1)
    button.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(button).to_be_disabled()
    expect(page.get_by_text(re.compile("Forecast of [0-9]+ series is ready"))).to_be_visible(
        timeout=FORECASTING
    )
    expect(page.get_by_text(re.compile(f"^Forecast {before + 1} · made"))).to_be_visible()


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
