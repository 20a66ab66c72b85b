"""A program in two parts: products that stay as they are, and all that is decided beside them.

Most columns of a plan are of one product. Where what is made and shipped of it is held, its stock and
deliveries follow from that alone, and the rest of the program sees of it only what it takes. So both parts
together are the whole, and the one decided again is as small as what is free.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.optimise.model.algebra import Family, Model, Rows, Terms
from planning.optimise.solvers.answer import Vector

Mask = NDArray[np.bool_]


def alone(model: Model, columns: Mask) -> Model:
    """Only `columns`, and the rows that have no others."""
    number = np.cumsum(columns) - 1
    rows = {name: _only(one, _inside(one, columns), columns, number) for name, one in model.rows.items()}
    return _with(model, columns, number, rows)


def beside(model: Model, columns: Mask, x: Vector) -> Model:
    """`model` without `columns`, which stay at `x`: what they take is off every row they share with others.

    What they cost is left out, and so is every other cost that nothing decides. What may be earned counts as
    lost where it is not, so all costs are ≥ 0 and a gap is a share of them.

    Parameters
    ----------
    x : a value for each column of `model`; only those of `columns` count.
    """
    rest = ~columns
    number = np.cumsum(rest) - 1
    held = np.where(columns, x, 0.0)
    rows = {}
    for name, one in model.rows.items():
        used = np.bincount(one.row, one.coef * held[one.col], minlength=len(one))
        rows[name] = _only(replace(one, rhs=one.rhs - used), ~_inside(one, columns), rest, number)
    left = _with(model, rest, number, rows)
    cost = left.objective()
    earns = (cost < 0) & np.isfinite(left.upper)
    return replace(left, constants={"lost": -float(cost[earns] @ left.upper[earns])})


def _inside(rows: Rows, columns: Mask) -> Mask:
    """Rows that have no columns but these."""
    inside = np.bincount(rows.row, columns[rows.col], minlength=len(rows))
    return np.equal(inside, np.diff(rows.start))


def _only(rows: Rows, kept: Mask, columns: Mask, number: NDArray[np.int64]) -> Rows:
    """The rows kept, of them the coefficients of `columns`, by their new numbers."""
    row = rows.row
    stays = kept[row] & columns[rows.col]
    counts = np.bincount(row[stays], minlength=len(rows))[kept]
    return replace(
        rows,
        index=rows.index.filter(kept) if rows.index.width else rows.index,
        rhs=rows.rhs[kept],
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        col=number[rows.col[stays]],
        coef=rows.coef[stays],
    )


def _with(model: Model, columns: Mask, number: NDArray[np.int64], rows: dict[str, Rows]) -> Model:
    """These columns of `model` by their new numbers, with rows that have them already."""

    def renumbered(terms: Terms) -> Terms:
        cols = terms.frame["col"].to_numpy()
        kept = terms.frame.filter(columns[cols])
        return Terms(kept.with_columns(col=number[kept["col"].to_numpy()]))

    families = {
        name: Family(name, renumbered(Terms(one.frame)).frame) for name, one in model.families.items()
    }
    costs = {name: renumbered(terms) for name, terms in model.costs.items()}
    return replace(
        model,
        families=families,
        expressions={},
        rows=rows,
        costs=costs,
        constants={},
        lower=model.lower[columns],
        upper=model.upper[columns],
        integer=model.integer[columns],
    )
