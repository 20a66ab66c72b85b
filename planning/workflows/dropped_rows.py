"""Rows of a dropped file that would be kept aside, to be mended in it before it is imported."""

from collections.abc import Mapping

import polars as pl

from planning.signals.decode import decode
from planning.signals.reading.grid import SHOWN_RAW
from planning.signals.reading.patch import BEYOND, patched, row_text
from planning.signals.reading.unpack import unpacked
from planning.signals.rows import LINE, cells_of, cut


def our_rows(name: str, data: bytes, aside: pl.DataFrame) -> pl.DataFrame:
    """Rows of a file in our form: LINE, and its columns as text, BEYOND those the cells of rows too wide.

    Parameters
    ----------
    aside : line and raw of the rows. Endless ones are not mended here.
    """
    header = cut(name, decode(name, unpacked(name, data).data)).header
    mine = aside.filter(pl.col("raw").str.len_chars() <= SHOWN_RAW).drop_nulls("line")
    told = mine.unique("line", keep="first", maintain_order=True)
    cells = [cells_of(raw) for raw in told["raw"]]
    wide = max([len(header), *(len(row) for row in cells)])
    names = [*header, *(BEYOND.format(number) for number in range(1, wide - len(header) + 1))]
    rows = [row + [""] * (wide - len(row)) for row in cells]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.insert_column(0, told["line"].alias(LINE))


def with_our_rows(name: str, data: bytes, wide: int, rows: Mapping[int, tuple[str, ...]]) -> bytes:
    """A file in our form with other rows in some of its lines.

    Parameters
    ----------
    wide : columns of its header; cells beyond them are written where they are filled.
    rows : line → its cells.

    Raises
    ------
    InputError
        Its encoding lacks a character.
    """
    texts = {line: row_text(_trimmed(cells, wide), ",") for line, cells in rows.items()}
    return patched(name, data, ",", texts)


def _trimmed(cells: tuple[str, ...], wide: int) -> list[str]:
    trimmed = list(cells)
    while len(trimmed) > wide and not trimmed[-1]:
        trimmed.pop()
    return trimmed
