"""Rows kept aside as a file for a spreadsheet, and back: what looks like a formula is guarded, and freed."""

import csv
import io
import re
from dataclasses import dataclass

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.grid import Grid, read_grid
from planning.signals.reading.patch import BEYOND
from planning.signals.rows import LINE

#: What a spreadsheet would run; and how it looks once it is guarded.
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = "^'+[=+@\t\r-]"
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
#: A day as a workbook has it.
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00$"
#: Columns of such a file beside those of the rows.
COLUMNS = ("Takt: line", "Takt: reason", "Takt: what to do")


@dataclass(frozen=True)
class BroughtBack:
    """Rows as they came back from a spreadsheet.

    Parameters
    ----------
    rows : LINE and the columns of the rows that went out, of those that came back.
    notes : what of the spreadsheet was passed over, in sentences.
    """

    rows: pl.DataFrame
    notes: tuple[str, ...] = ()


def for_spreadsheet(rows: pl.DataFrame, told: pl.DataFrame) -> bytes:
    """Rows kept aside under the columns of their file, to be mended in a spreadsheet and brought back.

    Parameters
    ----------
    rows : LINE, and the columns of the file as text.
    told : line, reason and remedy; a row kept aside for several cells stands there once.
    """
    names = [name for name in rows.columns if name != LINE and not _is_beyond(name)]
    why = {
        line: (reason, remedy)
        for line, reason, remedy in told.select("line", "reason", "remedy").rows()[::-1]
    }
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(name) for name in (*names, *COLUMNS)])
    for line, *cells in rows.select(LINE, *names).iter_rows():
        texts = [cell or "" for cell in cells]
        writer.writerow([*map(guarded, texts), line, *map(guarded, why.get(line, ("", "")))])
    # With a mark Excel knows it for UTF-8.
    return out.getvalue().encode("utf-8-sig")


def brought_back(file: str, data: bytes, rows: pl.DataFrame) -> BroughtBack:
    """What a spreadsheet says of the rows that went into it; whatever program saved it, and in what form.

    Parameters
    ----------
    file, data : the spreadsheet, or rows of it as they were copied, their header with them.
    rows : LINE, and the columns of the file as text, of the rows that may come back.

    Raises
    ------
    InputError
        It cannot be read, or nothing says which rows it has.
    """
    grid = read_grid(file, data)
    if COLUMNS[0] not in grid.headings:
        reason = f"has no column '{COLUMNS[0]}', which says what row of the file each of its rows is"
        raise InputError(
            [Fault(file, reason, "Mend the rows in the file downloaded here and bring that back.")]
        )
    number = pl.col(COLUMNS[0]).str.strip_chars().str.replace(r"[.,]0*$", "").cast(pl.Int64, strict=False)
    found = grid.rows.with_columns(number.alias(LINE)).filter(pl.col(LINE).is_in(rows[LINE].implode()))
    once = found.unique(LINE, keep="last", maintain_order=True)
    theirs = {name.lstrip("#"): name for name in rows.columns if name != LINE}
    told = [
        _as_it_was(pl.col(heading)).alias(theirs[heading]) for heading in grid.headings if heading in theirs
    ]
    known = {expression.meta.output_name() for expression in told}
    # What stood beyond the header stayed behind: such a row has the width of its header now.
    gone = [pl.lit("").alias(name) for name in rows.columns if _is_beyond(name)]
    left = [name for name in rows.columns if name not in {LINE, *known} and not _is_beyond(name)]
    before = rows.select(LINE, *left)
    back = once.select(LINE, *told, *gone).join(before, on=LINE, how="left", maintain_order="left")
    return BroughtBack(back.select(rows.columns), _passed_over(grid, found, once, left, set(theirs)))


def guarded(text: str) -> str:
    """A text as a spreadsheet leaves it alone: an apostrophe before what it would take for a formula."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def is_for_spreadsheet(headings: tuple[str, ...]) -> bool:
    """Whether a file with these headings is one of `for_spreadsheet`."""
    return all(column in headings for column in COLUMNS)


def _is_beyond(name: str) -> bool:
    return name.startswith(BEYOND.format(""))


def _as_it_was(text: pl.Expr) -> pl.Expr:
    """A cell without its guard, a day without its midnight."""
    freed = pl.when(text.str.contains(_GUARDED)).then(text.str.slice(1)).otherwise(text)
    return freed.str.replace(_MIDNIGHT, "${1}").fill_null("")


def _passed_over(
    grid: Grid, found: pl.DataFrame, once: pl.DataFrame, left: list[str], known: set[str]
) -> tuple[str, ...]:
    notes = []
    strange = grid.rows.height - found.height
    if strange:
        notes.append(f"Rows that are none of those kept aside, or say no line: {strange:,}.")
    if found.height > once.height:
        notes.append(f"Rows that come twice, of which the last counts: {found.height - once.height:,}.")
    if grid.aside.height:
        notes.append(f"Rows not as wide as their header: {grid.aside.height:,}.")
    beside = [name for name in grid.headings if name not in known and name not in COLUMNS]
    if beside:
        notes.append(f"Columns that are none of the file: {', '.join(beside[:6])}.")
    if left:
        notes.append(f"Columns left as they were, as none came back: {', '.join(left[:6])}.")
    return tuple(notes)
