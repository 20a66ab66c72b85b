"""A real server on a workspace of its own, and a browser that notices what a planner would not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import FILES, write_company
from tests.builders.demand import DEMAND
from tests.builders.server import Server, serving

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
PATIENCE_MILLISECONDS = 30_000
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: For every window Chromium gets ready two pages of its own, to pop up under an address nobody types, which
#: takes half a second of a core. Of two lists of what is disabled the last counts: Playwright's come along.
DISABLED = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
)
BROWSER_OPTIONS = ["--no-sandbox", f"--disable-features={','.join(DISABLED)}"]


expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class Visit:
    """A page in the browser, with everything that should not have happened on it."""

    page: Page
    console_errors: list[str] = field(default_factory=list)
    outside_requests: list[str] = field(default_factory=list)

    def open(self, url: str) -> Page:
        """Go there, and wait until the page stands."""
        self.page.goto(url)
        self.page.get_by_role("heading", level=1).wait_for()
        self.settle()
        return self.page

    def leave(self) -> None:
        """Go away: a browser that looks for a server that is gone complains in its console."""
        self.page.goto("about:blank")

    def settle(self) -> None:
        """Wait until Streamlit has nothing more to draw."""
        idle = self.page.locator("[data-test-script-state='notRunning']")
        idle.wait_for(state="attached")
        self.page.wait_for_timeout(300)
        # What was drawn may have asked for another run; until that is over, parts of the page are faded.
        idle.wait_for(state="attached")
        expect(self.page.locator("[data-stale=true]")).to_have_count(0)


def press(button: Locator) -> None:
    """Press a button by keyboard, once it can be: the mouse may meet a page that is still moving."""
    expect(button).to_be_enabled()
    button.press("Enter")


@pytest.fixture(scope="session")
def planned_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a small company with its forecast and first plan, to be copied."""
    folder = tmp_path_factory.mktemp("planned")
    # One row nobody can load, to be kept aside.
    orders = FILES["orders"] + "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "company", orders=orders, **DEMAND), TODAY)
        plan_workspace(workspace, TODAY)
    return folder / "workspace"


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the demo company, which takes a while to plan, without a plan; to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    with Workspace.open(folder / "takt.duckdb") as workspace:
        import_folder(workspace, ROOT / "data" / "demo", TODAY)
    return folder


@pytest.fixture(scope="session")
def grown_workspace(planned_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that is stale since a larger company was imported, whose solve takes seconds; to be copied."""
    folder = tmp_path_factory.mktemp("grown")
    company = copytree(ROOT / "data" / "demo", folder / "company")
    (company / "history.csv").unlink()
    (company / "campaigns.csv").unlink()
    settings = (company / "settings.csv").read_text(encoding="utf-8").splitlines()
    quick = [line for line in settings if not line.startswith(("gap,", "time_limit_seconds,"))]
    (company / "settings.csv").write_text(
        "\n".join([*quick, "gap,0.1", "time_limit_seconds,10", ""]), "utf-8"
    )
    copytree(planned_workspace, folder / "workspace")
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, company, TODAY)
    return folder / "workspace"


@pytest.fixture(scope="session")
def planned(planned_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose workspace holds a small company and its first plan."""
    with serving_a_copy(planned_workspace, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def unplanned(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose workspace holds the demo company, which takes a while to plan, and no plan."""
    with serving_a_copy(demo_workspace, tmp_path_factory.mktemp("server")) as server:
        yield server


@contextmanager
def serving_a_copy(workspace: Path, folder: Path) -> Iterator[Server]:
    """Serve a copy of a workspace, made in this folder."""
    with serving(copytree(workspace, folder / "workspace"), folder / "server.log") as server:
        yield server


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A desktop window of 1440 × 900; a console error or a request that leaves the machine fails the test."""
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)
    visit = watched(context)
    yield visit
    context.close()
    assert visit.console_errors == []
    assert visit.outside_requests == []


def watched(context: BrowserContext) -> Visit:
    """A new page whose console and requests are kept."""
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    # Chromium would ask where to save a table; without the picker it downloads.
    context.add_init_script("delete window.showSaveFilePicker")
    visit = Visit(context.new_page())
    visit.page.on(
        "console", lambda said: visit.console_errors.append(said.text) if said.type == "error" else None
    )
    visit.page.on("pageerror", lambda error: visit.console_errors.append(str(error)))
    visit.page.on(
        "request",
        lambda request: None if _is_local(request.url) else visit.outside_requests.append(request.url),
    )
    return visit


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
