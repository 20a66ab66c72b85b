"""A factory lead's journey over the Schedule page, in a real browser on a real server."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Server, Visit, press, watched

#: Characters of a date-time up to its seconds.
SECONDS = len("2026-11-30T06:00:00")
LIST = "Jobs, late ones first, then by start"


def test_a_lead_opens_a_factorys_week_asks_what_a_job_is_for_and_takes_all_away(
    planned: Server, visit: Visit
) -> None:
    page = visit.open(f"{planned.url}/schedule?factory=Leeds&week=2026-W49")
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text("Leeds")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Week 49: ")

    page.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Shift+Space")
    expect(dialog).to_contain_text("Work order leeds/")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    visit.settle()
    bars(page).first.click()
    expect(dialog).to_contain_text("Work order leeds/")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    rows = downloaded_jobs(page)
    planned_jobs = [
        job for job in exported_schedule(page) if (job["factory"], job["week"]) == ("leeds", "2026-11-30")
    ]
    assert rows, "the week has jobs"
    assert jobs_of(rows) == jobs_of(planned_jobs)
    assert bars(page).count() == len(rows)


def test_bars_stand_where_they_stand_whatever_the_readers_time_zone(
    planned: Server, browser: Browser
) -> None:
    places = []
    for timezone in ("Asia/Tokyo", "America/Los_Angeles"):
        context = browser.new_context(viewport=DESKTOP, timezone_id=timezone)
        try:
            visit = watched(context)
            page = visit.open(f"{planned.url}/schedule")
            expect(bars(page).first).to_be_visible()
            places.append([bar.bounding_box() for bar in bars(page).all()])
            assert "06:00" in str(bars(page).first.get_attribute("aria-label"))
            assert visit.console_errors == []
        finally:
            context.close()
    assert places[0] == places[1]


def test_on_a_phone_the_schedule_does_not_scroll_sideways(planned: Server, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    try:
        page = watched(context).open(f"{planned.url}/schedule?week=All+weeks")
        expect(page.get_by_role("heading", level=2).first).to_contain_text("All weeks: ")
        expect(bars(page).first).to_be_visible()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    finally:
        context.close()


def bars(page: Page) -> Locator:
    """The bars of the Gantt."""
    return page.get_by_test_id("stVegaLiteChart").locator("[aria-label*='Work order:']")


def downloaded_jobs(page: Page) -> list[dict[str, str]]:
    """The job list as it downloads."""
    button = page.get_by_role("button", name=f"Download as CSV: {LIST}")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.hover()
    with page.expect_download() as download:
        button.click()
    return list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))


def exported_schedule(page: Page) -> list[dict[str, str]]:
    """The rows of schedule.csv in the export folder."""
    press(page.get_by_role("button", name=re.compile("Export")))
    folder = page.get_by_role("button", name="CSV folder")
    with page.expect_download() as download:
        press(folder)
    page.keyboard.press("Escape")
    expect(folder).to_have_count(0)
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        return list(csv.DictReader(archive.read("schedule.csv").decode("utf-8").splitlines()))


def jobs_of(rows: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """Work order, start, end and units of the rows, in order; times to the second."""
    return sorted(
        (
            row["work_order"],
            row["start"][:SECONDS],
            row["end"][:SECONDS],
            float(row.get("units") or row["quantity"]),
        )
        for row in rows
    )
