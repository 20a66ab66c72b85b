"""Rows kept aside, mended in place: from what a planner typed to what it changes, and into the network."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from planning.errors import InputError, NothingToPlanError
from planning.signals.reading.patch import row_text
from planning.signals.rows import LINE
from planning.signals.sources.handover import SCOPE, Handover
from planning.store import ImportReceipt
from planning.store.read_files import ReadFile
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


def with_edits(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Rows with what was typed over them.

    Parameters
    ----------
    rows : LINE, and columns of text.
    changes : CHANGES.
    """
    if changes.is_empty():
        return rows
    said = changes.pivot("column", index="line", values="after").rename({"line": LINE})
    names = [name for name in said.columns if name in rows.columns and name != LINE]
    return rows.update(said.select(LINE, *names), on=LINE, how="left")


def merged(changes: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """CHANGES of both; of a cell that both change the later one."""
    first = changes.join(later, on=["line", "column"], how="anti", maintain_order="left")
    return pl.concat([first, later]).sort("line", maintain_order=True)


def following(changes: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """CHANGES typed over the rows there were, on the lines where the same rows stand now.

    What was typed over a row that is gone, or is another one now, is left out. Rows alike in every cell
    follow one another in their order.

    Parameters
    ----------
    before, now : LINE, and columns of text.
    """
    if before.columns != now.columns:
        return changes.clear()
    cells = [name for name in now.columns if name != LINE]
    old, new = (rows.with_columns(nth=pl.int_range(pl.len()).over(cells)) for rows in (before, now))
    moved = old.join(new, on=[*cells, "nth"], nulls_equal=True, suffix="_now")
    to = moved.select(line=LINE, now=f"{LINE}_now")
    kept = changes.join(to, on="line").with_columns(line=pl.col("now").cast(changes.schema["line"]))
    return kept.select(changes.columns).sort("line", maintain_order=True)


def draft_mending(uploads: Uploads, rows: AsideRows, changes: pl.DataFrame) -> Mending:
    """What the edits come to: the edited rows are judged as any upload, and only those that load are let in.

    Raises
    ------
    InputError
        The file cannot take rows at all.
    """
    lines = sorted(set(changes["line"]))
    if rows.read is not None:
        return _of_another_system(uploads, rows, rows.read, changes)
    first = _previewed(uploads, rows, changes, lines)
    # Line 1 of the upload is the header, its rows stand one to a line.
    back = dict(enumerate(lines, start=2))
    told = first.aside.filter(pl.col("file") == rows.file)
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
    if rows.table is None:
        raise ValueError(f"{rows.file} is no file of the network")
    cells = rows.cells(changes)
    texts = [row_text(cells[line], ",") for line in lines]
    data = "\n".join([rows.header, *texts, ""]).encode()
    none = pl.DataFrame(schema={"line": pl.Int64, LINE: pl.Int64, SCOPE: pl.String})
    gone = pl.DataFrame(
        {"line": list(lines), SCOPE: [str(line) for line in lines]}, schema_overrides={"line": pl.Int64}
    )
    return _of(
        uploads,
        [Incoming(rows.file, data, rows.table, "add", handover=Handover(rows.table, data, none, gone))],
    )


def _of_another_system(uploads: Uploads, rows: AsideRows, read: ReadFile, changes: pl.DataFrame) -> Mending:
    """Edited rows of a file that is read again with them."""
    cells = rows.cells(changes)
    tried = uploads.try_again(read, cells)
    first = _of(uploads, tried.incoming) if tried.incoming else None
    told = tried.aside.rename({LINE: "line"}) if first is None else first.aside.filter(file=rows.file)
    still = told.filter(pl.col("line").is_in(list(cells)))
    good = {line: row for line, row in cells.items() if line not in set(still["line"])}
    last = first if still.is_empty() else None
    if good and last is None:
        again = uploads.try_again(read, good).incoming
        last = _of(uploads, again) if again else None
    loads = tuple(sorted(good)) if last is not None else ()
    return Mending(changes, loads, still.select("line", "column", "value", "reason", "remedy"), last)


def _of(uploads: Uploads, incoming: Sequence[Incoming]) -> Preview:
    preview = uploads.preview(incoming)
    if preview.faults:
        raise InputError(preview.faults)
    return preview
