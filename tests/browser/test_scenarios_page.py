"""A planner's journey: duplicate, change, solve, compare, promote, approve, publish, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from tests.browser.conftest import TODAY, Visit, serving_a_copy
from tests.browser.test_plan_page import downloaded_export
from tests.builders.company import FILES, write_company

SOLVE_MILLISECONDS = 60_000
BUSY = FILES["orders"] + "SO-7,2026-11-02,2026-12-18,0001,uk,400,Ada,40\n"


@pytest.fixture(scope="session")
def busy_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a company whose plan rents; to be copied."""
    folder = tmp_path_factory.mktemp("busy")
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "company", orders=BUSY), TODAY)
        plan_workspace(workspace, TODAY)
    return folder / "workspace"


def test_from_a_duplicate_to_the_published_plan(busy_workspace: Path, tmp_path: Path, visit: Visit) -> None:
    with serving_a_copy(busy_workspace, tmp_path) as server:
        page = visit.open(f"{server.url}/scenarios")
        duplicate(page, "two printers")
        expect(page.get_by_role("heading", name="What two printers changes")).to_be_visible()
        own_more_robots(page, "leeds", "printer", 3)
        visit.settle()
        page.get_by_role("button", name="Solve").click()
        expect(page.get_by_role("button", name="Promote")).to_be_visible(timeout=SOLVE_MILLISECONDS)
        expect(page.get_by_text(re.compile(r"two printers costs .* (more|less)"))).to_be_visible()
        expect(page.get_by_text("Cost by line")).to_be_visible()

        # By keyboard: that the plan is ready is told over the corner the button stands in.
        page.get_by_role("button", name="Promote").press("Enter")
        say_why(page, "Why", "pays in week 50", "Promote it")
        expect(page.get_by_text(re.compile("Plan v3, .*, proposed"))).to_be_visible()

        page = visit.open(f"{server.url}/plan")
        for step, status in (("Approve", "approved"), ("Publish", "published")):
            page.get_by_role("button", name=step, exact=True).press("Enter")
            say_why(page, "Why", "agreed on Monday", f"{step} plan v3")
            expect(page.get_by_text(re.compile(f"Plan v3, .*, {status}"))).to_be_visible()
            visit.settle()
        _, archive = downloaded_export(page)
        document = json.loads(archive.read("plan.json"))
        assert (document["version"], document["checker"]) == (3, {"violations": 0})
        visit.leave()
    with Workspace.open(tmp_path / "workspace" / "takt.duckdb") as workspace:
        assert workspace.published_version() == 3
        assert workspace.verify_ledger().is_empty()
        network = workspace.load_network()
        assert network is not None
        assert network["owned"].filter(factory="leeds")["units"].item() == 3


def duplicate(page: Page, name: str) -> None:
    page.get_by_role("button", name="Duplicate").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Name").press("Enter")
    page.get_by_role("button", name="Duplicate it").click()


def own_more_robots(page: Page, factory: str, model: str, units: int) -> None:
    page.get_by_role("button", name="Add a change").click()
    choose(page, "What would be different", "Robots of our own")
    choose(page, "Factory", factory)
    choose(page, "Robot model", model)
    robots = page.get_by_label("Robots", exact=True)
    robots.fill(str(units))
    robots.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Take out")).to_be_visible()
    page.keyboard.press("Escape")


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox")
    box.click()
    page.get_by_role("option", name=re.compile(option, re.IGNORECASE)).first.click()


def say_why(page: Page, label: str, reason: str, button: str) -> None:
    why = page.get_by_label(label, exact=True)
    why.fill(reason)
    why.press("Enter")
    page.get_by_role("button", name=button).press("Enter")
