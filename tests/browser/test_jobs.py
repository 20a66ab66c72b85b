"""Long work as a planner lives with it: it outlives reloads, cancels, and the death of its process."""

import json
import os
import re
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from planning.store import Workspace
from tests.browser.conftest import Server, Visit, press, serving, serving_a_copy, watched

PLANNING = 120_000
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


def test_a_plan_made_elsewhere_is_shown_by_itself(planned: Server, visit: Visit, browser: Browser) -> None:
    page = visit.open(f"{planned.url}/plan")
    before = shown_version(page)
    context = browser.new_context()
    try:
        colleague = watched(context).open(f"{planned.url}/fleet")
        # So small a plan may be there before the page is drawn: what is seen meanwhile, longer plans show.
        press(page.get_by_role("button", name="Re-plan"))
        expect(page.get_by_text(f"Plan v{before + 1}, ")).to_be_visible(timeout=PLANNING)
        expect(page.get_by_role("button", name="Re-plan")).to_be_enabled()
        visit.leave()
        expect(colleague.get_by_text(f"Plan v{before + 1}, ")).to_be_visible()
        expect(colleague.get_by_role("progressbar")).to_have_count(0)
    finally:
        context.close()


def test_work_is_seen_from_everywhere_cannot_start_twice_and_is_cancelled(
    unplanned: Server, visit: Visit, browser: Browser
) -> None:
    page = visit.open(f"{unplanned.url}/plan")
    expect(page.get_by_text("a plan is not")).to_be_visible()
    start(page, "Make a plan")
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Make a plan")).to_be_disabled()
    page.get_by_role("link", name="Schedule").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")
    expect(page.get_by_role("progressbar")).to_be_visible()

    context = browser.new_context()
    try:
        colleague = watched(context).open(f"{unplanned.url}/plan")
        expect(colleague.get_by_role("progressbar")).to_be_visible()
        expect(colleague.get_by_role("button", name="Make a plan")).to_be_disabled()
        press(page.get_by_role("button", name="Cancel"))
        expect(page.get_by_text("Cancelled. Nothing was changed.")).to_be_visible(timeout=PLANNING)
        expect(colleague.get_by_role("button", name="Make a plan")).to_be_enabled()
    finally:
        context.close()


@posix
def test_a_worker_killed_in_the_middle_of_a_solve_is_told_and_the_next_solve_works(
    grown_workspace: Path, tmp_path: Path, visit: Visit
) -> None:
    with serving_a_copy(grown_workspace, tmp_path) as server:
        page = visit.open(f"{server.url}/plan")
        start_solving(page)
        worker = health(server)["worker_pid"]
        os.kill(worker, signal.SIGKILL)
        expect(page.get_by_text("was killed (signal 9)")).to_be_visible()
        expect(page.get_by_text("Planning run failed (error id ")).to_be_visible()
        expect(page.get_by_text("Plan v1, ")).to_be_visible()

        start_solving(page)
        expect(page.get_by_text("was killed (signal 9)")).to_have_count(0)
        expect(page.get_by_text("Plan v2, ")).to_be_visible(timeout=PLANNING)
        assert health(server)["worker_pid"] not in (None, worker)
        visit.leave()


@posix
def test_a_server_killed_in_the_middle_of_a_solve_comes_back_with_everything(
    grown_workspace: Path, tmp_path: Path, visit: Visit
) -> None:
    with serving_a_copy(grown_workspace, tmp_path) as server:
        page = visit.open(f"{server.url}/plan")
        start_solving(page)
        visit.leave()
        server.process.kill()
        server.process.wait(30)

    with Workspace.open(server.workspace / "takt.duckdb") as workspace:
        assert workspace.plans()["version"].to_list() == [1]
        assert workspace.imports().height == 2
        assert workspace.verify_ledger().is_empty()
        assert [job.status for job in workspace.jobs()] == ["failed"]

    with serving(server.workspace, tmp_path / "again.log") as again:
        page = visit.open(f"{again.url}/plan")
        expect(page.get_by_text("Plan v1, ")).to_be_visible()
        expect(page.get_by_text("Stale: the data changed since")).to_be_visible()
        expect(page.get_by_text("The app ended before this was done")).to_be_visible()
        press(page.get_by_role("button", name="Dismiss"))
        expect(page.get_by_text("The app ended before this was done")).to_have_count(0)
        expect(page.get_by_role("button", name="Re-plan")).to_be_enabled()
        visit.leave()


def start_solving(page: Page) -> None:
    """Start a planning run, and see the solver at work."""
    start(page, "Re-plan")
    expect(page.get_by_text(re.compile("Deciding what long rent|Planning production"))).to_be_visible()


def start(page: Page, action: str) -> None:
    """Start the work, and see it at work."""
    press(page.get_by_role("button", name=action))
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name=action)).to_be_disabled()


def health(server: Server) -> dict[str, Any]:
    """What the server says of itself."""
    with urllib.request.urlopen(f"{server.url}/health") as answer:
        return dict(json.loads(answer.read()))


def shown_version(page: Page) -> int:
    """Version of the plan the badge names."""
    badge = page.get_by_text(re.compile("Plan v[0-9]+, ")).inner_text()
    found = re.search("v([0-9]+)", badge)
    assert found is not None
    return int(found.group(1))
