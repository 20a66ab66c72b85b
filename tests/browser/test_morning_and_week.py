"""A planner's morning and week, from an order that comes in to the plan of the week after, in one browser.

Import, confirm, re-plan; duplicate, add a robot, compare, promote; approve, publish, export; bring the edited
schedule back; take in what really happened, and plan on from there.
"""

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from tests.browser.conftest import TODAY, Visit, press, serving_a_copy
from tests.browser.test_plan_page import downloaded_export, table_of
from tests.browser.test_signals_deals import pick_first
from tests.browser.test_signals_page import drop
from tests.builders.company import FILES, write_company
from tests.builders.demand import DEMAND

SOLVE_MILLISECONDS = 60_000
#: Two weeks are frozen: one of them still is when the first is over.
SETTINGS = FILES["settings"] + "frozen_weeks,2\n"
LARGE_ORDER = (
    "order_id,order_date,due_date,product,market,quantity,customer,unit_price\n"
    "SO-7,2026-11-02,2026-12-18,0001,uk,400,Ada,40\n"
)
NEXT = TODAY + timedelta(weeks=1)


@pytest.fixture(scope="session")
def frozen_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a company that freezes two weeks, with deals and a first plan; to be copied."""
    folder = tmp_path_factory.mktemp("frozen")
    deals = {"opportunities": DEMAND["opportunities"]}
    with Workspace.open(folder / "workspace" / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "company", settings=SETTINGS, **deals), TODAY)
        plan_workspace(workspace, TODAY)
    return folder / "workspace"


def test_a_morning_and_a_week(frozen_workspace: Path, tmp_path: Path, visit: Visit) -> None:
    with serving_a_copy(frozen_workspace, tmp_path) as server:
        page = visit.open(f"{server.url}/signals")
        import_orders(visit, page)
        visit.open(f"{server.url}/signals")
        confirm_first_deal(visit, page)
        replan(page, 2)

        visit.open(f"{server.url}/scenarios")
        duplicate(page, "two printers")
        expect(page.get_by_role("heading", name="What two printers changes")).to_be_visible()
        own_more_robots(visit, page, "leeds", "printer", 3)
        visit.settle()
        press(page.get_by_role("button", name="Solve"))
        expect(page.get_by_role("button", name="Promote")).to_be_visible(timeout=SOLVE_MILLISECONDS)
        expect(page.get_by_text(re.compile(r"two printers costs .* (more|less)"))).to_be_visible()
        promote(visit, page, "pays in week 50", 4)

        visit.open(f"{server.url}/plan")
        approve_and_publish(visit, page, 4)
        _, archive = downloaded_export(page)
        document = json.loads(archive.read("plan.json"))
        assert (document["version"], document["checker"]) == (4, {"violations": 0})

        visit.open(f"{server.url}/scenarios")
        bring_back(page, *one_unit_more(archive))
        expect(page.get_by_role("button", name="Promote")).to_be_visible(timeout=SOLVE_MILLISECONDS)
        promote(visit, page, "the fair wants one more", 6)
        visit.open(f"{server.url}/plan")
        approve_and_publish(visit, page, 6)

        roll_with_two_units_left(visit, page)
        expect(page.get_by_text(re.compile("Plan v7, "))).to_be_visible(timeout=SOLVE_MILLISECONDS)
        expect(page.get_by_text("Data to week 48")).to_be_visible()
        visit.leave()

    with Workspace.open(tmp_path / "workspace" / "takt.duckdb") as workspace:
        network, published, rolled = workspace.load_network(), workspace.load_plan(6), workspace.load_plan(7)
        assert network is not None
        assert published is not None
        assert rolled is not None
        assert rolled.summary["checker"]["violations"] == 0
        assert started_work_is_made_first(network, rolled)
        assert of_week(published, NEXT).equals(of_week(rolled, NEXT)), "the frozen week stands"
        assert workspace.verify_ledger().is_empty()


def import_orders(visit: Visit, page: Page) -> None:
    drop(page, "orders november.csv", LARGE_ORDER)
    press(page.get_by_role("button", name="Import", exact=True))
    expect(page.get_by_text("1 row in, 1 loaded (1 new")).to_be_visible()
    visit.settle()


def confirm_first_deal(visit: Visit, page: Page) -> None:
    pick_first(page)
    confirm = page.get_by_role("button", name="Confirm deal", exact=True)
    expect(confirm).to_be_enabled()
    press(confirm)
    expect(page.get_by_text("is confirmed as order")).to_be_visible()
    expect(page.get_by_text("Stale: the data changed since")).to_be_visible()
    visit.settle()


def replan(page: Page, version: int) -> None:
    press(page.get_by_role("button", name="Re-plan"))
    expect(page.get_by_text(re.compile(f"Plan v{version}, "))).to_be_visible(timeout=SOLVE_MILLISECONDS)


def duplicate(page: Page, name: str) -> None:
    press(page.get_by_role("button", name="Duplicate"))
    page.get_by_label("Name").fill(name)
    page.get_by_label("Name").press("Enter")
    press(page.get_by_role("button", name="Duplicate it"))


def own_more_robots(visit: Visit, page: Page, factory: str, model: str, units: int) -> None:
    press(page.get_by_role("button", name="Add a change"))
    choose(page, "What would be different", "Robots of our own")
    choose(page, "Factory", factory)
    choose(page, "Robot model", model)
    robots = page.get_by_label("Robots", exact=True)
    robots.fill(str(units))
    robots.press("Enter")
    visit.settle()
    press(page.get_by_role("button", name="Add", exact=True))
    expect(page.get_by_role("button", name="Take out")).to_be_visible()
    page.keyboard.press("Escape")


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox")
    box.click()
    page.get_by_role("option", name=re.compile(option, re.IGNORECASE)).first.click()


def say_why(visit: Visit, page: Page, reason: str, button: str) -> None:
    why = page.get_by_label("Why", exact=True)
    why.fill(reason)
    why.press("Enter")
    visit.settle()
    press(page.get_by_role("button", name=button))


def promote(visit: Visit, page: Page, reason: str, version: int) -> None:
    # By keyboard: that the plan is ready is told over the corner the button stands in.
    press(page.get_by_role("button", name="Promote"))
    say_why(visit, page, reason, "Promote it")
    expect(page.get_by_text(re.compile(f"Plan v{version}, .*, proposed"))).to_be_visible()


def approve_and_publish(visit: Visit, page: Page, version: int) -> None:
    for step, status in (("Approve", "approved"), ("Publish", "published")):
        press(page.get_by_role("button", name=step, exact=True))
        say_why(visit, page, "agreed on Monday", f"{step} plan v{version}")
        expect(page.get_by_text(re.compile(f"Plan v{version}, .*, {status}"))).to_be_visible()
        visit.settle()


def one_unit_more(archive: zipfile.ZipFile) -> tuple[str, str]:
    """schedule.csv as a planner edits it: the last job makes one unit more."""
    jobs = table_of(archive, "schedule")
    jobs[-1]["quantity"] = str(float(jobs[-1]["quantity"]) + 1)
    return "schedule.csv", as_text(jobs)


def bring_back(page: Page, name: str, text: str) -> None:
    press(page.get_by_role("button", name="Edited plan"))
    drop(page, name, text)
    expect(page.get_by_role("button", name="Download as CSV: What was edited")).to_be_attached()
    press(page.get_by_role("button", name="Try it as a scenario"))


def roll_with_two_units_left(visit: Visit, page: Page) -> None:
    """Roll the week in which two units of a run were started, not finished, and so not shipped."""
    press(page.get_by_role("button", name="Roll the week"))
    visit.settle()
    with page.expect_download() as got:
        press(page.get_by_role("button", name="The week as planned, to correct"))
    with zipfile.ZipFile(got.value.path()) as week:
        made, shipped = table_of(week, "made"), table_of(week, "shipped")
    run = max(made, key=lambda row: float(row["made"]))
    product = run["routing"].split("/")[0]
    gone = next(row for row in shipped if (row["factory"], row["product"]) == (run["factory"], product))
    run |= {"made": f"{float(run['made']) - 2:g}", "left": "2"}
    gone |= {"quantity": f"{float(gone['quantity']) - 2:g}"}
    files = {"made.csv": as_text([run]), "shipped.csv": as_text([gone])}
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in files.items()]
    )
    expect(page.get_by_role("button", name="Download as CSV: What differed from the plan")).to_be_attached()
    visit.settle()
    press(page.get_by_role("button", name=f"Roll to week {NEXT:%-V} and re-plan"))


def as_text(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def of_week(plan: Plan, week: date) -> pl.DataFrame:
    return plan["production"].filter(week=week).select("factory", "routing", "quantity").sort(pl.all())


def started_work_is_made_first(network: Network, plan: Plan) -> bool:
    started = network["firm_work"].filter(status="started")
    made = plan["production"].filter(week=NEXT).group_by("factory", "routing").agg(pl.col("quantity").sum())
    kept = started.join(made, on=["factory", "routing"]).filter(pl.col("quantity") >= pl.col("quantity_left"))
    return 0 < started.height == kept.height
