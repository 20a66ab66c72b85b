"""Jobs as the workspace keeps them: written as they go, read again after the app has gone down with one."""

import math

from planning.store import Job, Workspace
from planning.store.clock import loaded
from planning.workflows.jobs import JobView


def record(workspace: Workspace, job: JobView) -> None:
    """Keep how a job stands."""
    figures = {"fraction": job.fraction, "gap": job.gap, "bound": job.bound, "objective": job.objective}
    known = {name: value for name, value in figures.items() if value is not None and math.isfinite(value)}
    workspace.save_job(
        Job(
            id=job.id,
            kind=job.kind,
            status=job.status,
            submitted_at=job.submitted_at,
            started_at=job.started_at,
            ended_at=job.ended_at,
            progress={"stage": job.stage} | ({"subject": job.subject} if job.subject else {}) | known,
            message=job.message,
        )
    )


def cut_off(workspace: Workspace) -> list[JobView]:
    """Of each kind and subject the last job, where it ended without a result and nobody made one since.

    The one that ended last comes last. Opening a workspace ends what its last owner left under way.
    """
    last: dict[tuple[str, str], Job] = {}
    for job in workspace.jobs():
        last.setdefault((job.kind, str(job.progress.get("subject", ""))), job)
    failed = [job for job in last.values() if job.status == "failed" and not _made_since(workspace, job)]
    return [
        JobView(
            job.id,
            job.kind,
            job.status,
            job.submitted_at,
            job.started_at,
            job.ended_at,
            message=job.message,
            subject=str(job.progress.get("subject", "")),
        )
        for job in sorted(failed, key=lambda job: job.ended_at or job.submitted_at)
    ]


def _made_since(workspace: Workspace, job: Job) -> bool:
    """Whether the command line has done meanwhile what the job was to do."""
    if job.kind == "plan":
        plans = workspace.plans()
        return not plans.is_empty() and loaded(plans["created_at"][0]) > job.submitted_at
    if job.kind == "forecast":
        forecast = workspace.load_forecast()
        return forecast is not None and forecast.created_at > job.submitted_at
    return False
