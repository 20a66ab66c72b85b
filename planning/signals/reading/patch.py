"""Rows of a file mended in place: every other row, and every line number, stays as it is.

A file in our own form is mended as text. One of another system is mended as it was read, cell by cell, so
that a workbook is no other case, and a row is judged among those of its file.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.grid import EXACT, FRACTION, LOOKS_TYPED, SHOWN_RAW, Grid
from planning.signals.reading.text import decoded
from planning.signals.reading.unpack import unpacked
from planning.signals.rows import LINE, RAW, cells_of, lines_of

#: A cell to the right of the last heading.
BEYOND = "beyond the header {}"


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


def cells_to_mend(grid: Grid, lines: Collection[int]) -> pl.DataFrame:
    """Rows of a file as they stand: LINE, and its columns as text, BEYOND those the cells of rows too wide.

    Rows of which only the beginning is kept, being endless, are not among them.
    """
    whole = grid.rows.filter(pl.col(LINE).is_in(list(lines))).select(LINE, *grid.headings)
    torn = grid.aside.filter(pl.col(LINE).is_in(list(lines)) & (pl.col(RAW).str.len_chars() <= SHOWN_RAW))
    mark = grid.hints.mark or ","
    cells = [cells_of(raw, mark) for raw in torn[RAW]]
    wide = max([len(grid.headings), *(len(row) for row in cells)])
    beyond = [BEYOND.format(number) for number in range(1, wide - len(grid.headings) + 1)]
    rows = [[line, *row, *[""] * (wide - len(row))] for line, row in zip(torn[LINE], cells, strict=True)]
    schema = {LINE: pl.Int64} | dict.fromkeys((*grid.headings, *beyond), pl.String)
    both = pl.concat([whole, pl.DataFrame(rows, schema=schema, orient="row")], how="diagonal")
    return both.select(LINE, _shown(pl.exclude(LINE))).sort(LINE)


def mended(grid: Grid, rows: Mapping[int, Sequence[str]]) -> Grid:
    """The file as it was read, with other cells in some of its lines.

    Parameters
    ----------
    rows : line → its cells, those of `cells_to_mend`; a row that is still too wide stays as it is.
    """
    if not rows:
        return grid
    wide = len(grid.headings)
    fits = {line: cells[:wide] for line, cells in rows.items() if not any(map(str.strip, cells[wide:]))}
    stood = _stood(grid, fits)
    mark = grid.hints.mark or ","
    typed = {
        heading
        for line, cells in fits.items()
        for heading, cell, before in zip(grid.headings, cells, stood.get(line, [None] * wide), strict=False)
        if heading in grid.exact and _shown_text(before) != cell and re.search(LOOKS_TYPED, cell)
    }
    marks = [EXACT if heading in typed else "" for heading in grid.headings]
    anew = [
        [line, row_text(cells, mark), *_as_read(cells, stood.get(line), marks)]
        for line, cells in fits.items()
    ]
    others = ~pl.col(LINE).is_in(list(fits))
    stays = grid.rows.filter(others).with_columns(_told_from_typed(heading) for heading in typed)
    return replace(
        grid,
        rows=pl.concat([stays, pl.DataFrame(anew, schema=grid.rows.schema, orient="row")]).sort(LINE),
        aside=grid.aside.filter(others),
        spoilt=grid.spoilt.filter(others),
        exact=grid.exact - typed,
        mended=dict(grid.mended) | {line: tuple(cells) for line, cells in fits.items()},
    )


def _stood(grid: Grid, lines: Collection[int]) -> dict[int, list[str | None]]:
    """Line → its cells as they were read."""
    rows = grid.rows.filter(pl.col(LINE).is_in(list(lines))).select(LINE, *grid.headings)
    return {line: cells for line, *cells in rows.iter_rows()}


def _as_read(
    cells: Sequence[str], before: Sequence[str | None] | None, marks: Sequence[str]
) -> list[str | None]:
    """Cells of a mended row; one nobody touched stays what it was to Excel.

    Parameters
    ----------
    marks : of each column what tells numbers of Excel's from what is typed between them, now.
    """
    if before is None:
        return [cell or None for cell in cells]
    told = zip(cells, before, marks, strict=True)
    return [
        f"{old}{mark}"
        if old == cell and re.fullmatch(FRACTION, cell)
        else old
        if _shown_text(old) == cell
        else cell or None
        for cell, old, mark in told
    ]


def _shown(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"^(-?\d+\.\d+)e0$", "${1}").fill_null("")


def _shown_text(cell: str | None) -> str:
    number = (cell or "").removesuffix(EXACT)
    return number if re.fullmatch(FRACTION, number) else cell or ""


def _told_from_typed(heading: str) -> pl.Expr:
    """Numbers of Excel's, once a planner typed one with marks between them."""
    text = pl.col(heading)
    return pl.when(text.str.contains(FRACTION)).then(text + EXACT).otherwise(text).alias(heading)
