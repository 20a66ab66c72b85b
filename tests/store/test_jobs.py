"""Jobs are kept as they stood, and none runs on after the process that ran it is gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from planning.store import Job, Workspace

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
QUEUED = Job("j1", "plan", "queued", NOON)
DONE = replace(
    QUEUED,
    status="finished",
    started_at=NOON + timedelta(seconds=1),
    ended_at=NOON + timedelta(seconds=9),
    progress={"stage": "", "fraction": 1.0, "gap": None},
    message="Plan v3: gap 0.8 %.",
)


def test_a_job_comes_back_as_it_last_stood(workspace: Workspace) -> None:
    workspace.save_job(QUEUED)
    assert workspace.jobs() == [QUEUED]
    workspace.save_job(DONE)
    assert workspace.jobs() == [DONE]


def test_the_latest_job_comes_first(workspace: Workspace) -> None:
    later = replace(QUEUED, id="j0", submitted_at=NOON + timedelta(microseconds=1))
    workspace.save_job(later)
    workspace.save_job(QUEUED)
    assert [job.id for job in workspace.jobs()] == ["j0", "j1"]


def test_moments_are_the_same_in_every_time_zone(workspace: Workspace) -> None:
    elsewhere = replace(QUEUED, submitted_at=NOON.astimezone(timezone(timedelta(hours=-7))))
    workspace.save_job(elsewhere)
    assert workspace.jobs()[0].submitted_at == NOON


def test_a_job_whose_process_is_gone_has_failed(database: Path) -> None:
    running = replace(QUEUED, id="j2", status="running", started_at=NOON)
    with Workspace.open(database) as before:
        for job in (QUEUED, running, replace(DONE, id="j3")):
            before.save_job(job)
    with Workspace.open(database) as after:
        jobs = {job.id: job for job in after.jobs()}
    assert {name: job.status for name, job in jobs.items()} == {
        "j1": "failed",
        "j2": "failed",
        "j3": "finished",
    }
    assert jobs["j2"].message == "The app ended before this was done. Nothing was changed; start it again."
    assert jobs["j2"].ended_at is not None
    assert jobs["j3"].ended_at == DONE.ended_at
