"""The rows of a long file: those that are sure go on, those in doubt are read again.

A row is sure when its own cells, and the ids of the master data, say all there is to say about it. The
others (too narrow or too wide, with a cell that will not do, with an id nobody knows, with the key of another
row) are in doubt. They are few, and read again as a file of their own by the rules for files of any length.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import polars as pl

from planning.signals.cells import Window, sift_cells
from planning.signals.long_file import LongFile
from planning.signals.piece_rows import NONE
from planning.signals.rows import LINE
from planning.signals.source import SourceFile


class Sieve:
    """Tells the rows of a long file that are sure from those in doubt.

    Parameters
    ----------
    file : the file.
    window : the dates allowed.
    strange : of typed rows those that are in doubt for other reasons than their cells.
    """

    def __init__(self, file: LongFile, window: Window, strange: pl.Expr) -> None:
        self.file = file
        self._window = window
        self._strange = strange.fill_null(True).alias("strange")
        #: LINE and the hashed key of every row whose cells will do, piece by piece.
        self._keys: list[pl.DataFrame] = []
        self._doubted: list[pl.DataFrame] = [NONE]
        self._sure = 0

    def sure(self) -> Iterator[pl.DataFrame]:
        """LINE and the typed columns of the rows that are sure, piece by piece; once through.

        Those of them that share a key with a row of another piece are known at the end only: `repeated`.
        """
        for piece in self.file.pieces:
            rows = self.file.read(piece)
            good, wrong = sift_cells(rows.cells, self.file.table.fields, self._window, bare=rows.bare)
            doubted = good.select(self._strange).to_series() | self._twice(good)
            lines = pl.concat([wrong, good.filter(doubted)[LINE]])
            if not lines.is_empty():
                self._doubted.append(rows.written.raw(lines.sort()))
            self._doubted.append(rows.broken)
            sure = good.filter(~doubted)
            self._sure += sure.height
            yield sure

    @cached_property
    def repeated(self) -> pl.Series:
        """Lines of rows taken for sure whose key another row has too, or one with the same hash."""
        if not self._keys:
            return NONE[LINE]
        keys = np.concatenate([part["key"].to_numpy() for part in self._keys])
        keys.sort()
        several = pl.Series(np.unique(keys[1:][keys[1:] == keys[:-1]]), dtype=pl.UInt64)
        if several.is_empty():
            return NONE[LINE]
        lines = pl.concat(part.filter(pl.col("key").is_in(several.implode()))[LINE] for part in self._keys)
        doubted = pl.concat(rows[LINE] for rows in self._doubted)
        return lines.filter(~lines.is_in(doubted.implode()))

    def doubtful(self) -> SourceFile:
        """The file as far as it is in doubt, once every row has been through."""
        doubts = pl.concat([*self._doubted, self.file.raw(self.repeated)]).sort(LINE)
        wanted = sum(rows.height for rows in self._doubted) + self.repeated.len()
        if doubts[LINE].n_unique() != wanted:
            raise ValueError(f"{self.file.name}: {wanted} rows in doubt, {doubts[LINE].n_unique()} found")
        cells, broken = self.file.records(doubts).cells(set(self.file.table.columns))
        sure = self._sure - self.repeated.len()
        return SourceFile(self.file.name, self.file.head, self.file.header, cells, broken, sure)

    def _twice(self, rows: pl.DataFrame) -> pl.Series:
        """Which rows of a piece share their key with another of it."""
        key = self.file.table.key
        if not key:
            return pl.repeat(False, rows.height, eager=True)
        keys = rows.select(LINE, key=pl.struct(key).hash())
        self._keys.append(keys)
        if keys["key"].n_unique() == keys.height:
            return pl.repeat(False, rows.height, eager=True)
        return keys["key"].is_duplicated()
