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

_CANCELLED = "Cancelled. Nothing was changed."
_STOPPED = "The app was stopped before this was done. Nothing was changed; start it again."


@dataclass(frozen=True)
class JobKind:
    """A kind of long work.

    Parameters
    ----------
    name : its name in the store, e.g. "plan".
    title : what a planner calls it, e.g. "Planning run"; it takes the article "a".
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
    title : what a planner calls this work.
    subject : what it is about, such as a scenario; work of one kind on several subjects may wait together.
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
    title: str = ""
    subject: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it is still waiting or at work."""
        return self.status in ACTIVE

    @property
    def reference(self) -> str:
        """What the planner reads and the server's log has, when something went wrong: 8 hex digits."""
        return self.id[:8]


@dataclass(frozen=True)
class Board:
    """What there is to know of the queue at one moment.

    Parameters
    ----------
    under_way : the job at work, then those that wait, in their turn.
    ended : of each kind and subject the job that ended last, the latest first.
    """

    under_way: tuple[JobView, ...] = ()
    ended: tuple[JobView, ...] = ()

    @property
    def job(self) -> JobView | None:
        """The job at work, else the next one waiting, else the last that ended; None when there was none."""
        return next(iter((*self.under_way, *self.ended)), None)

    @property
    def failed(self) -> tuple[JobView, ...]:
        """Jobs that ended without a result, as long as the same has not been started again."""
        again = {(job.kind, job.subject) for job in self.under_way}
        return tuple(job for job in self.ended if job.status == "failed" and _same(job) not in again)

    def active(self, kind: str, subject: str = "") -> JobView | None:
        """The job of this kind and about this that waits or runs; None when there is none."""
        return next((job for job in self.under_way if _same(job) == (kind, subject)), None)


def _same(job: JobView) -> tuple[str, str]:
    return job.kind, job.subject


class JobRunningError(TaktError):
    """The same kind of work is under way already."""


class Jobs:
    """The queue and its worker. Every method may be called from any thread.

    Parameters
    ----------
    kinds : the kinds of work there are.
    record : keeps a job's view (in the store) whenever its status changes.
    cut_off : jobs of an earlier process that it did not live to end, of each kind one at most.
    cancel_patience : seconds a task has to notice a cancel before its process is killed.
    """

    def __init__(
        self,
        kinds: Iterable[JobKind],
        record: Callable[[JobView], None],
        cut_off: Iterable[JobView] = (),
        cancel_patience: float = CANCEL_PATIENCE_SECONDS,
    ) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._record = record
        self._cancel_patience = cancel_patience
        self._lock = threading.RLock()
        self._waiting: deque[tuple[JobView, Any]] = deque()
        self._current: JobView | None = None
        # By kind and subject, the latest last.
        self._ended = {
            _same(job): replace(job, title=self._kinds[job.kind].title)
            for job in cut_off
            if job.kind in self._kinds
        }
        self._cancelled: set[str] = set()
        self._worker: WorkerProcess | None = None
        self._worker_was_ready = False
        self._closed = False

    def start(self) -> None:
        """Bring the worker up before there is work for it."""
        with self._lock:
            self._start_worker()

    def submit(self, kind: str, payload: Any, subject: str = "") -> str:
        """Put work into the queue; what comes back is the job's id.

        Parameters
        ----------
        subject : what it is about, where one kind of work may be about several things.

        Raises
        ------
        JobRunningError
            Work of this kind about this waits or runs already; a second one would only do the same again.
        """
        with self._lock:
            title = self._kinds[kind].title
            active = self.board().active(kind, subject)
            if active is not None:
                about = f" of {subject}" if subject else ""
                raise JobRunningError(f"A {title.lower()}{about} is under way already ({active.status}).")
            job = JobView(
                uuid.uuid4().hex,
                kind,
                "queued",
                _now(),
                stage="waiting for its turn",
                title=f"{title}: {subject}" if subject else title,
                subject=subject,
            )
            self._waiting.append((job, payload))
            self._keep(job)
            self._dispatch()
            return job.id

    def board(self) -> Board:
        """What is at work, what waits, and how the last ones ended."""
        with self._lock:
            at_work = [] if self._current is None else [self._current]
            waiting = [job for job, _ in self._waiting]
            return Board((*at_work, *waiting), tuple(reversed(self._ended.values())))

    def cancel(self, job_id: str) -> None:
        """Ask a job to stop. One that has ended meanwhile stays as it ended."""
        with self._lock:
            withdrawn = [job for job, _ in self._waiting if job.id == job_id]
            self._waiting = deque(entry for entry in self._waiting if entry[0].id != job_id)
            for job in withdrawn:
                self._end(job, "cancelled", "Cancelled before it started.")
            if self._current is None or self._current.id != job_id:
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
        """Let the worker go; what is being saved is saved, what was under way has failed."""
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None:
            worker.close()
        with self._lock:
            if self._current is not None:
                self._end(self._current, "failed", _STOPPED)
            while self._waiting:
                self._end(self._waiting.popleft()[0], "failed", _STOPPED)

    def _start_worker(self) -> WorkerProcess:
        if self._worker is None:
            self._worker_was_ready = False
            self._worker = WorkerProcess(self._heard, self._lost)
        return self._worker

    def _dispatch(self) -> None:
        if self._current is not None or self._closed or not self._waiting:
            return
        job, payload = self._waiting.popleft()
        self._current = replace(job, status="running", started_at=_now(), stage="starting")
        self._keep(self._current)
        self._start_worker().tell(Work(job.id, self._kinds[job.kind].task, payload, job.reference))

    def _heard(self, worker: WorkerProcess, message: Message) -> None:
        with self._lock:
            if isinstance(message, Ready):
                self._worker_was_ready = True
                return
            job = self._current
            if worker is not self._worker or job is None or message.job != job.id:
                return
            if isinstance(message, Advanced):
                self._advance(job, message)
                return
        if isinstance(message, Done):
            self._save(job, message.result)
        elif isinstance(message, Stopped):
            self._end(job, "cancelled", _CANCELLED)
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
            log.exception("error %s while saving the result of a %s", job.reference, job.title.lower())
            self._end(
                job,
                "failed",
                "The result could not be saved; nothing was changed. The server's log has the details under "
                "this id.",
            )
        else:
            self._end(job, "finished", told)

    def _end(self, job: JobView, status: Status, message: str) -> None:
        with self._lock:
            ended = replace(job, status=status, ended_at=_now(), stage="", message=message)
            if self._current is not None and self._current.id == job.id:
                self._current = None
            self._ended.pop(_same(job), None)
            self._ended[_same(job)] = ended
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
            if job is None:
                return
            if job.id in self._cancelled:
                self._end(job, "cancelled", _CANCELLED)
                return
            log.error("error %s: the worker process ended with code %s", job.reference, exit_code)
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
            if job is not None and job.id == job_id and self._worker is not None:
                self._worker.kill()


def _death_notice(exit_code: int) -> str:
    how = (
        f"was killed (signal {-exit_code})"
        if exit_code < 0
        else f"ended unexpectedly (exit code {exit_code})"
    )
    return (
        f"The worker process {how} before it had a result. Nothing was changed, and a new worker takes over: "
        "start it again. If that happens twice, the machine may be short of memory."
    )


def _now() -> datetime:
    return datetime.now(UTC)
