"""Where a file's columns are: what separates its cells, and in which line its header stands."""

import csv
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from planning.signals.reading.names import is_known
from planning.signals.rows import MARKS

_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 200_000
_HEADER_WITHIN = 40
_NUMBER = frozenset("0123456789.,+-% '€$£")


def mark_of(text: str) -> str:
    """What separates the cells: the mark that cuts most lines into as many cells, names we know first.

    Excel's own `sep=;` in the first line is heeded.
    """
    first = text[:20].split("\n", 1)[0].strip().strip('"').lower()
    if first.startswith("sep=") and first[4:5] in MARKS:
        return first[4]
    # A tab at the end of "sep=" does not survive the strip above.
    if first == "sep=" and text[4:5] == "\t":
        return "\t"
    lines = sample(text)
    return max(MARKS, key=lambda mark: _order_of(_cut(lines, mark)))


def sample(text: str) -> list[str]:
    """The first lines of a text, enough to tell its layout by."""
    head = text[:_SAMPLE_CHARACTERS]
    lines = head.split("\n")
    whole = lines if len(head) == len(text) else lines[:-1]
    return whole[:_SAMPLE_LINES]


def header_row(rows: Sequence[Sequence[str | None]]) -> int:
    """Which of the first rows is the header: the first with most names we know, else of words throughout.

    Parameters
    ----------
    rows : their cells; blank rows included.

    Returns
    -------
    Its place in `rows`, from 0.
    """
    filled = [[cell.strip() for cell in row if cell and cell.strip()] for row in rows[:_HEADER_WITHIN]]
    known = [sum(is_known(cell) for cell in row) for row in filled]
    if known and max(known) >= 2:
        return known.index(max(known))
    widths = Counter(len(row) for row in rows if any(cell and cell.strip() for cell in row))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for number, row in enumerate(filled):
        if len(row) >= max(min(2, usual), 0.6 * usual) and not any(map(_is_number, row)):
            return number
    return next((number for number, row in enumerate(filled) if row), 0)


def _is_number(cell: str) -> bool:
    return set(cell) <= _NUMBER


def _cut(lines: Sequence[str], mark: str) -> list[list[str]]:
    reader = csv.reader((line + "\n" for line in lines), delimiter=mark)
    rows: list[list[str]] = []
    # The rows before what is malformed are sample enough; whoever cuts the file tells of it.
    with suppress(csv.Error):
        rows.extend(row for row in reader if any(cell.strip() for cell in row))
    return rows


def _order_of(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """How well a mark cuts: names known (two and more), share of rows of the usual width, and that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (0, 0, 0)
    usual, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    known = max(sum(is_known(cell) for cell in row) for row in rows[:_HEADER_WITHIN])
    return (known if known >= 2 else 0, round(times / len(rows), 1), usual)
