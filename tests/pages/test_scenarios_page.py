"""The Scenarios page on a real workspace, without a browser: duplicate, change, compare, promote, discard."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.domain import scenario as say
from planning.present import scenario_words, words
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.folders import import_folder, plan_workspace
from planning.workflows.planning_run import save_result
from planning.workflows.scenarios import make_scenario_plan
from tests.builders.company import FILES, write_company
from tests.builders.desk import NOON, StandInDesk, labels, said, table, visit

MORE = {
    "opportunities": "opportunity_id,stage,product,market,quantity,expected_date,status\n"
    "D-1,verbal,0003,uk,120,2026-12-18,open\n",
    "orders": FILES["orders"] + "SO-7,2026-11-02,2026-12-18,0001,uk,400,Ada,40\n",
}
NIGHT = say.own_robots("leeds", "printer", 4)


@pytest.fixture(scope="module")
def solved_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a plan and a scenario with its plan; to be copied."""
    folder = tmp_path_factory.mktemp("solved")
    with Workspace.open(folder / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "company", **MORE), NOON.date())
        plan_workspace(workspace, NOON.date())
        desk = Desk(workspace)
        desk.scenarios.duplicate("four printers")
        desk.scenarios.change("four printers", [NIGHT], on=0)
        save_result(workspace, make_scenario_plan(desk.scenarios.payload("four printers")))
    return folder / "takt.duckdb"


@pytest.fixture
def desk(solved_once: Path, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Workspace.open(Path(shutil.copy(solved_once, tmp_path)), "Ana"))
    with serving(desk):
        yield desk
    desk.close()


def primary(page: AppTest) -> list[str]:
    """Every primary action on the page, menus included."""
    menus = [menu.proto.popover for menu in page.get("popover")]
    return [button.label for button in page.button if button.proto.type == "primary"] + [
        menu.label for menu in menus if menu.type == "primary"
    ]


def test_without_data_or_plan_it_says_what_to_do_first() -> None:
    with serving(StandInDesk()):
        assert visit("scenarios").info[0].value == words.NO_DATA


def test_without_a_scenario_the_action_is_to_duplicate_the_plan(desk: Desk) -> None:
    desk.scenarios.discard("four printers", 1)
    page = visit("scenarios")
    assert page.info[0].value == scenario_words.NO_SCENARIO
    assert primary(page) == ["Duplicate"]


def test_a_duplicate_is_named_and_opened_and_a_taken_name_is_told(desk: Desk) -> None:
    page = visit("scenarios")
    page.text_input(key="duplicate-name").set_value("four printers").run()
    page.button(key="duplicate-it").click().run()
    assert "give this one another name" in page.error[0].value
    page.text_input(key="duplicate-name").set_value("five printers").run()
    page.button(key="duplicate-it").click().run()
    assert [one.name for one in desk.scenarios.open()] == ["five printers", "four printers"]
    assert desk.scenarios.find("five printers").changes == (NIGHT,), "of the scenario that was open"
    assert "What five printers changes" in said(page)


def test_what_a_scenario_changes_is_told_in_words(desk: Desk) -> None:
    assert list(table(visit("scenarios"), "what")["what"]) == ["Own robots leeds · printer: units 4"]


def test_a_change_is_asked_for_added_and_taken_out(desk: Desk) -> None:
    page = visit("scenarios")
    page.selectbox(key="change-kind").set_value("More or less demand").run()
    assert page.button(key="add-it").disabled
    key = "change-0-More or less demand-share"
    page.number_input(key=key).set_value(20.0).run()
    page.button(key="add-it").click().run()
    told = ["Own robots leeds · printer: units 4", "Forecast demand +20 %: all of it"]
    assert list(table(page, "what")["what"]) == told
    page.multiselect(key="take-out-changes").set_value(told[:1]).run()
    page.button(key="take-them-out").click().run()
    assert list(table(page, "what")["what"]) == told[1:]


