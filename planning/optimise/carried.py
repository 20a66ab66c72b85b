"""The plan of the first solve of rule 8 as one of all demand: there long before the second has its own."""

from dataclasses import replace

import numpy as np

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector
from planning.optimise.solvers.runs import attempt, least_cost


def carried_over(
    certain: Answer, qualifying: Model, model: Model, limits: Limits, cancelled: Cancelled | None = None
) -> Answer | None:
    """`certain`, a plan of `qualifying`, as one of `model`: all that is whole held, the rest for all demand.

    None where what is whole does not fit all demand, or it was stopped. Its long rents are the caps, so it
    keeps them. Its bound is what no plan can cost less than.
    """
    x = _same_decisions(certain.x, qualifying, model)
    whole = np.clip(np.round(x), model.lower, model.upper)
    held = replace(
        model,
        lower=np.where(model.integer, whole, model.lower),
        upper=np.where(model.integer, whole, model.upper),
    )
    try:
        found = attempt(divisible(held), limits, None, cancelled)
    except NoPlanError:
        return None
    return None if found is None else replace(found, bound=min(least_cost(model), found.objective))


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
