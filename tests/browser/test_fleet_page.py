"""A fleet buyer's journey over the Fleet page, in a real browser on a real server."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from tests.browser.conftest import TODAY, Server, Visit, press, serving
from tests.builders.company import write_company

CONTRACTS = """contract,offer,factory,units,weekly_rate,on_rent_date,min_end_date
CT-0012,flex,leeds,2,85.5,2026-09-07,2026-12-28
CT-0013,flex,porto,1,90,2026-10-05,2027-01-04
"""
TABLE = "Contracts that run, by notice date"


@pytest.fixture(scope="module")
def renting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose workspace holds a company with two running contracts, and its plan."""
    folder = tmp_path_factory.mktemp("renting")
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "company", contracts=CONTRACTS), TODAY)
        plan_workspace(workspace, TODAY)
    with serving(folder / "workspace", folder / "server.log") as server:
        yield server


def test_a_buyer_opens_one_factory_and_takes_its_contracts_and_dates_away(
    renting: Server, visit: Visit
) -> None:
    page = visit.open(f"{renting.url}/fleet?factory=Leeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fleet")
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text("Leeds")

    rows = downloaded(page)
    assert [row["contract"] for row in rows] == ["CT-0012"]
    assert (rows[0]["weekly"], rows[0]["weekly_rate"], rows[0]["min_end_date"]) == (
        "171",
        "85.5",
        "2026-12-28",
    )
    seen = on_screen(page)
    assert len(seen[0]) >= 7
    assert seen == [list(row.values())[: len(seen[0])] for row in rows]

    with page.expect_download() as download:
        press(page.get_by_role("button", name="Dates to calendar"))
    assert re.fullmatch(r"takt-decide-by-v[0-9]+\.ics", download.value.suggested_filename)
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")


def contracts(page: Page) -> Locator:
    """The table of contracts, with its toolbar."""
    button = page.get_by_role("button", name=f"Download as CSV: {TABLE}")
    return page.get_by_test_id("stDataFrame").filter(has=button)


def downloaded(page: Page) -> list[dict[str, str]]:
    """Its rows as they download."""
    contracts(page).scroll_into_view_if_needed()
    contracts(page).hover()
    with page.expect_download() as download:
        press(page.get_by_role("button", name=f"Download as CSV: {TABLE}"))
    return list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))


def on_screen(page: Page) -> list[list[str]]:
    """Its cells on the screen, row by row, as many columns as are in sight."""
    rows = contracts(page).locator("table[role=grid] tbody tr").all()
    return [row.locator("td").all_text_contents() for row in rows]
