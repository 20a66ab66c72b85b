"""Confirmed orders come before what is only expected, wherever that costs nothing.

A refused unit costs at least its price (`lost_cost`), and as much where no file says more; an expected unit
that is not served costs its price. So at equal cost a solver may refuse an order and serve the same goods in
the same week to demand nobody has ordered. No planner would.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Answer, Vector

_CELL = ["p", "m", "t"]

#: Units that are no part of one: a solver's rounding.
_NONE = 1e-6


def orders_first(model: Model, plan: Answer) -> Answer:
    """`plan` with expected demand served from what is left when no order has to be refused for it.

    Within a product, market and week units go from serve_expected to serve, urgent classes first. It never
    costs more, and what is refused in whole units stays whole.
    """
    x = plan.x.copy()
    for urgency in sorted(model.families["refuse"].frame["k"].unique()):
        _take_back(model, x, urgency)
    if np.array_equal(x, plan.x):
        return plan
    objective = model.cost(x)
    return replace(plan, x=x, objective=objective, bound=min(plan.bound, objective), basis=None)


def _take_back(model: Model, x: Vector, urgency: int) -> None:
    """Serve in `x` what is refused of a class, as far as expected demand of the same week gets the goods."""
    refuse, serve = (
        model.families[name].frame.filter(pl.col("k") == urgency).select(*_CELL, pl.col("col").alias(name))
        for name in ("refuse", "serve")
    )
    expected = model.families["serve_expected"].frame.rename({"col": "expected"})
    cells = refuse.join(serve, on=_CELL).join(expected, on=_CELL)
    refused, served, sold = (cells[name].to_numpy() for name in ("refuse", "serve", "expected"))
    units = np.maximum(np.minimum(x[refused], x[sold]), 0.0)
    whole = np.abs(x[refused] - np.round(x[refused])) < _NONE
    units = np.where(whole, np.floor(units + _NONE), units)
    x[refused] -= units
    x[served] += units
    x[sold] -= units
