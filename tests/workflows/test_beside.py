"""In this process, in one beside it or on a cluster: a plan is the same, and nothing is left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planning.configuration import read_configuration
from planning.domain.problem import Problem
from planning.errors import ConfigurationError
from planning.optimise.course import LEAST
from planning.optimise.plan import Solution, solve_plan
from planning.optimise.rule_money import rule_money
from planning.optimise.solvers import beside as begun_beside
from planning.optimise.solvers.answer import Answer, Incumbent
from planning.optimise.solvers.beside import Relaxation, begin
from planning.optimise.solvers.runs import relaxed
from planning.workflows.beside import ProcessEndedError, Processes, beside_a_plan
from tests.builders.killing import ROOT
from tests.builders.networks import forecast, network, offer, problem
from tests.optimise.hard_programs import EXACT, fleet, program


@pytest.fixture(scope="module", autouse=True)
def always_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(begun_beside, "MANY_DECISIONS", 0)
        yield


@pytest.fixture(scope="module")
def ruled() -> Problem:
    """Long rent that all demand would pay for and certain demand does not: two solves and a price."""
    return problem(
        network(
            {"horizon_weeks": 6, "flex_term_weeks": 4},
            owned=[],
            products=[{"product": "P", "price": 10_000, "lost_cost": 10_000}],
            offers=[offer("LONG", 50, min_term_weeks=6), offer("FLEX", 100)],
            forecast=forecast([40.0, 55.0, 40.0, 61.0, 40.0, 40.0]),
        )
    )


class Counting(Executor):
    """An executor that knows how often it was asked, and by whom it was answered."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.found: list[Future[Any]] = []

    def submit(self, function: Any, /, *args: Any, **named: Any) -> Future[Any]:
        self.found.append(self.executor.submit(function, *args, **named))
        return self.found[-1]

    def has_answered(self, times: int) -> bool:
        """Whether all that was begun there came back from there."""
        outcomes = [one.result() for one in self.found if not one.cancelled()]
        return len(outcomes) == times and all(isinstance(one, Answer) for one in outcomes)


def told(problem: Problem, beside: Executor | None) -> tuple[Any, ...]:
    """All that a solve says, to the last digit."""
    solution = solve_plan(problem, beside=beside)
    return _digits(solution), rule_money(solution, 60, beside=beside)


def _digits(solution: Solution) -> tuple[Any, ...]:
    answer, commitment = solution.answer, solution.commitment
    assert commitment is not None
    assert commitment.free is not None
    assert commitment.free.basis is not None
    basis = commitment.free.basis
    points = [answer.x.tobytes(), commitment.free.x.tobytes()]
    return (*points, basis.col_status, basis.row_status, answer.bound, commitment.caps.to_dicts())


@pytest.fixture(scope="module")
def alone(ruled: Problem) -> tuple[Any, ...]:
    return told(ruled, None)


