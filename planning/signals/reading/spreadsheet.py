"""Rows kept aside as a file for a spreadsheet, and back: what looks like a formula is guarded, and freed."""

import csv
import io
import re
from collections.abc import Sequence

import polars as pl

from planning.signals.rows import cells_of

#: What a spreadsheet would run; and how it looks once it is guarded.
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = "^'+[=+@\t\r-]"
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
#: Columns of such a file beside those of the rows.
COLUMNS = ("Takt: line", "Takt: reason", "Takt: what to do")


def for_spreadsheet(headings: Sequence[str], mark: str, rows: pl.DataFrame) -> bytes:
    """Rows kept aside under the headings of their file, to be mended in a spreadsheet and dropped again.

    Parameters
    ----------
    headings : of the file.
    mark : what separates its cells, as they stand in `raw`.
    rows : line, reason, remedy and raw; a row kept aside for several cells stands there once.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(name) for name in (*headings, *COLUMNS)])
    told = rows.unique("line", keep="first", maintain_order=True).select("line", "reason", "remedy", "raw")
    for line, reason, remedy, raw in told.iter_rows():
        cells = cells_of(raw or "", mark)[: len(headings)]
        cells += [""] * (len(headings) - len(cells))
        writer.writerow([*(guarded(cell) for cell in cells), line, guarded(reason), guarded(remedy)])
    # With a mark Excel knows it for UTF-8.
    return out.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """A text as a spreadsheet leaves it alone: an apostrophe before what it would take for a formula."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def freed(text: pl.Expr) -> pl.Expr:
    """Texts as they were before they were guarded."""
    return pl.when(text.str.contains(_GUARDED)).then(text.str.slice(1)).otherwise(text)


def is_for_spreadsheet(headings: Sequence[str]) -> bool:
    """Whether a file with these headings is one of `for_spreadsheet`."""
    return all(column in headings for column in COLUMNS)
