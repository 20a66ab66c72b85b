"""A file too long to hold as a whole, cut into pieces of whole rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from planning.domain.field import Table
from planning.errors import InputError
from planning.signals.decode import decode
from planning.signals.disk_file import Content
from planning.signals.piece_rows import NONE, Lines, PieceRows, Rows
from planning.signals.rows import LINE, RAW, Records, cut, well_formed

#: Bytes taken at once: some hundred thousand rows.
PIECE = 8 * 2**20
#: Bytes in which the header has to end.
_HEAD = 2**20
#: What an ASCII text may have around its cells.
_BLANKS = (b" ", b"\t", b"\x0b", b"\x0c")


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
    content : its bytes, or where they are.
    head : those up to the end of the header.
    header, header_line : its columns as written, and the line they stand in.
    pieces : what is below the header, in order.
    """

    table: Table
    content: Content
    head: bytes
    header: tuple[str, ...]
    header_line: int
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, table: Table, content: Content, piece_bytes: int = PIECE) -> "LongFile | None":
        """Cut the file of `table` into pieces of `piece_bytes`, or of the row that is longer.

        None where it cannot be cut: it is no text, has no header or no row, or a row goes on where a piece
        ends.
        Reading it as a whole tells what is wrong, if anything is.
        """
        file, start = f"{table.name}.csv", content[:_HEAD]
        end = _end_of_header(start)
        try:
            head = cut(file, decode(file, start[:end]))
        except InputError:
            return None
        if head.quoted or len(head.header) < 2 or not head.body.is_empty():
            return None
        if end == _HEAD < len(content):
            return None
        pieces, line = [], head.header_line + 1
        for begin, taken in _whole_lines(content, end, piece_bytes):
            text = _with_plain_ends(taken)
            if not _stands_alone(file, text):
                return None
            pieces.append(Piece(line, begin, begin + len(taken)))
            line += Lines(line, text).count
        header = (head.header, head.header_line)
        return cls(table, content, start[:end], *header, tuple(pieces)) if pieces else None

    @property
    def name(self) -> str:
        """The file, such as orders.csv."""
        return f"{self.table.name}.csv"

    def read(self, piece: Piece) -> PieceRows:
        """The rows of a piece.

        Lines of which more is to be said than that their commas are in place are set aside, and taken apart
        by the rules for files of any length; all others are cut at once.
        """
        lines = self._lines(piece)
        if b'"' not in lines.text and lines.commas == lines.count * (len(self.header) - 1):
            # No line is narrower than the header where none is wider, and that polars refuses.
            plain = self._plain_cells(lines.text, lines.count)
            if plain is not None:
                numbers = pl.int_range(piece.line, piece.line + plain.height, eager=True).alias(LINE)
                return PieceRows(plain.with_columns(numbers), NONE, lines, _is_bare(lines.text))
        return self._with_odd_lines(lines) or self._one_by_one(lines)

    def raw(self, lines: pl.Series) -> pl.DataFrame:
        """LINE and RAW of the rows that begin in these lines."""
        found = [NONE]
        for piece, following in zip(self.pieces, [*self.pieces[1:], None], strict=True):
            last = following.line if following is not None else None
            asked = lines.filter((lines >= piece.line) & (True if last is None else lines < last))
            if not asked.is_empty():
                there = self._lines(piece)
                written = self._one_by_one(there).written if b'"' in there.text else there
                found.append(written.raw(asked))
        return pl.concat(found)

    def records(self, body: pl.DataFrame) -> Records:
        """Rows of the file (LINE and RAW), to be taken apart."""
        quoted = bool(body[RAW].str.contains('"', literal=True).any())
        return Records(self.header, self.header_line, body, quoted)

    def _lines(self, piece: Piece) -> Lines:
        return Lines(piece.line, _with_plain_ends(self.content[piece.start : piece.end]))

    def _with_odd_lines(self, lines: Lines) -> PieceRows | None:
        """The rows where each is one line; None where one goes on in the next line."""
        odd = lines.odd(len(self.header))
        aside = lines.raw(lines.numbers(odd))
        if not aside[RAW].str.contains(well_formed()).all():
            return None
        others = lines.numbers(~odd)
        plain = self._plain_cells(lines.without(odd), others.len())
        if plain is None:
            return None
        cells, broken = self._taken_apart(aside.filter(pl.col(RAW).str.strip_chars() != ""))
        whole = plain.with_columns(others)
        if cells.is_empty():
            return PieceRows(whole, broken, lines, _is_bare(lines.text))
        return PieceRows(pl.concat([whole, cells], how="diagonal"), broken, lines)

    def _one_by_one(self, lines: Lines) -> PieceRows:
        """The rows, cut as those of a file of its own."""
        rows = cut(self.name, f"{','.join(self.header)}\n{lines.text.decode()}").body
        body = rows.with_columns(pl.col(LINE) + lines.first - 2)
        return PieceRows(*self._taken_apart(body), Rows(body))

    def _taken_apart(self, body: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        cells, broken = self.records(body).cells(set(self.table.columns))
        return cells.drop(RAW), broken.select(LINE, RAW)

    def _plain_cells(self, text: bytes, rows: int) -> pl.DataFrame | None:
        """The wanted cells of so many lines without quotation marks; None where one is too wide."""
        names = {f"column_{n}": name for n, name in enumerate(self.header)}
        schema = dict.fromkeys(names, pl.String)
        wanted = [pl.col(n).alias(name) for n, name in names.items() if name in self.table.columns]
        if rows == 0:
            return pl.DataFrame(schema=schema).select(wanted)
        try:
            everything = pl.read_csv(text, has_header=False, schema=schema, quote_char=None)
        except PolarsError:
            return None
        return everything.select(wanted) if everything.height == rows else None


def _end_of_header(start: bytes) -> int:
    """Bytes up to the end of the first line that is not blank; all of them where there is no such line."""
    end = 0
    while end < len(start):
        begin, end = end, start.find(b"\n", end) + 1
        if end == 0:
            return len(start)
        if start[begin:end].strip():
            return end
    return len(start)


def _whole_lines(content: Content, start: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Where some whole lines begin, and their bytes: `size` of them, or those of a line that is longer."""
    while start < len(content):
        taken = content[start : start + size]
        end = taken.rfind(b"\n") + 1
        while end == 0 and start + len(taken) < len(content):
            taken += content[start + len(taken) : start + 2 * len(taken)]
            end = taken.find(b"\n") + 1
        if start + len(taken) < len(content):
            taken = taken[:end]
        yield start, taken
        start += len(taken)


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


def _is_bare(text: bytes) -> bool:
    """Whether no cell can have blanks around it: there are none."""
    return text.isascii() and not any(blank in text for blank in _BLANKS)
