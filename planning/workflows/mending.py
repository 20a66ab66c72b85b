"""Rows kept aside, mended in place: from what a planner typed to what it changes, and into the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from planning.errors import InputError, NothingToPlanError
from planning.signals.reading.patch import row_text
from planning.signals.rows import LINE
from planning.signals.sources.handover import SCOPE, Handover
from planning.store import ImportReceipt
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.aside_rows import AsideRows
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads

#: What was typed: row by line, column, and the text before and after.
CHANGES = {"line": pl.Int64, "column": pl.String, "before": pl.String, "after": pl.String}


@dataclass(frozen=True)
class Mending:
    """Rows as they would be once mended.

    Parameters
    ----------
    changes : CHANGES, of the rows that were edited.
    loads : lines of the edited rows that would load.
    aside : edited rows that still do not: line, column, value, reason, remedy.
    preview : of the rows that would load; None where none does.
    """

    changes: pl.DataFrame
    loads: tuple[int, ...]
    aside: pl.DataFrame
    preview: Preview | None


def edited(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """CHANGES between two frames of the same rows: LINE and columns of text."""
    changes = [
        {"line": old[LINE], "column": name, "before": old[name] or "", "after": new[name] or ""}
        for old, new in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True)
        for name in before.columns
        if name != LINE and (old[name] or "") != (new[name] or "")
    ]
    return pl.DataFrame(changes, schema=CHANGES)


def draft_mending(uploads: Uploads, rows: AsideRows, changes: pl.DataFrame) -> Mending:
    """What the edits come to: the edited rows are judged as any upload, and only those that load are let in.

    Raises
    ------
    InputError
        The file cannot take rows at all.
    """
    lines = sorted(set(changes["line"]))
    first = _previewed(uploads, rows, changes, lines)
    # Line 1 of the upload is the header, its rows stand one to a line.
    back = dict(enumerate(lines, start=2))
    told = first.aside.filter(pl.col("file") == f"{rows.table}.csv")
    still = told.with_columns(pl.col("line").replace_strict(back, return_dtype=pl.Int64))
    loads = [line for line in lines if line not in set(still["line"])]
    last = first if still.is_empty() else _previewed(uploads, rows, changes, loads) if loads else None
    aside = still.select("line", "column", "value", "reason", "remedy")
    return Mending(changes, tuple(loads), aside, last)


def save_mending(uploads: Uploads, rows: AsideRows, mending: Mending) -> ImportReceipt:
    """Import the mended rows in place of those kept aside.

    Raises
    ------
    ChangedMeanwhileError
        The rows were read before another import.
    NothingToPlanError
        None of them loads.
    """
    if mending.preview is None:
        raise NothingToPlanError("None of the mended rows can load yet, so nothing was changed.")
    if mending.preview.on != rows.on:
        raise ChangedMeanwhileError(
            "Somebody changed the data since you looked, so no row was mended. Below is how they stand now."
            + uploads.meanwhile(on=rows.on)
        )
    return uploads.load(mending.preview)


def _previewed(uploads: Uploads, rows: AsideRows, changes: pl.DataFrame, lines: Sequence[int]) -> Preview:
    """The edited rows in these lines in place of those that stand there."""
    names = [name for name in rows.rows.columns if name != LINE]
    said = {(line, column): after for line, column, after in changes.select("line", "column", "after").rows()}
    texts = [_mended(row, said, names) for row in rows.rows.iter_rows(named=True) if row[LINE] in lines]
    data = "\n".join([rows.header, *texts, ""]).encode()
    none = pl.DataFrame(schema={"line": pl.Int64, LINE: pl.Int64, SCOPE: pl.String})
    gone = pl.DataFrame(
        {"line": list(lines), SCOPE: [str(line) for line in lines]}, schema_overrides={"line": pl.Int64}
    )
    file = f"{rows.table}.csv"
    preview = uploads.preview(
        [Incoming(file, data, rows.table, "add", handover=Handover(rows.table, data, none, gone))]
    )
    if preview.faults:
        raise InputError(preview.faults)
    return preview


def _mended(row: Mapping[str, object], said: Mapping[tuple[int, str], str], names: Sequence[str]) -> str:
    line = int(str(row[LINE]))
    return row_text([said.get((line, name), str(row[name])) for name in names], ",")
