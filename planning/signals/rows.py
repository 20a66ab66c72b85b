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

#: What separates cells, in words.
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

# The standard library refuses cells of more than 131,072 characters as if they were malformed.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Records:
    """A file cut into header and rows, cells not yet taken apart.

    Parameters
    ----------
    header : the names of the columns, without blanks around them.
    header_line : the line they stand in.
    body : LINE and RAW of every row, in file order; blank lines are no rows.
    quoted : quotation marks occur.
    mark : what separates the cells, one of MARKS.
    """

    header: tuple[str, ...]
    header_line: int
    body: pl.DataFrame
    quoted: bool
    mark: str = ","

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
        broken = counted.filter(pl.col("width") != wide).with_columns(
            _ragged(wide, self.mark).alias("reason")
        )
        wishes = set(wanted)
        names = {f"column_{n}": name for n, name in enumerate(self.header) if name in wishes}
        texts = self._split(good[RAW], list(names)).rename(names)
        return pl.concat([good, texts], how="horizontal"), broken.drop("width")

    def _width(self) -> pl.Expr:
        """Cells in a row; 0 where its quotation marks do not pair."""
        raw = pl.col(RAW)
        if not self.quoted:
            return raw.str.count_matches(self.mark, literal=True).cast(pl.Int64) + 1
        bare = raw.str.replace_all(r'"[^"]*"', "").str.count_matches(self.mark, literal=True)
        return pl.when(raw.str.contains(well_formed(self.mark))).then(bare.cast(pl.Int64) + 1).otherwise(0)

    def _split(self, raw: pl.Series, columns: list[str]) -> pl.DataFrame:
        everything = {f"column_{n}": pl.String for n in range(len(self.header))}
        if raw.is_empty() or not columns:
            return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        return pl.read_csv(
            raw.str.join("\n").item().encode(),
            has_header=False,
            schema=everything,
            columns=columns,
            separator=self.mark,
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
    frame, quoted = lines_of(file, text)
    frame = frame.filter(pl.col(RAW).str.strip_chars() != "")
    if frame.is_empty():
        raise InputError(
            [Fault(file, "is empty: not even a header", "Start from the template of this file.")]
        )
    header_line, header = frame.row(0)
    return Records(tuple(name.strip() for name in cells_of(header)), header_line, frame[1:], quoted)


def lines_of(file: str, text: str, mark: str = ",") -> tuple[pl.DataFrame, bool]:
    r"""LINE and RAW of every row, blank ones too, and whether quotation marks occur.

    A row is a line, or several where a cell in quotation marks holds line breaks.

    Parameters
    ----------
    file : its name, for messages.
    text : its content, lines ending in ``\n``.
    mark : what separates the cells.

    Raises
    ------
    InputError
        A quotation mark is opened and never closed.
    """
    lines = text.split("\n")
    frame = pl.DataFrame({LINE: range(1, len(lines) + 1), RAW: lines})
    quoted = '"' in text
    if not quoted or frame[RAW].str.contains(well_formed(mark)).all():
        return frame, quoted
    rows = list(_records(file, lines, mark))
    return pl.DataFrame(rows, schema={LINE: pl.Int64, RAW: pl.String}, orient="row"), quoted


def cells_of(raw: str, mark: str = ",") -> list[str]:
    """The cells of one row; line breaks inside quotation marks belong to their cell."""
    return next(csv.reader([raw], delimiter=mark), [])


def well_formed(mark: str = ",") -> str:
    """Pattern of a row of one line whose quotation marks, if any, pair."""
    cell = rf'(?:"[^"]*(?:""[^"]*)*"|[^"{mark}]*)'
    return rf"^{cell}(?:[{mark}]{cell})*$"


def _records(file: str, lines: list[str], mark: str) -> Iterator[tuple[int, str]]:
    """Start line and text of each row where a cell may hold line breaks."""
    reader = csv.reader((line + "\n" for line in lines), strict=True, delimiter=mark)
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


def _ragged(wide: int, mark: str) -> pl.Expr:
    """Why a row does not fit under the header, in words."""
    name = MARKS[mark]
    found = pl.col("width")
    unpaired = pl.lit('quotation marks do not pair: put the cell in "…" and double the marks inside it')
    few = pl.format(
        f"the row has {{}} cells where the header has {wide}: cells are missing, "
        f"and cells that are empty need their {name} too",
        found,
    )
    many = pl.format(
        f"the row has {{}} cells where the header has {wide}: "
        f'a text or a number with a {name} in it needs quotation marks "…"',
        found,
    )
    return pl.when(found == 0).then(unpaired).when(found < wide).then(few).otherwise(many)
