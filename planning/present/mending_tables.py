"""Rows kept aside to be mended in place: the table to type in, and what the edits come to."""

from collections.abc import Mapping, Sequence

import polars as pl

from planning.present import words
from planning.present.view import Column, View
from planning.signals.reading.patch import BEYOND
from planning.signals.rows import LINE

#: Rows in the table at once.
MOST = 200
HOW = (
    "Type over what is wrong, or paste over whole columns. Every cell is text, taken as you write it; each "
    "edited row is judged like an upload, and below you see what it comes to before anything changes."
)
BACK_HELP = (
    "Take the rows away, mend them in your spreadsheet, and bring the file back, or copy its rows, header "
    "included, and paste them. What differs is listed below before anything changes. A text that a "
    "spreadsheet would run as a formula has an apostrophe in front, and loses it on the way back."
)
_REASON, _REMEDY, _CAME, _CAME_LINE = "#reason", "#remedy", "#came", "#came-line"


def to_mend(rows: pl.DataFrame, told: pl.DataFrame) -> View:
    """The rows as they stand, with why they are kept aside.

    Parameters
    ----------
    rows : LINE, and the columns of the file as text.
    told : line, reason and remedy; and of rows that came in another file came_in and came_line.
    """
    why = told.unique("line", keep="first", maintain_order=True)
    came = [name for name in ("came_in", "came_line") if name in told.columns]
    why = why.select("line", "reason", "remedy", *came).rename(
        {"line": LINE, "reason": _REASON, "remedy": _REMEDY, "came_in": _CAME, "came_line": _CAME_LINE},
        strict=False,
    )
    frame = rows.join(why, on=LINE, how="left", maintain_order="left")
    place = (
        {_CAME: Column("Came in"), _CAME_LINE: Column("Line", "whole")}
        if came
        else {LINE: Column("Line", "whole")}
    )
    names = [name for name in rows.columns if name != LINE]
    return View(
        frame,
        place
        | {_REASON: Column("Reason", width="medium")}
        | {name: Column(name) for name in names}
        | {_REMEDY: Column("What to do")},
    )


def locked(view: View) -> list[str]:
    """Columns nobody types in."""
    return [name for name in view.columns if name in {LINE, _REASON, _REMEDY, _CAME, _CAME_LINE}]


def reasons(told: pl.DataFrame) -> dict[str, str]:
    """Reason → it and how many rows it keeps aside, the most frequent first.

    Parameters
    ----------
    told : line and reason.
    """
    first = told.unique("line", keep="first", maintain_order=True)
    counted = (
        first.group_by(without_lines("reason").alias("reason"))
        .len()
        .sort("len", "reason", descending=[True, False])
    )
    return {reason: f"{reason} ({count:,})" for reason, count in counted.iter_rows()}


def of_reasons(rows: pl.DataFrame, told: pl.DataFrame, chosen: Sequence[str]) -> pl.DataFrame:
    """The rows kept aside for these reasons; all of them where none is chosen."""
    if not chosen:
        return rows
    first = told.unique("line", keep="first", maintain_order=True)
    lines = first.filter(without_lines("reason").is_in(list(chosen)))["line"]
    return rows.filter(pl.col(LINE).is_in(lines.implode()))


def without_lines(column: str) -> pl.Expr:
    """Reasons that only name other lines differ from row to row, and are one all the same."""
    return (
        pl.col(column)
        .str.replace(r"^lines \d[\d, …]* have", "several lines have")
        .str.replace(r"same as line \d+(?: \(lines of .*\))?$", "same as an earlier line")
    )


def pages(rows: int) -> dict[int, str]:
    """First row of a page, from 0 → what it is called."""
    return {
        start: f"{start + 1:,} to {min(start + MOST, rows):,} of {rows:,}" for start in range(0, rows, MOST)
    }


def came_back(rows: int, changes: pl.DataFrame, notes: Sequence[str]) -> tuple[str, ...]:
    """What came back from a spreadsheet, in sentences."""
    cells, lines = changes.height, changes["line"].n_unique()
    differ = f"{words.count(cells, 'cell')} of {words.count(lines, 'row')} differ"
    return (f"{words.count(rows, 'row')} came back: {differ}.", *notes)


def is_beyond(name: str) -> bool:
    """Whether a column is of cells to the right of the last heading."""
    return name.startswith(BEYOND.format(""))


def diff(changes: pl.DataFrame, still: pl.DataFrame, rows: pl.DataFrame | None = None) -> View:
    """Every edited cell, and what its row comes to.

    Parameters
    ----------
    changes : line, column, before, after.
    still : line, column, value, reason, remedy of the edited rows that still do not load.
    rows : line and came_line of rows that came in another file, whose lines are told.
    """
    why = still.unique("line", keep="first", maintain_order=True).select(
        "line", "remedy", becomes=pl.format("Stays aside: {}", "reason")
    )
    told = changes.join(why, on="line", how="left", maintain_order="left")
    if rows is not None and "came_line" in rows.columns:
        told = told.with_columns(pl.col("line").replace(dict(rows.select("line", "came_line").iter_rows())))
    return View(
        told.with_columns(pl.col("becomes").fill_null("Loads")),
        {
            "line": Column("Line", "whole"),
            "column": Column("Column"),
            "before": Column("Was"),
            "after": Column("Becomes"),
            "becomes": Column("Its row"),
            "remedy": Column("What to do"),
        },
    )


def typed(changes: pl.DataFrame) -> View:
    """Every edited cell."""
    names = {"line": "Line", "column": "Column", "before": "Was", "after": "Becomes"}
    kinds = {"line": "whole"}
    return View(changes, {n: Column(label, kinds.get(n, "text")) for n, label in names.items()})  # type: ignore[arg-type]


def comes_to(loads: int, still: int, replaced: int = 0) -> str:
    """What the edits come to, in a sentence.

    Parameters
    ----------
    loads, still : edited rows that would load, and that would not.
    replaced : rows in the data whose place they take, having the same key.
    """
    stays = f" {words.count(still, 'row')} still will not load and stays aside." if still == 1 else ""
    stay = f" {words.count(still, 'row')} still will not load and stay aside." if still > 1 else ""
    place = (
        f" **{words.count(replaced, 'row')} in the data with the same key gives way.**" if replaced else ""
    )
    return f"{words.count(loads, 'edited row')} will load.{stays}{stay}{place}"


def saved(file: str, loads: int) -> str:
    """What was mended."""
    return f"{words.count(loads, 'row')} of {words.plain(file)} mended: in the data now."


def files(held: Mapping[str, int], unread: Mapping[str, int]) -> dict[str, str]:
    """What tells a file from the others → the file and how many of its rows are kept aside.

    Parameters
    ----------
    held : table → rows of its file in the data.
    unread : file as it was dropped → rows of it that are in no file of the data.
    """
    ours = {f"data:{name}": f"{name}.csv: {words.count(count, 'row')}" for name, count in held.items()}
    theirs = {
        f"file:{name}": f"{name}, as it was dropped: {words.count(count, 'row')}"
        for name, count in unread.items()
    }
    return ours | theirs


def not_kept(file: str) -> str:
    """Why the rows of a file cannot be mended here."""
    return f"{words.plain(file)} came in before Takt kept such files: drop it again, and mend its rows there."
