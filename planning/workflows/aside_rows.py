"""The rows kept aside of one file of the network, as they stand in it."""

from dataclasses import dataclass

import polars as pl

from planning.domain.schema import INPUT
from planning.signals import SourceFile
from planning.signals.rows import LINE
from planning.signals.sheet import Sheet, cell, header_text
from planning.store import HeldFiles


@dataclass(frozen=True)
class AsideRows:
    """The rows kept aside of one file of the network, as they stand in it.

    Parameters
    ----------
    table : whose file.
    rows : LINE, and its columns as text.
    header : its header line.
    on : the import that holds.
    """

    table: str
    rows: pl.DataFrame
    header: str
    on: int | None


def rows_aside(held: HeldFiles, table: str) -> AsideRows:
    """The rows kept aside of a table's file, to be mended."""
    data, lines = held.files.get(f"{table}.csv"), held.lost.get(f"{table}.csv", frozenset())
    if data is None:
        return AsideRows(table, pl.DataFrame(schema={LINE: pl.Int64}), "", held.batch)
    sheet = Sheet.of(SourceFile.read(INPUT[table], data))
    names = [cell(slot) for slot in sheet.slots]
    rows = sheet.rows.filter(pl.col(LINE).is_in(list(lines)))
    texts = [pl.col(name).fill_null("") for name in names]
    told = rows.select(pl.col(LINE).cast(pl.Int64), *texts)
    return AsideRows(table, told, header_text(sheet.slots), held.batch)
