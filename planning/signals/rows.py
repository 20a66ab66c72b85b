r"""Text to rows of text cells, each with the line it starts in.

Polars splits the cells; whether a row has as many cells as the header is settled before, because a
reader that pads or cuts ragged rows loses data without a word.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from planning.errors import Fault, InputError

#: Columns every frame of rows carries beside its cells: where the row starts, and the row as it was read.
LINE, RAW = "#line", "#raw"

_CELL = r'(?:"[^"]*(?:""[^"]*)*"|[^",]*)'
_WELL_FORMED = f"^{_CELL}(?:,{_CELL})*$"


@dataclass(frozen=True)
class Records:
    """A file cut into header and rows, cells not yet taken apart.

    Parameters
    ----------
    header : the names of the columns, without blanks around them.
    header_line : the line they stand in.
    body : LINE and RAW of every row, in file order; blank lines are no rows.
    quoted : quotation marks occur.
    """

    header: tuple[str, ...]
    header_line: int
    body: pl.DataFrame
    quoted: bool

    def cells(self, wanted: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Take the rows apart.

        Parameters
        ----------
        wanted : the columns to read; each occurs once in the header.

        Returns
        -------
        LINE, RAW and the wanted columns as text of every row as wide as the header; and LINE, RAW and
        `reason` of the others.
        """
        wide = len(self.header)
        counted = self.body.with_columns(self._width().alias("width"))
        good = counted.filter(pl.col("width") == wide).drop("width")
        broken = counted.filter(pl.col("width") != wide).with_columns(_ragged(wide).alias("reason"))
        names = {f"column_{n}": name for n, name in enumerate(self.header) if name in wanted}
        texts = self._split(good[RAW], list(names)).rename(names)
        return pl.concat([good, texts], how="horizontal"), broken.drop("width")

    def _width(self) -> pl.Expr:
        """Cells in a row; 0 where its quotation marks do not pair."""
        raw = pl.col(RAW)
        if not self.quoted:
            return raw.str.count_matches(",", literal=True).cast(pl.Int64) + 1
        bare = raw.str.replace_all(r'"[^"]*"', "").str.count_matches(",", literal=True)
        return pl.when(raw.str.contains(_WELL_FORMED)).then(bare.cast(pl.Int64) + 1).otherwise(0)

    def _split(self, raw: pl.Series, columns: list[str]) -> pl.DataFrame:
        everything = {f"column_{n}": pl.String for n in range(len(self.header))}
        if raw.is_empty() or not columns:
            return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        return pl.read_csv(
            raw.str.join("\n").item().encode(),
            has_header=False,
            schema=everything,
            columns=columns,
            quote_char='"' if self.quoted else None,
        )


def cut(file: str, text: str) -> Records:
    r"""Cut a text whose lines end in ``\n`` into header and rows.

    Parameters
    ----------
    file : its name, for messages.
    text : its content.

    Raises
    ------
    InputError
        There is no header, or a quotation mark is opened and never closed.
    """
    lines = text.split("\n")
    frame = pl.DataFrame({LINE: range(1, len(lines) + 1), RAW: lines})
    quoted = '"' in text
    if quoted and not frame[RAW].str.contains(_WELL_FORMED).all():
        frame = pl.DataFrame(
            list(_records(file, lines)), schema={LINE: pl.Int64, RAW: pl.String}, orient="row"
        )
    frame = frame.filter(pl.col(RAW).str.strip_chars() != "")
    if frame.is_empty():
        raise InputError(
            [Fault(file, "is empty: not even a header", "Start from the template of this file.")]
        )
    header_line, header = frame.row(0)
    names = next(csv.reader(header.splitlines(keepends=True)))
    return Records(tuple(name.strip() for name in names), header_line, frame[1:], quoted)


def _records(file: str, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Start line and text of each row where a cell may hold line breaks."""
    reader = csv.reader((line + "\n" for line in lines), strict=True)
    while True:
        start = reader.line_num
        try:
            next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A cell that goes on after its closing mark spoils one row; the reader goes on behind it.
            if "expected after" not in str(error):
                raise InputError([_unclosed(file, start + 1, lines[start])]) from error
        yield start + 1, "\n".join(lines[start : reader.line_num])


def _unclosed(file: str, line: int, raw: str) -> Fault:
    reason = "a quotation mark is opened here and never closed"
    return Fault(
        file, reason, 'Close the cell with ", or double a " that belongs to the text.', line, raw=raw
    )


def _ragged(wide: int) -> pl.Expr:
    """Why a row does not fit under the header, in words."""
    found = pl.col("width")
    unpaired = pl.lit('quotation marks do not pair: put the cell in "…" and double the marks inside it')
    few = pl.format(
        f"the row has {{}} cells where the header has {wide}: cells are missing, "
        "and cells that are empty need their comma too",
        found,
    )
    many = pl.format(
        f"the row has {{}} cells where the header has {wide}: "
        'a text or a number with a comma in it needs quotation marks "…"',
        found,
    )
    return pl.when(found == 0).then(unpaired).when(found < wide).then(few).otherwise(many)
