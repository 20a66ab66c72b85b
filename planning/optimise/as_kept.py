"""The part of a plan decided again: with robots as they were and, where that is dear, with a fleet anew."""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.domain.decisions import Decisions
from planning.errors import JobCancelledError, NoPlanError
from planning.optimise import course as steps_told
from planning.optimise.course import Course, better
from planning.optimise.fleet_step import fleet_step
from planning.optimise.holding import FINEST, FLEET, columns, holding, step_gap
from planning.optimise.lot_step import LOTS_SHARE, has_many_lots, plan_around
from planning.optimise.model.algebra import Model
from planning.optimise.polish import polished
from planning.optimise.solvers.answer import Answer, Vector
from planning.optimise.solvers.beside import Begun, Relaxation
from planning.optimise.solvers.runs import attempt, relaxed

#: Families a plan's tables tell of robots and of lots.
ROBOTS = ("on_rent", "start", "kept", "move", "move_contract")
_LOTS = ("run", "gross", "batch")


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
    course.found(_lots(held_as_kept(part, kept, ROBOTS), kept, course))
    plan = course.answer()
    if plan is None or (plan.gap > course.limits.gap and not _is_over(course)):
        _with_another_fleet(part, linear, kept, course)
        plan = course.answer()
    if plan is None:
        raise NoPlanError("The solver ran out of time before it had a plan.")
    if course.is_stopped:
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


def _is_over(course: Course) -> bool:
    return course.is_stopped or course.left().seconds <= 0


def _with_another_fleet(part: Model, linear: Answer, kept: Decisions, course: Course) -> None:
    try:
        fleet = fleet_step(part, course, Begun(Relaxation.of(part, course.limits, linear.basis)), 1.0)
    except (JobCancelledError, NoPlanError):
        if course.best is None:
            raise
        return
    course.proven(fleet.bound)
    course.begin(steps_told.LOTS)
    found = _lots(holding(part, fleet, columns(part, FLEET)), kept, course)
    if found is None and not course.is_stopped:
        found = plan_around(part, fleet, course, shown=False)
    course.found(found)


def _lots(held: Model, kept: Decisions, course: Course) -> Answer | None:
    """Lots, shipments and what else is whole beside robots that are held; None where none are found.

    One answer are the lots there were, or only their set-ups, where the lots do not fit any more. From there
    better ones are searched for; where many are free, not to the last, which does not end in seconds.
    """
    near, listener = replace(course.left(), gap=step_gap(course.limits, LOTS_SHARE)), course.listener()
    first = None
    for families in (_LOTS, ("run",)):
        if first is None and not course.is_stopped:
            first = attempt(held_as_kept(held, kept, families), near, listener, course.cancelled)
    found = first
    if not course.is_stopped:
        many, start = has_many_lots(held, shown=False), None if first is None else first.x
        limits = replace(course.left(), gap=near.gap if many else FINEST)
        found = better(first, attempt(held, limits, listener, course.cancelled, start))
    # its bound is of lots beside these robots, not of the part
    return None if found is None else replace(found, bound=-np.inf)
