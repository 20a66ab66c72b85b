"""Rows of a dropped file that would be kept aside, to be mended in that file before it is imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from planning.signals.decode import decode
from planning.signals.reading.grid import SHOWN_RAW
from planning.signals.reading.patch import patched, row_text
from planning.signals.reading.unpack import unpacked
from planning.signals.rows import LINE, cells_of, cut
from planning.workflows.incoming import Incoming


@dataclass(frozen=True)
class Patch:
    """Rows that stand in lines of a file in place of others.

    Parameters
    ----------
    mark : what separates the cells.
    encoding : as a planner said it.
    rows : line → row.
    """

    mark: str
    encoding: str | None = None
    rows: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DroppedRows:
    """Rows of a dropped file: LINE, and its columns as text; cells beyond the header behind them."""

    rows: pl.DataFrame
    mark: str
    encoding: str | None
    wide: int

    def patch(self, changes: pl.DataFrame, before: Patch | None = None) -> Patch:
        """The edits as a patch, over the one there is.

        Parameters
        ----------
        changes : line, column, before, after.
        """
        said = {(line, name): after for line, name, after in changes.select("line", "column", "after").rows()}
        touched = set(changes["line"])
        names = [name for name in self.rows.columns if name != LINE]
        rows = dict(before.rows) if before is not None else {}
        for row in self.rows.filter(pl.col(LINE).is_in(list(touched))).iter_rows(named=True):
            cells = [said.get((row[LINE], name), row[name]) for name in names]
            while len(cells) > self.wide and not cells[-1]:
                cells.pop()
            rows[row[LINE]] = row_text(cells, self.mark)
        return Patch(self.mark, self.encoding, rows)


def with_patch(name: str, data: bytes, patch: Patch) -> bytes:
    """The file with the patch; raises InputError where its encoding lacks a character."""
    return patched(name, data, patch.mark, patch.rows, patch.encoding)


def dropped_rows(name: str, data: bytes, one: Incoming, aside: pl.DataFrame) -> DroppedRows | None:
    """The rows of a file that would be kept aside; None where it is no text.

    Parameters
    ----------
    name, data : the file.
    one : what it was read as.
    aside : file, line, raw of rows that would be kept aside. Endless rows are not mended here.
    """
    if unpacked(name, data).kind != "text":
        return None
    encoding = None if one.profile is None else one.profile.hints.encoding
    header, mark = _layout(one)
    mine = aside.filter((pl.col("file") == name) & (pl.col("raw").str.len_chars() <= SHOWN_RAW))
    told = mine.drop_nulls("line").unique("line", keep="first", maintain_order=True)
    cells = [cells_of(raw, mark) for raw in told["raw"]]
    wide = max([len(header), *(len(row) for row in cells)])
    names = [*header, *(f"beyond the header {number}" for number in range(1, wide - len(header) + 1))]
    rows = [row + [""] * (wide - len(row)) for row in cells]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return DroppedRows(frame.insert_column(0, told["line"].alias(LINE)), mark, encoding, len(header))


def _layout(one: Incoming) -> tuple[tuple[str, ...], str]:
    """The columns of the file, and what separates its cells."""
    if one.meant is not None:
        return one.meant.grid.headings, one.meant.grid.hints.mark or ","
    if one.origin is not None:
        return one.origin.header, one.origin.mark
    return cut(one.name, decode(one.name, one.data)).header, ","
