"""What the workspace remembers of long work: a run the app went down with is told after the restart."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from planning.store import Job, Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from planning.workflows.job_records import cut_off, record
from planning.workflows.jobs import JobView
from tests.builders.company import write_company

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "takt.duckdb"


def running(kind: str = "plan", minutes: int = 0, **more: object) -> JobView:
    at = NOON + timedelta(minutes=minutes)
    return JobView(f"job-{kind}-{minutes}", kind, "running", at, at, **more)  # type: ignore[arg-type]


def test_a_run_the_app_went_down_with_is_told_after_the_restart(database: Path) -> None:
    with Workspace.open(database) as workspace:
        record(workspace, running(stage="planning", gap=0.5, objective=float("inf")))
    desk = Desk(Workspace.open(database))
    try:
        (told,) = desk.board().failed
        assert (told.title, told.status) == ("Planning run", "failed")
        assert "Nothing was changed; start it again" in told.message
        assert desk.job() == told
    finally:
        desk.close()


def test_progress_without_a_figure_is_kept_without_it(database: Path) -> None:
    with Workspace.open(database) as workspace:
        record(workspace, running(stage="planning", gap=0.5, objective=float("inf")))
        assert [job.progress for job in workspace.jobs()] == [{"stage": "planning", "gap": 0.5}]


def test_a_run_that_ended_well_later_outdates_the_one_cut_off(database: Path) -> None:
    with Workspace.open(database) as workspace:
        record(workspace, running())
    with Workspace.open(database) as workspace:
        assert len(cut_off(workspace)) == 1
        workspace.save_job(Job("job-2", "plan", "finished", NOON + timedelta(minutes=5)))
        assert cut_off(workspace) == []


def test_of_each_kind_the_last_is_told_the_latest_last(database: Path) -> None:
    with Workspace.open(database) as workspace:
        for kind, minutes in (("plan", 0), ("forecast", 1), ("plan", 2)):
            ended = NOON + timedelta(minutes=10 - minutes)
            workspace.save_job(
                Job(f"{kind}-{minutes}", kind, "failed", NOON + timedelta(minutes=minutes), ended_at=ended)
            )
        assert [job.id for job in cut_off(workspace)] == ["plan-2", "forecast-1"]


def test_a_plan_made_on_the_command_line_outdates_the_run_cut_off(database: Path, tmp_path: Path) -> None:
    with Workspace.open(database) as workspace:
        record(workspace, running())
    with Workspace.open(database) as workspace:
        import_folder(workspace, write_company(tmp_path / "company"), TODAY)
        plan_workspace(workspace, TODAY)
        assert cut_off(workspace) == []
