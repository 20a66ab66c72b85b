"""What stands already, decided again where rounding leaves it short.

Firm work and frozen quantities that are not made have the price of a broken rule, so one unit that rounding
leaves out can cost more than all other rounding together.
"""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.course import Course
from planning.optimise.holding import products
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Answer
from planning.optimise.solvers.runs import attempt

_ROUTE = ["v", "f", "t"]
_LOTS = ("make", "gross", "batch", "run")
_SHORT = ("pinned_short", "frozen_short")

#: Units below which nothing is short, and the gap each place may leave.
_TINY, _GAP = 1e-6, 1e-4

#: Of the time limit, what one place may take.
_PLACE_TIME = 0.1


def with_standing_made(held: Model, plan: Answer, course: Course) -> Answer:
    """`plan` of `held`, whose fleet is held, with what stands made as far as hours last.

    Place by place where robots have standing work that is short: its products' lots of the firm weeks are
    whole decisions again, and what is divisible of them follows; all other lots, and what is shipped in the
    firm weeks, stay. Ends when the gap is near enough. Never worse than `plan`.
    """
    product, lots = products(held), _firm_lots(held)
    for place in _short_places(held, plan):
        if plan.gap <= course.limits.gap or course.is_stopped():
            break
        free = (product < 0) | (np.isin(product, product[place]) & (lots | ~held.integer))
        lower, upper = np.where(free, held.lower, plan.x), np.where(free, held.upper, plan.x)
        limits = replace(course.limits, gap=_GAP, seconds=_PLACE_TIME * course.limits.seconds)
        program = replace(held, lower=lower, upper=upper)
        found = attempt(program, limits, course.listener(), course.cancelled, plan.x)
        if found is not None and found.objective < plan.objective:
            plan = replace(found, bound=min(plan.bound, found.objective))
    return plan


def _firm_lots(model: Model) -> NDArray[np.bool_]:
    """Columns of the lots of the firm weeks."""
    made = model.families["make"].frame
    firm = made.filter(pl.Series(model.integer[made["col"].to_numpy()])).select(_ROUTE)
    mask = np.zeros(len(model.upper), dtype=bool)
    for name in _LOTS:
        cells = model.families[name].frame.join(firm, on=_ROUTE, how="semi")
        mask[cells["col"].to_numpy()] = True
    return mask


def _short_places(model: Model, plan: Answer) -> list[NDArray[np.int64]]:
    """Lots at each r, f, t where firm work or frozen quantities stand and one is short, by week and place."""
    short, standing = [
        pl.concat(cells).select(_ROUTE).unique()
        for cells in (
            [model.values(name, plan.x).filter(pl.col("value") > _TINY) for name in _SHORT],
            [model.families[name].frame for name in _SHORT],
        )
    ]
    rows = model.rows["work"]
    row = rows.row
    users = rows.index.select("r")[row].with_columns(col=pl.Series(rows.col))
    lots = pl.concat(model.families[name].frame.select(*_ROUTE, "col") for name in _LOTS)
    work = lots.join(users, on="col").select("r", *_ROUTE).unique()
    places = work.join(short, on=_ROUTE, how="semi").select("r", "f", "t").unique()
    cells = work.join(standing, on=_ROUTE, how="semi").join(places, on=["r", "f", "t"]).join(lots, on=_ROUTE)
    groups = cells.group_by("t", "f", "r").agg(pl.col("col").sort()).sort("t", "f", "r")
    return [np.array(cols) for cols in groups["col"].to_list()]
