"""Solving in steps: never a wrong bound, the true optimum when asked for, what a cancelled solve gives."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from planning.errors import JobCancelledError, NoPlanError
from planning.optimise import course, fleet_step, lot_rounding, lot_step, polish, steps
from planning.optimise.first import first_plan
from planning.optimise.model.algebra import Model
from planning.optimise.plan import solve_plan
from planning.optimise.solvers import beside
from planning.optimise.solvers.answer import Answer, Incumbent, Limits
from planning.optimise.solvers.runs import attempt, least_cost
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import certain, network, offer, problem
from tests.optimise.hard_programs import CASES, EXACT, both, fleet, lots, program


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def model(request: pytest.FixtureRequest) -> Model:
    return program(request.param())


@pytest.fixture(scope="module")
def optimum(model: Model) -> float:
    """What the whole program costs, solved at once."""
    answer = attempt(model, EXACT)
    assert answer is not None
    assert answer.gap < 1e-6
    return answer.objective


def test_with_no_gap_allowed_the_steps_end_at_the_optimum(model: Model, optimum: float) -> None:
    answer = solve_in_steps(model, EXACT)
    assert answer.objective == pytest.approx(optimum, rel=1e-6)
    assert answer.bound == pytest.approx(optimum, rel=1e-6)


@pytest.mark.parametrize("gap", [0.01, 0.3])
def test_a_plan_within_its_gap_encloses_the_optimum(model: Model, optimum: float, gap: float) -> None:
    answer = solve_in_steps(model, Limits(gap=gap, seconds=60))
    assert answer.bound <= optimum + 1e-6 * abs(optimum)
    assert answer.objective >= optimum - 1e-6 * abs(optimum)
    assert answer.gap <= gap


def test_a_solve_repeats_exactly(model: Model) -> None:
    first, again = (solve_in_steps(model, Limits(gap=0.01, seconds=60)) for _ in range(2))
    assert np.array_equal(first.x, again.x)


def test_progress_speaks_of_whole_plans_only(model: Model, optimum: float) -> None:
    told: list[Incumbent] = []
    solve_in_steps(model, EXACT, told.append)
    assert any(one.objective is not None for one in told)
    for one in told:
        assert one.objective is None or one.objective >= optimum - 1e-6 * abs(optimum)
        assert one.bound is None or one.bound <= optimum + 1e-6 * abs(optimum)


def test_where_there_is_no_fleet_to_decide_lots_alone_prove_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(lots())
    given = failing(monkeypatch)
    answer = solve_in_steps(model, EXACT)
    assert answer.gap < 1e-6
    assert len(given) == 4  # fleet, lots, shipments, polish: nothing was left to solve at once


def test_the_bound_is_the_better_of_those_proven_and_no_better(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(both())
    answers: list[Answer] = []

    def modest(program: Model, *rest: Any, **more: Any) -> Answer | None:
        """Everything at once ends with a bound 7 below its plan."""
        answer = attempt(program, *rest, **more)
        assert answer is not None
        if program is model:
            answer = replace(answer, bound=answer.objective - 7)
        answers.append(answer)
        return answer

    for step in (steps, fleet_step, lot_step, polish):
        monkeypatch.setattr(step, "attempt", modest)
    answer = solve_in_steps(model, EXACT)
    assert answers[0].bound < answer.objective - 7
    assert answer.bound == pytest.approx(answer.objective - 7)


# When a step fails


def failing(monkeypatch: pytest.MonkeyPatch, *which: int) -> list[Model]:
    """Let the solves of these numbers (from 0) find nothing; returns the programs all solves were given."""
    given: list[Model] = []

    def tried(model: Model, *rest: Any, **more: Any) -> Answer | None:
        given.append(model)
        return None if len(given) - 1 in which else attempt(model, *rest, **more)

    for step in (steps, fleet_step, lot_step, lot_rounding, polish):
        monkeypatch.setattr(step, "attempt", tried)
    return given


def test_where_neither_rounding_nor_the_fleet_step_finds_anything_it_is_tried_without_new_rents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(fleet())
    exact = attempt(model, EXACT)
    assert exact is not None
    given = failing(monkeypatch, 0, 1)  # robots where they are, then the fleet freely
    answer = solve_in_steps(model, Limits(gap=1.0, seconds=60))
    starts = model.families["start"].frame["col"].to_numpy()
    assert (given[2].upper[starts] == 0).all()
    assert (answer.x[starts] == 0).all()
    # what is cheapest without new rents bounds nothing
    assert answer.bound <= exact.objective <= answer.objective


def test_rents_of_the_relaxation_are_rounded_and_kept_where_they_are_good_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(fleet())
    exact = attempt(model, EXACT)
    assert exact is not None
    given = failing(monkeypatch)
    answer = solve_in_steps(model, Limits(gap=1.0, seconds=60))
    starts = model.families["start"].frame["col"].to_numpy()
    # robots where they are, then with rents rounded, which all that follows holds
    assert all((made.upper[starts] == given[1].lower[starts]).all() for made in given[1:])
    assert (answer.x[starts] == given[1].lower[starts]).all()
    assert answer.x[starts].sum() > 0
    assert answer.bound <= exact.objective <= answer.objective


def test_rounded_rents_that_are_too_dear_only_start_the_search_for_better_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(fleet())
    given = failing(monkeypatch)
    answer = solve_in_steps(model, EXACT)
    starts = model.families["start"].frame["col"].to_numpy()
    held = [bool((made.upper[starts] == made.lower[starts]).all()) for made in given]
    assert held[0] is False  # robots where they are
    assert held[1:].index(False) >= len(fleet_step.ROUNDINGS)
    assert answer.gap < 1e-6


def test_lots_the_fleet_step_left_idle_stay_idle_unless_that_is_too_dear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(both())
    runs = model.families["run"].frame["col"].to_numpy()
    given = failing(monkeypatch)
    solve_in_steps(model, Limits(gap=10.0, seconds=60))
    idle = given[1].upper[runs] == 0
    assert 0 < idle.sum() < len(runs)
    # the fleet, few lots, their shipments, the polish
    assert len(given) == 4
    given.clear()
    solve_in_steps(model, EXACT)
    undecided = [made for made in given if made.integer[runs].all()]
    anew = [bool((made.upper[runs] == 1).all()) for made in undecided]
    assert not anew[0]
    assert any(anew[1:])


def test_where_rounded_rents_are_too_dear_each_factory_is_decided_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(fleet())
    given = failing(monkeypatch)
    solve_in_steps(model, EXACT)
    starts = model.families["start"].frame
    free = []
    for made in given[1 + len(fleet_step.ROUNDINGS) :]:
        open_here = starts.filter(pl.Series((made.lower < made.upper)[starts["col"].to_numpy()]))["f"]
        free.append(sorted(open_here.unique().to_list()))
    assert [0] in free
    assert [1] in free
    assert free.index([0]) < free.index([1]) < free.index([0, 1])


def test_a_bound_without_new_rents_is_still_one_of_the_whole_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(fleet())
    failing(monkeypatch, 0)
    answer = solve_in_steps(model, EXACT)
    assert answer.gap < 1e-6
    assert (answer.x[model.families["start"].frame["col"].to_numpy()] > 0).any()


def test_where_lots_find_nothing_in_time_the_first_that_are_found_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(lots())
    given = failing(monkeypatch, 1)
    answer = solve_in_steps(model, Limits(gap=0.5, seconds=60))
    assert (given[2].integer == given[1].integer).all()
    assert answer.gap <= 0.5


def test_where_lots_find_nothing_at_all_everything_is_solved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(lots())
    given = failing(monkeypatch, 1, 2)
    answer = solve_in_steps(model, EXACT)
    assert (given[3].integer == model.integer).all()
    assert answer.gap < 1e-6


def test_where_shipments_find_nothing_in_time_the_first_that_are_found_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = program(lots())
    given = failing(monkeypatch, 2)
    solve_in_steps(model, Limits(gap=0.5, seconds=60))
    assert (given[3].lower == given[2].lower).all()


def test_without_time_for_the_relaxation_a_plan_is_bounded_by_what_none_can_undercut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def out_of_time(*_given: Any, **_more: Any) -> Answer:
        raise NoPlanError("The linear relaxation was not solved.")

    model = program(fleet())
    failing(monkeypatch, 0)
    monkeypatch.setattr(beside, "solve_relaxation", out_of_time)
    monkeypatch.setattr(fleet_step, "solve_relaxation", out_of_time)
    answer = solve_in_steps(model, Limits(gap=1e9, seconds=60))
    assert (answer.x[model.families["start"].frame["col"].to_numpy()] == 0).all()
    assert least_cost(model) <= answer.bound <= answer.objective


def test_without_any_plan_the_planner_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, *range(20))
    monkeypatch.setattr(steps, "first_plan", lambda *_given: None)
    with pytest.raises(NoPlanError, match=r"ran out of time before it had a plan\. Raise time_limit_seconds"):
        solve_in_steps(program(lots()), EXACT)


def test_a_plan_found_when_time_is_up_is_kept_as_it_is() -> None:
    answer = solve_in_steps(program(both()), Limits(gap=0.0, seconds=0.0))
    assert answer.stopped == "TimeLimit"
    assert answer.bound < answer.objective


# Cancelling


def test_stopped_at_once_a_planner_has_what_stands_already() -> None:
    model = program(both())
    answer = solve_in_steps(model, EXACT, cancelled=lambda: True)
    first = first_plan(model, EXACT)
    assert first is not None
    assert np.array_equal(answer.x, first.x)
    assert answer.stopped == "Interrupted"
    assert answer.bound < answer.objective


@pytest.mark.parametrize("which", [(0, 1, 2, 3), (1, 2)])
def test_stopped_without_any_plan_nothing_comes_back(
    monkeypatch: pytest.MonkeyPatch, which: tuple[int, ...]
) -> None:
    given = failing(monkeypatch, *which)
    monkeypatch.setattr(steps, "first_plan", lambda *_given: None)
    with pytest.raises(JobCancelledError, match="nothing has changed"):
        solve_in_steps(program(lots()), EXACT, cancelled=lambda: len(given) >= len(which))


def test_cancelled_with_a_plan_at_hand_that_plan_comes_back() -> None:
    plans: list[float] = []

    def watch(incumbent: Incumbent) -> None:
        if incumbent.objective is not None:
            plans.append(incumbent.objective)

    answer = solve_in_steps(program(both()), EXACT, watch, cancelled=lambda: bool(plans))
    assert len(set(plans)) == 1
    assert answer.objective <= plans[0]
    assert answer.bound < answer.objective


def test_stopped_in_the_first_solve_of_the_commitment_rule_what_stands_comes_back() -> None:
    made = problem(network(offers=[offer("LONG", 50, min_term_weeks=20)], forecast=certain([80] * 4)))
    solution = solve_plan(made, cancelled=lambda: True)
    assert solution.answer.stopped == "Interrupted"
    assert solution.values("start").is_empty()


def test_there_is_a_plan_before_anything_else_is_solved(
    model: Model, optimum: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, told = failing(monkeypatch), list[Incumbent]()
    solve_in_steps(model, EXACT, lambda one: told.append(one) if not given else None)
    begun, found = told[0], told[1:]
    assert begun.objective is None
    assert begun.step == course.FIRST
    assert found
    assert all(one.objective is not None and one.objective >= optimum - 1e-6 for one in found)


def test_a_solve_tells_how_long_it_took() -> None:
    started = time.monotonic()
    answer = solve_in_steps(program(lots()), EXACT)
    assert 0 < answer.seconds <= time.monotonic() - started
