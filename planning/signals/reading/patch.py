"""Rows of a text file mended in place: every other row, and every line number, stays as it is."""

import csv
import io
from collections.abc import Mapping, Sequence

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.text import decoded
from planning.signals.reading.unpack import unpacked
from planning.signals.rows import LINE, RAW, lines_of


def row_text(cells: Sequence[str], mark: str) -> str:
    """Cells as a row of a file whose cells are separated by `mark`; line breaks become blanks."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="").writerow(
        [cell.replace("\r", " ").replace("\n", " ") for cell in cells]
    )
    return out.getvalue()


def patched(file: str, data: bytes, mark: str, rows: Mapping[int, str], encoding: str | None = None) -> bytes:
    """The file with other rows in some of its lines, in its own encoding.

    Parameters
    ----------
    file, data : the file: text, packed or not.
    mark : what separates its cells.
    rows : line → the row that stands there now.
    encoding : in which it is read, where a planner said it.

    Raises
    ------
    InputError
        It is no text, or its encoding has no such character: names the line.
    """
    content = unpacked(file, data)
    if content.kind != "text":
        raise InputError([Fault(file, "is a workbook", "Mend its rows in it and drop it again.")])
    text = decoded(file, content.data, encoding)
    frame, _ = lines_of(file, text.text, mark)
    stands = dict(frame.select(LINE, RAW).iter_rows())
    for line, row in rows.items():
        _refuse_unwritable(file, line, row, text.encoding)
        # As many lines as before, so that the lines below keep their numbers.
        stands[line] = row + "\n" * stands[line].count("\n")
    told = pl.Series(stands.values(), dtype=pl.String).str.join("\n").item()
    mark_of_order = "\ufeff" if text.encoding.startswith("utf-16") else ""
    return f"{mark_of_order}{told}".encode(text.encoding)


def _refuse_unwritable(file: str, line: int, row: str, encoding: str) -> None:
    try:
        row.encode(encoding)
    except UnicodeEncodeError as error:
        reason = f"{row[error.start : error.end]!r} does not exist in the encoding of this file"
        remedy = "Write it without, or save the file as CSV UTF-8."
        raise InputError([Fault(file, reason, remedy, line, raw=row)]) from error
