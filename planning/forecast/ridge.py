"""Ridge regression of many series at once, from sums of products: any of their signals, no second look."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COLLINEAR = 1e-3
VARIES = 1e-9


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the weeks of each series, of products of its signals and its demand.

    Parameters
    ----------
    rows : (series,) weeks.
    gram : (series, signals, signals) of the signals with one another.
    cross : (series, signals) of the signals with demand.
    square : (series,) of demand with itself.
    """

    rows: Array
    gram: Array
    cross: Array
    square: Array

    @classmethod
    def of(cls, demand: Sequence[Array], signals: Sequence[Array]) -> "Moments":
        """Of (weeks,) demand and (weeks, signals) of each series."""
        return cls(
            np.array([d.size for d in demand], dtype=np.float64),
            np.stack([x.T @ x for x in signals]),
            np.stack([x.T @ d for d, x in zip(demand, signals, strict=True)]),
            np.array([d @ d for d in demand]),
        )

    def columns(self, kept: Sequence[int]) -> "Moments":
        """Of some of the signals."""
        some = list(kept)
        return Moments(self.rows, self.gram[:, some][:, :, some], self.cross[:, some], self.square)

    def together(self) -> "Moments":
        """Of all series as if they were one."""
        return Moments(*(sums.sum(axis=0, keepdims=True) for sums in self._sums()))

    def one(self, series: int) -> "Moments":
        """Of one of the series."""
        return Moments(*(sums[series : series + 1] for sums in self._sums()))

    def scaled(self, scale: Array) -> "Moments":
        """Of the signals over `scale` (signals,)."""
        return Moments(self.rows, self.gram / np.outer(scale, scale), self.cross / scale, self.square)

    def less(self, effects: Array) -> "Moments":
        """Of the demand that `effects` (signals,) of the signals leave."""
        explained = self.gram @ effects
        square = self.square - 2 * self.cross @ effects + explained @ effects
        return Moments(self.rows, self.gram, self.cross - explained, np.maximum(square, 0.0))

    def _sums(self) -> tuple[Array, Array, Array, Array]:
        return self.rows, self.gram, self.cross, self.square


def ridge(moments: Moments, penalties: Sequence[float]) -> Array:
    """(series, signals): coefficients of each series, under its penalty of least cross-validation error.

    The penalty is per row; generalised cross-validation is that of Golub, Heath and Wahba (1979). By the
    eigenvectors of the signals' products, as the singular vectors of the signals themselves.
    """
    squares, axes = np.linalg.eigh(moments.gram)
    squares = np.maximum(squares, 0.0)
    counts = squares > np.finfo(np.float64).eps * squares.max(axis=1, initial=0.0, keepdims=True)
    projected = np.einsum("nij,ni->nj", axes, moments.cross)
    energy = np.divide(projected**2, squares, out=np.zeros_like(squares), where=counts)
    penalised = np.array(penalties)[None, :, None] * moments.rows[:, None, None]
    shrinks = squares[:, None, :] / (squares[:, None, :] + penalised)
    residual = moments.square[:, None] - ((2 * shrinks - shrinks**2) * energy[:, None, :]).sum(axis=2)
    errors = np.maximum(residual, 0.0) / (moments.rows[:, None] - shrinks.sum(axis=2)) ** 2
    best = shrinks[np.arange(squares.shape[0]), np.argmin(errors, axis=1)]
    weights = np.divide(best, squares, out=np.zeros_like(squares), where=counts)
    found: Array = np.einsum("nij,nj->ni", axes, weights * projected)
    return found


def independent(moments: Moments) -> list[int]:
    """Signals of all series together that vary and are no combination of the ones before them."""
    whole = moments.together()
    gram, rows = whole.gram[0], float(whole.rows[0])
    kept: list[int] = []
    for column in range(gram.shape[0]):
        norm = float(gram[column, column])
        if not varies(norm, rows):
            continue
        basis = gram[np.ix_(kept, kept)]
        explained = (
            gram[kept, column] @ np.linalg.lstsq(basis, gram[kept, column], rcond=None)[0] if kept else 0
        )
        if norm - explained > COLLINEAR**2 * norm:
            kept.append(column)
    return kept


def varies(square: float, rows: float) -> bool:
    """Whether a signal whose squares add up to `square` over so many rows is more than rounding."""
    return bool(np.sqrt(square / max(rows, 1.0)) > VARIES)
