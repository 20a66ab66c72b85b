"""Take the pictures of the documentation from the demo company: `make screenshots`.

A workspace of its own is filled, planned and served for as long as that takes; docs/img gets a picture of
every page as it is on the demo's day.
"""

import re
import sys
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from planning.domain.scenario import DemandScaled, own_robots
from planning.errors import TaktError
from planning.present.help import PAGES
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from planning.workflows.planning_run import save_result
from planning.workflows.scenarios import make_scenario_plan
from setup.browser import REMEDY, find_browser
from setup.demo_day import DEMO, demo_moment, live_on_it
from setup.serve import ROOT
from tests.builders.server import Server, serving

PICTURES = ROOT / "docs" / "img"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
#: Pages that are also shown as they are on a phone.
ON_A_PHONE = ("Today",)
#: What a page is narrowed to, where one thing opened says more than all of them together.
OPENED = {
    "Thread": {"id": "SO-41473"},
    "Forecast": {"product": "Irrigation impeller 120 mm", "market": "Germany, Austria, Switzerland (Munich)"},
    "Settings": {"table": "offers"},
}

SCENARIO = "A tenth more demand"

PATIENCE_MILLISECONDS = 60_000
#: When everything is there, charts still fade in.
STILL_MILLISECONDS = 1_500
#: However busy the machine, the solve is to end by its gap: the same pictures every time.
SOLVE_SECONDS = 900


def main() -> int:
    """Take every picture and say where each is; the exit code is 1 without a browser."""
    chromium = find_browser()
    if chromium is None:
        print(REMEDY, file=sys.stderr)
        return 1
    with TemporaryDirectory() as name:
        folder = Path(name)
        print("Planning the demo company …", flush=True)
        try:
            plan_demo(folder)
        except TaktError as error:
            print(error, file=sys.stderr)
            return error.exit_code
        with (
            serving(folder / "workspace", folder / "server.log", "setup.demo_day") as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            take_all(browser, server)
            browser.close()
    return 0


def plan_demo(folder: Path) -> None:
    """Fill `folder`/workspace with the demo company, its forecast and its first plan, all made on its day.

    Raises
    ------
    NoPlanError, RefusedPlanError
    """
    live_on_it()
    demo, today = copytree(DEMO, folder / "demo"), demo_moment().date()
    settings = demo / "settings.csv"
    text = settings.read_text(encoding="utf-8")
    patient = re.sub("^time_limit_seconds,.*$", f"time_limit_seconds,{SOLVE_SECONDS}", text, flags=re.M)
    settings.write_text(patient, encoding="utf-8")
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, demo, today)
        plan_workspace(workspace, today)
        # Who takes pictures has been on the tour.
        workspace.tour().mark("offered")
        try_something(workspace)


def try_something(workspace: Workspace) -> None:
    """A scenario to show: one robot more, and demand a tenth higher."""
    scenarios = Desk(workspace).scenarios
    owned = workspace.load_network()
    if owned is None:
        raise ValueError("the demo was imported")
    factory, model, units, _ = owned["owned"].row(0)
    scenarios.duplicate(SCENARIO)
    scenarios.change(SCENARIO, [own_robots(factory, model, units + 1), DemandScaled(0.1)], on=0)
    save_result(workspace, make_scenario_plan(scenarios.payload(SCENARIO)))


def take_all(browser: Browser, server: Server) -> None:
    """A picture of every page as wide as a desk has it, and of some on a phone."""
    for viewport, titles, ending in ((DESK, PAGES, ""), (PHONE, ON_A_PHONE, "-phone")):
        context = browser.new_context(viewport=viewport, color_scheme="light", timezone_id="Europe/Lisbon")
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        for title in titles:
            picture = PICTURES / f"{title.lower()}{ending}.png"
            open_page(page, f"{server.url}/{title.lower()}?{urlencode(OPENED.get(title, {}))}")
            page.screenshot(path=picture)
            print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size / 1000:.0f} kB", flush=True)
        context.close()


def open_page(page: Page, url: str) -> None:
    """Go there, and wait until everything on it stands still."""
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    page.locator("[data-test-script-state='notRunning']").wait_for(state="attached")
    # Figures and charts come as parts of their own: grey boxes until then.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MILLISECONDS)
    page.wait_for_timeout(STILL_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