def test_a_deal_is_picked_by_what_it_is_and_confirmed(desk: Desk) -> None:
    page = visit("scenarios")
    deal = page.selectbox(key="change-0-A deal is confirmed-deal")
    assert deal.options == ["D-1: 120.0 × 0003, uk"]
    deal.set_value("D-1").run()
    page.button(key="add-it").click().run()
    assert list(table(page, "what")["what"])[-1] == "Deal D-1 confirmed"


def test_the_second_of_two_who_add_a_change_is_told_and_keeps_what_was_typed(desk: Desk) -> None:
    page = visit("scenarios")
    page.selectbox(key="change-0-A deal is confirmed-deal").set_value("D-1").run()
    desk.scenarios.change("four printers", [say.own_robots("leeds", "printer", 5)], on=1)
    page.button(key="add-it").click().run()
    told = page.warning[0].value
    assert told.startswith("Ana changed this scenario since you began (added ")
    assert scenario_words.told(say.own_robots("leeds", "printer", 5)) in told
    assert page.selectbox(key="change-0-A deal is confirmed-deal").value == "D-1"
    assert desk.scenarios.find("four printers").changes == (say.own_robots("leeds", "printer", 5),)
    page.button(key="add-it").click().run()
    assert len(desk.scenarios.find("four printers").changes) == 2, "now both are in it"


def test_plans_stand_side_by_side_with_gap_bound_and_what_is_certain(desk: Desk) -> None:
    page = visit("scenarios")
    figures = table(page, "figure")
    assert list(figures["figure"])[:2] == ["Cost", "Confirmed on time"]
    assert {"CO2e in kg", "Waste in units", "Gap", "Bound"} <= set(figures["figure"])
    assert "four printers costs" in said(page)
    assert "its true effect lies between" in said(page)
    costs = table(page, "judged")
    plan, other = desk.plan(), desk.scenarios.plan("four printers")
    assert plan is not None
    assert other is not None
    rent = costs[costs["line"] == "Robot rent"].iloc[0]
    assert rent["The plan"] == pytest.approx(plan.summary["costs"]["rent"])
    assert rent["four printers"] == pytest.approx(other.summary["costs"]["rent"])
    assert "fewer on rent at Leeds" in " ".join(
        line
        for frame in page.dataframe
        if "robot_weeks" in frame.value.columns
        for line in frame.value["what"]
    )


def test_a_scenario_changed_since_it_was_solved_is_badged_and_to_be_solved_again(desk: Desk) -> None:
    assert primary(visit("scenarios")) == ["Promote"]
    desk.scenarios.change("four printers", [], on=1)
    page = visit("scenarios")
    assert primary(page) == ["Solve"]
    assert "four printers: made before the data or the changes" in page.warning[0].value


def test_promoting_asks_why_and_proposes_the_plan(desk: Desk) -> None:
    page = visit("scenarios")
    page.button(key="promote-it").click().run()
    assert "Say why" in page.error[0].value
    page.text_input(key="promote-reason").set_value("pays in week 50").run()
    page.button(key="promote-it").click().run()
    assert "Plan v3, proven best, proposed" in said(page) or "Plan v3, solved, proposed" in said(page)
    assert page.info[0].value == scenario_words.NO_SCENARIO
    network = desk.network()
    assert network is not None
    assert network["owned"].filter(factory="leeds")["units"].item() == 4


def test_discarding_leaves_the_list(desk: Desk) -> None:
    page = visit("scenarios")
    page.button(key="discard-it").click().run()
    assert "four printers" not in labels(page)
    assert desk.scenarios.open() == []


def test_an_edited_plan_comes_back_as_differences_before_anything_is_tried(desk: Desk) -> None:
    plan = desk.plan()
    assert plan is not None
    more = plan["production"].with_columns(quantity="gross").filter(pl.col("quantity") > 0)
    edited = more.with_columns(pl.col("quantity") + 2).write_csv().encode()
    page = visit("scenarios")
    page.file_uploader[0].set_value([("production.csv", edited, "text/csv")]).run()
    assert (table(page, "edited")["by"] == 2).all()
    assert "nothing holds before you promote it" in said(page)
    assert "Try it as a scenario" in labels(page)
    assert [one.name for one in desk.scenarios.open()] == ["four printers"]
