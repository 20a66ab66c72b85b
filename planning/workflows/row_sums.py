"""What becomes of every row of a dropped file: rows in = loaded + kept aside + collapsed."""

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from planning.signals.row_sum import RowSum
from planning.signals.rows import LINE
from planning.workflows.upload_origin import Origin


class Counts(Protocol):
    """The counts of one table of a file."""

    @property
    def file(self) -> str:
        """Its name."""

    @property
    def rows_in(self) -> int:
        """Rows of it."""

    @property
    def kept_aside(self) -> int:
        """Rows of it that do not load."""


def row_sums(
    reports: Sequence[Counts], origins: Sequence[Origin | None], aside: pl.DataFrame
) -> tuple[RowSum, ...]:
    """The sums of each file.

    Parameters
    ----------
    reports : a table of a file each; several of one name and an origin are of one file.
    origins : of each of them the way back to its file.
    aside : file, line of the rows that do not load.

    Raises
    ------
    ValueError
        A row is lost or told twice.
    """
    sums = []
    parts: dict[str, list[Origin]] = {}
    for report, origin in zip(reports, origins, strict=True):
        if origin is None or origin.rows_in is None:
            kept = report.kept_aside
            sums.append(RowSum(report.file, report.rows_in, report.rows_in - kept, kept, 0))
        else:
            parts.setdefault(report.file, []).append(origin)
    return (*sums, *(_of_tables(file, tables, aside) for file, tables in parts.items()))


def _of_tables(file: str, tables: Sequence[Origin], aside: pl.DataFrame) -> RowSum:
    """The sums of a file of several tables, counted by its lines."""
    kept = frozenset(aside.filter(pl.col("file") == file)["line"])
    there = frozenset(line for origin in tables for line in origin.lines[LINE])
    loaded, collapsed = len(there - kept), sum(origin.collapsed for origin in tables)
    rows_in = tables[0].rows_in or 0
    if rows_in != loaded + len(kept) + collapsed:
        raise ValueError(
            f"{file}: {rows_in} rows in, {loaded} load, {len(kept)} aside, {collapsed} collapsed"
        )
    return RowSum(file, rows_in, loaded, len(kept), collapsed)
