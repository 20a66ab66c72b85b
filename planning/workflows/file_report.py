"""What one uploaded file would do, counted, and as it is kept once it is imported."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from planning.signals.update import Mode

_COUNTS = (
    "rows_in",
    "rows_new",
    "rows_changed",
    "rows_same",
    "rows_removed",
    "rows_kept_aside",
    "rows_collapsed",
)


@dataclass(frozen=True)
class FileReport:
    """What one uploaded file would do.

    Parameters
    ----------
    file : its name.
    table : what it is taken for; None where that is unknown.
    rows_in : rows below its header: the sum of new, changed, same, kept_aside and collapsed.
    removed : rows that load now and would be no more.
    collapsed : rows another row of the file says.
    rows : `change` and the columns of the table, of the first rows as they will load, what changes first.
    """

    file: str
    table: str | None
    mode: Mode
    rows_in: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    kept_aside: int = 0
    collapsed: int = 0
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)


def as_record(reports: Sequence[FileReport]) -> pl.DataFrame:
    """The reports as `UploadRecord.files` has them: a row each."""
    rows = [
        (
            r.file,
            r.table,
            r.mode,
            r.rows_in,
            r.new,
            r.changed,
            r.same,
            r.removed,
            r.kept_aside,
            r.collapsed,
        )
        for r in reports
    ]
    schema = dict.fromkeys(("file", "table", "mode"), pl.String) | dict.fromkeys(_COUNTS, pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row")
