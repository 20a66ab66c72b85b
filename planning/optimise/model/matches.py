"""Which rows of two index frames belong together: a join that only tells positions.

Index columns hold small whole numbers, so a key of several columns is one number, and what has that number
is looked up instead of hashed.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Positions = NDArray[np.int64]

#: Up to this many places for each row looked up, a table of all possible keys is worth its memory.
_PLACES_PER_ROW = 16


def matches(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> tuple[Positions, Positions]:
    """Positions in `left` and `right` of all pairs of rows equal in the columns `on`; null equals null.

    In the order of `left`, then of `right`. Without columns every row belongs to every other.
    """
    if not on:
        return (
            np.repeat(np.arange(left.height), right.height),
            np.tile(np.arange(right.height), left.height),
        )
    if not all(left[name].dtype.is_integer() and right[name].dtype.is_integer() for name in on):
        return _joined(left, right, on)
    if left.is_empty() or right.is_empty():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    mine, theirs, places = _numbered(left, right, on)
    if places <= _PLACES_PER_ROW * (left.height + right.height):
        table = np.full(places, -1, dtype=np.int64)
        table[theirs] = np.arange(right.height)
        if (table[theirs] == np.arange(right.height)).all():
            found = table[mine]
            here = np.flatnonzero(found >= 0)
            return here, found[here]
    return _searched(mine, theirs)


def _numbered(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> tuple[Positions, Positions, int]:
    """One whole number for the key of each row, equal for equal keys, and how many there may be."""
    mine, theirs = np.zeros(left.height, dtype=np.int64), np.zeros(right.height, dtype=np.int64)
    places = 1
    for name in on:
        one, other = left[name], right[name]
        lows = [low for low in (one.min(), other.min()) if isinstance(low, int)]
        highs = [high for high in (one.max(), other.max()) if isinstance(high, int)]
        nothing = min(lows, default=0) - 1
        width = max(highs, default=0) - nothing + 1
        mine = mine * width + (_filled(one, nothing) - nothing)
        theirs = theirs * width + (_filled(other, nothing) - nothing)
        places *= width
    return mine, theirs, places


def _filled(column: pl.Series, nothing: int) -> Positions:
    whole = column.cast(pl.Int64)
    return (whole.fill_null(nothing) if whole.null_count() else whole).to_numpy()


def _searched(mine: Positions, theirs: Positions) -> tuple[Positions, Positions]:
    """Pairs of equal numbers by search in sorted order; a number may occur on both sides more than once."""
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    first, last = np.searchsorted(ordered, mine, "left"), np.searchsorted(ordered, mine, "right")
    count = last - first
    here = np.repeat(np.arange(len(mine)), count)
    nth = np.arange(len(here)) - np.repeat(np.cumsum(count) - count, count)
    return here, order[np.repeat(first, count) + nth]


def _joined(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> tuple[Positions, Positions]:
    """The same where a key is a text."""
    here = left.select(on).with_columns(here=pl.int_range(pl.len(), dtype=pl.Int64))
    there = right.select(on).with_columns(there=pl.int_range(pl.len(), dtype=pl.Int64))
    pairs = here.join(there, on=on, nulls_equal=True, maintain_order="left_right")
    return pairs["here"].to_numpy(), pairs["there"].to_numpy()
