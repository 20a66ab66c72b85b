"""A large relaxation from prices: what the products share is bought and sold at first.

Products meet only where they use the same robot hours, materials, storage and carbon. With a price for each
of these the relaxation falls apart into one small program a product and one of the fleet, solved in no time,
and their basis is nearly dual feasible in the whole: from there the dual simplex has only prices to mend.
Good prices come from the same program with its weeks together (`telescoped`). Whatever they are, the optimum
is that of the relaxation (docs/adr/0018).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

import highspy
import numpy as np

from planning.optimise.model.algebra import Model, Rows, divisible
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector, Watch
from planning.optimise.solvers.highs import listen, pass_program, quiet
from planning.optimise.solvers.others import HIGHS
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.stopping import Left, stoppable
from planning.optimise.solvers.telescoped import telescoped

#: The families in which products meet.
SHARED = ("work", "lights_out", "included", "material", "storage", "carbon_cap")

#: Weeks that are together where prices are found.
WIDTH = 6

#: Decisions of a program from which on its prices pay: below, its relaxation takes no longer than they do.
WORTH_PRICES = 100_000

#: Of the time, what prices and what is mended of them may take: who has only them has nothing.
PRICES_SHARE = 0.75

Prices = Mapping[str, Vector]
Solve = Callable[[highspy.Highs], bool]


def solve_relaxation(
    model: Model,
    limits: Limits,
    cancelled: Cancelled | None = None,
    watch: Watch | None = None,
    *,
    basis: highspy.HighsBasis | None = None,
) -> Answer:
    """The relaxation of `model`, as `relaxed` has it; where no basis is known and it is large, from prices.

    Raises
    ------
    NoPlanError : not solved to optimality within the limits, or the point breaks a constraint.
    """
    if basis is not None or len(model.upper) < WORTH_PRICES or limits.solver != HIGHS:
        return relaxed(model, limits, cancelled, watch, basis=basis)
    began = monotonic()

    def corner(left: Left) -> highspy.HighsBasis | None:
        def solve(highs: highspy.Highs) -> bool:
            if left() or (cancelled is not None and cancelled()):
                return False
            listen(highs, watch, cancelled)
            return optimal(highs, PRICES_SHARE * limits.seconds - (monotonic() - began))

        price = prices_by_buckets(model, WIDTH, limits, solve)
        return corner_at(model, price, limits, solve) if price else None

    near = stoppable(corner, cancelled)
    rest = replace(limits, seconds=limits.seconds - (monotonic() - began))
    return relaxed(model, rest, cancelled, watch, basis=near)


def optimal(highs: highspy.Highs, seconds: float) -> bool:
    """Run `highs` for at most so long; whether it has its optimum then."""
    highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.1))
    highs.run()
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def prices_by_buckets(model: Model, width: int, limits: Limits, solve: Solve) -> Prices | None:
    """What a unit of what the products share is worth, row by row, where `width` weeks are together.

    None where that is not solved, or they share nothing.
    """
    names = shared(model)
    if not names:
        return None
    small = telescoped(model, width, limits)
    return {name: small.prices(name) for name in names} if solve(small.highs) else None


def shared(model: Model) -> list[str]:
    """The families of `model` in which products meet."""
    return [name for name in SHARED if len(model.rows.get(name, ()))]


def corner_at(model: Model, price: Prices, limits: Limits, solve: Solve) -> highspy.HighsBasis | None:
    """A basis of the relaxation of `model` at or near its optimum, from `price` of what its products share.

    First all of that may be bought and sold, without limit, then none. What the second run leaves when its
    time is up is nearer than nothing; None where the first has no optimum.

    Parameters
    ----------
    price : by family, of each of its rows. solve : whether HiGHS finds an optimum.
    """
    number = model.by_rows(np.arange(sum(map(len, model.rows.values()))))
    row = np.concatenate([number[name] for name in price])
    cost = np.concatenate([_of_its_sign(model.rows[name], one) for name, one in price.items()])
    highs, columns = quiet(limits), len(model.upper)
    pass_program(highs, divisible(model))
    count, endless, nothing = len(row), np.full(len(row), highspy.kHighsInf), np.zeros(len(row))
    starts, ones = np.arange(count, dtype=np.int32), np.ones(count)
    highs.addCols(count, cost, -endless, endless, count, starts, row.astype(np.int32), ones)
    if not solve(highs):
        return None
    bought = np.arange(columns, columns + count, dtype=np.int32)
    highs.changeColsBounds(count, bought, nothing, nothing)
    solve(highs)
    return _without(highs.getBasis(), columns, row.tolist())


def _of_its_sign(rows: Rows, price: Vector) -> Vector:
    """No more of a limit costs anything less: at a price of the wrong sign selling it would never end."""
    if rows.sense == "==":
        return price
    return np.minimum(price, 0.0) if rows.sense == "<=" else np.maximum(price, 0.0)


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
