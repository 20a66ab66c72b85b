"""A basis to begin a relaxation from: what the products share is bought and sold at prices known before.

Products meet only where they use the same robot hours, materials, storage and carbon. With a price for each
of these the relaxation falls apart into one small program a product and one of the fleet, solved in no time,
and the basis of them is dual feasible in the whole. From there the dual simplex has only prices to mend.
"""

from collections.abc import Mapping

import highspy
import numpy as np

from planning.optimise.holding import divisible
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Limits, Vector
from planning.optimise.solvers.highs import pass_program

#: The families in which products meet.
SHARED = ("work", "lights_out", "included", "material", "storage", "carbon_cap")


def shared(model: Model) -> list[str]:
    """The families of `model` in which products meet."""
    return [name for name in SHARED if len(model.rows.get(name, ()))]


def prices(model: Model, limits: Limits) -> dict[str, Vector]:
    """The duals of what the products share in the relaxation of `model`."""
    highs = _passed(model, limits)
    highs.run()
    duals = np.asarray(highs.getSolution().row_dual)
    ends = dict(zip(model.rows, np.cumsum([len(rows) for rows in model.rows.values()]).tolist(), strict=True))
    return {name: duals[ends[name] - len(model.rows[name]) : ends[name]] for name in shared(model)}


def priced_basis(model: Model, price: Mapping[str, Vector], limits: Limits) -> highspy.HighsBasis | None:
    """The optimal basis of the relaxation of `model`, found from `price` of what its products share.

    None where time ran out, or the prices are of other rows.
    """
    names = shared(model)
    if not names or any(len(price.get(name, ())) != len(model.rows[name]) for name in names):
        return None
    return _solved(model, [(name, price[name]) for name in names], limits)


def _solved(model: Model, price: list[tuple[str, Vector]], limits: Limits) -> highspy.HighsBasis | None:
    highs, columns, count = (
        _passed(model, limits),
        len(model.upper),
        sum(len(one) for _, one in price),
    )
    ends = dict(zip(model.rows, np.cumsum([len(rows) for rows in model.rows.values()]).tolist(), strict=True))
    rows = np.concatenate([np.arange(ends[name] - len(one), ends[name]) for name, one in price])
    free, nothing = np.full(count, highspy.kHighsInf), np.zeros(count)
    cost, starts = np.concatenate([one for _, one in price]), np.arange(count, dtype=np.int32)
    highs.addCols(count, cost, -free, free, count, starts, rows.astype(np.int32), np.ones(count))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    bought = np.arange(columns, columns + count, dtype=np.int32)
    highs.changeColsBounds(count, bought, nothing, nothing)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return _without(highs.getBasis(), columns, rows.tolist())


def _passed(model: Model, limits: Limits) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float] = {
        "output_flag": False,
        "threads": limits.threads,
        "random_seed": limits.seed,
        "time_limit": max(limits.seconds, 0.1),
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    pass_program(highs, divisible(model))
    return highs


def _without(basis: highspy.HighsBasis, columns: int, rows: list[int]) -> highspy.HighsBasis:
    """The basis without what was bought: where that is basic at nothing, the row's own slack is."""
    basic = highspy.HighsBasisStatus.kBasic
    columns_of, rows_of = list(basis.col_status), list(basis.row_status)
    for row, status in zip(rows, columns_of[columns:], strict=True):
        if status == basic:
            rows_of[row] = basic
    left = highspy.HighsBasis()
    left.col_status, left.row_status, left.valid = columns_of[:columns], rows_of, True
    return left
