"""The rows of a piece of a long file, and the lines they come from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.signals.rows import LINE, RAW

COMMA, BREAK, QUOTE = (ord(mark) for mark in ',\n"')

#: LINE and RAW of no row.
NONE = pl.DataFrame(schema={LINE: pl.Int64, RAW: pl.String})


class Written(Protocol):
    """What stands in the rows of a piece, to the letter."""

    def raw(self, lines: pl.Series) -> pl.DataFrame:
        """LINE and RAW of the rows that begin in these lines."""


@dataclass(frozen=True)
class PieceRows:
    """The rows of a piece.

    Parameters
    ----------
    cells : LINE and the columns of the table as text, of the rows that are as wide as the header.
    broken : LINE and RAW of the other rows.
    written : what stands in any of them.
    bare : no cell has blanks at its ends, and what is empty is null.
    """

    cells: pl.DataFrame
    broken: pl.DataFrame
    written: Written
    bare: bool = False


@dataclass(frozen=True)
class Lines:
    r"""Rows that are a line each.

    Parameters
    ----------
    first : where the first line stands in the file.
    text : the lines, each ending in ``\n``.
    """

    first: int
    text: bytes

    @cached_property
    def _marks(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.text, np.uint8)

    @cached_property
    def _ends(self) -> NDArray[np.intp]:
        return np.flatnonzero(self._marks == BREAK)

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(self._marks == BREAK))

    @property
    def commas(self) -> int:
        """Commas in all of them."""
        return int(np.count_nonzero(self._marks == COMMA))

    def odd(self, wide: int) -> NDArray[np.bool]:
        """Which of them have quotation marks, or not as many commas as `wide` cells have between them."""
        at = np.flatnonzero((self._marks == COMMA) | (self._marks == BREAK))
        breaks = np.flatnonzero(self._marks[at] == BREAK)
        odd: NDArray[np.bool] = np.diff(breaks, prepend=-1) != wide
        odd[np.searchsorted(at[breaks], np.flatnonzero(self._marks == QUOTE))] = True
        return odd

    def numbers(self, chosen: NDArray[np.bool]) -> pl.Series:
        """LINE of the chosen ones."""
        return pl.Series(LINE, np.flatnonzero(chosen) + self.first, pl.Int64)

    def raw(self, lines: pl.Series) -> pl.DataFrame:
        """LINE and RAW of those at these places in the file."""
        places = lines.to_numpy() - self.first
        begins = np.where(places > 0, self._ends[places - 1] + 1, 0)
        parts = zip(begins.tolist(), self._ends[places].tolist(), strict=True)
        texts = [self.text[begin:end].decode() for begin, end in parts]
        return pl.DataFrame({LINE: lines, RAW: texts}, schema=NONE.schema)

    def without(self, odd: NDArray[np.bool]) -> bytes:
        """The text of the lines that are not `odd`."""
        out = np.flatnonzero(odd)
        begins = np.concatenate([[0], self._ends[out] + 1])
        ends = np.concatenate([np.where(out > 0, self._ends[out - 1] + 1, 0), [len(self.text)]])
        parts = zip(begins.tolist(), ends.tolist(), strict=True)
        return b"".join(self.text[begin:end] for begin, end in parts if begin < end)


@dataclass(frozen=True)
class Rows:
    """Rows of which some are several lines: LINE and RAW of all of them."""

    body: pl.DataFrame

    def raw(self, lines: pl.Series) -> pl.DataFrame:
        """LINE and RAW of those that begin in these lines."""
        return self.body.filter(pl.col(LINE).is_in(lines.implode()))
