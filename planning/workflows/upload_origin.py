"""The way back from rows of our contract to the lines of the file a planner dropped."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from planning.signals.rows import LINE, RAW, cells_of
from planning.signals.update import HELD, UPLOADED
from planning.store import ORIGINS

_LINES = re.compile(r"\b(lines?) (\d+(?:, \d+)*)")


@dataclass(frozen=True)
class Origin:
    """Where the rows of an upload stood in the file of another system.

    Parameters
    ----------
    id : names that file and how it was read.
    lines : `line` of the upload → LINE and RAW of the file.
    aside : rows of the file that are not in the upload: LINE, RAW, column, value, reason, remedy.
    headings : our column → the file's.
    header, mark : the file's columns, and what separates its cells, as its rows are told.
    collapsed : rows of the file that another one says.
    rows_in : rows of the whole file, where it is of several tables; else None.
    """

    id: str
    lines: pl.DataFrame
    aside: pl.DataFrame
    headings: Mapping[str, str]
    header: tuple[str, ...] = ()
    mark: str = ","
    collapsed: int = 0
    rows_in: int | None = None

    @cached_property
    def line(self) -> Mapping[int, int]:
        """Line of the upload → line of the file."""
        return dict(self.lines.select("line", LINE).iter_rows())

    def rejected(self) -> pl.DataFrame:
        """`aside` with the columns of a list of rows kept aside, but for the file."""
        return self.aside.select("column", "value", "reason", "remedy", line=pl.col(LINE), raw=pl.col(RAW))

    def told(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of the upload that are kept aside, by line, text, column and words of the file.

        Parameters
        ----------
        rows : line, column, reason, raw and whatever else, of the upload.
        """
        places = self.lines.select("line", told=pl.col(LINE), text=pl.col(RAW))
        reasons = rows["reason"].unique()
        words = {reason: self.in_words(reason) for reason in reasons if _LINES.search(reason)}
        found = rows.join(places, on="line", how="left", maintain_order="left")
        told = found.with_columns(
            line=pl.coalesce("told", "line"),
            raw=pl.coalesce("text", "raw"),
            column=pl.col("column").replace(dict(self.headings)),
            reason=pl.col("reason").replace(words),
        )
        cells = [self._cell(*row) for row in told.select("raw", "column", "value").iter_rows()]
        return told.with_columns(pl.Series("value", cells, dtype=pl.String)).select(rows.columns)

    def _cell(self, raw: str | None, column: str | None, value: str | None) -> str | None:
        """What stands in a column of the file; `value` where that cannot be told."""
        if raw is None or column not in self.header or value is None:
            return value
        cells = cells_of(raw, self.mark)
        place = self.header.index(column)
        return cells[place] if place < len(cells) else value

    def in_words(self, words: str) -> str:
        """Words with the lines of the file in place of those of the upload."""

        def lines(found: re.Match[str]) -> str:
            told = [self.line.get(int(number), int(number)) for number in found[2].split(", ")]
            return f"{found[1]} {', '.join(str(line) for line in told)}"

        return _LINES.sub(lines, words)


def in_their_lines(file: str, rows: pl.DataFrame, origin: Origin | None) -> pl.DataFrame:
    """Rows of an upload that are kept aside, by name and lines of the file the planner dropped; with those of
    the file that are not in the upload."""
    named = rows.with_columns(file=pl.lit(file))
    if origin is None:
        return named
    beside = origin.rejected().with_columns(file=pl.lit(file)).select(rows.columns)
    return pl.concat([origin.told(named), beside]).sort("line")


def came_in(file: str, rows: pl.DataFrame, origin: Origin | None) -> pl.DataFrame:
    """ORIGINS of the rows that are the upload's.

    Parameters
    ----------
    file : name of the file the planner dropped.
    rows : file, line, raw, UPLOADED of rows of the network.
    origin : the way back, where that file is another system's.
    """
    mine = rows.drop_nulls(UPLOADED).with_columns(
        upload=pl.lit(file), upload_line=pl.col(UPLOADED).cast(pl.Int64)
    )
    if origin is not None:
        places = origin.lines.select(pl.col("line").alias("upload_line"), LINE, RAW)
        mine = mine.join(places, on="upload_line").with_columns(upload_line=pl.col(LINE), raw=pl.col(RAW))
    return mine.select(list(ORIGINS))


def stood_before(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """ORIGINS of the rows that stood in the file before, as far as they are known.

    Parameters
    ----------
    rows : file, line, HELD, UPLOADED of rows of the network.
    before : ORIGINS of the file as it stood.
    """
    stood = rows.filter(pl.col(UPLOADED).is_null()).select("file", "line", pl.col(HELD).cast(pl.Int64))
    known = before.select(pl.col("line").alias(HELD), "upload", "upload_line", "raw")
    return stood.join(known, on=HELD).select(list(ORIGINS))
