"""The fleet with everything else divisible: around rounded rents, and freely where that is too dear."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.errors import JobCancelledError, NoPlanError
from planning.optimise.course import FLEET as DECIDING_FLEET
from planning.optimise.course import LEAST, Course, better
from planning.optimise.holding import columns, decides_fleet, holding, patient, step_gap
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.rent import FLEET
from planning.optimise.rounding import MOVES, is_whole, with_whole_robots, without_moves
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.beside import Begun
from planning.optimise.solvers.priced import solve_relaxation
from planning.optimise.solvers.runs import attempt, least_cost

#: Of the gap asked for, what the fleet step may leave.
FLEET_SHARE = 0.5

#: Of the time limit, what the fleet step may use, and what it gets even when that has passed.
FLEET_TIME, FLEET_PATIENCE = 0.5, 0.25

#: How rents of the relaxation are rounded: to the nearest nearly, then upwards.
ROUNDINGS = (0.6, 0.75, 0.9)

#: Of the gap asked for, what rounded rents may leave.
ROUNDED_SHARE = 0.75

#: Of the gap asked for, what deciding one factory anew may leave, and of the time what it may take.
FACTORY_SHARE, FACTORY_TIME = 0.15, 0.1


def fleet_step(model: Model, course: Course, least: Begun, share: float = ROUNDED_SHARE) -> Answer:
    """The fleet with everything else divisible; a relaxation of the whole program, so its bound counts.

    Parameters
    ----------
    least : the linear relaxation of `model`.
    share : of the gap asked for, what the fleet may leave before it is searched for a better one.

    Raises
    ------
    NoPlanError : none was found in the time.
    JobCancelledError : stopped before there was one.
    """
    whole = model.integer & columns(model, FLEET)
    relaxation = replace(model, integer=whole)
    limits, started = course.limits, course.seconds
    own = replace(limits, gap=step_gap(limits, FLEET_SHARE), seconds=limits.seconds * FLEET_TIME)
    enough = share * limits.gap

    def left() -> Limits:
        rest = own.seconds - (course.seconds - started)
        return replace(own, seconds=max(rest, FLEET_PATIENCE * own.seconds))

    course.begin(LEAST)
    if not decides_fleet(model):
        answer = attempt(relaxation, own, course.listener(), course.cancelled)
        if answer is not None:
            return replace(answer, relaxation=answer)
    rounded = _rounded_rents(relaxation, course, left, least, enough)
    if rounded is not None:
        rounded = _by_factory(relaxation, rounded, course, left, enough)
        if rounded.gap <= enough or course.is_stopped():
            return rounded
    start = None if rounded is None else rounded.x
    answer = attempt(relaxation, left(), course.listener(), course.cancelled, start)
    best = better(rounded, answer)
    if best is not None:
        proven = max(one.bound for one in (rounded, answer) if one is not None)
        relaxation_found = None if rounded is None else rounded.relaxation
        return replace(best, bound=min(proven, best.objective), relaxation=relaxation_found)
    if course.is_stopped():
        raise JobCancelledError("The solve was stopped before it had a plan; nothing has changed.")
    return _without_new_rents(model, relaxation, course, own)


def _by_factory(
    relaxation: Model, fleet: Answer, course: Course, left: Callable[[], Limits], enough: float
) -> Answer:
    """`fleet` with the robots of one factory after the other decided anew, all others held.

    Ends as soon as the gap is near enough. The program is small, and decides most of what matters there.
    """
    for factory in _factories(relaxation):
        if fleet.gap <= enough or course.is_stopped():
            break
        held = holding(relaxation, fleet, relaxation.integer & ~_at(relaxation, factory))
        limits = replace(left(), gap=step_gap(course.limits, FACTORY_SHARE))
        limits = replace(limits, seconds=min(limits.seconds, FACTORY_TIME * course.limits.seconds))
        found = attempt(held, limits, course.listener(), course.cancelled, fleet.x)
        if found is not None and found.objective < fleet.objective:
            fleet = replace(found, bound=min(fleet.bound, found.objective), relaxation=fleet.relaxation)
    return fleet


def _factories(model: Model) -> list[int]:
    return sorted(model.families["on_rent"].frame["f"].unique().to_list())


def _at(model: Model, factory: int) -> NDArray[np.bool_]:
    """Columns of the fleet at a factory."""
    mask = np.zeros(len(model.upper), dtype=bool)
    for name in FLEET:
        cells = model.families[name].frame
        if "f" in cells.columns and len(cells):
            mask[cells.filter(pl.col("f") == factory)["col"].to_numpy()] = True
    return mask


def _without_new_rents(model: Model, relaxation: Model, course: Course, limits: Limits) -> Answer:
    upper = np.where(columns(model, ("start",)), 0.0, model.upper)
    as_it_is = replace(relaxation, upper=upper)
    answer = attempt(as_it_is, limits, course.listener(), course.cancelled)
    if answer is None and not course.is_stopped():
        answer = attempt(as_it_is, patient(course.limits), course.listener(), course.cancelled)
    if answer is None:
        raise NoPlanError("The solver ran out of time before it had a plan. Raise time_limit_seconds.")
    return replace(answer, bound=_relaxed_bound(model, course))


def _relaxed_bound(model: Model, course: Course) -> float:
    """What no plan can cost less than, whatever is held: the relaxation's cost, where time allows that.

    What is cheapest without new rents bounds nothing; the relaxation without any whole number does.
    """
    try:
        return solve_relaxation(model, course.limits, course.cancelled, course.listener()).objective
    except NoPlanError:
        return least_cost(model)


def _rounded_rents(
    relaxation: Model,
    course: Course,
    left: Callable[[], Limits],
    least: Begun,
    enough: float,
) -> Answer | None:
    """The fleet around the rents of the linear relaxation, rounded as they add up over the weeks.

    The relaxation may use all the time: every plan of some size begins with it. The first rounding near
    enough to its bound is taken, else the cheapest. None when no rounding keeps the rules, or time is up.
    """
    try:
        linear = least.answer(course.limits.seconds, course.cancelled, course.listener())
    except NoPlanError:
        return None
    course.proven(linear.objective)
    course.begin(DECIDING_FLEET)
    still: Answer | None = linear
    if columns(relaxation, MOVES).any():
        program = divisible(without_moves(relaxation))
        still = attempt(program, left(), course.listener(), course.cancelled, basis=linear.basis)
    if still is None or still.stopped != "Optimal":
        return None
    best = None
    for upwards in ROUNDINGS:
        held = with_whole_robots(relaxation, still.x, upwards)
        best = better(best, _around_robots(held, still, course, left))
        if best is not None:
            best = replace(best, bound=min(linear.objective, best.objective), relaxation=linear)
        if course.is_stopped() or (best is not None and best.gap <= enough):
            break
    return best


def _around_robots(held: Model, linear: Answer, course: Course, left: Callable[[], Limits]) -> Answer | None:
    """The fleet with rents and returns held: what else is whole mostly follows, else it is decided."""
    answer = attempt(divisible(held), left(), course.listener(), course.cancelled, basis=linear.basis)
    if answer is None or answer.stopped != "Optimal":
        return None
    if is_whole(held, answer.x):
        return replace(answer, x=np.where(held.integer, np.round(answer.x), answer.x))
    return attempt(held, left(), course.listener(), course.cancelled)
