"""A demand manager confirms a deal: picked by keyboard, looked over, confirmed, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visit, press, serving_a_copy

#: Keeps the most tables there were at one time.
COUNT_TABLES = """() => {
  window.mostTables = 0;
  new MutationObserver(() => {
    const tables = document.querySelectorAll("[data-testid=stDataFrame]").length;
    window.mostTables = Math.max(window.mostTables, tables);
  }).observe(document.body, {childList: true, subtree: true});
}"""


@pytest.fixture
def own(planned_workspace: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose data it may change."""
    with serving_a_copy(planned_workspace, tmp_path) as server:
        yield server


def test_a_deal_is_confirmed_makes_the_plan_stale_offers_a_re_plan_and_is_undone(
    own: Server, visit: Visit
) -> None:
    page = visit.open(f"{own.url}/signals")
    page.evaluate(COUNT_TABLES)
    tables = page.get_by_test_id("stDataFrame").count()
    pick_first(page)
    confirm = page.get_by_role("button", name="Confirm deal", exact=True)
    expect(confirm).to_be_visible()
    visit.settle()
    # A second one, there while the page is drawn, would move what is clicked from under the mouse.
    assert page.evaluate("() => window.mostTables") == tables
    units = page.get_by_role("textbox", name="Units")
    units.fill("many")
    units.press("Tab")
    expect(page.get_by_text("'many' is not a number of units")).to_be_visible()
    expect(confirm).to_be_disabled()
    units.fill("12")
    units.press("Tab")
    visit.settle()
    expect(confirm).to_be_enabled()
    press(confirm)

    expect(page.get_by_text("is confirmed as order")).to_be_visible()
    expect(page.get_by_text("Stale: the data changed since")).to_be_visible()
    expect(page.get_by_role("button", name="Re-plan")).to_be_visible()
    visit.settle()
    press(page.get_by_role("button", name="Undo", exact=True))
    expect(page.get_by_text("is confirmed as order")).to_have_count(0)
    expect(page.get_by_text("Stale: the data changed since")).to_have_count(0)


def pick_first(page: Page) -> None:
    """Pick the first deal of the list, by keyboard."""
    button = page.get_by_role("button", name="Download as CSV: Deals that may become orders")
    table = page.get_by_test_id("stDataFrame").filter(has=button)
    table.scroll_into_view_if_needed()
    table.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
