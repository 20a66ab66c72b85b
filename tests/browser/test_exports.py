"""A planner takes the plan away: every file of the Export menu, downloaded and opened."""

import io
import json
import zipfile
from pathlib import Path

import fastexcel
import icalendar
from playwright.sync_api import Page

from planning.domain.schema import EXPORT
from tests.browser.conftest import Server, Visit, press

FILES = ("Excel workbook", "CSV folder", "JSON", "Decide-by dates", "Schedule to print")


def test_every_file_of_the_menu_is_the_plan_on_the_page(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/plan")
    press(page.get_by_role("button", name="Export", exact=True))
    files = {label: downloaded(page, label) for label in FILES}
    with zipfile.ZipFile(io.BytesIO(files["CSV folder"])) as archive:
        plan = json.loads(archive.read("plan.json"))
        orders = archive.read("promises.csv").decode().count("\n") - 1
    assert json.loads(files["JSON"])["plan"] == plan
    book = fastexcel.read_excel(files["Excel workbook"])
    assert book.sheet_names == ["plan", *EXPORT]
    assert book.load_sheet("promises").height == orders
    assert icalendar.Calendar.from_ical(files["Decide-by dates"]).errors == []
    printed = files["Schedule to print"].decode()
    assert f"Plan v{plan['version']} of" in printed
    assert "<h1>Leeds</h1>" in printed
    assert (visit.console_errors, visit.outside_requests) == ([], [])


def downloaded(page: Page, label: str) -> bytes:
    """What the menu gives under this label."""
    with page.expect_download() as download:
        press(page.get_by_role("button", name=label))
    return Path(download.value.path()).read_bytes()
