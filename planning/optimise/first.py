"""A first plan within seconds: nothing new is rented and nothing is released that does not have to be."""

from dataclasses import replace

import polars as pl

from planning.optimise.algebra import Model
from planning.optimise.solver import Answer, Cancelled, Limits, attempt, least_cost

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
    upper = model.upper.copy()
    for family in ("start", "move", "move_contract", "terminate"):
        upper[model.families[family].frame["col"].to_numpy()] = 0.0
    ships = model.families["ship"].frame["col"].to_numpy()
    upper[ships[model.integer[ships]]] = 0.0
    stands = pl.concat([model.rows[name].index.select(_ROUTE) for name in ("firm_work", "frozen")]).unique()
    for family in ("make", "gross", "batch", "run"):
        idle = model.families[family].frame.join(stands, on=_ROUTE, how="anti")["col"].to_numpy()
        upper[idle] = model.lower[idle]
    still = replace(model, upper=upper)
    found = attempt(still, replace(limits, gap=_GAP, seconds=max(limits.seconds, _SECONDS)), None, cancelled)
    return None if found is None else replace(found, bound=min(least_cost(model), found.objective))
