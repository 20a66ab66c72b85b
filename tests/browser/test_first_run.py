"""Somebody new: from an empty install and a folder of files to the first plan, without leaving the page."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit, press, serving
from tests.builders.company import write_company

SOLVE_MILLISECONDS = 90_000


def test_from_an_empty_install_to_the_first_plan(tmp_path: Path, visit: Visit) -> None:
    company = write_company(tmp_path / "company")
    with serving(tmp_path / "workspace", tmp_path / "server.log") as server:
        page = visit.open(server.url)
        expect(page.get_by_role("button", name="Load the demo company")).to_be_visible()
        press(page.get_by_role("button", name="Upload a folder"))
        page.locator("input[type=file]").first.set_input_files(company)
        bring_in = page.get_by_role("button", name="Import and plan")
        expect(bring_in).to_be_visible()
        visit.settle()
        press(bring_in)
        expect(page.get_by_text(re.compile("Plan v1, "))).to_be_visible(timeout=SOLVE_MILLISECONDS)
        expect(page.get_by_role("heading", name="Needs your decision")).to_be_visible()
        assert re.search("/today", page.url)
        visit.leave()
