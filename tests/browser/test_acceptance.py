"""What every page must stand in a browser: the acceptance list of the interface, page by page.

A page is loaded once for a desktop and once for a phone; the tests of it share that window.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from planning.present.help import PAGES as TITLES
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit, serving, watched

PAGES = [title.lower() for title in TITLES]

#: Rules Streamlit's own markup breaks, whatever a page does (a list of its own in the interface design).
UPSTREAM = {"list", "listitem", "presentation-role-conflict", "svg-img-alt"}

PRIMARY = "[data-testid=stMain] [kind=primary]"
#: How long Tab is pressed before what it has not reached counts as out of reach.
PRESSES, MOST_ROUNDS = 40, 8

PICTURES = "[data-testid=stMain] canvas, [data-testid=stMain] [role=graphics-document]"

#: Everything a keyboard has to reach. Streamlit takes out of the order what is disabled, and what a bigger
#: control beside it does as well: the arrow of a combobox, the cells of a table. Its own "Stop" comes and
#: goes with every look at the work under way.
ACTIONS = ", ".join(
    f"{kind}:not([data-testid=stStatusWidget] *)"
    for kind in ("button:enabled", "a[href]", "input:enabled", "textarea:enabled", "[role=tab]", "summary")
)


#: Opens the page of this name; who leaves closes it.
Opens = Callable[[str], AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def empty(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opens]:
    """Opens a page of a workspace with nothing in it."""
    folder = tmp_path_factory.mktemp("empty")
    with (
        serving(folder / "workspace", folder / "server.log") as server,
        windows(server, browser, viewport=DESKTOP) as opens,
    ):
        yield opens


@pytest.fixture(scope="module")
def desktop(planned: Server, browser: Browser) -> Iterator[Opens]:
    """Opens a page on a desktop."""
    with windows(planned, browser, viewport=DESKTOP, color_scheme="light") as opens:
        yield opens


@pytest.fixture(scope="module")
def phone(planned: Server, browser: Browser) -> Iterator[Opens]:
    """Opens a page on a phone."""
    with windows(
        planned, browser, viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark"
    ) as opens:
        yield opens


@contextmanager
def windows(server: Server, browser: Browser, **settings: Any) -> Iterator[Opens]:
    """What opens a page of the server in a window with these settings, one page after the other.

    An open page looks every few seconds for what others did, so each is closed when its tests are over.
    """
    context = browser.new_context(**settings)

    @contextmanager
    def opened(name: str) -> Iterator[Visit]:
        visit = watched(context)
        visit.open(f"{server.url}/{name}")
        yield visit
        visit.page.close()

    yield opened
    context.close()


@pytest.fixture(scope="module", params=PAGES)
def shown(request: pytest.FixtureRequest, desktop: Opens) -> Iterator[Visit]:
    """A page on a desktop."""
    with desktop(request.param) as visit:
        yield visit


@pytest.fixture(scope="module", params=PAGES)
def on_a_phone(request: pytest.FixtureRequest, phone: Opens) -> Iterator[Visit]:
    """A page on a phone."""
    with phone(request.param) as visit:
        yield visit


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_leads_to_its_page_and_its_empty_state(name: str, empty: Opens) -> None:
    with empty(name) as visit:
        page = visit.page
        expect(page.get_by_role("heading", level=1)).to_have_text(name.capitalize())
        expect(page).to_have_title(name.capitalize())
        told = page.get_by_test_id("stAlert")
        expect(told).to_have_count(1)
        expect(told).to_contain_text(re.compile("no data yet|template", re.IGNORECASE))
        assert page.locator(PRIMARY).count() <= 1
        assert (visit.console_errors, visit.outside_requests) == ([], [])


def test_nothing_leaves_the_machine_and_the_console_is_quiet(shown: Visit) -> None:
    assert (shown.console_errors, shown.outside_requests) == ([], [])


def test_nothing_is_broken(shown: Visit) -> None:
    assert shown.page.get_by_text("error id").count() == 0
    assert shown.page.get_by_text("Traceback").count() == 0


def test_the_plan_and_the_week_of_the_data_are_named(shown: Visit) -> None:
    expect(shown.page.get_by_text(re.compile("Plan v[0-9]+, "))).to_be_visible()
    expect(shown.page.get_by_text("Data to week 47")).to_be_visible()


def test_help_is_beside_the_title(shown: Visit) -> None:
    shown.page.get_by_role("heading", level=1).get_by_role("button", name="Help").focus()
    expect(shown.page.get_by_role("tooltip")).to_contain_text("?")
    shown.page.keyboard.press("Escape")
    expect(shown.page.get_by_role("tooltip")).to_have_count(0)


def test_the_primary_action_is_single_and_above_the_fold(shown: Visit) -> None:
    primary = shown.page.locator(PRIMARY)
    if shown.page.url.endswith(("/signals", "/settings")):  # there once something is typed or dropped
        expect(primary).to_have_count(0)
        return
    expect(primary).to_have_count(1)
    box = primary.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < DESKTOP["height"]


def test_a_chart_and_a_table_say_in_words_what_they_show(shown: Visit) -> None:
    unnamed = shown.page.locator(PICTURES).evaluate_all(
        "all => all.filter(one => !one.closest('[aria-label]')).map(one => one.outerHTML.slice(0, 300))"
    )
    assert unnamed == []


def test_the_keyboard_reaches_every_action_and_opens_nothing_on_its_way(shown: Visit) -> None:
    page = shown.page
    assert unreached(page) == []
    expect(page.get_by_role("dialog")).to_have_count(0)
    # A week of the Plan page's grid opens below it, as a cell of a sheet is told in its bar.
    assert set(parse_qs(urlsplit(page.url).query)) <= {"week"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(shown: Visit, scheme: Any) -> None:
    shown.page.emulate_media(color_scheme=scheme)
    # The words that pop up beside what has the focus are none of the page's.
    shown.page.evaluate("document.activeElement?.blur()")
    shown.settle()
    assert findings(shown.page) == []


def test_nothing_scrolls_sideways_on_a_phone(on_a_phone: Visit) -> None:
    page = on_a_phone.page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_decisions_come_before_figures_on_a_phone(on_a_phone: Visit) -> None:
    page = on_a_phone.page
    figures = page.get_by_test_id("stMetric")
    # Sources and rows; plans side by side; a chain; tables.
    if page.url.endswith(("/signals", "/scenarios", "/thread", "/settings")):
        expect(figures).to_have_count(0)
        return
    before = page.locator(
        "[data-testid=stDataFrame], [data-testid=stAlert], [data-testid=stMain] h2"
    ).first.bounding_box()
    first = figures.first.bounding_box()
    assert before is not None
    assert first is not None
    assert before["y"] < first["y"]


def findings(page: Page) -> list[str]:
    """What axe finds wrong, as rule: element; without what only Streamlit could mend."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:300]} ({node.get('failureSummary', '')[:300]})"
        for rule in found
        if rule["id"] not in UPSTREAM
        for node in rule["nodes"]
    ]


def unreached(page: Page) -> list[str]:
    """Actions that Tab passes by, however often it is pressed."""
    page.evaluate(
        """selector => {
            document.activeElement?.blur()
            window.scrollTo(0, 0)
            window.asked = [...document.querySelectorAll(selector)].filter(one =>
                one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0
            )
            window.reached = new Set()
            document.addEventListener("focusin", event => window.reached.add(event.target), true)
        }""",
        ACTIONS,
    )
    missed: list[str] = []
    for _ in range(MOST_ROUNDS):
        for _ in range(PRESSES):
            page.keyboard.press("Tab")
        missed = page.evaluate(
            "window.asked.filter(one => !window.reached.has(one)).map(one => one.outerHTML.slice(0, 300))"
        )
        if not missed:
            break
    return missed
