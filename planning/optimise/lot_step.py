"""Lots, then shipments, around a fleet: what makes a plan of it."""

from dataclasses import replace

import numpy as np

from planning.optimise import course as steps_told
from planning.optimise.course import Course
from planning.optimise.holding import LOTS, LOTS_PATIENCE, columns, decides_fleet, holding, patient, step_gap
from planning.optimise.lot_rounding import with_whole_lots
from planning.optimise.model.algebra import Model
from planning.optimise.model.rent import FLEET
from planning.optimise.neighbourhoods import by_products
from planning.optimise.rounding import is_whole
from planning.optimise.solvers.answer import Answer, costing
from planning.optimise.solvers.runs import attempt
from planning.optimise.standing import with_standing_made

#: Of the gap asked for, what lots and shipments may leave where they are searched for one after the other.
LOTS_SHARE, SHIPMENTS_SHARE = 0.2, 0.1

#: Of the gap asked for, what a plan may leave that is made no better; what a first search for one may branch
#: into.
ENOUGH_SHARE, ROOT = 0.75, 1

#: Of the time limit, what shipments get even when it has passed.
SHIPMENTS_PATIENCE = 0.25

#: Whole lots and shipments above which a search for the best of them takes longer than a planner waits; and
#: above which it is not worth it in a solve that only finds the caps, which the fleet alone decides.
MANY_LOTS, MANY_UNSHOWN = 2_000, 200

#: Units below which a lot is idle in a step where it was divisible.
IDLE = 1e-6


def plan_around(model: Model, fleet: Answer, course: Course, *, shown: bool = True) -> Answer | None:
    """Lots, then shipments, for the fleet found; None when cancelled, or when there are none."""
    if is_whole(model, fleet.x):
        return fleet
    course.begin(steps_told.LOTS)
    held = holding(model, fleet, columns(model, FLEET))
    if has_many_lots(held, shown=shown):
        rounded = with_whole_lots(held, fleet, course)
        if rounded is not None:
            rounded = replace(rounded, bound=min(fleet.bound, rounded.objective))
            return with_standing_made(held, rounded, course) if shown else rounded
        if course.is_stopped():
            return None
    decided = decides_fleet(model)
    lots = _lots(held, fleet, course, decided=decided)
    if lots is None:
        return None
    course.begin(steps_told.SHIPMENTS)
    limits = course.left(SHIPMENTS_PATIENCE)
    fixed = holding(held, lots, columns(model, LOTS))
    limits = replace(limits, gap=step_gap(limits, SHIPMENTS_SHARE))
    plan = attempt(fixed, limits, course.listener(), course.cancelled)
    if plan is None and not course.is_stopped():
        plan = attempt(fixed, patient(course.left(1.0)), course.listener(), course.cancelled)
    # with no fleet to decide the lots step bounds the whole program too
    proven = fleet.bound if decided else max(fleet.bound, lots.bound)
    if plan is None:
        return None
    plan = replace(plan, bound=min(proven, plan.objective))
    course.found(plan)
    return by_products(held, plan, course, costing(proven, ENOUGH_SHARE * course.limits.gap))


def has_many_lots(model: Model, *, shown: bool) -> bool:
    """Whether lots and shipments are too many to search for the best of them."""
    undecided = (model.integer & ~columns(model, FLEET) & (model.lower < model.upper)).sum()
    return bool(undecided > (MANY_LOTS if shown else MANY_UNSHOWN))


def _idle_held(held: Model, fleet: Answer) -> Model:
    """`held` with the lots idle that a step left idle in which they were divisible."""
    idle = columns(held, LOTS) & held.integer & (fleet.x < IDLE)
    return replace(held, upper=np.where(idle, held.lower, held.upper))


def _lots(held: Model, fleet: Answer, course: Course, *, decided: bool) -> Answer | None:
    """Lots around the fleet held, shipments divisible.

    What the fleet step left idle stays idle first: that leaves few lots to decide. A short search is enough
    there, as long as it finds any: of what a longer one would close of the gap most lies in the bound.
    """
    program = replace(held, integer=held.integer & ~columns(held, ("ship",)))
    last = not decided and bool((program.integer == held.integer).all())
    limits = course.left(LOTS_PATIENCE)
    # where neither fleet nor shipments are whole, lots are all there is to decide
    limits = limits if last else replace(limits, gap=step_gap(limits, LOTS_SHARE))
    if decided:
        enough = costing(fleet.bound, ENOUGH_SHARE * course.limits.gap)
        short = replace(limits, nodes=ROOT, enough=enough)
        few = attempt(_idle_held(program, fleet), short, course.listener(), course.cancelled)
        if few is not None or course.is_stopped():
            return few
    found = attempt(program, limits, course.listener(), course.cancelled)
    if found is not None or course.is_stopped():
        return found
    rescue = patient(course.left(1.0))
    few = (
        attempt(_idle_held(program, fleet), rescue, course.listener(), course.cancelled) if decided else None
    )
    return few or attempt(program, rescue, course.listener(), course.cancelled)
