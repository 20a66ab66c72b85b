"""What an address asks for, in a real browser: versions that stay, ids, and what is not there."""

import re
from pathlib import Path
from shutil import copytree

from playwright.sync_api import expect

from planning.store import Workspace
from tests.browser.conftest import Visit, press
from tests.builders.server import serving


def test_an_older_version_stays_from_page_to_page_and_ids_work_like_names(
    planned_workspace: Path, tmp_path: Path, visit: Visit
) -> None:
    workspace = copytree(planned_workspace, tmp_path / "workspace")
    with Workspace.open(workspace / "takt.duckdb") as opened:
        plan = opened.load_plan()
        assert plan is not None
        opened.save_plan(plan, plan.summary["input_hash"])
    with serving(workspace, tmp_path / "server.log") as server:
        page = visit.open(f"{server.url}/plan?version=1&factory=porto&factory=NOPE")
        reading = page.get_by_text("You are reading plan v1")
        expect(reading).to_be_visible()
        expect(page.get_by_text("There is no factory NOPE here.")).to_be_visible()
        page.wait_for_url(re.compile(r"factory=Porto"))
        expect(page.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text("Porto")
        for name in ("Fleet", "Today"):
            page.get_by_role("link", name=name, exact=True).press("Enter")
            page.wait_for_url(re.compile(rf"/{name.lower()}\?.*version=1"))
            expect(page.get_by_role("heading", level=1)).to_contain_text(name)
            expect(reading).to_be_visible()
        visit.settle()
        press(page.get_by_role("button", name="Back to plan v2"))
        expect(reading).to_have_count(0)
        expect(page.get_by_text(re.compile("Plan v2, "))).to_be_visible()
        visit.leave()
