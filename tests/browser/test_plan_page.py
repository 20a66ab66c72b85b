"""A planner's journeys over the Plan page, in a real browser on a real server."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, Visit, press, watched

GRID = "Good units by week and factory"


def test_a_shared_link_shows_the_same_orders_of_a_factory(
    planned: Server, visit: Visit, browser: Browser
) -> None:
    page = visit.open(f"{planned.url}/plan")
    _, archive = downloaded_export(page)
    page.keyboard.press("Escape")
    page.get_by_test_id("stMultiSelect").filter(has_text="Factory").get_by_role("combobox").click()
    page.get_by_role("option", name="Porto").click()
    page.wait_for_url(re.compile(r"factory=Porto"))
    visit.settle()
    page.get_by_text("All open", exact=True).click()
    page.wait_for_url(re.compile(r"orders=All"))
    visit.settle()
    orders = rows(page, "Open orders, late and refused first")
    assert {row["order"] for row in orders} == orders_shipped_from("porto", archive)

    context = browser.new_context()
    try:
        other = watched(context).open(page.url)
        expect(other.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text("Porto")
        assert rows(other, "Open orders, late and refused first") == orders
        assert list(rows(other, GRID)[0]) == ["week", "factory porto", "all"]
    finally:
        context.close()


def test_a_cell_of_the_grid_opens_what_is_made_there_and_its_link_shows_the_same(
    planned: Server, visit: Visit, browser: Browser
) -> None:
    page = visit.open(f"{planned.url}/plan")
    first = rows(page, GRID)[0]
    grid = page.get_by_test_id("stDataFrame").filter(has=download(page, GRID))
    box = grid.bounding_box()
    assert box is not None
    # The second column of the first row below the head: a canvas has no cells to click by name.
    grid.click(position={"x": box["width"] * 0.4, "y": 46})
    page.wait_for_url(re.compile(r"at=Leeds"))
    expect(page.get_by_text(re.compile(r"^Leeds, week \d+$"))).to_be_visible()
    visit.settle()
    made = rows(page, "Products made in the week picked, with units and robot hours")
    assert sum(float(row["quantity"]) for row in made) == pytest.approx(float(first["factory leeds"]))
    served = rows(page, "Orders this work is for, with their promised weeks")
    assert {row["product"] for row in served} <= {row["product"] for row in made}

    context = browser.new_context()
    try:
        other = watched(context).open(page.url)
        assert rows(other, "Products made in the week picked, with units and robot hours") == made
    finally:
        context.close()


def test_a_week_opens_by_keyboard(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    week = page.get_by_test_id("stSelectbox").filter(has_text="Open a week").get_by_role("combobox")
    week.press_sequentially("W48")
    # It is seen a moment before it is what Enter takes.
    expect(page.get_by_role("option", name="2026-W48")).to_have_attribute("data-focused", "true")
    week.press("Enter")
    page.wait_for_url(re.compile(r"week=2026-W48"))
    expect(page.get_by_text("All factories, week 48", exact=True)).to_be_visible()


def test_the_cost_table_downloads_with_the_costs_of_the_export(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    shown = sorted(float(row["amount"]) for row in rows(page, "Cost of the plan by line"))
    name, archive = downloaded_export(page)
    assert re.fullmatch(r"takt-plan-v[0-9]+\.zip", name)
    assert {"plan.json", "production.csv", "schedule.csv", "rentals.csv"} <= set(archive.namelist())
    told = json.loads(archive.read("plan.json"))
    assert told["checker"] == {"violations": 0}
    assert shown == pytest.approx(sorted(cost for cost in told["costs"].values() if abs(cost) >= 0.005))


def downloaded_export(page: Page) -> tuple[str, zipfile.ZipFile]:
    """Name and content of the export folder."""
    press(page.get_by_role("button", name="Export"))
    with page.expect_download() as got:
        press(page.get_by_role("button", name="CSV folder"))
    content = Path(got.value.path()).read_bytes()
    return got.value.suggested_filename, zipfile.ZipFile(io.BytesIO(content))


def orders_shipped_from(factory: str, archive: zipfile.ZipFile) -> set[str]:
    """Order lines whose product the factory ships to their market by their last delivery (export files)."""
    first: dict[tuple[str, str], str] = {}
    for row in table_of(archive, "shipments"):
        key = (row["product"], row["market"])
        if row["factory"] == factory:
            first[key] = min(row["arrive_week"], first.get(key, row["arrive_week"]))
    last: dict[tuple[str, str, str], str] = {}
    for row in table_of(archive, "promises"):
        line = (f"{row['order_id']}/{row['line']}", row["product"], row["market"])
        last[line] = max(row["delivered_week"], last.get(line, ""))
    return {order for (order, *key), week in last.items() if first.get((key[0], key[1]), "~") <= week}


def table_of(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(archive.read(f"{name}.csv").decode().splitlines()))


def rows(page: Page, name: str) -> list[dict[str, str]]:
    """What the table of this name says, from its download."""
    button = download(page, name)
    with page.expect_download() as got:
        # By keyboard: the toolbar leaves when the pointer does, and the page may still be moving.
        press(button)
    text = Path(got.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def download(page: Page, name: str) -> Locator:
    """The button that downloads the table of this name."""
    return page.get_by_role("button", name=f"Download as CSV: {name}")
