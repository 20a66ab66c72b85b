"""Accepting a decision does the thing, once, and it stands in the ledger."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.errors import NothingToPlanError
from planning.present.action import Action
from planning.present.actions import decisions
from planning.store import OutOfTurnError, Workspace
from planning.workflows.accepting import NotInPlaceError, accept, way_to_accept
from planning.workflows.deciding import NobodyError
from planning.workflows.desk import Desk
from tests.builders.company import FILES
from tests.builders.workspaces import write_planned

TODAY = date(2026, 11, 23)
#: More than its own printer can do for some weeks, and cutters on a contract nobody needs.
COMPANY = {
    "orders": FILES["orders"]
    + "SO-7,2026-11-02,2026-12-18,0001,uk,400,Ada,40\nSO-8,2026-11-02,2027-01-15,0002,uk,90,Ada,60\n",
    "robots": "robot_model,availability\nprinter,1\nmill,1\ncutter,1\n",
    "offers": FILES["offers"] + "cut,Robora,cutter,50,2,1,20\n",
    "contracts": "contract,offer,factory,units,on_rent_date,min_end_date\n"
    "C-1,cut,porto,3,2026-06-01,2026-11-30\n",
}


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company whose plan rents and returns; to be copied."""
    return write_planned(tmp_path_factory.mktemp("planned"), TODAY, **COMPANY)


@pytest.fixture
def workspace(planned_once: Path, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(Path(shutil.copy(planned_once, tmp_path)), "Ana") as opened:
        yield opened


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, planner="Ana")


def waiting(desk: Desk) -> dict[str, Action]:
    """Every decision by its key."""
    plan = desk.plan()
    assert plan is not None
    step = desk.versions.next_step(plan.summary["version"]) or ""
    ranking = decisions(
        plan, desk.network(), desk.kept_aside(), today=TODAY, stale=desk.is_stale(), step=step
    )
    return {action.key: action for action in (*ranking.waiting, *ranking.later)}


def of_kind(desk: Desk, *kinds: str) -> list[Action]:
    return [action for action in waiting(desk).values() if action.kind in kinds]


def approve(desk: Desk) -> None:
    for step in ("proposed", "approved"):
        accept(desk, waiting(desk)[f"step:{step}:v1"], desk.plan(), "agreed")


def test_the_plans_steps_are_taken_one_after_the_other(workspace: Workspace, desk: Desk) -> None:
    plan = desk.plan()
    for step in ("proposed", "approved", "published"):
        (action,) = of_kind(desk, "step")
        assert action.step == step
        accept(desk, action, plan, "agreed on Monday")
    assert of_kind(desk, "step") == []
    assert workspace.published_version() == 1
    kinds = workspace.ledger()["kind"].to_list()[-6:]
    assert kinds == [
        kind for step in ("proposed", "approved", "published") for kind in (f"plan {step}", "action accepted")
    ]


def test_a_step_without_a_reason_is_refused_and_nothing_is_noted(workspace: Workspace, desk: Desk) -> None:
    (action,) = of_kind(desk, "step")
    with pytest.raises(OutOfTurnError, match="Say why"):
        accept(desk, action, desk.plan(), " ")
    assert workspace.decisions.accepted().is_empty()


def test_ordering_waits_for_the_approval(desk: Desk) -> None:
    rent = of_kind(desk, "rent")[0]
    assert way_to_accept(desk, rent, desk.plan()) == "not approved"
    with pytest.raises(NotInPlaceError, match="its page"):
        accept(desk, rent, desk.plan())


def test_an_order_accepted_is_a_contract_and_no_decision_any_more(workspace: Workspace, desk: Desk) -> None:
    approve(desk)
    rents = of_kind(desk, "rent")
    accept(desk, rents[0], desk.plan())
    network = desk.network()
    assert network is not None
    (offer,) = {rent.offer for rent in rents[0].rents}
    ordered = network["contracts"].filter(pl.col("status") == "ordered")
    assert set(ordered["offer"]) == {offer}
    assert rents[0].key not in waiting(desk)
    assert len(of_kind(desk, "rent")) == len(rents) - 1
    assert not desk.is_stale()
    told = workspace.decisions.accepted().row(0, named=True)
    assert (told["action"], told["what"], told["actor"]) == (rents[0].key, rents[0].what, "Ana")


def test_who_accepts_second_is_told_and_orders_nothing_twice(workspace: Workspace, desk: Desk) -> None:
    approve(desk)
    rent, before = of_kind(desk, "rent")[0], workspace.imports().height
    accept(desk, rent, desk.plan())
    with pytest.raises(NothingToPlanError, match="ordered already"):
        accept(desk, rent, desk.plan())
    assert workspace.imports().height == before + 1
    assert workspace.decisions.accepted().filter(action=rent.key).height == 1


def test_notice_accepted_is_written_into_the_contract_once(workspace: Workspace, desk: Desk) -> None:
    approve(desk)
    notice = of_kind(desk, "return")[0]
    (asked,) = notice.notices
    held = desk.network()
    assert held is not None
    before = held["contracts"]["units"].sum()
    accept(desk, notice, desk.plan())
    network = desk.network()
    assert network is not None
    rows = network["contracts"].filter(pl.col("off_rent_date") == asked.off_rent_date)
    assert (rows["units"].sum(), set(rows["status"])) == (asked.units, {"notice"})
    assert network["contracts"]["units"].sum() == before, "robots are parted, never lost"
    assert notice.key not in waiting(desk)
    assert not desk.is_stale()
    with pytest.raises(NothingToPlanError, match="given already"):
        accept(desk, notice, desk.plan())
    assert workspace.verify_ledger().is_empty()


def test_undoing_the_import_makes_it_a_decision_again(workspace: Workspace, desk: Desk) -> None:
    approve(desk)
    rent = of_kind(desk, "rent")[0]
    accept(desk, rent, desk.plan())
    desk.uploads.undo(workspace.holding() or 0)
    assert rent.key in waiting(desk)


def test_what_was_given_to_somebody_stands_in_the_ledger_and_the_last_word_holds(
    workspace: Workspace, desk: Desk
) -> None:
    desk.deciding.assign("rent:A", "Order A", " Ben ")
    desk.deciding.assign("rent:B", "Order B", "Ben")
    desk.deciding.assign("rent:B", "Order B", "Eva")
    desk.deciding.assign("rent:A", "Order A", "")
    rows = desk.deciding.assigned()
    assert rows.select("action", "assignee", "actor").rows() == [("rent:B", "Eva", "Ana")]
    assert workspace.ledger()["kind"].to_list()[-4:] == ["action assigned"] * 4
    with pytest.raises(NobodyError):
        desk.deciding.assign("rent:B", "Order B", "E" * 61)


def test_what_was_put_off_comes_back_on_its_day(desk: Desk) -> None:
    desk.deciding.put_off("rent:A", TODAY + timedelta(days=7), "waiting for a quote")
    row = desk.deciding.waiting().row(0, named=True)
    assert (row["action"], row["until"], row["actor"]) == ("rent:A", TODAY + timedelta(days=7), "Ana")