def gone(pid: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_processes_find_what_one_process_finds(ruled: Problem, alone: tuple[Any, ...]) -> None:
    with beside_a_plan(replace(read_configuration({}), cores=2)) as executor:
        assert isinstance(executor, Processes)
        processes = Counting(executor)
        assert told(ruled, processes) == alone
        assert processes.has_answered(2)


def test_a_dask_cluster_finds_what_one_process_finds(
    ruled: Problem, alone: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as local:
        there = replace(read_configuration({}), cluster=local.scheduler_address)
        with beside_a_plan(there) as executor:
            assert executor is not None
            cluster = Counting(executor)
            assert told(ruled, cluster) == alone
            assert cluster.has_answered(2)
            # and one that is lost on the way is told, and what it had is solved here
            model = program(fleet())
            monkeypatch.setattr(begun_beside, "solved", _too_late)
            with begin(Relaxation.of(model, EXACT), cluster) as begun:
                time.sleep(0.3)
                assert not cluster.found[-1].done()
                local.close()
                assert begun.answer(60).x.tobytes() == relaxed(model, EXACT).x.tobytes()


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes() as processes:
        yield processes


def test_a_task_runs_in_a_process_that_ends_with_it(processes: Processes) -> None:
    pid = processes.submit(os.getpid).result(30)
    assert pid != os.getpid()
    assert gone(pid)


def test_a_task_given_up_ends_at_once_with_its_process(processes: Processes, tmp_path: Path) -> None:
    found = processes.submit(_sleeping, tmp_path / "pid")
    pid = _written(tmp_path / "pid")
    found.cancel()
    assert gone(pid)


def test_whoever_leaves_leaves_no_process_behind(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), Processes() as processes:
        processes.submit(_sleeping, tmp_path / "pid")
        pid = _written(tmp_path / "pid")
        raise KeyboardInterrupt
    assert gone(pid)


def test_a_killed_planner_leaves_no_process_behind(tmp_path: Path) -> None:
    code = "from tests.workflows.test_beside import wait_for_one; wait_for_one()"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "pid")], cwd=ROOT) as planner:
        pid = _written(tmp_path / "pid")
        planner.kill()
    assert gone(pid)


def wait_for_one() -> None:
    """Have a task that sleeps done in a process, and wait for it."""
    Processes().submit(_sleeping, Path(sys.argv[1])).result()


def test_a_process_that_dies_or_fails_says_so(processes: Processes) -> None:
    with pytest.raises(ProcessEndedError, match="exit code 7"):
        processes.submit(os._exit, 7).result(30)
    with pytest.raises(ProcessEndedError, match="unexpected error"):
        processes.submit(int, "seven").result(30)


def test_a_stopped_plan_gives_up_what_is_beside_it(
    ruled: Problem, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun_beside, "solved", _never)
    stopped: list[float] = []

    def watch(stage: str, incumbent: Incumbent) -> None:
        if stage == "plan" and incumbent.step == LEAST and not stopped:
            stopped.append(time.monotonic())

    counting = Counting(processes)
    solution = solve_plan(ruled, watch, lambda: bool(stopped), beside=counting)
    assert time.monotonic() - stopped[0] < 10, "the task would have taken a minute"
    assert solution.answer.stopped == "Interrupted"
    assert counting.found[0].cancelled()


def test_the_app_s_worker_may_have_one_beside_it(processes: Processes) -> None:
    mine, theirs = processes.submit(_in_its_turn).result(30)
    assert len({os.getpid(), mine, theirs}) == 3
    assert gone(theirs)


def test_what_died_in_its_process_is_solved_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begun_beside, "solved", _dying)
    model = program(fleet())
    with Processes() as processes, begin(Relaxation.of(model, EXACT), processes) as begun:
        assert begun.answer(60).x.tobytes() == relaxed(model, EXACT).x.tobytes()


def test_one_core_has_nothing_beside_it() -> None:
    with beside_a_plan(replace(read_configuration({}), cores=1)) as executor:
        assert executor is None


def test_a_cluster_that_does_not_answer_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dask.distributed")
    nobody = replace(read_configuration({}), cluster="tcp://127.0.0.1:9")
    monkeypatch.setattr("planning.workflows.beside._PATIENCE", 0.5)
    with pytest.raises(ConfigurationError, match="TAKT_CLUSTER"), beside_a_plan(nobody):
        pass


def _in_its_turn() -> tuple[int, int]:
    with Processes() as processes:
        return os.getpid(), processes.submit(os.getpid).result(30)


def _dying(_task: Relaxation) -> None:
    os._exit(9)


def _too_late(_task: Relaxation) -> None:
    time.sleep(2)


def _never(_task: Relaxation) -> None:
    time.sleep(60)


def _sleeping(written: Path) -> None:
    written.write_text(str(os.getpid()))
    time.sleep(60)


def _written(path: Path) -> int:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError("the process did not start")
