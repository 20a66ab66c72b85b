"""Two planners at once: the second is told who did what, and nothing is overruled unseen."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from planning.domain.scenario import own_robots
from planning.store import OutOfTurnError, ScenarioChangedError, Workspace
from planning.store.decisions import SaidMeanwhileError
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder
from planning.workflows.incoming import Incoming
from tests.builders.company import FILES, write_company
from tests.builders.plans import a_plan
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
ONE_ORDER = b"order_id,order_date,due_date,product,market,quantity\nSO-9,2026-11-20,2026-12-18,0003,pt,10\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(write_imported(tmp_path, TODAY, "Ana"), "Ana") as opened:
        yield opened


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, planner="Ana")


def test_the_second_of_two_imports_hears_who_imported_what(workspace: Workspace, desk: Desk) -> None:
    mine = desk.uploads.preview([Incoming("orders.csv", ONE_ORDER.replace(b"SO-9", b"SO-8"), "orders")])
    theirs = desk.uploads.preview([Incoming("new orders.csv", ONE_ORDER, "orders")])
    assert theirs.folder is not None
    assert theirs.network is not None
    workspace.record_upload(theirs.folder, theirs.network, theirs.record, theirs.on, "Ben")
    with pytest.raises(
        ChangedMeanwhileError, match=r"Since then: Ben imported new orders.csv \(rows: 1 new\)"
    ):
        desk.uploads.load(mine)


def test_an_undo_is_told_and_many_changes_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    on = workspace.holding()
    assert workspace.meanwhile(on=on) == ""
    for number in range(4):
        orders = FILES["orders"] + f"SO-9,2026-11-20,2026-12-18,0003,pt,{number + 1},Dee,25\n"
        import_folder(workspace, write_company(tmp_path / f"other {number}", orders=orders), TODAY)
    workspace.undo(workspace.holding() or 0, "Eva")
    told = workspace.meanwhile(on=on)
    assert told.startswith(" Since then: Eva undid the import of other 3; Ana imported other 3; ")
    assert told.endswith(", and 2 changes before.")


def test_what_changed_is_found_by_the_data_a_planner_saw(workspace: Workspace, tmp_path: Path) -> None:
    seen = workspace.network_hash()
    orders = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "other", orders=orders), TODAY)
    assert workspace.meanwhile(of=seen) == " Since then: Ana imported other."
    assert workspace.meanwhile(of=workspace.network_hash()) == ""


def test_of_two_who_publish_the_second_sees_the_first(workspace: Workspace, desk: Desk) -> None:
    for version in (1, 2):
        workspace.save_plan(a_plan(version), "a" * 64)
        workspace.take_step(version, "proposed", "ready")
        workspace.take_step(version, "approved", "agreed")
    seen = desk.versions.publications()
    workspace.take_step(2, "published", "covers the fair", "Ben")
    with pytest.raises(OutOfTurnError, match=r"Ben published plan v2 since you looked \(covers the fair\)"):
        desk.versions.take(1, "published", "cheaper", seen)
    assert workspace.published_version() == 2
    desk.versions.take(1, "published", "cheaper all the same", desk.versions.publications())
    assert workspace.published_version() == 1


def test_a_scenario_changed_meanwhile_is_not_discarded_unseen(desk: Desk) -> None:
    desk.scenarios.duplicate("two printers")
    desk.scenarios.change("two printers", [own_robots("leeds", "printer", 2)], on=0)
    with pytest.raises(ScenarioChangedError, match="Ana changed the scenario two printers"):
        desk.scenarios.discard("two printers", 0)
    assert [one.name for one in desk.scenarios.open()] == ["two printers"]
    desk.scenarios.discard("two printers", 1)
    assert desk.scenarios.open() == []


def test_a_decision_given_away_meanwhile_is_not_given_to_another_unseen(
    workspace: Workspace, desk: Desk
) -> None:
    seen = desk.deciding.last_word("rent:A")
    workspace.decisions.assign("rent:A", "Order A", "Eva")
    with pytest.raises(SaidMeanwhileError, match="Ana gave it to Eva since you looked"):
        desk.deciding.assign("rent:A", "Order A", "Ben", seen)
    with pytest.raises(SaidMeanwhileError, match="Ana gave it to Eva"):
        desk.deciding.put_off("rent:A", TODAY + timedelta(days=3), "", seen)
    assert desk.deciding.assigned()["assignee"].to_list() == ["Eva"]
    desk.deciding.assign("rent:A", "Order A", "Ben", desk.deciding.last_word("rent:A"))
    assert desk.deciding.assigned()["assignee"].to_list() == ["Ben"]
