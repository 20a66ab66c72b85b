"""The desk: what pages ask of an open workspace and its worker."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fastexcel
import pytest

from planning.errors import NothingToPlanError
from planning.store import Workspace
from planning.workflows.desk import Desk, serving, the_desk
from planning.workflows.folders import import_folder
from planning.workflows.jobs import JobRunningError, JobView
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
PATIENCE_SECONDS = 90


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace" / "takt.duckdb")


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[Desk]:
    desk = Desk(workspace)
    yield desk
    desk.close()


def finished(desk: Desk) -> JobView:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        job = desk.job()
        if job is not None and not job.is_active:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {desk.job()} after {PATIENCE_SECONDS} s")


def test_an_empty_workspace_has_nothing_and_says_so(desk: Desk) -> None:
    assert desk.network() is None
    assert desk.plan() is None
    assert not desk.is_stale()
    assert desk.kept_aside().is_empty()
    assert desk.job() is None
    with pytest.raises(NothingToPlanError, match="Import"):
        desk.start_replan()
    with pytest.raises(NothingToPlanError, match="no plan v1"):
        desk.export_zip(1)
    for export in (desk.export_workbook, desk.export_json, desk.export_dates, desk.export_day_sheets):
        with pytest.raises(NothingToPlanError, match="no plan v1"):
            export(1)


def test_the_network_comes_with_what_was_assumed(desk: Desk, workspace: Workspace, tmp_path: Path) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    network = desk.network()
    assert network is not None
    assert sorted(network["markets"]["market"]) == ["pt", "uk"]
    assert any("lanes" in assumption for assumption in network.assumed)


def test_a_plan_is_made_saved_exported_and_goes_stale(
    desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    desk.start_replan()
    with pytest.raises(JobRunningError):
        desk.start_replan()
    assert finished(desk).message == "Plan v1 is ready."

    plan = desk.plan()
    assert plan is not None
    assert plan.summary["version"] == 1
    assert not desk.is_stale()
    with zipfile.ZipFile(io.BytesIO(desk.export_zip(1))) as archive:
        assert {"plan.json", "production.csv", "promises.csv"} <= set(archive.namelist())
        assert json.loads(archive.read("plan.json"))["version"] == 1
    assert fastexcel.read_excel(desk.export_workbook(1)).sheet_names[0] == "plan"
    assert json.loads(desk.export_json(1))["plan"]["version"] == 1
    assert desk.export_dates(1).count(b"BEGIN:VEVENT") == plan["rentals"].height
    assert b"<h1>Leeds</h1>" in desk.export_day_sheets(1)
    assert b"<h1>Leeds</h1>" not in desk.export_day_sheets(1, factories=["porto"])
    assert [(job.kind, job.status) for job in workspace.jobs()] == [("plan", "finished")]

    grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "company", orders=grown), TODAY)
    assert desk.is_stale()
    network = desk.network()
    assert network is not None
    assert network["orders"].height == 6


def test_after_one_more_order_there_is_a_quick_plan_and_then_the_full_one(
    desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    desk.start_replan()
    finished(desk)
    grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "company", orders=grown), TODAY)
    desk.start_replan()
    assert [job.kind for job in desk.board().under_way] == ["quick", "plan"]
    finished(desk)
    told = {job.kind: job.message for job in desk.board().ended}
    assert told["quick"] == "Plan v2 is ready, made around v1 within seconds. The full plan follows."
    assert told["plan"] == "Plan v3 is ready."
    quick, full = (workspace.load_plan(version) for version in (2, 3))
    assert quick is not None
    assert full is not None
    assert quick.summary["around"]["products"] == ["0003"]
    assert full.summary["around"] is None
    assert quick.summary["objective"] >= full.summary["bound"]


def test_a_cancelled_run_leaves_no_plan(desk: Desk, workspace: Workspace, tmp_path: Path) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    desk.cancel(desk.start_replan())
    assert finished(desk).status in {"cancelled", "finished"}
    assert (desk.plan() is None) == (finished(desk).status == "cancelled")


def test_pages_find_the_desk_that_is_served_and_no_other(desk: Desk) -> None:
    with serving(desk):
        assert the_desk() is desk
    with pytest.raises(RuntimeError, match=r"app\.py"):
        the_desk()
