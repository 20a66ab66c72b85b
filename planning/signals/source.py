"""One file of a network folder, read as text and not yet understood."""

from dataclasses import dataclass

import polars as pl

from planning.domain.field import Field, Table
from planning.errors import Fault, InputError
from planning.signals.decode import decode
from planning.signals.nearest import nearest
from planning.signals.rows import Records, cut


@dataclass(frozen=True)
class SourceFile:
    """What stands in one CSV file.

    Parameters
    ----------
    name : the file, such as orders.csv.
    data : its bytes.
    header : its columns as written.
    cells : `rows.LINE`, `rows.RAW` and the columns of its table that it has, all cells text.
    broken : `rows.LINE`, `rows.RAW` and `reason` of the rows that are not as wide as the header.
    sure : rows beside these, of a file too long to hold them (`long_file`).
    """

    name: str
    data: bytes
    header: tuple[str, ...]
    cells: pl.DataFrame
    broken: pl.DataFrame
    sure: int = 0

    @property
    def rows_in(self) -> int:
        """Rows below the header."""
        return self.cells.height + self.broken.height + self.sure

    @classmethod
    def read(cls, table: Table, data: bytes, folder: str = "") -> "SourceFile":
        """Read the file of `table`.

        Parameters
        ----------
        table : what should stand in it.
        data : its bytes.
        folder : where it lies, such as published/, for its name.

        Raises
        ------
        InputError
            It is no text, has no header, or the header lacks a required column or names one twice.
        """
        file = f"{folder}{table.name}.csv"
        records = cut(file, decode(file, data))
        faults = _header_faults(file, table, records)
        if faults:
            raise InputError(faults)
        cells, broken = records.cells(set(table.columns))
        return cls(file, data, records.header, cells, broken)

    def passed_over(self, table: Table) -> list[str]:
        """A line for each column passed over that looks like a misspelt column of `table`."""
        missing = [name for name in table.columns if name not in self.header]
        unknown = [name for name in self.header if name and name not in table.columns]
        pairs = [(name, nearest(name, missing)) for name in unknown]
        return [
            f"column {name!r} of {self.name} is passed over: its name is not known (is it {close!r}?)"
            for name, close in pairs
            if close is not None
        ]


def _header_faults(file: str, table: Table, records: Records) -> list[Fault]:
    header, line = records.header, records.header_line
    if len(header) == 1 and header[0].count(";") + header[0].count("\t") > 0:
        reason = "the columns are not separated by commas"
        return [Fault(file, reason, "Save it as CSV with commas.", line, value=header[0], raw=header[0])]
    unknown = [name for name in header if name not in table.columns]
    missing = [_missing(file, line, field.name, unknown) for field in table.fields if _lacks(field, header)]
    twice = [
        Fault(file, "the column occurs more than once", "Keep one of them.", line, column=name, value=name)
        for name in table.columns
        if header.count(name) > 1
    ]
    return missing + twice


def _lacks(field: Field, header: tuple[str, ...]) -> bool:
    return field.required and field.name not in header


def _missing(file: str, line: int, column: str, unknown: list[str]) -> Fault:
    close = nearest(column, unknown)
    if close is None:
        found = ", ".join(name for name in unknown if name)
        remedy = f"Add it; unknown columns here: {found}." if found else "Add it."
        return Fault(file, "the required column is missing", remedy, line, column=column)
    remedy = f"Rename {close!r} to {column!r}."
    return Fault(file, "the required column is missing, one has a similar name", remedy, line, column, close)
