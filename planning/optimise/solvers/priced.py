"""A large relaxation from prices: what the products share is bought and sold at first.

Products meet only where they use the same robot hours, materials, storage and carbon. With a price for each
of these the relaxation falls apart into one small program a product and one of the fleet, solved in no time,
and the basis of them is dual feasible in the whole: from there the dual simplex has only the prices to mend.
Good prices come from the same program with its weeks together (`telescoped`). Whatever they are, the optimum
is that of the relaxation (docs/adr/0018).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

import highspy
import numpy as np

from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector, Watch
from planning.optimise.solvers.highs import listen, pass_program, quiet
from planning.optimise.solvers.others import HIGHS
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.stopping import Left, LeftError, stoppable
from planning.optimise.solvers.telescoped import telescoped

#: The families in which products meet.
SHARED = ("work", "lights_out", "included", "material", "storage", "carbon_cap")

#: Weeks that are together where prices are found.
WIDTH = 6

#: Decisions of a program below which its relaxation takes no longer than its prices.
MANY_DECISIONS = 100_000

Prices = Mapping[str, Vector]
Solve = Callable[[highspy.Highs], bool]


def least(
    model: Model, limits: Limits, cancelled: Cancelled | None = None, watch: Watch | None = None
) -> Answer:
    """The relaxation of `model`, as `relaxed` has it: from prices where that is shorter.

    Raises
    ------
    NoPlanError : not solved to optimality within the limits, or the point breaks a constraint.
    """
    if len(model.upper) < MANY_DECISIONS or limits.solver != HIGHS:
        return relaxed(model, limits, cancelled, watch)
    end = monotonic() + limits.seconds

    def corner(left: Left) -> highspy.HighsBasis | None:
        def solve(highs: highspy.Highs) -> bool:
            if left():
                raise LeftError
            listen(highs, watch, cancelled)
            return optimal(highs, end - monotonic())

        price = prices_by_buckets(model, WIDTH, limits, solve)
        return None if price is None else corner_at(model, price, limits, solve)

    basis = stoppable(corner, cancelled)
    return relaxed(model, replace(limits, seconds=end - monotonic()), cancelled, watch, basis=basis)


def optimal(highs: highspy.Highs, seconds: float) -> bool:
    """Run `highs` for at most so long; whether it has its optimum then."""
    highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.1))
    highs.run()
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def prices_by_buckets(model: Model, width: int, limits: Limits, solve: Solve) -> Prices | None:
    """What a unit of what the products share is worth, row by row, where `width` weeks are together.

    None where that is not solved.
    """
    small = telescoped(model, width, limits)
    return {name: small.prices(name) for name in shared(model)} if solve(small.highs) else None


def shared(model: Model) -> list[str]:
    """The families of `model` in which products meet."""
    return [name for name in SHARED if len(model.rows.get(name, ()))]


def corner_at(model: Model, price: Prices, limits: Limits, solve: Solve) -> highspy.HighsBasis | None:
    """The optimal basis of the relaxation of `model`, found from `price` of what its products share.

    First all of that may be bought and sold, without limit, then none.

    Parameters
    ----------
    price : by family, of each of its rows. solve : whether HiGHS finds an optimum.
    """
    ends = dict(zip(model.rows, np.cumsum([len(rows) for rows in model.rows.values()]).tolist(), strict=True))
    rows = [np.arange(ends[name] - len(one), ends[name]) for name, one in price.items()]
    if not rows:
        return None
    highs, columns = quiet(limits), len(model.upper)
    pass_program(highs, divisible(model))
    row, cost = np.concatenate(rows).astype(np.int32), np.concatenate(list(price.values()))
    count, endless, nothing = len(row), np.full(len(row), highspy.kHighsInf), np.zeros(len(row))
    starts = np.arange(count, dtype=np.int32)
    highs.addCols(count, cost, -endless, endless, count, starts, row, np.ones(count))
    if not solve(highs):
        return None
    bought = np.arange(columns, columns + count, dtype=np.int32)
    highs.changeColsBounds(count, bought, nothing, nothing)
    return _without(highs.getBasis(), columns, row.tolist()) if solve(highs) else None


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
