"""The part of a plan decided again: with robots as they were and, where that is dear, with a fleet anew."""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.domain.decisions import Decisions
from planning.errors import JobCancelledError, NoPlanError
from planning.optimise import course as steps_told
from planning.optimise.course import Course, better
from planning.optimise.fleet_step import fleet_step
from planning.optimise.holding import FINEST, columns, holding, step_gap
from planning.optimise.lot_step import LOTS_SHARE, has_many_lots, plan_around
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.rent import FLEET
from planning.optimise.polish import polished
from planning.optimise.solvers.answer import Answer, Vector, relative_gap
from planning.optimise.solvers.beside import Begun, Relaxation
from planning.optimise.solvers.runs import attempt, relaxed

#: Families a plan's tables tell of robots and of lots.
ROBOTS = ("on_rent", "start", "kept", "move", "move_contract")
_LOTS = ("run", "gross", "batch")

#: Whole numbers by which lots and shipments may differ from those on either side of what they are divisible.
_NEAR = 1.0

#: What a solver may leave a whole number off by.
_WHOLE = 1e-6


def decided_again(part: Model, kept: Decisions, course: Course) -> Answer:
    """A plan of `part`, whose robots and lots were once as `kept`.

    With the robots as they were it takes one program of lots. Where that leaves more than the gap asked for,
    the fleet is decided anew; the better of both is the answer.

    Raises
    ------
    NoPlanError, JobCancelledError : none was found in the time, or before it was stopped.
    """
    course.begin(steps_told.LEAST)
    linear = relaxed(part, course.limits, course.cancelled, course.listener())
    course.proven(linear.objective)
    course.begin(steps_told.LOTS)
    course.found(_lots(held_as_kept(part, kept, ROBOTS), linear, kept, course))
    plan = course.answer()
    over = course.is_stopped() or course.left().seconds <= 0
    if plan is None or (plan.gap > course.limits.gap and not over):
        _with_another_fleet(part, linear, kept, course)
        plan = course.answer()
    if plan is None:
        raise NoPlanError("The solver ran out of time before it had a plan.")
    if course.is_stopped():
        return replace(plan, stopped="Interrupted")
    course.begin(steps_told.POLISH)
    return replace(polished(part, plan, course.left(), course.cancelled), seconds=course.seconds)


def held_as_kept(model: Model, kept: Decisions, families: tuple[str, ...]) -> Model:
    """`model` with these families at what they were, as far as their limits allow; what was not is 0."""
    lower, upper = model.lower.copy(), model.upper.copy()
    for name in families:
        cells = model.families[name].frame
        cols = cells["col"].to_numpy()
        lower[cols] = upper[cols] = np.clip(were(cells, kept, name), model.lower[cols], model.upper[cols])
    return replace(model, lower=lower, upper=upper)


def were(cells: pl.DataFrame, kept: Decisions, family: str) -> Vector:
    """What the columns of a family were."""
    key = [column for column in cells.columns if column != "col"]
    values = cells.join(kept.families[family], on=key, how="left", maintain_order="left")["value"]
    return values.fill_null(0.0).to_numpy()


def _with_another_fleet(part: Model, linear: Answer, kept: Decisions, course: Course) -> None:
    try:
        fleet = fleet_step(part, course, Begun.there(Relaxation.of(part, course.limits), linear), 1.0)
    except (JobCancelledError, NoPlanError):
        if course.best is None:
            raise
        return
    course.proven(fleet.bound)
    course.begin(steps_told.LOTS)
    found = _lots(holding(part, fleet, columns(part, FLEET)), linear, kept, course)
    if found is None and not course.is_stopped():
        found = plan_around(part, fleet, course, shown=False)
    course.found(found)


def _lots(held: Model, near: Answer, kept: Decisions, course: Course) -> Answer | None:
    """Lots, shipments and what else is whole beside robots that are held; None where none are found.

    One answer are the lots there were, or, where they do not fit any more, some near what they are when all
    are divisible. From there better ones are searched for, where it could pay; where many are free, not to
    the last, which does not end in seconds.

    Parameters
    ----------
    near : an answer to a linear program of the same rows, to begin from.
    """
    many = has_many_lots(held, shown=False)
    enough, listener = step_gap(course.limits, LOTS_SHARE), course.listener()
    first = attempt(
        held_as_kept(held, kept, _LOTS), replace(course.left(), gap=enough), listener, course.cancelled
    )
    linear = None
    if (many or first is None) and not course.is_stopped():
        linear = attempt(divisible(held), course.left(), listener, course.cancelled, basis=near.basis)
    if first is None and linear is not None and not course.is_stopped():
        first = attempt(_near(held, linear), replace(course.left(), gap=enough), listener, course.cancelled)
    found = first
    good = (
        many
        and first is not None
        and linear is not None
        and relative_gap(first.objective, linear.bound) <= enough
    )
    if not good and not course.is_stopped():
        limits = replace(course.left(), gap=enough if many else FINEST)
        start = None if first is None else first.x
        found = better(first, attempt(held, limits, listener, course.cancelled, start))
    # its bound is of lots beside these robots, not of the part; its polish begins from the linear program's
    end = None if linear is None else linear.basis
    return None if found is None else replace(found, bound=-np.inf, basis=end)


def _near(held: Model, linear: Answer) -> Model:
    """`held` with lots and shipments near what they are in `linear`, in which they are divisible."""
    whole = held.integer & columns(held, (*_LOTS, "make", "ship"))
    least, most = np.floor(linear.x + _WHOLE) - _NEAR, np.ceil(linear.x - _WHOLE) + _NEAR
    lower = np.where(whole, np.clip(least, held.lower, held.upper), held.lower)
    return replace(held, lower=lower, upper=np.where(whole, np.clip(most, lower, held.upper), held.upper))
