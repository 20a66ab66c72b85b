"""A file too long to hold typed as a whole: its rows come piece by piece, and those in doubt are read again.

A row is sure when its own cells, and the ids of the master data, say all there is to say about it. The
others (too narrow or too wide, with a cell that will not do, with an id nobody knows, with the key of another
row) are in doubt. They are few, and read again as a file of their own by the rules for files of any length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from planning.domain.field import Table
from planning.errors import InputError
from planning.signals.cells import Window, check_cells
from planning.signals.decode import decode
from planning.signals.rows import LINE, RAW, Records, cut
from planning.signals.source import SourceFile

#: Bytes taken at once: some hundred thousand rows.
PIECE = 12 * 2**20


@dataclass(frozen=True)
class Piece:
    """Some whole lines of a file: the first of them, and where its bytes begin and end."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class LongFile:
    """A file cut into pieces of whole rows.

    Parameters
    ----------
    table : what stands in it.
    data : its bytes.
    head : those up to the end of the header.
    header, header_line : its columns as written, and the line they stand in.
    pieces : what is below the header, in order.
    """

    table: Table
    data: bytes
    head: bytes
    header: tuple[str, ...]
    header_line: int
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, table: Table, data: bytes, piece_bytes: int = PIECE) -> "LongFile | None":
        """Cut the file of `table` into pieces of `piece_bytes`, or of the row that is longer.

        None where it cannot be cut: it is no text, has no header or no row, or a row goes on where a piece
        ends.
        Reading it as a whole tells what is wrong, if anything is.
        """
        file = f"{table.name}.csv"
        end = _end_of_header(data)
        try:
            head = cut(file, decode(file, data[:end]))
        except InputError:
            return None
        if head.quoted or len(head.header) < 2 or not head.body.is_empty():
            return None
        pieces, line = [], head.header_line + 1
        for start, stop in _whole_lines(data, end, piece_bytes):
            text = _with_plain_ends(data[start:stop])
            if not _stands_alone(file, text):
                return None
            pieces.append(Piece(line, start, stop))
            line += text.count(b"\n")
        return cls(table, data, data[:end], head.header, head.header_line, tuple(pieces)) if pieces else None

    @property
    def name(self) -> str:
        """The file, such as orders.csv."""
        return f"{self.table.name}.csv"

    def cells(self, piece: Piece) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows of a piece as `Records.cells` gives them; RAW is null where it was not needed."""
        text = _with_plain_ends(self.data[piece.start : piece.end])
        plain = self._plain_cells(text)
        if plain is None:
            return self._records(text, piece).cells(self._wanted)
        lines = pl.int_range(piece.line, piece.line + plain.height, eager=True)
        whole = plain.with_columns(lines.alias(LINE), pl.lit(None, dtype=pl.String).alias(RAW))
        return whole, whole.select(LINE, RAW).clear()

    def rows(self, lines: pl.Series, known: pl.DataFrame) -> Records:
        """The rows that begin in these lines; of some of them LINE and RAW are `known`."""
        found = [known]
        lines = lines.filter(~lines.is_in(known[LINE].implode()))
        for piece, following in zip(self.pieces, [*self.pieces[1:], None], strict=True):
            last = following.line if following is not None else None
            asked = lines.filter((lines >= piece.line) & (True if last is None else lines < last))
            if not asked.is_empty():
                text = _with_plain_ends(self.data[piece.start : piece.end])
                body = self._records(text, piece).body
                found.append(body.filter(pl.col(LINE).is_in(asked.implode())))
        body = pl.concat(found).sort(LINE)
        quoted = body[RAW].str.contains('"', literal=True).any()
        return Records(self.header, self.header_line, body, bool(quoted))

    @property
    def _wanted(self) -> set[str]:
        return set(self.table.columns)

    def _plain_cells(self, text: bytes) -> pl.DataFrame | None:
        """The wanted cells, where every line is plainly a row as wide as the header; None where not.

        With as many commas as the header has for each line, and no row wider than the header (which polars
        refuses as long as it reads every column), no row can be narrower either.
        """
        if b'"' in text:
            return None
        marks = np.frombuffer(text, np.uint8)
        lines = np.count_nonzero(marks == ord("\n"))
        if np.count_nonzero(marks == ord(",")) != lines * (len(self.header) - 1):
            return None
        names = {f"column_{n}": name for n, name in enumerate(self.header)}
        schema = dict.fromkeys(names, pl.String)
        try:
            everything = pl.read_csv(text, has_header=False, schema=schema, quote_char=None)
        except PolarsError:
            return None
        if everything.height != lines:
            return None
        return everything.select(pl.col(n).alias(name) for n, name in names.items() if name in self._wanted)

    def _records(self, text: bytes, piece: Piece) -> Records:
        """The rows of a piece one by one, cut as those of a file of its own."""
        records = cut(self.name, f"{','.join(self.header)}\n{text.decode()}")
        body = records.body.with_columns(pl.col(LINE) + piece.line - 2)
        return Records(self.header, self.header_line, body, records.quoted)


class Sieve:
    """Tells the rows of a long file that are sure from those in doubt.

    Parameters
    ----------
    file : the file.
    window : the dates allowed.
    strange : of typed rows those that are in doubt for other reasons than their cells.
    """

    def __init__(self, file: LongFile, window: Window, strange: pl.Expr) -> None:
        self.file = file
        self._window = window
        self._strange = strange
        self._keys: list[pl.DataFrame] = []
        self._doubted: list[pl.DataFrame] = [pl.DataFrame(schema={LINE: pl.Int64, RAW: pl.String})]
        self._sure = 0

    def sure(self) -> Iterator[pl.DataFrame]:
        """LINE and the typed columns of the rows that are sure, piece by piece; once through.

        Those of them that share a key are known at the end only: `repeated`.
        """
        table = self.file.table
        for piece in self.file.pieces:
            cells, broken = self.file.cells(piece)
            good, bad = check_cells(cells, self.file.name, table.fields, self._window)
            strange = good.select(self._strange.fill_null(True).alias("strange")).to_series()
            if table.key:
                self._keys.append(good.select(LINE, key=pl.struct(table.key).hash()))
            self._doubted += [
                broken.select(LINE, RAW),
                bad.select(pl.col("line").alias(LINE), pl.col("raw").alias(RAW)),
                good.filter(strange).select(LINE, RAW),
            ]
            sure = good.filter(~strange).drop(RAW)
            self._sure += sure.height
            yield sure

    @cached_property
    def repeated(self) -> pl.Series:
        """Lines of the rows whose key another row has too, or one with the same hash: they are in doubt."""
        if not self._keys:
            return pl.Series(LINE, dtype=pl.Int64)
        keys = pl.concat(self._keys)
        ordered = np.sort(keys["key"].to_numpy())
        several = pl.Series(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]), dtype=pl.UInt64)
        return keys.filter(pl.col("key").is_in(several.implode()))[LINE]

    def doubtful(self) -> SourceFile:
        """The file as far as it is in doubt, once every row has been through."""
        doubts, repeated = pl.concat(self._doubted), self.repeated
        doubted = doubts[LINE]
        lines = pl.concat([doubted, repeated]).unique().sort()
        rows = self.file.rows(lines, doubts.drop_nulls(RAW))
        cells, broken = rows.cells(set(self.file.table.columns))
        if cells.height + broken.height != lines.len():
            raise ValueError(
                f"{self.file.name}: {lines.len()} rows in doubt, {cells.height + broken.height} found"
            )
        sure = self._sure - repeated.filter(~repeated.is_in(doubted.implode())).len()
        return SourceFile(self.file.name, self.file.data, self.file.header, cells, broken, sure)


def _end_of_header(data: bytes) -> int:
    """Bytes up to the end of the first line that is not blank; all of them where there is no such line."""
    end = 0
    while end < len(data):
        start, end = end, data.find(b"\n", end) + 1
        if end == 0:
            return len(data)
        if data[start:end].strip():
            return end
    return len(data)


def _whole_lines(data: bytes, start: int, size: int) -> Iterator[tuple[int, int]]:
    while start < len(data):
        end = len(data)
        if start + size < end:
            end = data.rfind(b"\n", start, start + size) + 1 or data.find(b"\n", start + size) + 1 or end
        yield start, end
        start = end


def _with_plain_ends(text: bytes) -> bytes:
    r"""Lines ending in ``\n``, the last one too."""
    plain = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
    return plain if plain.endswith(b"\n") else plain + b"\n"


def _stands_alone(file: str, text: bytes) -> bool:
    """Whether a piece is text whose rows end where it ends."""
    if b"\0" in text:
        return False
    try:
        decoded = text.decode()
        if '"' in decoded:
            cut(file, decoded)
    except (UnicodeDecodeError, InputError):
        return False
    return True
