"""A plan from draft to published, and what the published plan is for."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.errors import NothingToPlanError
from planning.store import OutOfTurnError, Step, Workspace
from planning.workflows.folders import check_export, export_plan, import_folder, plan_workspace
from planning.workflows.planning_run import plan_payload
from planning.workflows.reproduction import reproduce, reproduction_payload, save_result
from planning.workflows.versions import Shelf, Versions
from tests.builders.company import FILES, write_company
from tests.builders.workspaces import write_planned

TODAY = date(2026, 11, 23)
STEPS: tuple[Step, ...] = ("proposed", "approved", "published")
FIRMER = FILES["settings"] + "frozen_weeks,2\nfirm_weeks,2\nchange_cost_per_unit,1\n"
MORE_ORDERS = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company that freezes two weeks, planned; to be copied."""
    return write_planned(tmp_path_factory.mktemp("planned"), TODAY, settings=FIRMER)


@pytest.fixture
def planned(planned_once: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The same, one's own."""
    with Workspace.open(Path(shutil.copy(planned_once, tmp_path)), "Ana") as opened:
        yield opened


def publish(workspace: Workspace, version: int = 1) -> None:
    for step in STEPS:
        workspace.take_step(version, step, "as agreed")


def test_a_plan_goes_from_draft_to_published_and_it_is_kept_who_when_and_why(planned: Workspace) -> None:
    versions = Versions(planned, Shelf(planned))
    assert versions.status(1) == "draft"
    for step in STEPS:
        assert versions.next_step(1) == step
        versions.take(1, step, f"{step} by hand")
        assert versions.status(1) == step
    assert versions.next_step(1) is None
    assert versions.published() == 1
    told = versions.steps(1)
    assert told["step"].to_list() == ["saved", *STEPS]
    assert told["actor"].to_list() == ["Ana"] * 4
    assert told["reason"].to_list() == ["", *(f"{step} by hand" for step in STEPS)]
    assert planned.verify_ledger().is_empty()


@pytest.mark.parametrize("step", ["approved", "published"])
def test_no_step_is_left_out(planned: Workspace, step: Step) -> None:
    with pytest.raises(OutOfTurnError, match="it is draft"):
        planned.take_step(1, step, "in a hurry")
    assert planned.published_version() is None


def test_the_second_of_two_who_approve_is_told_who_was_first(planned: Workspace) -> None:
    planned.take_step(1, "proposed", "ready")
    planned.take_step(1, "approved", "fine", actor="Ben")
    with pytest.raises(OutOfTurnError, match="it is approved, last by Ben"):
        planned.take_step(1, "approved", "fine", actor="Cy")


def test_nobody_approves_without_saying_why(planned: Workspace) -> None:
    with pytest.raises(OutOfTurnError, match="Say why"):
        planned.take_step(1, "proposed", "  ")
    assert Versions(planned, Shelf(planned)).status(1) == "draft"


def test_a_plan_that_is_not_there_cannot_be_proposed(planned: Workspace) -> None:
    with pytest.raises(NothingToPlanError, match="no plan v7"):
        planned.take_step(7, "proposed", "why not")


def test_the_next_plan_refers_to_the_published_one_and_keeps_its_frozen_weeks(
    planned: Workspace, tmp_path: Path
) -> None:
    publish(planned)
    import_folder(planned, write_company(tmp_path / "company", settings=FIRMER, orders=MORE_ORDERS), TODAY)
    published, payload = planned.load_plan(1), plan_payload(planned, TODAY)
    assert published is not None
    assert payload.network.published["production"].equals(published["production"])
    assert payload.basis is not None
    assert payload.basis.published == 1
    _, plan = plan_workspace(planned, TODAY)
    frozen = [TODAY, date(2026, 11, 30)]
    cells = ["factory", "routing", "week"]
    kept, was = (
        one["production"]
        .filter(one["production"]["week"].is_in(frozen))
        .sort(cells)
        .select(*cells, "quantity")
        for one in (plan, published)
    )
    assert not was.is_empty()
    assert kept.equals(was)
    assert "change" in plan.summary["costs"]


def test_an_export_without_a_version_is_of_the_published_plan_and_checks_beside_it(
    planned: Workspace, tmp_path: Path
) -> None:
    publish(planned)
    company = write_company(tmp_path / "company", settings=FIRMER, orders=MORE_ORDERS)
    import_folder(planned, company, TODAY)
    plan_workspace(planned, TODAY)
    assert export_plan(planned, company / "published").summary["version"] == 1
    assert export_plan(planned, tmp_path / "out", 2).summary["version"] == 2
    assert check_export(company, tmp_path / "out", TODAY) == []
    document = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert document["ledger"]["count"] > 4, "saved after the steps of plan v1"


def test_a_plan_replaced_by_another_can_be_published_again(planned: Workspace) -> None:
    publish(planned)
    plan_workspace(planned, TODAY)
    publish(planned, 2)
    versions = Versions(planned, Shelf(planned))
    assert (versions.status(1), versions.status(2)) == ("replaced", "published")
    planned.take_step(1, "published", "the new one cannot be staffed")
    assert (versions.status(1), versions.status(2)) == ("published", "replaced")
    assert planned.published_version() == 1


def test_a_version_is_solved_again_to_the_same_answer_whatever_was_imported_and_published_since(
    planned: Workspace, tmp_path: Path
) -> None:
    publish(planned)
    plan_workspace(planned, TODAY)
    import_folder(planned, write_company(tmp_path / "company", orders=MORE_ORDERS), TODAY)
    for version in (1, 2):
        result = reproduce(reproduction_payload(planned, version))
        assert (result.solved, result.same, result.differs) == (True, True, ())
    assert "the same, row by row" in save_result(planned, result)
    assert planned.ledger()["kind"].to_list()[-1] == "plan reproduced"


def test_a_plan_whose_time_was_up_stands_as_stored_and_is_checked_again(planned: Workspace) -> None:
    asked = reproduction_payload(planned, 1)
    summary = dict(asked.plan.summary) | {"status": "time_limit"}
    stored = type(asked)(type(asked.plan)(asked.plan.tables, summary), asked.payload)
    result = reproduce(stored)
    assert (result.solved, result.same) == (False, True)
    assert "its time was up" in result.told


def test_a_stored_plan_somebody_changed_is_told(planned: Workspace) -> None:
    asked = reproduction_payload(planned, 1)
    tables = dict(asked.plan.tables)
    tables["production"] = tables["production"].with_columns(quantity=tables["production"]["quantity"] + 1)
    changed = type(asked)(type(asked.plan)(tables, asked.plan.summary), asked.payload)
    assert reproduce(changed).differs == ("production",)


def test_a_plan_says_what_it_was_made_from(planned: Workspace) -> None:
    basis = planned.basis(1)
    assert basis is not None
    assert (basis.batch, basis.today, basis.threads, basis.solver) == (1, TODAY, 1, "HiGHS")
    assert (basis.published, basis.forecast, basis.differences) == (None, 1, {})
    assert basis.code_version.startswith("0.1.0+")
