"""A linear program made smaller: columns that go together are one, rows of one kind are added up.

Columns tied to each other restrict a program, rows added up relax it; with both it is neither more nor less
than about the whole. Columns and rows that are left as they are keep their meaning, and the duals of the rows
are prices in the whole program.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Limits, Vector
from planning.optimise.solvers.highs import quiet

Numbers = NDArray[np.int64]

#: Stands for no upper limit while limits are added up.
_ENDLESS = 1e15


@dataclass(frozen=True)
class Columns:
    """How the columns of a program follow from fewer.

    Parameters
    ----------
    spread : column of the program by joined column.
    limits : joined column by column of the program: how limits of the ones are limits of the others.
    """

    spread: sparse.csr_matrix
    limits: sparse.csr_matrix


@dataclass(frozen=True)
class Sums:
    """How rows of a family are added up: of each the number of its sum, and how often it counts in it."""

    row: Numbers
    times: Vector


@dataclass(frozen=True)
class Joined:
    """The smaller program, ready to run.

    Parameters
    ----------
    row : by family, of each row of the whole program the row it is in. times : how often it counts there.
    """

    highs: highspy.Highs
    spread: sparse.csr_matrix
    row: Mapping[str, Numbers]
    times: Mapping[str, Vector]

    def prices(self, name: str) -> Vector:
        """The duals of a family's rows in the whole program."""
        duals = np.asarray(self.highs.getSolution().row_dual)
        return duals[self.row[name]] * self.times[name]


def joined(model: Model, columns: Columns, sums: Mapping[str, Sums], limits: Limits) -> Joined:
    """The relaxation of `model` with `columns` joined and the rows of some families added up."""
    row: dict[str, Numbers] = {}
    blocks: list[sparse.csr_matrix] = []
    sides: list[tuple[Vector, Vector]] = []
    count = 0
    for name, rows in ((name, rows) for name, rows in model.rows.items() if len(rows)):
        block = sparse.csr_matrix((rows.coef, (rows.row, rows.col)), shape=(len(rows), len(model.upper)))
        rhs, number = rows.rhs, np.arange(len(rows))
        if name in sums:
            number = sums[name].row
            added = sparse.csr_matrix((sums[name].times, (number, np.arange(len(rows)))))
            block, rhs = added @ block, added @ rhs
        row[name] = count + number
        count += len(rhs)
        blocks.append(block @ columns.spread)
        endless = np.full(len(rhs), highspy.kHighsInf)
        sides.append((rhs if rows.sense != "<=" else -endless, rhs if rows.sense != ">=" else endless))
    lower, upper = (np.concatenate(side) for side in zip(*sides, strict=True))
    highs = quiet(limits)
    _pass(highs, model, columns, sparse.vstack(blocks).tocsr(), (lower, upper))
    times = {name: sums[name].times if name in sums else np.ones(len(row[name])) for name in row}
    return Joined(highs, columns.spread, row, times)


def _pass(
    highs: highspy.Highs,
    model: Model,
    columns: Columns,
    matrix: sparse.csr_matrix,
    sides: tuple[Vector, Vector],
) -> None:
    least, most = (columns.limits @ np.minimum(one, _ENDLESS) for one in (model.lower, model.upper))
    most[most > _ENDLESS / 10] = highspy.kHighsInf
    highs.passModel(
        matrix.shape[1],
        matrix.shape[0],
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        model.constant,
        columns.spread.T @ model.objective(),
        least,
        most,
        *sides,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.zeros(matrix.shape[1], dtype=np.int32),
    )
