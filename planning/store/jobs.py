"""Jobs: long work as it stood when its status last changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from planning.store.clock import loaded, stored, utc_now
from planning.store.database import Session

JobStatus = Literal["queued", "running", "finished", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """A piece of long work.

    Parameters
    ----------
    status : queued, running, finished, failed or cancelled.
    submitted_at, started_at, ended_at : moments with their zone.
    progress : how far it was, such as stage, fraction, gap and bound.
    message : how it ended, in words.
    """

    id: str
    kind: str
    status: JobStatus
    submitted_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""


def save(session: Session, job: Job) -> None:
    """Keep a job, in place of what was known of it."""
    session.write(
        "save_job",
        job=job.id,
        kind=job.kind,
        status=job.status,
        submitted_at=stored(job.submitted_at),
        started_at=stored(job.started_at) if job.started_at else None,
        ended_at=stored(job.ended_at) if job.ended_at else None,
        progress=json.dumps(dict(job.progress), allow_nan=False),
        message=job.message,
    )


def all_jobs(session: Session) -> list[Job]:
    """Every job, the latest first."""
    return [_job(row) for row in session.read("jobs").iter_rows(named=True)]


def end_orphans(session: Session) -> None:
    """Fail what was queued or running when the process that owned the workspace went away."""
    session.write("end_orphaned_jobs", ended_at=utc_now())


def _job(row: Mapping[str, Any]) -> Job:
    return Job(
        id=row["job"],
        kind=row["kind"],
        status=row["status"],
        submitted_at=loaded(row["submitted_at"]),
        started_at=loaded(row["started_at"]) if row["started_at"] else None,
        ended_at=loaded(row["ended_at"]) if row["ended_at"] else None,
        progress=json.loads(row["progress"]),
        message=row["message"],
    )
