"""Two planners at the same draft, in one browser: the second is told what changed, and loses nothing."""

import re
from pathlib import Path
from shutil import copytree

from playwright.sync_api import Browser, Page, expect

from planning.domain.scenario import DemandScaled, own_robots
from planning.store import Workspace
from tests.browser.conftest import DESKTOP, Visit, press, watched
from tests.browser.test_morning_and_week import choose
from tests.builders.server import serving

NAME, SHARE = "two printers", "Change of the forecast in %"


def test_the_second_of_two_is_told_what_changed_and_loses_nothing(
    planned_workspace: Path, tmp_path: Path, visit: Visit, browser: Browser
) -> None:
    workspace = copytree(planned_workspace, tmp_path / "workspace")
    with_a_draft(workspace / "takt.duckdb")
    with serving(workspace, tmp_path / "server.log") as server:
        mine = visit.open(f"{server.url}/scenarios?scenario={NAME}")
        say_share(mine, "10")
        context = browser.new_context(viewport=DESKTOP)
        try:
            other = watched(context)
            theirs = other.open(f"{server.url}/scenarios?scenario={NAME}")
            say_share(theirs, "20")
            press(theirs.get_by_role("button", name="Add", exact=True))
            expect(theirs.get_by_test_id("stDataFrame").first).to_be_visible()
            other.settle()

            press(mine.get_by_role("button", name="Add", exact=True))
            told = mine.get_by_test_id("stAlert").filter(has_text="changed this scenario since you began")
            expect(told).to_contain_text(re.compile(r"added Forecast demand \+20"))
            visit.settle()
            expect(mine.get_by_label(SHARE)).to_have_value(re.compile("^10"))
            press(mine.get_by_role("button", name="Add", exact=True))
            expect(told).to_have_count(0)
            assert (other.console_errors, other.outside_requests) == ([], [])
            other.leave()
        finally:
            context.close()
        visit.leave()
    with Workspace.open(workspace / "takt.duckdb") as opened:
        (draft,) = opened.scenarios()
        shares = [change.share for change in draft.changes if isinstance(change, DemandScaled)]
        assert shares == [0.2, 0.1]
        assert len(draft.changes) == 3, "and what was there before"
        assert opened.verify_ledger().is_empty()


def with_a_draft(database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.make_scenario(NAME)
        workspace.change_scenario(NAME, [own_robots("leeds", "printer", 2)], on=0)


def say_share(page: Page, per_cent: str) -> None:
    """Open the form of a change and type more demand into it."""
    press(page.get_by_role("button", name="Add a change"))
    choose(page, "What would be different", "More or less demand")
    share = page.get_by_label(SHARE)
    share.fill(per_cent)
    share.press("Tab")
    expect(page.get_by_role("button", name="Add", exact=True)).to_be_enabled()
