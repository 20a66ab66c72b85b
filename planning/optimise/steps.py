"""Solving in steps: the fleet, then lots, then shipments, then, if the gap asks for it, everything at once.

Each step makes more of the program whole and holds what the one before decided. The first is a relaxation
of the whole program, so its bound is a bound of the plan. What is found is polished: with its whole numbers
held, everything divisible is brought to its optimum.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.errors import JobCancelledError, NoPlanError
from planning.optimise.algebra import Model
from planning.optimise.first import first_plan
from planning.optimise.lot_rounding import with_whole_lots
from planning.optimise.rounding import is_whole, with_whole_robots
from planning.optimise.solver import (
    Answer,
    Cancelled,
    Incumbent,
    Limits,
    Vector,
    Watch,
    attempt,
    least_cost,
    relaxed,
)

Mask = NDArray[np.bool_]

FLEET = (
    "on_rent",
    "start",
    "stop",
    "lot",
    "kept",
    "drop",
    "terminate",
    "move",
    "move_contract",
    "tier",
    "tier_units",
    "room",
)
LOTS = ("run", "batch", "make", "gross")

#: Of the gap asked for, what each step may leave; no step is pressed below `FINEST`.
FLEET_SHARE, LOTS_SHARE, SHIPMENTS_SHARE, FINEST = 0.5, 0.2, 0.1, 1e-3

#: Of the time limit, what the fleet step may use, and what lots and shipments get even when it has passed:
#: a plan a little late is worth more than none on time.
FLEET_TIME, FLEET_PATIENCE, LOTS_PATIENCE, SHIPMENTS_PATIENCE = 0.5, 0.25, 0.5, 0.25

#: A step that has found nothing in its time takes the first it finds, for as many time limits.
RESCUE, ANY_GAP = 10.0, 1e9

#: How rents of the relaxation are rounded: to the nearest nearly, then upwards.
ROUNDINGS = (0.6, 0.75, 0.9)

#: Of the gap asked for, what rounded rents may leave, and what it may cost to leave idle lots idle.
ROUNDED_SHARE, IDLE_SHARE = 0.75, 0.25

#: Whole lots and shipments above which a search for the best of them takes longer than a planner waits.
MANY_LOTS = 2_000

#: Units below which a lot is idle in a step where it was divisible.
IDLE = 1e-6

#: Seconds the polish gets in any case; it is one linear program.
POLISH_SECONDS = 30.0


def solve_in_steps(
    model: Model,
    limits: Limits,
    watch: Watch | None = None,
    cancelled: Cancelled | None = None,
    *,
    shown: bool = True,
) -> Answer:
    """Solve `model` to the gap of `limits`, or as well as its time allows.

    Parameters
    ----------
    shown : a planner sees the plans as they come, so there is one before any is good.

    Raises
    ------
    NoPlanError : no plan was found in the time.
    JobCancelledError : stopped before there was a plan.
    """
    started = time.monotonic()

    def left(patience: float = 0.0) -> Limits:
        rest = limits.seconds - (time.monotonic() - started)
        return replace(limits, seconds=max(rest, patience * limits.seconds))

    first = first_plan(model, limits) if shown else None
    if first is not None:
        _tell(watch, started, first)
    try:
        fleet = _fleet(model, limits, _bounds_only(watch), cancelled)
    except (JobCancelledError, NoPlanError):
        first = first or first_plan(model, limits)
        if first is None:
            raise
        return _as_it_is(first, cancelled, started)
    found = _plan_around(model, fleet, left, _bounds_only(watch), cancelled)
    plan = _better(first, found)
    bound = fleet.bound if found is None else found.bound
    if plan is not None:
        plan = replace(plan, bound=min(bound, plan.objective))
        _tell(watch, started, plan)
        if _is(cancelled):
            return _as_it_is(plan, cancelled, started)
        if plan.gap <= limits.gap:
            return _finished(model, plan, left(), started)
    if plan is not None and left().seconds <= 0:
        return _finished(model, replace(plan, stopped="TimeLimit"), left(), started)
    whole = attempt(model, left(), _with_bound(watch, bound), cancelled, None if plan is None else plan.x)
    best = _better(plan, whole)
    if best is None:
        if _is(cancelled):
            raise JobCancelledError("The solve was stopped before it had a plan; nothing has changed.")
        raise NoPlanError("The solver ran out of time before it had a plan. Raise time_limit_seconds.")
    proven = max(bound, whole.bound if whole is not None else -np.inf)
    stopped = whole.stopped if whole is not None else best.stopped
    answer = replace(best, bound=min(proven, best.objective), stopped=stopped)
    if _is(cancelled):
        return _as_it_is(answer, cancelled, started)
    return _finished(model, answer, left(), started)


def _as_it_is(plan: Answer, cancelled: Cancelled | None, started: float) -> Answer:
    """The best plan there is when no more is found: who stops a solve does not wait for its polish."""
    why = "Interrupted" if _is(cancelled) else "TimeLimit"
    return replace(plan, stopped=why, seconds=time.monotonic() - started)


def _finished(model: Model, answer: Answer, limits: Limits, started: float) -> Answer:
    return replace(polished(model, answer, limits), seconds=time.monotonic() - started)


def polished(model: Model, answer: Answer, limits: Limits) -> Answer:
    """`answer` with everything divisible at its optimum for the whole numbers held.

    Gross units that no good unit needs and set-ups without work behind them are taken back: where nothing
    prices them a solver leaves them in. What comes back is never worse than `answer`.
    """
    needed = _needed_gross(model, answer.x)
    held = np.where(_idle_set_ups(model, needed), 0.0, needed)
    lower, upper = np.where(model.integer, held, model.lower), np.where(model.integer, held, model.upper)
    divisible = replace(model, lower=lower, upper=upper, integer=np.zeros_like(model.integer))
    limits = replace(limits, seconds=max(limits.seconds, POLISH_SECONDS))
    best = attempt(divisible, limits, basis=answer.basis)
    if best is None or best.objective > answer.objective:
        return answer
    return replace(answer, x=best.x, objective=best.objective, bound=min(answer.bound, best.objective))


def _needed_gross(model: Model, x: Vector) -> Vector:
    """`x` with gross[v,f,t] and batch[v,f,t] at the fewest whole ones that give make[v,f,t]."""
    rows, fewest = model.rows["yield"], x.copy()
    row = np.repeat(np.arange(len(rows)), np.diff(rows.start))
    started = rows.coef < 0
    made = np.bincount(row, np.where(started, 0.0, rows.coef * x[rows.col]), minlength=len(rows))
    column, good = rows.col[started], -rows.coef[started]
    fewest[column] = np.minimum(x[column], np.ceil(made[row[started]] / good - 1e-9))
    return fewest


def _idle_set_ups(model: Model, x: Vector) -> Mask:
    """Columns of run[v,f,t] = 1 without any gross unit behind them."""
    key = ["v", "f", "t"]
    busy = [model.values(name, x).filter(pl.col("value") > 1e-9) for name in ("make", "gross", "batch")]
    work = pl.concat([rows.select(key) for rows in busy]).unique()
    idle = model.families["run"].frame.join(work, on=key, how="anti")
    mask = np.zeros(len(model.upper), dtype=bool)
    mask[idle["col"].to_numpy()] = True
    return mask


def _fleet(model: Model, limits: Limits, watch: Watch | None, cancelled: Cancelled | None) -> Answer:
    """The fleet with everything else divisible: around rounded rents, and freely where that is too dear."""
    whole = model.integer & _columns(model, FLEET)
    relaxation = replace(model, integer=whole)
    started = time.monotonic()
    share = replace(limits, gap=_step_gap(limits, FLEET_SHARE), seconds=limits.seconds * FLEET_TIME)

    def left() -> Limits:
        rest = share.seconds - (time.monotonic() - started)
        return replace(share, seconds=max(rest, FLEET_PATIENCE * share.seconds))

    if not (whole & (model.lower < model.upper)).any():
        answer = attempt(relaxation, share, watch, cancelled)
        if answer is not None:
            return answer
    rounded = _rounded_rents(relaxation, limits, left, watch, cancelled)
    if rounded is not None and (rounded.gap <= limits.gap * ROUNDED_SHARE or _is(cancelled)):
        return rounded
    answer = attempt(relaxation, left(), watch, cancelled, None if rounded is None else rounded.x)
    best = _better(rounded, answer)
    if best is not None:
        proven = max(one.bound for one in (rounded, answer) if one is not None)
        return replace(best, bound=min(proven, best.objective))
    if _is(cancelled):
        raise JobCancelledError("The solve was stopped before it had a plan; nothing has changed.")
    upper = np.where(_columns(model, ("start",)), 0.0, model.upper)
    as_it_is = replace(relaxation, upper=upper)
    answer = attempt(as_it_is, share, watch, cancelled)
    if answer is None and not _is(cancelled):
        answer = attempt(as_it_is, _patient(limits), watch, cancelled)
    if answer is None:
        raise NoPlanError("The solver ran out of time before it had a plan. Raise time_limit_seconds.")
    return replace(answer, bound=_relaxed_bound(model, limits, cancelled))


def _patient(limits: Limits) -> Limits:
    """Time to find any plan at all: one far from the best is worth more than none."""
    return replace(limits, gap=ANY_GAP, seconds=RESCUE * limits.seconds)


def _relaxed_bound(model: Model, limits: Limits, cancelled: Cancelled | None) -> float:
    """What no plan can cost less than, whatever is held: the relaxation's cost, where time allows that.

    What is cheapest without new rents bounds nothing; the relaxation without any whole number does.
    """
    try:
        return relaxed(model, limits, cancelled).objective
    except NoPlanError:
        return least_cost(model)


def _rounded_rents(
    relaxation: Model,
    limits: Limits,
    left: Callable[[], Limits],
    watch: Watch | None,
    cancelled: Cancelled | None,
) -> Answer | None:
    """The fleet around the rents of the linear relaxation, rounded as they add up over the weeks.

    The relaxation may use all the time: every plan of some size begins with it. The first rounding near
    enough to its bound is taken, else the cheapest. None when no rounding keeps the rules, or time is up.
    """
    try:
        linear = relaxed(relaxation, limits, cancelled)
    except NoPlanError:
        return None
    best = None
    for upwards in ROUNDINGS:
        held = with_whole_robots(relaxation, linear.x, upwards)
        best = _better(best, _around_robots(held, linear, left, watch, cancelled))
        best = None if best is None else replace(best, bound=min(linear.objective, best.objective))
        if _is(cancelled) or (best is not None and best.gap <= limits.gap * ROUNDED_SHARE):
            break
    return best


def _around_robots(
    held: Model,
    linear: Answer,
    left: Callable[[], Limits],
    watch: Watch | None,
    cancelled: Cancelled | None,
) -> Answer | None:
    """The fleet with rents and returns held: what else is whole mostly follows, else it is decided."""
    divisible = replace(held, integer=np.zeros_like(held.integer))
    answer = attempt(divisible, left(), None, cancelled, basis=linear.basis)
    if answer is None or answer.stopped != "Optimal":
        return None
    if is_whole(held, answer.x):
        return replace(answer, x=np.where(held.integer, np.round(answer.x), answer.x))
    return attempt(held, left(), watch, cancelled)


def _plan_around(
    model: Model,
    fleet: Answer,
    left: Callable[[float], Limits],
    watch: Watch | None,
    cancelled: Cancelled | None,
) -> Answer | None:
    """Lots, then shipments, for the fleet found; None when cancelled, or when there are none."""
    if is_whole(model, fleet.x):
        return fleet
    held = _holding(model, fleet, _columns(model, FLEET))
    if fleet.basis is not None and (held.integer & (held.lower < held.upper)).sum() > MANY_LOTS:
        rounded = with_whole_lots(held, fleet, lambda: left(LOTS_PATIENCE), cancelled)
        if rounded is not None or _is(cancelled):
            return None if rounded is None else replace(rounded, bound=min(fleet.bound, rounded.objective))
    decided = bool((model.integer & _columns(model, FLEET) & (model.lower < model.upper)).any())
    lots = _lots(held, fleet if decided else None, left, watch, cancelled)
    if lots is None:
        return None
    limits = left(SHIPMENTS_PATIENCE)
    fixed = _holding(held, lots, _columns(model, LOTS))
    plan = attempt(fixed, replace(limits, gap=_step_gap(limits, SHIPMENTS_SHARE)), watch, cancelled)
    if plan is None and not _is(cancelled):
        plan = attempt(fixed, _patient(left(1.0)), watch, cancelled)
    # with no fleet to decide the lots step bounds the whole program too
    proven = fleet.bound if decided else max(fleet.bound, lots.bound)
    return None if plan is None else replace(plan, bound=min(proven, plan.objective))


def _lots(
    held: Model,
    fleet: Answer | None,
    left: Callable[[float], Limits],
    watch: Watch | None,
    cancelled: Cancelled | None,
) -> Answer | None:
    """Lots around the fleet held, shipments divisible.

    What the fleet step left idle stays idle first: that leaves few lots to decide and costs next to
    nothing. Where it does cost too much, or there was no fleet to decide, all lots are.
    """
    program = replace(held, integer=held.integer & ~_columns(held, ("ship",)))
    last = fleet is None and bool((program.integer == held.integer).all())

    def limits() -> Limits:
        rest = left(LOTS_PATIENCE)
        # where neither fleet nor shipments are whole, lots are all there is to decide
        return rest if last else replace(rest, gap=_step_gap(rest, LOTS_SHARE))

    few, fewest = None, program
    if fleet is not None:
        idle = _columns(held, LOTS) & held.integer & (fleet.x < IDLE)
        fewest = replace(program, upper=np.where(idle, held.lower, held.upper))
        few = attempt(fewest, limits(), watch, cancelled)
        if few is not None and few.objective - fleet.objective <= IDLE_SHARE * left(0).gap * abs(
            few.objective
        ):
            return few
        if _is(cancelled):
            return few
    found = _better(few, attempt(program, limits(), watch, cancelled, None if few is None else few.x))
    if found is not None or _is(cancelled):
        return found
    patient = _patient(left(1.0))
    return attempt(fewest, patient, watch, cancelled) or attempt(program, patient, watch, cancelled)


def _step_gap(limits: Limits, share: float) -> float:
    return max(limits.gap * share, FINEST)


def _columns(model: Model, names: tuple[str, ...]) -> Mask:
    mask = np.zeros(len(model.upper), dtype=bool)
    for name in names:
        mask[model.families[name].frame["col"].to_numpy()] = True
    return mask


def _holding(model: Model, answer: Answer, columns: Mask) -> Model:
    """The program with the whole variables among `columns` held at their values in `answer`."""
    held = columns & model.integer
    return replace(
        model,
        lower=np.where(held, answer.x, model.lower),
        upper=np.where(held, answer.x, model.upper),
    )


def _better(one: Answer | None, other: Answer | None) -> Answer | None:
    if one is None or other is None:
        return one or other
    return other if other.objective < one.objective else one


def _is(cancelled: Cancelled | None) -> bool:
    return cancelled is not None and cancelled()


def _bounds_only(watch: Watch | None) -> Watch | None:
    """A step's own objective is no plan's: only time and bound are told."""
    if watch is None:
        return None
    return lambda incumbent: watch(replace(incumbent, objective=None, bound=None))


def _with_bound(watch: Watch | None, bound: float) -> Watch | None:
    """The better of the bound found already and the one being found."""
    if watch is None:
        return None
    return lambda incumbent: watch(
        replace(incumbent, bound=bound if incumbent.bound is None else max(bound, incumbent.bound))
    )


def _tell(watch: Watch | None, started: float, plan: Answer) -> None:
    if watch is not None:
        watch(Incumbent(time.monotonic() - started, plan.objective, plan.bound))
