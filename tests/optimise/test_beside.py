"""A relaxation begun before it is needed is the same as one solved when it is asked for."""

import logging
import pickle
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model
from planning.optimise.solvers import beside
from planning.optimise.solvers.answer import Answer, Incumbent, Limits
from planning.optimise.solvers.beside import Begun, Relaxation, begin, solved
from planning.optimise.solvers.runs import relaxed
from planning.optimise.steps import solve_in_steps
from tests.optimise.hard_programs import EXACT, fleet, lots, program


class Elsewhere(Executor):
    """Keeps what it is handed; what comes of it is the test's to say."""

    def __init__(self, outcome: Callable[[Relaxation], object] | None = None) -> None:
        self.outcome = outcome
        self.given: list[Future[Any]] = []

    def submit(self, _function: Any, /, *args: Any, **_named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append(future)
        if self.outcome is not None:
            try:
                future.set_result(self.outcome(args[0]))
            except RuntimeError as error:
                future.set_exception(error)
        return future


def travelled(task: Relaxation) -> object:
    """As another process does it: the task pickled there, the answer pickled back."""
    return pickle.loads(pickle.dumps(solved(pickle.loads(pickle.dumps(task)))))


@pytest.fixture
def model() -> Model:
    return program(fleet())


@pytest.fixture
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY_DECISIONS", 0)


def basis_of(answer: Answer) -> highspy.HighsBasis:
    assert answer.basis is not None
    return answer.basis


def statuses(answer: Answer) -> tuple[list[Any], list[Any]]:
    return basis_of(answer).col_status, basis_of(answer).row_status


def same(one: Answer, other: Answer) -> bool:
    return one.x.tobytes() == other.x.tobytes() and statuses(one) == statuses(other)


def test_a_relaxation_that_travelled_is_the_same_to_the_last_digit(
    model: Model, always_worth_it: None
) -> None:
    here = relaxed(model, EXACT)
    with begin(Relaxation.of(model, EXACT), Elsewhere(travelled)) as begun:
        there = begun.answer(60)
    assert same(here, there)
    assert there.objective == here.objective


def test_a_basis_that_travelled_leads_to_the_same_in_as_many_steps(model: Model) -> None:
    here = relaxed(model, EXACT)
    back = pickle.loads(pickle.dumps(here))
    mine, theirs = basis_of(here), basis_of(back)
    assert (mine.valid, mine.alien, mine.was_alien) == (theirs.valid, theirs.alien, theirs.was_alien)
    tighter = replace(model, upper=np.minimum(model.upper, 1e3))
    assert same(relaxed(tighter, EXACT, basis=mine), relaxed(tighter, EXACT, basis=theirs))


def test_a_plan_is_the_same_with_its_relaxation_begun_elsewhere(model: Model, always_worth_it: None) -> None:
    elsewhere = Elsewhere(travelled)
    plan, other = solve_in_steps(model, EXACT), solve_in_steps(model, EXACT, beside=elsewhere)
    assert len(elsewhere.given) == 1
    assert plan.x.tobytes() == other.x.tobytes()
    assert plan.bound == other.bound


def test_small_programs_other_solvers_and_programs_without_a_fleet_stay_here(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Elsewhere()
    begin(Relaxation.of(model, EXACT), elsewhere)
    monkeypatch.setattr(beside, "MANY_DECISIONS", 0)
    begin(Relaxation.of(model, replace(EXACT, solver="COIN_CMD")), elsewhere)
    solve_in_steps(program(lots()), EXACT, beside=elsewhere)
    assert elsewhere.given == []


@pytest.mark.usefixtures("always_worth_it")
def test_what_dies_elsewhere_is_solved_here_and_told(model: Model, caplog: pytest.LogCaptureFixture) -> None:
    def dies(_task: Relaxation) -> object:
        raise RuntimeError("its process ended with exit code -9")

    with caplog.at_level(logging.WARNING), begin(Relaxation.of(model, EXACT), Elsewhere(dies)) as begun:
        assert same(begun.answer(60), relaxed(model, EXACT))
    assert "solved here" in caplog.text
    assert "exit code -9" in caplog.text


@pytest.mark.usefixtures("always_worth_it")
def test_where_no_process_can_be_started_it_is_solved_here_and_told(
    model: Model, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_given: object) -> Future[Any]:
        raise OSError("Cannot allocate memory")

    elsewhere = Elsewhere()
    monkeypatch.setattr(elsewhere, "submit", full)
    with caplog.at_level(logging.WARNING), begin(Relaxation.of(model, EXACT), elsewhere) as begun:
        assert same(begun.answer(60), relaxed(model, EXACT))
    assert "Cannot allocate memory" in caplog.text


@pytest.mark.usefixtures("always_worth_it")
def test_an_answer_of_another_version_is_not_taken(model: Model, caplog: pytest.LogCaptureFixture) -> None:
    def older(task: Relaxation) -> object:
        answer = solved(task)
        assert isinstance(answer, Answer)
        return replace(answer, solver="HiGHS 1.0 through PuLP 2.0", objective=-1.0)

    with caplog.at_level(logging.WARNING), begin(Relaxation.of(model, EXACT), Elsewhere(older)) as begun:
        assert begun.answer(60).objective == relaxed(model, EXACT).objective
    assert "HiGHS 1.0 through PuLP 2.0" in caplog.text


@pytest.mark.usefixtures("always_worth_it")
def test_no_optimum_elsewhere_is_no_optimum_here(model: Model) -> None:
    said = NoPlanError("The linear relaxation was not solved (TimeLimit).")
    begun = begin(Relaxation.of(model, EXACT), Elsewhere(lambda _task: said))
    with pytest.raises(NoPlanError, match="TimeLimit"):
        begun.answer(60)


@pytest.mark.usefixtures("always_worth_it")
@pytest.mark.parametrize(
    ("seconds", "stopped", "word"), [(60, True, "Interrupted"), (0.2, False, "TimeLimit")]
)
def test_what_is_stopped_or_late_is_given_up_at_once(
    model: Model, seconds: float, stopped: bool, word: str
) -> None:
    elsewhere, told, began = Elsewhere(), list[Incumbent](), time.monotonic()
    begun = begin(Relaxation.of(model, EXACT), elsewhere)
    with pytest.raises(NoPlanError, match=word):
        begun.answer(seconds, lambda: stopped and bool(told), told.append)
    assert time.monotonic() - began < 1.5
    assert told, "who waits is told that time goes on"
    assert elsewhere.given[0].cancelled()


@pytest.mark.usefixtures("always_worth_it")
def test_what_nobody_asked_for_is_given_up(model: Model) -> None:
    elsewhere = Elsewhere()
    with pytest.raises(KeyboardInterrupt), begin(Relaxation.of(model, EXACT), elsewhere):
        raise KeyboardInterrupt
    assert elsewhere.given[0].cancelled()


def test_without_another_place_it_is_solved_when_it_is_asked_for(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Limits] = []
    monkeypatch.setattr(
        beside, "solve_relaxation", lambda _model, limits, *_given, **_more: asked.append(limits)
    )
    begun = Begun(Relaxation.of(model, EXACT))
    assert asked == []
    begun.answer(7)
    assert [limits.seconds for limits in asked] == [pytest.approx(7, abs=1)]
