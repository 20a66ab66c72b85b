"""The plan of the first solve of rule 8 as one of all demand: there long before the second has its own."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.errors import NoPlanError
from planning.optimise.holding import held_at, products
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector
from planning.optimise.solvers.runs import attempt, least_cost
from planning.optimise.solvers.validity import keeps_rules

#: Units beyond a limit that are a solver's rounding: what is held is another solve's.
_ROUNDING = 5e-5

#: It is there to be looked at until there is a better one: where its search ends, and what it may take.
_GAP, _NODES, _SECONDS = 0.05, 1, 10.0


def carried_over(
    certain: Answer, qualifying: Model, model: Model, limits: Limits, cancelled: Cancelled | None = None
) -> Answer | None:
    """`certain`, a plan of `qualifying`, as one of `model`: what is only expected beyond that is not served.

    Products of which more qualifies in some week than is expected in all are decided again, all else held.
    None where that breaks a rule, or it was stopped. Its long rents are the caps, so it keeps them. Its bound
    is what no plan can cost less than.
    """
    x = np.clip(_same_decisions(certain.x, qualifying, model), model.lower, model.upper)
    beyond = _beyond(certain.x, qualifying, model)
    if len(beyond):
        program = held_at(model, x, ~np.isin(products(model), beyond))
        short = replace(limits, gap=_GAP, nodes=_NODES, tolerance=_ROUNDING, seconds=_SECONDS)
        try:
            found = attempt(program, short, None, cancelled)
        except NoPlanError:
            return None
        if found is None:
            return None
        x = found.x
    if not keeps_rules(model, x):
        return None
    objective = model.cost(x)
    bound = min(least_cost(model), objective)
    return replace(certain, x=x, objective=objective, bound=bound, basis=None, relaxation=None)


def _beyond(x: Vector, qualifying: Model, model: Model) -> NDArray[np.int64]:
    """Products of which more is served in some week than is expected in all."""
    expected = model.families["serve_expected"]
    asked = expected.index.with_columns(most=pl.Series(model.upper[expected.frame["col"].to_numpy()]))
    served = qualifying.values("serve_expected", x).join(asked, on=["p", "m", "t"], how="left")
    beyond = served.filter(pl.col("value") > pl.col("most").fill_null(0.0) + _ROUNDING)
    return beyond["p"].unique().to_numpy()


def _same_decisions(x: Vector, source: Model, model: Model) -> Vector:
    """The values of `source`'s decisions in the columns of `model`; 0 where it has no such decision."""
    values = np.zeros(len(model.upper))
    for name, family in model.families.items():
        known = source.values(name, x)
        key = [column for column in known.columns if column != "value"]
        if len(family) and known.height and key:
            cells = family.frame.join(known, on=key, how="left", maintain_order="left")
            values[family.frame["col"].to_numpy()] = cells["value"].fill_null(0.0).to_numpy()
    return values
