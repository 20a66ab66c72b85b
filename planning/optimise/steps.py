"""Solving in steps: the fleet, then lots, then shipments, then, if the gap asks for it, everything at once.

Each step makes more of the program whole and holds what the one before decided. The first is a relaxation
of the whole program, so its bound is a bound of the plan. What is found is polished: with its whole numbers
held, everything divisible is brought to its optimum.
"""

from concurrent.futures import Executor
from dataclasses import replace

import highspy

from planning.errors import JobCancelledError, NoPlanError
from planning.optimise.course import FIRST, POLISH, SEARCH, Course
from planning.optimise.first import first_plan
from planning.optimise.fleet_step import ROUNDED_SHARE, fleet_step
from planning.optimise.holding import decides_fleet
from planning.optimise.lot_step import has_many_lots, plan_around
from planning.optimise.model.algebra import Model
from planning.optimise.orders_first import orders_first
from planning.optimise.polish import polished
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Watch
from planning.optimise.solvers.beside import Begun, Relaxation, begin
from planning.optimise.solvers.runs import attempt
from planning.optimise.whole_orders import with_whole_orders

#: Seconds a planner who stops a solve waits for a first plan to be made of what stands.
PATIENCE = 0.5

NOTHING_YET = "The solve was stopped before it had a plan; nothing has changed."
NO_TIME = "The solver ran out of time before it had a plan. Raise time_limit_seconds."


def solve_in_steps(
    model: Model,
    limits: Limits,
    watch: Watch | None = None,
    cancelled: Cancelled | None = None,
    *,
    shown: bool = True,
    first: Answer | None = None,
    near: highspy.HighsBasis | None = None,
    beside: Executor | None = None,
) -> Answer:
    """Solve `model` to the gap of `limits`, or as well as its time allows.

    Parameters
    ----------
    shown : a planner sees the plans as they come, so there is one before any is good. Else only the fleet
        matters, and lots of a program of some size are not searched for.
    first : a plan there is already.
    near : basis of the relaxation of the same columns and the first of the rows, to begin from.
    beside : where the relaxation is solved while a first plan is made.

    Raises
    ------
    NoPlanError : no plan was found in the time.
    JobCancelledError : stopped before there was a plan.
    """
    course = Course(limits, watch, cancelled, first)
    meanwhile = shown and first is None and decides_fleet(model)
    with begin(Relaxation.of(model, limits, near), beside if meanwhile else None) as least:
        return _in_steps(model, course, least, shown=shown)


def _in_steps(model: Model, course: Course, least: Begun, *, shown: bool) -> Answer:
    limits = course.limits
    if shown and course.best is None:
        course.begin(FIRST)
        course.found(first_plan(model, limits, course.stopped_for(PATIENCE)))
    try:
        fleet = fleet_step(model, course, least, ROUNDED_SHARE if shown else 1.0)
    except (JobCancelledError, NoPlanError):
        if course.best is None and shown:
            course.found(first_plan(model, limits, course.stopped_for(PATIENCE)))
        if course.best is None:
            raise
        return _ended(course)
    found = plan_around(model, fleet, course, shown=shown)
    course.proven(fleet.bound if found is None else found.bound)
    course.found(found)
    if course.is_stopped() and course.best is not None:
        return _ended(course)
    plan = course.answer()
    enough = not shown and has_many_lots(model, shown=shown)
    if plan is not None and (plan.gap <= limits.gap or enough):
        return _finished(model, course, fleet, shown=shown)
    if plan is not None and course.left().seconds <= 0:
        course.best = replace(plan, stopped="TimeLimit")
        return _finished(model, course, fleet, shown=shown)
    return _everything(model, course, fleet, shown=shown)


def _everything(model: Model, course: Course, fleet: Answer, *, shown: bool) -> Answer:
    """Everything at once, from the plan there is, for the time that is left."""
    course.begin(SEARCH)
    start = None if course.best is None else course.best.x
    whole = attempt(model, course.left(), course.listener(whole=True), course.cancelled, start)
    if whole is not None:
        course.proven(whole.bound)
        course.found(whole)
    if course.best is None:
        if course.is_stopped():
            raise JobCancelledError(NOTHING_YET)
        raise NoPlanError(NO_TIME)
    if whole is not None:
        course.best = replace(course.best, stopped=whole.stopped)
    return _ended(course) if course.is_stopped() else _finished(model, course, fleet, shown=shown)


def _ended(course: Course) -> Answer:
    """The best plan there is when no more is found: who stops a solve does not wait for its polish."""
    answer = course.answer("Interrupted" if course.is_stopped() else "TimeLimit")
    if answer is None:
        raise NoPlanError(NO_TIME)
    return answer


def _finished(model: Model, course: Course, fleet: Answer, *, shown: bool) -> Answer:
    """The best plan there is with the last touches; one that is shown promises whole units."""
    course.begin(POLISH)
    answer = course.answer()
    if answer is None:
        raise NoPlanError(NO_TIME)
    done = polished(model, answer, course.left(), course.cancelled)
    if shown and not course.is_stopped():
        done = with_whole_orders(model, orders_first(model, done), course.left(), course.cancelled)
    return replace(done, seconds=course.seconds, relaxation=fleet.relaxation)
