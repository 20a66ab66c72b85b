"""A file with every column it has, so that its rows can be written into another file."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from planning.domain.field import Table
from planning.signals.decode import decode
from planning.signals.rows import LINE, RAW, cut
from planning.signals.source import SourceFile

#: The row is not as wide as its header; and the row as it is written into the joined file.
BROKEN, TEXT = "#broken", "#text"

#: A column of a file: its name, and which of the columns of that name it is.
Slot = tuple[str, int]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, cells as text.

    Parameters
    ----------
    slots : its columns in order.
    rows : LINE, RAW, BROKEN and a column of text for each slot (`cell`); a broken row has the cells in
        front of what broke it, as far as that can be told.
    """

    slots: tuple[Slot, ...]
    rows: pl.DataFrame

    @classmethod
    def of(cls, source: SourceFile) -> "Sheet":
        """Everything that stands in a file that was read."""
        records = cut(source.name, decode(source.name, source.data))
        slots = _slots(records.header)
        names = [cell(slot) for slot in slots]
        good, broken = replace(records, header=tuple(names)).cells(names)
        torn = pl.concat(
            [broken.select(LINE, RAW), _leading_cells(broken[RAW], names)], how="horizontal"
        ).with_columns(pl.lit(True).alias(BROKEN))
        whole = good.with_columns(pl.lit(False).alias(BROKEN))
        both = pl.concat([whole, torn], how="diagonal").select(LINE, RAW, BROKEN, *names)
        return cls(slots, both.sort(LINE))

    @classmethod
    def without_rows(cls, table: Table) -> "Sheet":
        """A file of `table` that has its header only."""
        slots = _slots(table.columns)
        schema = {LINE: pl.Int64, RAW: pl.String, BROKEN: pl.Boolean}
        return cls(slots, pl.DataFrame(schema=schema | {cell(slot): pl.String for slot in slots}))

    def within(self, slots: Sequence[Slot]) -> pl.DataFrame:
        """Its rows under the wider header `slots`, with the TEXT they are written as.

        A row keeps its text to the letter where the header is the same. A row that is not as wide as its
        own header is as much too wide or too narrow for the other.
        """
        absent = [pl.lit(None, dtype=pl.String).alias(cell(s)) for s in slots if s not in self.slots]
        rows = self.rows.with_columns(absent)
        if tuple(slots) == self.slots:
            return rows.with_columns(pl.col(RAW).alias(TEXT))
        padding = "," * (len(slots) - len(self.slots))
        torn = pl.concat_str(pl.col(RAW), pl.lit(padding))
        return rows.with_columns(pl.when(pl.col(BROKEN)).then(torn).otherwise(written(slots)).alias(TEXT))


def cell(slot: Slot) -> str:
    """Name of the column that holds the cells of a slot: the header's own where that is one of its kind."""
    name, number = slot
    return name if name and number == 0 and not name.startswith("#") else f"#{number}#{name}"


def united(first: Sequence[Slot], second: Sequence[Slot]) -> tuple[Slot, ...]:
    """The columns of both, those of the first first."""
    return (*first, *(slot for slot in second if slot not in first))


def header_text(slots: Sequence[Slot]) -> str:
    """The header line of these columns."""
    return ",".join(_quoted(name) for name, _ in slots)


def written(slots: Sequence[Slot]) -> pl.Expr:
    """The cells of a row as one line of CSV (of several lines where a cell has line breaks)."""
    return pl.concat_str([in_marks(pl.col(cell(slot)).fill_null("")) for slot in slots], separator=",")


def _slots(header: Sequence[str]) -> tuple[Slot, ...]:
    seen: Counter[str] = Counter()
    slots = []
    for name in header:
        slots.append((name, seen[name]))
        seen[name] += 1
    return tuple(slots)


def _quoted(text: str) -> str:
    marks = any(mark in text for mark in ',"\n')
    return '"' + text.replace('"', '""') + '"' if marks else text


def in_marks(text: pl.Expr) -> pl.Expr:
    """A cell as CSV writes it: in quotation marks where it holds a comma, one of them, or a line break."""
    marked = pl.concat_str(pl.lit('"'), text.str.replace_all('"', '""', literal=True), pl.lit('"'))
    return pl.when(text.str.contains('[,"\n]')).then(marked).otherwise(text)


def _leading_cells(raw: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """The first cells of rows that are too narrow or too wide; none where quotation marks do not pair."""
    cells = [_cells_of(text)[: len(names)] for text in raw]
    rows = [[*found, *[None] * (len(names) - len(found))] for found in cells]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _cells_of(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return []
