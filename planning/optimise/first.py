"""A first plan within seconds: nothing new is rented and nothing is released that does not have to be."""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.optimise.course import Course
from planning.optimise.holding import columns, holding
from planning.optimise.lot_rounding import with_whole_lots
from planning.optimise.lot_step import has_many_lots
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.rent import FLEET
from planning.optimise.rounding import is_whole, with_whole_robots
from planning.optimise.solvers.answer import Answer, Cancelled, Limits
from planning.optimise.solvers.runs import attempt, least_cost

_ROUTE = ["v", "f", "t"]

#: It is there to be looked at and for a solve that is stopped soon: no time is spent on making it the best.
_GAP = 0.05

#: Seconds it gets in any case.
_SECONDS = 10.0


def first_plan(model: Model, limits: Limits, cancelled: Cancelled | None = None) -> Answer | None:
    """What stands is made, stock is shipped after the firm weeks, orders wait. None where none is found.

    Backlog is soft and what stands already has priced slack, so there nearly always is one. Contracts run
    as long as the caps on renewals allow. Its bound is what no plan can cost less than.
    """
    still = as_it_stands(model)
    limits = replace(limits, gap=_GAP, seconds=max(limits.seconds, _SECONDS))
    found = _rounded(still, Course(limits, None, cancelled)) if has_many_lots(still, shown=False) else None
    if found is None:
        found = attempt(still, limits, None, cancelled)
    return None if found is None else replace(found, bound=min(least_cost(model), found.objective))


def _rounded(still: Model, course: Course) -> Answer | None:
    """What stands by rounding: where much does, a search for the best of it takes minutes."""
    linear = attempt(divisible(still), course.limits, None, course.cancelled)
    if linear is None or linear.stopped != "Optimal":
        return None
    rounded = with_whole_robots(still, linear.x, 0.5)
    fleet = attempt(divisible(rounded), course.limits, None, course.cancelled, basis=linear.basis)
    if fleet is None or fleet.stopped != "Optimal":
        return None
    whole = columns(still, FLEET)
    if not is_whole(replace(rounded, integer=still.integer & whole), fleet.x):
        return None
    held = holding(still, replace(fleet, x=np.where(whole, np.round(fleet.x), fleet.x)), whole)
    return with_whole_lots(held, fleet, course)


def as_it_stands(model: Model) -> Model:
    """`model` without new rents and moves, and with nothing made but what stands already."""
    upper = model.upper.copy()
    for family in ("start", "move", "move_contract", "terminate"):
        upper[model.families[family].frame["col"].to_numpy()] = 0.0
    ships = model.families["ship"].frame["col"].to_numpy()
    upper[ships[model.integer[ships]]] = 0.0
    stands = pl.concat([model.rows[name].index.select(_ROUTE) for name in ("firm_work", "frozen")]).unique()
    for family in ("make", "gross", "batch", "run"):
        idle = model.families[family].frame.join(stands, on=_ROUTE, how="anti")["col"].to_numpy()
        upper[idle] = model.lower[idle]
    return replace(model, upper=upper)
