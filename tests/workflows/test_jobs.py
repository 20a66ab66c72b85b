"""Long work: runs once, tells how far it is, can be stopped, and outlives the death of its process."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from planning.errors import RefusedPlanError
from planning.workflows.jobs import JobKind, JobRunningError, Jobs, JobView

TASKS = "tests.workflows.tasks"
PATIENCE_SECONDS = 30


class Desk:
    """A queue over the test tasks, with what it saved and recorded."""

    def __init__(self, cancel_patience: float = 10.0, cut_off: Sequence[JobView] = ()) -> None:
        self.saved: list[object] = []
        self.recorded: list[JobView] = []
        names = ("doubling", "sleeping", "deaf", "failing", "crashing", "raising", "refused", "chatty")
        kinds = [JobKind(name, f"{name} run", f"{TASKS}:{name}", self._save) for name in names]
        self.jobs = Jobs(kinds, self.recorded.append, cut_off, cancel_patience)

    def _save(self, result: object) -> str:
        if result == "refuse me":
            raise RefusedPlanError(["stock is negative"])
        self.saved.append(result)
        return f"saved {result}"

    def until(self, condition: Callable[[JobView], bool]) -> JobView:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            job = self.jobs.board().job
            if job is not None and condition(job):
                return job
            time.sleep(0.01)
        raise AssertionError(f"still {self.jobs.board()} after {PATIENCE_SECONDS} s")

    def ended(self) -> JobView:
        return self.until(lambda job: not job.is_active)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.jobs.close()


def test_a_result_is_saved_by_the_process_that_asked_for_it(desk: Desk) -> None:
    desk.jobs.submit("doubling", 21)
    assert desk.ended().message == "saved (42, False)"
    assert desk.saved == [(42, False)], "the task must have run in another process"


def test_every_change_of_status_is_recorded(desk: Desk) -> None:
    desk.jobs.submit("doubling", 21)
    desk.ended()
    assert [job.status for job in desk.recorded] == ["queued", "running", "finished"]


def test_progress_is_told_while_the_work_goes_on(desk: Desk) -> None:
    desk.jobs.submit("sleeping", 60)
    job = desk.until(lambda job: job.gap is not None)
    assert (job.stage, job.fraction, job.gap, job.bound, job.objective) == (
        "sleeping",
        0.25,
        0.1,
        90.0,
        100.0,
    )


def test_the_same_work_does_not_start_twice(desk: Desk) -> None:
    desk.jobs.submit("sleeping", 60)
    with pytest.raises(JobRunningError, match="A sleeping run is under way already"):
        desk.jobs.submit("sleeping", 60)


def test_other_work_waits_for_its_turn(desk: Desk) -> None:
    first = desk.jobs.submit("sleeping", 0.2)
    second = desk.jobs.submit("doubling", 1)
    assert desk.jobs.board().active("doubling") is not None
    desk.until(lambda job: job.id == second and job.status == "finished")
    assert [job.id for job in desk.recorded if job.status == "finished"] == [first, second]


def test_cancelled_work_ends_and_saves_nothing(desk: Desk) -> None:
    job = desk.jobs.submit("sleeping", 60)
    desk.until(lambda job: job.gap is not None)
    desk.jobs.cancel(job)
    assert desk.ended().status == "cancelled"
    assert desk.saved == []


def test_waiting_work_can_be_withdrawn(desk: Desk) -> None:
    desk.jobs.submit("sleeping", 60)
    waiting = desk.jobs.submit("doubling", 1)
    desk.jobs.cancel(waiting)
    board = desk.jobs.board()
    assert [job.kind for job in board.under_way] == ["sleeping"]
    assert [(job.id, job.status) for job in board.ended] == [(waiting, "cancelled")]


def test_the_board_shows_what_runs_then_what_waits(desk: Desk) -> None:
    desk.jobs.submit("sleeping", 60)
    desk.jobs.submit("doubling", 1)
    told = [(job.title, job.status) for job in desk.jobs.board().under_way]
    assert told == [("sleeping run", "running"), ("doubling run", "queued")]


def test_a_failure_stands_until_its_kind_is_started_again(desk: Desk) -> None:
    desk.jobs.submit("crashing", 7)
    desk.ended()
    desk.jobs.submit("doubling", 1)
    desk.until(lambda job: job.kind == "doubling" and job.status == "finished")
    assert [job.kind for job in desk.jobs.board().ended] == ["doubling", "crashing"]
    assert [job.kind for job in desk.jobs.board().failed] == ["crashing"]

    desk.jobs.submit("crashing", 7)
    assert desk.jobs.board().failed == ()


def test_a_success_ends_the_failure_of_its_kind() -> None:
    desk = Desk(cut_off=[cut_off_job("doubling")])
    try:
        assert [job.title for job in desk.jobs.board().failed] == ["doubling run"]
        desk.jobs.submit("doubling", 1)
        desk.until(lambda job: job.status == "finished")
        assert desk.jobs.board().failed == ()
    finally:
        desk.jobs.close()


def test_work_of_a_kind_nobody_knows_any_more_is_passed_over() -> None:
    desk = Desk(cut_off=[cut_off_job("astrology")])
    assert desk.jobs.board().ended == ()


def cut_off_job(kind: str) -> JobView:
    return JobView("0123456789", kind, "failed", datetime(2026, 11, 23, 12, tzinfo=UTC), message="cut off")


def test_work_that_does_not_hear_is_stopped_with_its_process() -> None:
    desk = Desk(cancel_patience=0.1)
    try:
        job = desk.jobs.submit("deaf", 60)
        desk.until(lambda job: job.stage == "deaf")
        desk.jobs.cancel(job)
        assert desk.ended().status == "cancelled"
        desk.jobs.submit("doubling", 21)
        assert desk.ended().status == "finished"
    finally:
        desk.jobs.close()


def test_what_a_planner_did_not_expect_is_told_in_its_own_words(desk: Desk) -> None:
    desk.jobs.submit("failing", None)
    job = desk.ended()
    assert (job.status, job.message) == ("failed", "There are no orders.")


def test_a_fault_in_a_task_is_told_without_its_traceback(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.jobs.submit("raising", None)
    job = desk.ended()
    assert job.status == "failed"
    assert "unexpected error" in job.message
    assert "ZeroDivisionError" not in job.message
    assert re.fullmatch("[0-9a-f]{8}", job.reference)
    assert f"error {job.reference}" in capfd.readouterr().err, "the planner's id must be in the log"


def test_a_plan_the_store_refuses_is_a_failed_job(desk: Desk) -> None:
    desk.jobs.submit("refused", None)
    job = desk.ended()
    assert job.status == "failed"
    assert "stock is negative" in job.message


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_killed_worker_is_told_and_replaced(desk: Desk) -> None:
    desk.jobs.submit("sleeping", 60)
    desk.until(lambda job: job.gap is not None)
    first = desk.jobs.worker_pid()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    job = desk.ended()
    assert job.status == "failed"
    assert "signal 9" in job.message
    assert desk.saved == []
    desk.jobs.submit("doubling", 21)
    assert desk.ended().status == "finished"
    assert desk.jobs.worker_pid() != first


def test_a_task_that_takes_the_worker_down_is_told_with_its_exit_code(desk: Desk) -> None:
    desk.jobs.submit("crashing", 7)
    assert "exit code 7" in desk.ended().message


def test_what_a_task_prints_does_not_get_into_the_messages(desk: Desk) -> None:
    desk.jobs.submit("chatty", "quiet")
    assert desk.ended().message == "saved quiet"


def test_closing_ends_what_is_under_way_and_says_so() -> None:
    desk = Desk()
    desk.jobs.submit("sleeping", 60)
    desk.until(lambda job: job.gap is not None)
    desk.jobs.submit("doubling", 1)
    worker = desk.jobs.worker_pid()
    assert worker is not None
    desk.jobs.close()
    assert [job.status for job in desk.recorded[-2:]] == ["failed", "failed"]
    assert "The app was stopped" in desk.recorded[-1].message
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_store_that_cannot_keep_the_record_does_not_stop_the_work() -> None:
    def broken(job: JobView) -> None:
        raise OSError("disk full")

    saved: list[object] = []
    jobs = Jobs(
        [JobKind("doubling", "Doubling", f"{TASKS}:doubling", lambda r: str(saved.append(r)))], broken
    )
    try:
        jobs.submit("doubling", 1)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not saved and time.monotonic() < deadline:
            time.sleep(0.01)
        assert saved == [(2, False)]
    finally:
        jobs.close()
