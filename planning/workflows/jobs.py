"""Long work: one queue, one worker process; the app's own process, which owns the store, saves results."""

import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from planning.errors import TaktError
from planning.workflows.messages import Advanced, Broken, Done, Message, Ready, Stop, Stopped, Work
from planning.workflows.worker_process import WorkerProcess

Status = Literal["queued", "running", "finished", "failed", "cancelled"]
ACTIVE: frozenset[Status] = frozenset({"queued", "running"})

#: How long a task may take to notice that it was cancelled before its process is killed.
CANCEL_PATIENCE_SECONDS = 10.0

log = logging.getLogger("takt.jobs")


@dataclass(frozen=True)
class JobKind:
    """A kind of long work.

    Parameters
    ----------
    name : its name in the store, e.g. "plan".
    title : what a planner calls it, e.g. "Planning run".
    task : "module:function" the worker runs: (payload, progress, cancelled) → result.
    save : stores the result, in the app's process; what comes back is told to the planner.
    """

    name: str
    title: str
    task: str
    save: Callable[[Any], str]


@dataclass(frozen=True)
class JobView:
    """A job as it stands.

    Parameters
    ----------
    status : queued, running (saving its result included), finished, failed or cancelled.
    stage : what is being done, in words.
    fraction : share of the work done, 0–1, where that is known.
    gap, bound, objective : of the solve, where there is one.
    message : how it ended, in words; empty while it is active.
    """

    id: str
    kind: str
    status: Status
    submitted_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    stage: str = ""
    fraction: float | None = None
    gap: float | None = None
    bound: float | None = None
    objective: float | None = None
    message: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it is still waiting or at work."""
        return self.status in ACTIVE


class JobRunningError(TaktError):
    """The same kind of work is under way already."""


class Jobs:
    """The queue and its worker. Every method may be called from any thread.

    Parameters
    ----------
    kinds : the kinds of work there are.
    record : keeps a job's view (in the store) whenever its status changes.
    cancel_patience : seconds a task has to notice a cancel before its process is killed.
    """

    def __init__(
        self,
        kinds: Iterable[JobKind],
        record: Callable[[JobView], None],
        cancel_patience: float = CANCEL_PATIENCE_SECONDS,
    ) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._record = record
        self._cancel_patience = cancel_patience
        self._lock = threading.RLock()
        self._waiting: deque[tuple[JobView, Any]] = deque()
        self._current: JobView | None = None
        self._cancelled: set[str] = set()
        self._worker: WorkerProcess | None = None
        self._worker_was_ready = False
        self._closed = False

    def start(self) -> None:
        """Bring the worker up before there is work for it."""
        with self._lock:
            self._start_worker()

    def submit(self, kind: str, payload: Any) -> str:
        """Put work into the queue; what comes back is the job's id.

        Raises
        ------
        JobRunningError
            Work of this kind waits or runs already; a second one would only do the same again.
        """
        with self._lock:
            active = self.active(kind)
            if active is not None:
                raise JobRunningError(f"{self._kinds[kind].title} is under way already ({active.status}).")
            job = JobView(uuid.uuid4().hex, kind, "queued", submitted_at=_now(), stage="waiting for its turn")
            self._waiting.append((job, payload))
            self._keep(job)
            self._dispatch()
            return job.id

    def current(self) -> JobView | None:
        """The job at work, else the next one waiting, else the last one; None when there was none."""
        with self._lock:
            if self._current is not None and self._current.is_active:
                return self._current
            return self._waiting[0][0] if self._waiting else self._current

    def active(self, kind: str) -> JobView | None:
        """The job of this kind that waits or runs; None when there is none."""
        with self._lock:
            jobs = [self._current, *(job for job, _ in self._waiting)]
        return next((job for job in jobs if job is not None and job.kind == kind and job.is_active), None)

    def cancel(self, job_id: str) -> None:
        """Ask a job to stop. One that has ended meanwhile stays as it ended."""
        with self._lock:
            withdrawn = [job for job, _ in self._waiting if job.id == job_id]
            self._waiting = deque(entry for entry in self._waiting if entry[0].id != job_id)
            for job in withdrawn:
                self._end(job, "cancelled", "Cancelled before it started.")
            if self._current is None or self._current.id != job_id or not self._current.is_active:
                return
            self._cancelled.add(job_id)
            self._current = replace(self._current, stage="stopping")
            if self._worker is not None:
                self._worker.tell(Stop(job_id))
            impatient = threading.Timer(self._cancel_patience, self._kill_if_still_running, (job_id,))
            impatient.daemon = True
            impatient.start()

    def worker_pid(self) -> int | None:
        """Process id of the worker; None while there is none."""
        with self._lock:
            return self._worker.pid if self._worker is not None else None

    def close(self) -> None:
        """Let the worker go; what is being saved is saved, what was under way is cancelled."""
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None:
            worker.close()
        with self._lock:
            if self._current is not None and self._current.is_active:
                self._end(self._current, "cancelled", "The app was stopped.")
            while self._waiting:
                self._end(self._waiting.popleft()[0], "cancelled", "The app was stopped before it began.")

    def _start_worker(self) -> WorkerProcess:
        if self._worker is None:
            self._worker_was_ready = False
            self._worker = WorkerProcess(self._heard, self._lost)
        return self._worker

    def _dispatch(self) -> None:
        busy = self._current is not None and self._current.is_active
        if busy or self._closed or not self._waiting:
            return
        job, payload = self._waiting.popleft()
        self._current = replace(job, status="running", started_at=_now(), stage="starting")
        self._keep(self._current)
        self._start_worker().tell(Work(job.id, self._kinds[job.kind].task, payload))

    def _heard(self, worker: WorkerProcess, message: Message) -> None:
        with self._lock:
            if isinstance(message, Ready):
                self._worker_was_ready = True
                return
            job = self._current
            if worker is not self._worker or job is None or not job.is_active or message.job != job.id:
                return
            if isinstance(message, Advanced):
                self._advance(job, message)
                return
        if isinstance(message, Done):
            self._save(job, message.result)
        elif isinstance(message, Stopped):
            self._end(job, "cancelled", "Cancelled. The plan you had is unchanged.")
        elif isinstance(message, Broken):
            self._end(job, "failed", message.message)

    def _advance(self, job: JobView, message: Advanced) -> None:
        report = message.progress
        stage = job.stage if job.id in self._cancelled else report.stage
        self._current = replace(
            job,
            stage=stage,
            fraction=report.fraction,
            gap=report.gap,
            bound=report.bound,
            objective=report.objective,
        )

    def _save(self, job: JobView, result: Any) -> None:
        """Save outside the lock: pages keep reading the job while the store is at work."""
        with self._lock:
            self._current = replace(job, stage="saving", fraction=1.0)
        try:
            told = self._kinds[job.kind].save(result)
        except TaktError as error:
            self._end(job, "failed", str(error))
        except Exception:
            # The edge: the listening thread must outlive a fault in saving.
            error_id = uuid.uuid4().hex[:8]
            log.exception("error %s while saving the result of job %s", error_id, job.id)
            self._end(
                job,
                "failed",
                f"The result could not be saved (error id {error_id}); nothing was changed. "
                "The server's log has the details under this id.",
            )
        else:
            self._end(job, "finished", told)

    def _end(self, job: JobView, status: Status, message: str) -> None:
        with self._lock:
            ended = replace(job, status=status, ended_at=_now(), stage="", message=message)
            if self._current is None or self._current.id == job.id or not self._current.is_active:
                self._current = ended
            self._cancelled.discard(job.id)
            self._keep(ended)
            self._dispatch()

    def _lost(self, worker: WorkerProcess, exit_code: int) -> None:
        with self._lock:
            if worker is not self._worker:
                return
            self._worker = None
            if self._closed:
                return
            # One that dies before it was ready would die again: it gets its next chance with the next job.
            if self._worker_was_ready:
                self._start_worker()
            job = self._current
            if job is None or not job.is_active:
                return
            if job.id in self._cancelled:
                self._end(job, "cancelled", "Cancelled. The plan you had is unchanged.")
                return
            self._end(job, "failed", _death_notice(exit_code))

    def _keep(self, job: JobView) -> None:
        try:
            self._record(job)
        except Exception:
            # A store that cannot take the row must not stop the queue: the planner still sees the job itself.
            log.exception("job %s (%s) could not be recorded", job.id, job.status)

    def _kill_if_still_running(self, job_id: str) -> None:
        with self._lock:
            job = self._current
            if job is not None and job.id == job_id and job.is_active and self._worker is not None:
                self._worker.kill()


def _death_notice(exit_code: int) -> str:
    how = (
        f"was killed (signal {-exit_code})"
        if exit_code < 0
        else f"ended unexpectedly (exit code {exit_code})"
    )
    return (
        f"The worker process {how} before it had a result. Nothing was changed. A new worker is up: start it "
        "again. If it happens twice, the machine may be short of memory."
    )


def _now() -> datetime:
    return datetime.now(UTC)
