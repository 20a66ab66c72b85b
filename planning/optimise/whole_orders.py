"""Confirmed orders served in whole units: a part of a unit that is late makes a unit of an order late.

What is made and shipped in the firm weeks is whole, and what is expected mostly is not: 20 units for an order
of 13 and 7.4 expected. Least cost splits a unit then, and lets a part of the order wait for the next
shipment. Orders are promised in whole units (docs/model.md), so for its customer the unit is late.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.optimise.holding import LOTS, Mask, columns, held_at, products
from planning.optimise.model.algebra import Model
from planning.optimise.model.rent import FLEET
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector
from planning.optimise.solvers.runs import attempt

#: What it may cost: a share of the gap asked for, and of the plan's cost.
SHARE, MOST = 0.1, 1e-3

#: Where its search ends: at this gap, or after this many nodes.
GAP, NODES = 5e-4, 1

#: Seconds it gets in any case: the search is short.
SECONDS = 30.0

#: Units that are no part of one.
_NONE = 1e-4

_LINE = ["p", "m", "k"]

#: What may become of a unit of an order that is not served.
_FATES = ("backlog", "refuse")


def with_whole_orders(
    model: Model, plan: Answer, limits: Limits, cancelled: Cancelled | None = None, *, gap: float = GAP
) -> Answer:
    """`plan` without parts of units of orders that wait or are refused; `plan` itself where that is too dear.

    Robots and lots are held, and the goods of every product whose orders are not split. It may leave the gap
    asked for no more than `plan` did. Programs whose shipments may all be divided are left as they are.

    Parameters
    ----------
    gap : where the search for them ends.
    """
    ships = model.families["ship"].frame["col"].to_numpy()
    parts = _parts(model, plan.x)
    if not model.integer[ships].any() or parts.is_empty():
        return plan
    product = products(model)
    split = np.isin(product, parts["p"].unique().to_numpy())
    held = (model.integer & columns(model, FLEET + LOTS)) | ((product >= 0) & ~split)
    integer = model.integer | (_whole_due(model) & split)
    program = replace(held_at(model, plan.x, held), integer=integer)
    short = replace(limits, gap=gap, nodes=NODES, seconds=max(limits.seconds, SECONDS))
    found = attempt(program, short, None, cancelled)
    if found is None:
        return plan
    bound = min(plan.bound, found.objective)
    whole = replace(plan, x=found.x, objective=found.objective, bound=bound, basis=None)
    return whole if _is_worth_it(whole, plan, limits.gap) else plan


def _is_worth_it(whole: Answer, plan: Answer, gap: float) -> bool:
    dearer = whole.objective - plan.objective
    if dearer > min(SHARE * gap, MOST) * abs(plan.objective):
        return False
    return whole.gap <= gap or plan.gap > gap


def _parts(model: Model, x: Vector) -> pl.DataFrame:
    """p, m and k of orders of which a part of a unit waits or is refused."""
    cells = pl.concat([model.families[name].frame.select(*_LINE, "col") for name in _FATES])
    units = x[cells["col"].to_numpy()]
    return cells.filter(pl.Series(np.abs(units - np.round(units)) > _NONE)).select(_LINE).unique()


def _whole_due(model: Model) -> Mask:
    """Columns of what waits and is refused of orders for whole units."""
    rows = model.rows["backlog"]
    due = rows.index.with_columns(part=pl.Series(np.abs(rows.rhs - np.round(rows.rhs))))
    divided = due.filter(pl.col("part") > 0).select(_LINE).unique()
    mask = np.zeros(len(model.upper), dtype=bool)
    for name in _FATES:
        mask[model.families[name].frame.join(divided, on=_LINE, how="anti")["col"].to_numpy()] = True
    return mask
