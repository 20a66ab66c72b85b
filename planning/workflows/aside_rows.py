"""The rows kept aside of one file, as they stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from planning.domain.schema import INPUT
from planning.signals import SourceFile
from planning.signals.rows import LINE
from planning.signals.sheet import Sheet, cell, header_text
from planning.store import HeldFiles
from planning.store.read_files import ReadFile


@dataclass(frozen=True)
class AsideRows:
    """The rows kept aside of one file, as they stand in it.

    Parameters
    ----------
    file : its name: of the network, or as a planner dropped it.
    rows : LINE, and its columns as text.
    on : the import that holds.
    table, header : of a file of the network; None and empty where it is another system's.
    read : another system's file, whose rows are in no file of the network.
    """

    file: str
    rows: pl.DataFrame
    on: int | None
    table: str | None = None
    header: str = ""
    read: ReadFile | None = None

    def cells(self, changes: pl.DataFrame) -> dict[int, tuple[str, ...]]:
        """The edited rows: line → its cells.

        Parameters
        ----------
        changes : line, column, before, after.
        """
        return edited_cells(self.rows, changes)


def edited_cells(rows: pl.DataFrame, changes: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    """The rows with edits in them: line → its cells.

    Parameters
    ----------
    rows : LINE, and columns of text.
    changes : line, column, before, after.
    """
    said = {(line, name): after for line, name, after in changes.select("line", "column", "after").rows()}
    names = [name for name in rows.columns if name != LINE]
    edited = rows.filter(pl.col(LINE).is_in(changes["line"].implode())).iter_rows(named=True)
    return {row[LINE]: tuple(_cell(row, name, said) for name in names) for row in edited}


def _cell(row: Mapping[str, object], name: str, said: Mapping[tuple[int, str], str]) -> str:
    return said.get((int(str(row[LINE])), name), str(row[name] or ""))


def rows_aside(held: HeldFiles, table: str) -> AsideRows:
    """The rows kept aside of a table's file, to be mended."""
    file = f"{table}.csv"
    data, lines = held.files.get(file), held.lost.get(file, frozenset())
    if data is None:
        return AsideRows(file, pl.DataFrame(schema={LINE: pl.Int64}), held.batch, table)
    sheet = Sheet.of(SourceFile.read(INPUT[table], data))
    names = [cell(slot) for slot in sheet.slots]
    rows = sheet.rows.filter(pl.col(LINE).is_in(list(lines)))
    texts = [pl.col(name).fill_null("") for name in names]
    told = rows.select(pl.col(LINE).cast(pl.Int64), *texts)
    return AsideRows(file, told, held.batch, table, header_text(sheet.slots))
