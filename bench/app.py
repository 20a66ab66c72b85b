"""The app: first paint from a cold start, and click to paint, for one planner and while twenty are at work.

Click to paint is measured inside a browser's page: from the click to the last change of the document before
200 ms without any, once the server has answered it. First paint is from the start of the server's
process to the same rest of the first page.

Of the twenty sessions one is that browser; the other nineteen are sessions that speak Streamlit's protocol
(`bench.sessions`), because twenty browsers on one machine would measure the browsers. They think 10 s
between pages; the browser clicks faster than that, so that there are enough clicks to judge by: the server
has more to do than twenty planners would give it. All runs on one machine: browser and sessions take their
share of it.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
from playwright.sync_api import Page, sync_playwright

from bench.large_company import AS_OF, PRODUCTS, SEED, START, write_large_company
from bench.sessions import Wire, planners_at_work
from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from setup.browser import REMEDY, find_browser
from tests.builders.server import Server, serving

LINES = (1_000, 10_000, 50_000)
SESSIONS = 20
THINK_SECONDS = 10.0
#: Seconds the browser rests between two clicks.
PAUSE_SECONDS = 1.0
ROUNDS = 6
QUIET_MILLISECONDS = 200
PATIENCE_MILLISECONDS = 60_000
DESKTOP = {"width": 1440, "height": 900}
PAGES = ("Signals", "Forecast", "Plan", "Fleet", "Schedule", "Today")

#: In the page: when was clicked last, when did the document change last, and does it rest.
WATCH = """
window.paint = { clicked: 0, changed: 0 };
document.addEventListener('pointerdown', event => { window.paint.clicked = event.timeStamp; }, true);
document.addEventListener('keydown', event => { window.paint.clicked = event.timeStamp; }, true);
new MutationObserver(() => { window.paint.changed = performance.now(); }).observe(
    document, { subtree: true, childList: true, attributes: true, characterData: true });
window.rests = quiet =>
    window.paint.changed > window.paint.clicked
    && performance.now() - window.paint.changed >= quiet
    && document.querySelector("[data-test-script-state='notRunning']") !== null
    && document.querySelector('h1') !== null;
"""

Paint = tuple[str, float]


def main() -> None:
    """Print one table: order lines, what was clicked, p50 and p95 for one and for twenty, memory."""
    chromium = find_browser()
    if chromium is None:
        print(REMEDY)
        return
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for lines in LINES:
            with tempfile.TemporaryDirectory() as scratch:
                workspace = _planned(Path(scratch), lines)
                page = browser.new_page(viewport=DESKTOP)
                page.set_default_timeout(PATIENCE_MILLISECONDS)
                page.add_init_script(WATCH)
                rows += _measure(page, Wire(page), workspace, Path(scratch) / "server.log", lines)
                page.close()
        browser.close()
    with pl.Config(
        tbl_width_chars=200,
        tbl_cols=-1,
        tbl_rows=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        print(pl.DataFrame(rows, schema=list(rows[-1])))


def _planned(scratch: Path, lines: int) -> Path:
    """A workspace with a company of so many order lines and its plan."""
    company = write_large_company(scratch / "company", lines)
    with Workspace.open(scratch / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, company, AS_OF)
        plan_workspace(workspace, AS_OF)
    return scratch / "workspace"


def _measure(page: Page, wire: Wire, workspace: Path, log: Path, lines: int) -> list[dict[str, object]]:
    started = time.monotonic()
    with serving(workspace, log) as server:
        page.goto(f"{server.url}/today")
        _rest(page)
        first = time.monotonic() - started - QUIET_MILLISECONDS / 1000
        idle = _megabytes(server)
        alone = list(_clicks(page, wire))
        with planners_at_work(server.url, SESSIONS - 1, PRODUCTS, THINK_SECONDS, SEED):
            page.wait_for_timeout(THINK_SECONDS * 1000)
            together = list(_clicks(page, wire))
            busy = _megabytes(server)
    named = [*dict.fromkeys(what for what, _ in alone)]
    return [
        {"lines": lines, "click": "first paint from a cold start", "p50": round(first, 2), "MB": idle},
        *(_row(lines, what, alone, together) for what in named),
        _row(lines, "all clicks", alone, together) | {"MB": busy},
    ]


def _row(lines: int, what: str, alone: list[Paint], together: list[Paint]) -> dict[str, object]:
    row: dict[str, object] = {"lines": lines, "click": what}
    for heading, paints in (("", alone), (f", {SESSIONS} sessions", together)):
        seconds = pl.Series([seconds for name, seconds in paints if what in {name, "all clicks"}])
        row |= {f"p50{heading}": round(seconds.quantile(0.5, "linear") or 0.0, 2)}
        row |= {f"p95{heading}": round(seconds.quantile(0.95, "linear") or 0.0, 2)}
    return row


def _clicks(page: Page, wire: Wire) -> Iterator[Paint]:
    """What a planner clicks through, some rounds of it: what, and the seconds to its paint."""
    for number in range(ROUNDS):
        for name in PAGES:
            yield name, _paint(page, wire, lambda name=name: _open(page, name))
            for what, click in _on_page(page, name, number):
                seconds = _paint(page, wire, click)
                if what:
                    yield f"{name}: {what}", seconds


def _open(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", level=1, name=name).wait_for()


def _on_page(page: Page, name: str, number: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """What else is clicked there, and without a name what takes a choice back: it would stay for the next."""
    if name == "Plan":
        yield "all orders", page.get_by_text("All open", exact=True).click
        yield "", page.get_by_text("Late and refused", exact=True).click
        week = START + timedelta(weeks=2 + number)
        yield "open a week", _choice(page, "Open a week", f"{week:%G-W%V}")
    if name in {"Forecast", "Plan", "Schedule"}:
        yield "one product", _choice(page, "Product", PRODUCTS[number])
        yield "", lambda: page.keyboard.press("Backspace")
        # The list stays open over the page, for further choices.
        page.keyboard.press("Escape")


def _choice(page: Page, label: str, option: str) -> Callable[[], None]:
    """Have the list open and the choice typed already; what is timed is taking it."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option).first.wait_for()
    return lambda: page.keyboard.press("Enter")


def _paint(page: Page, wire: Wire, click: Callable[[], None]) -> float:
    """Seconds from the click to the last change of the document before it rests."""
    page.wait_for_timeout(PAUSE_SECONDS * 1000)
    wire.expect()
    click()
    give_up = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while wire.waiting:
        if time.monotonic() > give_up:
            raise TimeoutError("the server did not answer a click")
        page.wait_for_timeout(20)
    _rest(page)
    return float(page.evaluate("window.paint.changed - window.paint.clicked")) / 1000


def _rest(page: Page) -> None:
    page.wait_for_function("quiet => window.rests(quiet)", arg=QUIET_MILLISECONDS, polling=50)


def _megabytes(server: Server) -> int:
    """Memory of the server's process as the system counts it (resident set)."""
    shown = ["ps", "-o", "rss=", "-p", str(server.process.pid)]
    return round(int(subprocess.run(shown, capture_output=True, text=True, check=True).stdout) / 1024)
