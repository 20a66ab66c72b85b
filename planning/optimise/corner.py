"""Where the relaxation of a plan ended, kept with it: after a small change the next one is solved from there.

A linear program ends at a corner, which its basis tells: which decisions and rules stand at a limit. What
it costs is the same wherever it began, so a plan does not depend on what was kept.
"""

import zlib

import highspy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.model.algebra import Model
from planning.optimise.model.matches import matches
from planning.optimise.plan import Solution
from planning.optimise.solvers.beside import basis_of, statuses

_LOWER, _BASIC, _UPPER = (
    int(status)
    for status in (
        highspy.HighsBasisStatus.kLower,
        highspy.HighsBasisStatus.kBasic,
        highspy.HighsBasisStatus.kUpper,
    )
)

Kinds = NDArray[np.uint8]


def corner_of(solution: Solution) -> bytes | None:
    """Where the relaxation of a plan ended, in few bytes; None where it was not solved to its end."""
    relaxation = solution.answer.relaxation
    if relaxation is None or relaxation.basis is None:
        return None
    return zlib.compress(b"".join(statuses(relaxation.basis)))


def basis_near(corner: bytes, before: Model, model: Model) -> highspy.HighsBasis | None:
    """The basis of `before` that `corner` tells, as one to begin `model` from; None where it is not of it.

    Decisions and rules are known by their indices. New decisions stand at nothing, new rules hold.
    """
    kinds = np.frombuffer(zlib.decompress(corner), dtype=np.uint8)
    if len(kinds) != len(before.upper) + sum(map(len, before.rows.values())):
        return None
    columns = np.full(len(model.upper), _LOWER, dtype=np.uint8)
    for name, family in model.families.items():
        if len(family) and name in before.families:
            was = before.families[name]
            here, there = _same(family.index, was.index)
            columns[family.frame["col"].to_numpy()[here]] = kinds[was.frame["col"].to_numpy()[there]]
    columns[(columns == _UPPER) & np.isinf(model.upper)] = _LOWER
    return basis_of(columns.tobytes(), _rows(kinds[len(before.upper) :], before, model).tobytes())


def _rows(kinds: Kinds, before: Model, model: Model) -> Kinds:
    """The status of each row of `model`, where `kinds` are those of `before`."""
    known = before.by_rows(kinds)
    parts = []
    for name, rows in model.rows.items():
        part = np.full(len(rows), _BASIC, dtype=np.uint8)
        if len(rows) and len(known.get(name, ())):
            here, there = _same(rows.index, before.rows[name].index)
            part[here] = known[name][there]
        parts.append(part)
    return np.concatenate(parts)


def _same(index: pl.DataFrame, was: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the same row in both."""
    if not index.columns:
        return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return matches(index, was, index.columns)
