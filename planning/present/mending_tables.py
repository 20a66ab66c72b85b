"""Rows kept aside to be mended in place: the table to type in, and what the edits come to."""

import hashlib
from collections.abc import Mapping

import polars as pl

from planning.present import words
from planning.present.view import Column, View
from planning.signals.rows import LINE

#: Rows that can be mended at once.
MOST = 200
HOW = (
    "Type over what is wrong, or paste over whole columns. Every cell is text, taken as you write it; each "
    "edited row is judged like an upload, and below you see what it comes to before anything changes."
)
_REASON, _REMEDY = "#reason", "#remedy"


def to_mend(rows: pl.DataFrame, told: pl.DataFrame) -> View:
    """The rows as they stand, with why they are kept aside.

    Parameters
    ----------
    rows : LINE, and the columns of the file as text.
    told : line, reason and remedy.
    """
    why = told.unique("line", keep="first", maintain_order=True)
    why = why.select(
        pl.col("line").alias(LINE), pl.col("reason").alias(_REASON), pl.col("remedy").alias(_REMEDY)
    )
    frame = rows.join(why, on=LINE, how="left", maintain_order="left").head(MOST)
    names = [name for name in rows.columns if name != LINE]
    return View(
        frame,
        {LINE: Column("Line", "whole"), _REASON: Column("Reason", width="medium")}
        | {name: Column(name) for name in names}
        | {_REMEDY: Column("What to do")},
    )


def locked(view: View) -> list[str]:
    """Columns nobody types in."""
    return [name for name in view.columns if name in {LINE, _REASON, _REMEDY}]


def diff(changes: pl.DataFrame, still: pl.DataFrame) -> View:
    """Every edited cell, and what its row comes to.

    Parameters
    ----------
    changes : line, column, before, after.
    still : line, column, value, reason, remedy of the edited rows that still do not load.
    """
    why = still.unique("line", keep="first", maintain_order=True).select(
        "line", "remedy", becomes=pl.format("Stays aside: {}", "reason")
    )
    told = changes.join(why, on="line", how="left", maintain_order="left")
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


def saved(table: str, loads: int) -> str:
    """What was mended."""
    return f"{words.count(loads, 'row')} of {table}.csv mended: in the data now."


def files(counts: Mapping[str, int]) -> dict[str, str]:
    """Table → the file and how many of its rows are kept aside."""
    return {name: f"{name}.csv: {words.count(count, 'row')}" for name, count in counts.items()}


def of_rows(rows: pl.DataFrame) -> str:
    """What tells rows kept aside from other rows: their cells, not where they stand."""
    cells = rows.drop(LINE).fill_null("")
    return hashlib.sha256(cells.write_csv().encode()).hexdigest()[:12]
