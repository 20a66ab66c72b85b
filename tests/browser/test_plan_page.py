"""A planner's journeys over the Plan page, in a real browser on a real server."""

import csv
import io
import json
import os
import re
import signal
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Server, Visit, watched

PLANNING = 120_000


def test_a_deep_link_on_a_fresh_server_shows_its_page(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan")
    expect(page.get_by_text(re.compile("Plan v[0-9]+, "))).to_be_visible()
    expect(page.get_by_text("Data to week 47")).to_be_visible()
    expect(page).to_have_title("Plan")


def test_the_root_address_leads_to_the_first_page(planned: Server, visit: Visit) -> None:
    page = visit.open(planned.url)
    assert page.url == f"{planned.url}/plan"


def test_a_shared_link_shows_the_same_rows(planned: Server, visit: Visit, browser: Browser) -> None:
    page = visit.open(f"{planned.url}/plan")
    page.get_by_test_id("stMultiSelect").filter(has_text="Factory").get_by_role("combobox").click()
    page.get_by_role("option", name="Porto").click()
    page.wait_for_url(re.compile(r"factory=Porto"))

    context = browser.new_context()
    try:
        other = watched(context).open(page.url)
        expect(other.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text("Porto")
        assert downloaded_table(other, "Good units by week and factory").startswith("week,factory porto,all")
    finally:
        context.close()


def test_the_cost_table_downloads_with_the_costs_of_the_export(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    rows = list(csv.DictReader(downloaded_table(page, "Cost of the plan by line").splitlines()))
    _, archive = downloaded_export(page)
    costs = json.loads(archive.read("plan.json"))["costs"].values()
    shown = sorted(float(row["amount"]) for row in rows)
    assert shown == pytest.approx(sorted(cost for cost in costs if abs(cost) >= 0.005))


def test_the_export_folder_downloads_as_a_zip(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    name, archive = downloaded_export(page)
    assert re.fullmatch(r"takt-plan-v[0-9]+\.zip", name)
    assert {"plan.json", "production.csv", "schedule.csv", "rentals.csv"} <= set(archive.namelist())
    assert json.loads(archive.read("plan.json"))["checker"] == {"violations": 0}


def test_replan_shows_progress_and_ends_in_the_next_version(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    before = shown_version(page)
    replan = page.get_by_role("button", name="Re-plan")
    replan.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(replan).to_be_disabled()
    expect(page.get_by_text(f"Plan v{before + 1}, ")).to_be_visible(timeout=PLANNING)
    expect(replan).to_be_enabled()
    assert shown_version(page) == before + 1


def test_work_survives_a_reload_cannot_start_twice_and_is_cancelled(
    unplanned: Server, visit: Visit, browser: Browser
) -> None:
    page = visit.open(f"{unplanned.url}/plan")
    expect(page.get_by_text("a plan is not")).to_be_visible()
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Make a plan")).to_be_disabled()

    context = browser.new_context()
    try:
        colleague = watched(context).open(f"{unplanned.url}/plan")
        expect(colleague.get_by_role("progressbar")).to_be_visible()
        expect(colleague.get_by_role("button", name="Make a plan")).to_be_disabled()
    finally:
        context.close()

    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Make a plan")).to_be_enabled(timeout=PLANNING)
    expect(page.get_by_text("a plan is not")).to_be_visible()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_killed_worker_is_told_in_words(unplanned: Server, visit: Visit) -> None:
    page = visit.open(f"{unplanned.url}/plan")
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    worker = json.loads(urllib.request.urlopen(f"{unplanned.url}/health").read())["worker_pid"]
    os.kill(worker, signal.SIGKILL)
    expect(page.get_by_text("was killed (signal 9)")).to_be_visible()
    expect(page.get_by_role("button", name="Make a plan")).to_be_enabled()
    again = json.loads(urllib.request.urlopen(f"{unplanned.url}/health").read())["worker_pid"]
    assert again not in (None, worker)


def test_the_primary_action_is_single_and_above_the_fold(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    primary = page.get_by_test_id("stBaseButton-primary")
    expect(primary).to_have_count(1)
    box = primary.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900


def test_on_a_phone_nothing_scrolls_sideways_and_decisions_come_first(
    planned: Server, browser: Browser
) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    try:
        visit = watched(context)
        page = visit.open(f"{planned.url}/plan")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
        decisions = page.get_by_role("heading", name="Rentals to decide").bounding_box()
        figures = page.get_by_test_id("stMetric").first.bounding_box()
        assert decisions is not None
        assert figures is not None
        assert decisions["y"] < figures["y"]
        assert (visit.console_errors, visit.outside_requests) == ([], [])
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["1440x900", "390x844"])
def test_screenshots_to_look_at(
    planned: Server, browser: Browser, tmp_path: Path, size: str, scheme: str
) -> None:
    width, height = map(int, size.split("x"))
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        page = watched(context).open(f"{planned.url}/plan")
        picture = tmp_path / f"plan-{size}-{scheme}.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 20_000, "a page without content makes a small picture"
    finally:
        context.close()


def downloaded_export(page: Page) -> tuple[str, zipfile.ZipFile]:
    """Name and content of the export."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    content = Path(download.value.path()).read_bytes()
    return download.value.suggested_filename, zipfile.ZipFile(io.BytesIO(content))


def downloaded_table(page: Page, name: str) -> str:
    """What the table of this name is as CSV."""
    button = page.get_by_role("button", name=f"Download as CSV: {name}")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.hover()
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def shown_version(page: Page) -> int:
    """Version of the plan the badge names."""
    badge = page.get_by_text(re.compile("Plan v[0-9]+, ")).inner_text()
    found = re.search("v([0-9]+)", badge)
    assert found is not None
    return int(found.group(1))
