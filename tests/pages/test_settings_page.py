"""Settings: tables and policy to edit by hand, each change shown before it counts and undone after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.present import settings_tables
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.network_import import import_folder
from tests.builders.company import write_company
from tests.builders.desk import labels, said, table, visit
from tests.builders.plans import a_plan

TODAY = date(2026, 11, 23)
EDITOR = "edit-offers-1-0-"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose plan is of its data."""
    folder = tmp_path_factory.mktemp("company")
    with Workspace.open(folder / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "network"), TODAY)
        made_from = str(workspace.network_hash())
        plan = a_plan()
        workspace.save_plan(replace(plan, summary=dict(plan.summary) | {"input_hash": made_from}), made_from)
    return folder / "takt.duckdb"


@pytest.fixture
def desk(imported: Path, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "takt.duckdb").write_bytes(imported.read_bytes())
    with Workspace.open(tmp_path / "takt.duckdb", "Ana") as workspace, serving(Desk(workspace)) as served:
        yield served


def typed(page: AppTest, key: str, *, over: dict[str, str] | None = None, gone: int | None = None) -> AppTest:
    """What was typed over the first row, or which row was deleted, as the browser tells it."""
    page.session_state[key] = {
        "edited_rows": {} if over is None else {0: over},
        "added_rows": [],
        "deleted_rows": [] if gone is None else [gone],
    }
    page.run()
    assert not page.exception
    return page


def test_every_table_kept_by_hand_is_there_with_its_columns_explained(desk: Desk) -> None:
    page = visit("settings", table="calendar")
    assert page.selectbox(key="table").options == list(settings_tables.EDITED)
    assert "Weeks that differ: holidays" in said(page)
    meanings = dict(table(page, "meaning").itertuples(index=False))
    assert (
        meanings["availability"] == "Instead of the model's. At least 0 and at most 1. Empty: as robots.csv."
    )
    assert "Save" not in labels(page)
    assert "Re-plan" not in labels(page)


def test_a_cell_is_edited_shown_saved_makes_the_plan_stale_and_is_undone(desk: Desk) -> None:
    page = typed(visit("settings", table="offers"), EDITOR, over={"weekly_rate": "95"})
    assert "**1 row changed.** Nothing is saved yet." in said(page)
    assert list(table(page, "after")["after"]) == ["95"]
    page.button(key="save-edit").click().run()
    assert "offers.csv: 1 row changed." in page.success[0].value
    assert desk.is_stale()
    assert "Re-plan" in labels(page)
    assert list(table(page, "actor")["actor"]) == ["Ana"]
    page.button(key="undo-saved").click().run()
    assert not page.exception
    assert not page.success
    assert not desk.is_stale()
    assert "Redo import 2" in labels(page)


def test_what_is_wrong_stands_with_row_column_value_and_remedy_and_cannot_be_saved(desk: Desk) -> None:
    page = typed(visit("settings", table="offers"), EDITOR, over={"min_term_weeks": "2.5"})
    fault = table(page, "remedy").iloc[0]
    assert (fault["row"], fault["column"], fault["value"]) == ("flex", "min_term_weeks", "2.5")
    assert fault["remedy"] == "Write a whole number, such as 3."
    assert page.button(key="save-edit").disabled
    page.button(key="take-back").click().run()
    assert "Nothing is saved yet" not in said(page)
    assert desk.uploads.history().height == 1


def test_a_row_others_need_is_not_deleted(desk: Desk) -> None:
    page = typed(visit("settings", table="factories"), "edit-factories-1-0-", gone=0)
    assert "owned.csv" in set(table(page, "remedy")["file"])
    assert page.button(key="save-edit").disabled


def test_the_policy_is_a_form_with_defaults_and_asks_why(desk: Desk) -> None:
    page = visit("settings", section="Policy")
    boxes = {box.label: box for box in page.text_input}
    assert boxes["Horizon weeks"].value == "8"
    assert boxes["Firm weeks"].placeholder == "2"
    boxes["Horizon weeks"].set_value("300").run()
    assert "at most 260" in said(page)
    assert page.button(key="save-edit").disabled
    next(box for box in page.text_input if box.label == "Horizon weeks").set_value("10").run()
    assert page.button(key="save-edit").disabled, "nobody said why"
    next(box for box in page.text_input if box.label == "Why").set_value("a shorter season").run()
    page.button(key="save-edit").click().run()
    assert not page.exception
    network = desk.network()
    assert network is not None
    assert network.policy.horizon_weeks == 10
    assert list(table(page, "reason")["reason"]) == ["a shorter season"]


def test_who_edits_what_somebody_changed_meanwhile_is_told_and_loses_nothing(desk: Desk) -> None:
    mine = typed(visit("settings", table="offers"), EDITOR, over={"weekly_rate": "95"})
    theirs = typed(visit("settings", table="offers"), EDITOR, over={"notice_weeks": "3"})
    theirs.button(key="save-edit").click().run()
    mine.run()
    assert "Somebody changed offers.csv since you began" in mine.warning[0].value
    mine.button(key="save-edit").click().run()
    assert "Somebody changed offers.csv" in said(mine)
    assert list(table(mine, "after")["after"]) == ["95"]
    mine.button(key="take-back").click().run()
    assert "Nothing is saved yet" not in said(mine)
    assert not mine.warning


def test_who_edits_is_not_disturbed_by_what_others_import_elsewhere(desk: Desk) -> None:
    mine = typed(visit("settings", table="offers"), EDITOR, over={"weekly_rate": "95"})
    theirs = typed(visit("settings", table="factories"), "edit-factories-1-0-", over={"name": "Leeds North"})
    theirs.button(key="save-edit").click().run()
    mine.run()
    mine.button(key="save-edit").click().run()
    assert "offers.csv: 1 row changed." in mine.success[0].value
    network = desk.network()
    assert network is not None
    assert network["factories"]["name"][0] == "Leeds North"


def test_everything_is_there_to_take_away(desk: Desk) -> None:
    page = visit("settings", section="Everything")
    assert "plans it again to the same" in said(page)
    assert [button.label for button in page.get("download_button")] == ["Take everything away"]


def test_without_data_there_are_backups_and_no_tables(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace, serving(Desk(workspace)):
        page = visit("settings")
        assert "There is no data yet" in page.info[0].value
        assert "Bring data in" in labels(page)
        assert "Back up now" in labels(visit("settings", section="Backups"))
