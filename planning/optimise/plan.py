"""The plan in two solves (rule 8): first what qualifies for long rent, then everything under its caps."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import polars as pl

from planning.domain.problem import Problem
from planning.domain.touched import Touched
from planning.errors import JobCancelledError, NoPlanError
from planning.optimise.carried import carried_over
from planning.optimise.course import FIRST, LEAST, Course, better
from planning.optimise.first import first_plan
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.commitment import caps_of, restricts
from planning.optimise.model.eligible import Eligible, eligible
from planning.optimise.orders_first import orders_first
from planning.optimise.solvers.answer import Answer, Cancelled, Incumbent, Limits, Watch
from planning.optimise.solvers.beside import Begun, Relaxation, begin
from planning.optimise.solvers.others import HIGHS, solver_called
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import NOTHING_YET, PATIENCE, solve_in_steps

Stage = Callable[[str, Incumbent], None]

#: Share of the time limit the first solve may use.
FIRST_SOLVE_SHARE = 0.5

#: Share of it the second solve gets in any case: what was spent on the first is no plan yet.
SECOND_SOLVE_SHARE = 0.4


@dataclass(frozen=True)
class Commitment:
    """The first solve of rule 8: its answer and the long starts it allows (o, f, t, units).

    Parameters
    ----------
    answer : None where the solve was stopped or ran out of time before that: then what stands is all there
        is.
    free : the relaxation with all demand and no caps; None where it was not solved.
    """

    answer: Answer | None
    caps: pl.DataFrame
    free: Answer | None = None


@dataclass(frozen=True)
class Around:
    """What a plan is made around: the plan kept, what of the problem was free, the gap of that part alone."""

    version: int
    free: Touched
    gap: float


@dataclass(frozen=True)
class Solution:
    """A solved plan problem: program, accepted answer, and the first solve where the rule restricts.

    `around` says what of it was decided, where the rest is another plan's.
    """

    problem: Problem
    can: Eligible
    model: Model
    answer: Answer
    commitment: Commitment | None
    around: Around | None = None

    def values(self, family: str, digits: int = 6) -> pl.DataFrame:
        """Non-zero values of a family with its index columns, rounded to what the export carries."""
        values = self.model.values(family, self.answer.x).with_columns(pl.col("value").round(digits))
        return values.filter(pl.col("value") != 0)


def solve_plan(  # noqa: PLR0917 - a plan may be asked for with any of them
    problem: Problem,
    watch: Stage | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = HIGHS,
    beside: Executor | None = None,
) -> Solution:
    """Solve `problem` to its policy's gap within its time limit.

    Parameters
    ----------
    watch : told the stage ("commitment" or "plan") and the incumbent. cancelled : asked whether to stop;
        the best plan by then comes back. threads : of the solver; a plan repeats for the same number.
    solver : HiGHS, or another that PuLP finds. beside : where a large linear program may be solved beside
        another; the plan is the same without it.

    Raises
    ------
    NoPlanError : no plan was found, or the answer cannot be believed.
    JobCancelledError : stopped before there was a plan.
    ConfigurationError : the solver is not there.
    """
    limits = Limits(
        problem.policy.gap, problem.policy.time_limit_seconds, threads, solver=solver_called(solver)
    )
    can = eligible(problem)
    if restricts(problem):
        unlimited = build(problem, can, problem.expected, caps=None)
        with begin(Relaxation.of(unlimited, limits), beside) as least:
            solved = _in_two_solves(problem, can, limits, watch, cancelled, unlimited, least)
    else:
        model = build(problem, can, problem.expected, caps=None)
        answer = solve_in_steps(model, limits, _watching(watch, "plan"), cancelled, beside=beside)
        solved = Solution(problem, can, model, answer, None)
    return replace(solved, answer=orders_first(solved.model, solved.answer))


def _in_two_solves(  # noqa: PLR0917 - what a plan is asked for with, and what was begun of it
    problem: Problem,
    can: Eligible,
    limits: Limits,
    watch: Stage | None,
    cancelled: Cancelled | None,
    unlimited: Model,
    least: Begun,
) -> Solution:
    """A first plan without caps, the solve that finds them, the relaxation without them, the solve within.

    The plan of the solve that finds the caps is one of all demand too, and shown while the rest is solved.
    The relaxation without caps is what the rule's cost is counted from, and the one within them is solved
    from its basis in few steps. It needs nothing of the first plan and the first solve, so it may have been
    begun before both.

    Parameters
    ----------
    unlimited : the program without caps. least : its relaxation.
    """
    course = Course(limits, _watching(watch, "plan"), cancelled)
    course.begin(FIRST)
    first = first_plan(unlimited, limits, course.stopped_for(PATIENCE))
    course.found(first)

    if course.is_stopped():
        return _what_stands(problem, can, unlimited, course)
    qualifying = build(problem, can, problem.qualifying, caps=None)
    half = replace(limits, seconds=limits.seconds * FIRST_SOLVE_SHARE)
    try:
        certain = solve_in_steps(
            qualifying, half, _watching(watch, "commitment", first), cancelled, shown=False
        )
    except (JobCancelledError, NoPlanError):
        if first is None:
            raise
        return _what_stands(problem, can, unlimited, course)
    caps = caps_of(qualifying, problem, can, certain.x)
    model = build(problem, can, problem.expected, caps)
    kept = first if first is not None and keeps_rules(model, first.x) else None
    if not course.is_stopped():
        kept = better(kept, carried_over(certain, qualifying, model, limits, cancelled))
    free = None
    if not course.is_stopped():
        rest = course.left(SECOND_SOLVE_SHARE)
        free = _free(least, Course(rest, _watching(watch, "plan"), cancelled, kept or first))
    if course.is_stopped() and kept is not None:
        stood = replace(kept, stopped="Interrupted", seconds=course.seconds)
        return Solution(problem, can, model, stood, Commitment(certain, caps, free))
    near = None if free is None else free.basis
    if kept is not None and free is not None:
        # with caps no plan costs less than without
        kept = replace(kept, bound=min(max(kept.bound, free.objective), kept.objective))
    answer = solve_in_steps(
        model, course.left(SECOND_SOLVE_SHARE), _watching(watch, "plan"), cancelled, first=kept, near=near
    )
    return Solution(problem, can, model, answer, Commitment(certain, caps, free))


def _what_stands(problem: Problem, can: Eligible, model: Model, course: Course) -> Solution:
    """The first plan as the answer, where there is no first solve of rule 8; its long rents are the caps.

    Raises
    ------
    JobCancelledError : there is none yet.
    """
    first = course.answer("Interrupted" if course.is_stopped() else "TimeLimit")
    if first is None:
        raise JobCancelledError(NOTHING_YET)
    return Solution(problem, can, model, first, Commitment(None, caps_of(model, problem, can, first.x)))


def _free(least: Begun, course: Course) -> Answer | None:
    """The relaxation without caps; None where it is not solved in the time."""
    course.begin(LEAST)
    try:
        return least.answer(course.limits.seconds, course.cancelled, course.listener())
    except NoPlanError:
        return None


def _watching(watch: Stage | None, stage: str, plan: Answer | None = None) -> Watch | None:
    """Tells a stage's progress; while it has no plan of its own, that of the plan there is."""
    if watch is None:
        return None
    if plan is None or stage == "plan":
        return lambda incumbent: watch(stage, incumbent)
    return lambda incumbent: watch(stage, replace(incumbent, objective=plan.objective, bound=plan.bound))
