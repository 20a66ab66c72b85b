"""A planner edits a rate by keyboard, sees what it comes to, saves it, and takes it back; then backs up."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, press, serving_a_copy
from tests.browser.test_forecast_page import say


def test_an_edit_is_judged_saved_and_undone(planned_workspace: Path, tmp_path: Path, visit: Visit) -> None:
    with serving_a_copy(planned_workspace, tmp_path) as server:
        page = visit.open(f"{server.url}/settings?table=offers")
        to_weekly_rate(page)
        say(page, "9o")
        expect(page.get_by_text("1 thing to put right first.")).to_be_visible()
        save = page.get_by_role("button", name="Save", exact=True)
        expect(save).to_be_disabled()

        visit.settle()
        to_weekly_rate(page)
        say(page, "95")
        expect(page.get_by_text("1 row changed.")).to_be_visible()
        expect(save).to_be_enabled()
        visit.settle()
        press(save)
        expect(page.get_by_text("It is in the data now")).to_be_visible()
        expect(page.get_by_text("Stale: the data changed since")).to_be_visible()
        expect(page.get_by_role("button", name="Re-plan")).to_be_visible()
        visit.settle()
        press(page.get_by_role("button", name="Undo", exact=True))
        expect(page.get_by_text("Stale: the data changed since")).to_have_count(0)

        visit.settle()
        page.get_by_text("Backups", exact=True).click()
        press(page.get_by_role("button", name="Back up now"))
        expect(page.get_by_text("Backed up, and looked at again")).to_be_visible()
        assert len(list((tmp_path / "workspace" / "backups").glob("takt-*.duckdb"))) == 1
        visit.leave()


def to_weekly_rate(page: Page) -> None:
    """Go to the first row's rate by keyboard."""
    page.get_by_test_id("data-grid-canvas").first.focus()
    for key in ("ArrowDown", "Control+ArrowUp", "Control+ArrowLeft", *["ArrowRight"] * 4):
        page.keyboard.press(key)
