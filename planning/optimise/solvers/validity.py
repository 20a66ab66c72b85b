"""What may be believed of a solver's answer: whole variables made whole, and no constraint broken."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model, Rows

Vector = NDArray[np.float64]


def rounded(model: Model, x: Vector) -> Vector:
    """Whole variables made exactly whole, bounds respected exactly."""
    whole = np.where(model.integer, np.round(x), x)
    return np.clip(whole, model.lower, model.upper)


def refuse_invalid(model: Model, x: Vector) -> None:
    """Raise when a constraint is broken at `x` beyond what rounding explains."""
    if not np.isfinite(x).all():
        raise NoPlanError("The solver's answer has decisions without a value.")
    for rows, worst, excess in _broken(model, x):
        where = rows.index.row(worst, named=True) if rows.index.width else ""
        raise NoPlanError(f"The solver's answer breaks {rows.name} {where} by {excess:.6g}.")


def keeps_rules(model: Model, x: Vector) -> bool:
    """Whether a plan of the same columns is one of `model`, whose further rows it was not made for."""
    return next(_broken(model, x), None) is None


def _broken(model: Model, x: Vector) -> Iterator[tuple[Rows, int, float]]:
    """Of each family the constraint broken most, and by how much, where rounding does not explain it."""
    for rows in filter(len, model.rows.values()):
        activity = np.add.reduceat(rows.coef * x[rows.col], rows.start[:-1])
        excess = {"<=": activity - rows.rhs, ">=": rows.rhs - activity, "==": np.abs(activity - rows.rhs)}[
            rows.sense
        ]
        worst = int(np.argmax(excess))
        scale = max(1.0, abs(rows.rhs[worst]), float(np.abs(activity[worst])))
        if excess[worst] > 1e-4 * scale:
            yield rows, worst, float(excess[worst])
