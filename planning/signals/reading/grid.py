"""A file as rows of text under its own headings, each with its line; what is no such row is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.layout import header_row, mark_of, sample
from planning.signals.reading.text import ENCODINGS, decoded
from planning.signals.reading.unpack import MOST_BYTES, unpacked
from planning.signals.reading.workbook import read_sheet
from planning.signals.rows import LINE, MARKS, RAW, Records, cells_of, lines_of
from planning.signals.sheet import in_marks

#: A row kept aside: LINE, RAW, the heading, what stands there, why it cannot be used, what to do.
ASIDE = {
    LINE: pl.Int64,
    RAW: pl.String,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "remedy": pl.String,
}
#: Longest row taken for one of a table; and how much of a row is shown.
LONGEST_ROW, SHOWN_RAW = 200_000, 2_000
#: A number with decimals as Excel has it, and a text of which a planner typed the marks.
FRACTION = r"^-?[0-9]+\.[0-9]+$"
LOOKS_TYPED = r"[0-9][.,'’  ][0-9]"
#: Behind a number of Excel's, where texts that look like numbers stand around it.
EXACT = "e0"
_SPOILT = {
    "error": ("shows an error instead of a value", "Mend it in the workbook."),
    "formula": ("is a formula whose value is not stored", "Open the workbook in Excel and save it."),
    "digits": ("is a number whose last digits Excel has lost: it keeps 15", "Enter it as text."),
}


@dataclass(frozen=True)
class Hints:
    """How to read a file, as far as a planner or a profile says; None leaves it to the file.

    Parameters
    ----------
    encoding : one of `text.ENCODINGS`.
    mark : what separates the cells, one of `rows.MARKS`.
    sheet : of a workbook.
    header_line : line the header stands in.
    """

    encoding: str | None = None
    mark: str | None = None
    sheet: str | None = None
    header_line: int | None = None


@dataclass(frozen=True)
class Grid:
    """A file, read as text and not yet understood.

    Parameters
    ----------
    file : its name.
    headings : its columns, each once: a second `Menge` is `Menge (2)`, one without a name `column 4`.
    rows : LINE, RAW and a column of text for each heading, of the rows as wide as the header.
    aside : ASIDE, of the rows that cannot be taken apart.
    spoilt : LINE, heading, kind, value: cells of a workbook that are not what they show (`spoilt_words`).
    exact : headings whose numbers are numbers to Excel: no mark in them can be read two ways.
    how : what the file was found to be, and what of it is no row, in words.
    hints : how it was read, to be read so again.
    sheets : those of the workbook.
    depends : words that depend on the encoding, where that is not sure.
    mended : rows a planner wrote anew (`patch.mended`): line → cells.
    """

    file: str
    headings: tuple[str, ...]
    rows: pl.DataFrame
    aside: pl.DataFrame
    spoilt: pl.DataFrame
    hints: Hints
    how: tuple[str, ...] = ()
    exact: frozenset[str] = frozenset()
    sheets: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    titles: tuple[str, ...] = field(default=())
    mended: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Rows below the header, blank ones left out."""
        return self.rows.height + self.aside.height


def spoilt_words(kind: str) -> tuple[str, str]:
    """What is wrong with a spoilt cell, and what to do about it."""
    return _SPOILT[kind]


def read_grid(file: str, data: bytes, hints: Hints | None = None, most: int = MOST_BYTES) -> Grid:
    """Read any file as a grid.

    Parameters
    ----------
    file : its name.
    data : its bytes.
    hints : how to read it, as far as that is said.
    most : bytes it may have once unpacked.

    Raises
    ------
    InputError
        It holds no table, or not one that can be read: says what it is and what to do.
    """
    told = hints or Hints()
    content = unpacked(file, data, most)
    if content.kind == "workbook":
        return _of_workbook(file, content.data, told, most, content.notes)
    text = decoded(file, content.data, told.encoding)
    mark = told.mark or mark_of(text.text)
    frame, quoted = lines_of(file, text.text, mark)
    blank = frame[RAW].str.strip_chars(f" {mark}") == ""
    first = sample(text.text)
    top = frame.head(len(first))
    place = header_row([cells_of(raw, mark) for raw in top[RAW].str.slice(0, LONGEST_ROW)])
    line = told.header_line or (int(top[LINE][place]) if top.height else 1)
    _refuse_empty(file, frame.filter(~blank & (pl.col(LINE) >= line)))
    header = frame.filter(pl.col(LINE) == line)
    if header.is_empty():
        raise InputError([Fault(file, f"no row starts in line {line}", "Say another line for the header.")])
    headings = named(cells_of(header[RAW][0], mark))
    body = frame.filter(~blank & (pl.col(LINE) > line))
    whole, spoilt = _readable(body)
    records = Records(headings, line, whole, quoted, mark)
    good, broken = records.cells(headings)
    rows, ragged = _trimmed(good, broken, headings, mark)
    how = (
        *content.notes,
        f"{ENCODINGS[text.encoding]}{'' if text.sure else ', as it seems'}",
        f"cells separated by {MARKS[mark]}",
    )
    titles = frame.filter(~blank & (pl.col(LINE) < line))
    # Line breaks at the end of the file are no blank rows.
    blanks = frame.filter(blank & (pl.col(LINE) < body[LINE].max()))[LINE] if body.height else body[LINE]
    return Grid(
        file,
        headings,
        rows.sort(LINE),
        pl.concat([spoilt, ragged]).sort(LINE),
        _no_spoilt_cells(),
        Hints(None if text.sure and told.encoding is None else text.encoding, mark, None, line),
        (*how, *_not_rows(line, titles[LINE], blanks)),
        depends=text.depends,
        titles=tuple(titles[RAW].str.slice(0, 200)),
    )


def named(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Headings of which each occurs once."""
    seen: dict[str, int] = {}
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = re.sub(r"\s+", " ", cell or "").strip().lstrip("\ufeff#") or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while unique in names:
            seen[name] += 1
            unique = f"{name} ({seen[name]})"
        names[unique] = None
    return tuple(names)


def aside(rows: pl.DataFrame, reason: str | pl.Expr, remedy: str, column: str | None = None) -> pl.DataFrame:
    """Rows with LINE and RAW as ASIDE; `value` is what stands under `column`."""
    value = pl.lit(None, dtype=pl.String) if column is None else pl.col(column).str.slice(0, SHOWN_RAW)
    return rows.select(
        pl.col(LINE).cast(pl.Int64),
        pl.col(RAW),
        pl.lit(column, dtype=pl.String).alias("column"),
        value.alias("value"),
        (pl.lit(reason) if isinstance(reason, str) else reason).alias("reason"),
        pl.lit(remedy).alias("remedy"),
    )


def shown(raw: pl.Expr) -> pl.Expr:
    """The text of a row; of an endless one its beginning and its length."""
    long = pl.format("{} … ({} characters)", raw.str.slice(0, SHOWN_RAW), raw.str.len_chars())
    return pl.when(raw.str.len_chars() > SHOWN_RAW).then(long).otherwise(raw)


def _refuse_empty(file: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        raise InputError([Fault(file, "is empty: there is no row in it", "Export it anew.")])


def _readable(body: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that can be taken apart, and as ASIDE those with zero bytes or of a length no row has."""
    zero = pl.col(RAW).str.contains("\0", literal=True)
    long = pl.col(RAW).str.len_bytes() > LONGEST_ROW
    clipped = body.filter(zero | long).with_columns(
        shown(pl.col(RAW).str.replace_all("\0", "␀", literal=True)).alias(RAW), zero.alias("zero")
    )
    zeros = aside(clipped.filter("zero"), "holds a zero byte", "Take the character out, or export it anew.")
    words = f"is longer than the {LONGEST_ROW:,} characters a row may have: a quotation mark not closed?"
    longs = aside(clipped.filter(~pl.col("zero")), words, "Shorten its longest cell.")
    return body.filter(~(zero | long)), pl.concat([zeros, longs])


def _trimmed(
    good: pl.DataFrame, broken: pl.DataFrame, headings: Sequence[str], mark: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that are too wide by empty cells only are rows like any other; the others as ASIDE."""
    wide = len(headings)
    cells = [cells_of(raw, mark) for raw in broken[RAW]]
    blank = pl.Series(
        [len(row) > wide and not any(cell.strip() for cell in row[wide:]) for row in cells], dtype=pl.Boolean
    )
    fits = broken.filter(blank)
    if fits.height:
        taken = [row[:wide] for row, fitting in zip(cells, blank, strict=True) if fitting]
        texts = pl.DataFrame(taken, schema=dict.fromkeys(headings, pl.String), orient="row")
        texts = texts.with_columns(pl.all().replace("", None))
        good = pl.concat([good, pl.concat([fits.select(LINE, RAW), texts], how="horizontal")])
    few = f"Give it the {wide} cells of the header."
    return good, aside(broken.filter(~blank), pl.col("reason"), few)


def _not_rows(line: int, titles: pl.Series, blanks: pl.Series) -> list[str]:
    """What above and between the rows is none, in words."""
    words = [f"header in line {line}"]
    if titles.len():
        words.append(f"above it {_lines(titles)} passed over")
    if blanks.len():
        words.append(f"blank {_lines(blanks)} passed over")
    return words


def _lines(lines: pl.Series, most: int = 6) -> str:
    told = ", ".join(str(line) for line in lines[:most])
    more = f" and {lines.len() - most} more" if lines.len() > most else ""
    return f"line{'s' if lines.len() > 1 else ''} {told}{more}"


def _no_spoilt_cells() -> pl.DataFrame:
    return pl.DataFrame(schema={LINE: pl.Int64, "column": pl.String, "kind": pl.String, "value": pl.String})


def _of_workbook(file: str, data: bytes, told: Hints, most: int, notes: tuple[str, ...]) -> Grid:
    sheet = read_sheet(file, data, told.sheet, most)
    cells = sheet.cells.with_columns(pl.all().replace("", None)).with_row_index(LINE, offset=1)
    _refuse_empty(file, cells)
    line = told.header_line or 1 + header_row([row[1:] for row in cells.head(200).iter_rows()])
    if line > cells.height:
        raise InputError([Fault(file, f"no row is in line {line}", "Say another line for the header.")])
    unnamed = sheet.cells.columns
    headings = named(cells.row(line - 1)[1:])
    body = cells.with_columns(pl.col(LINE).cast(pl.Int64)).filter(pl.col(LINE) > line)
    numbers = sheet.numbers[line:]
    filled = ~pl.all_horizontal(pl.col(unnamed).is_null())
    blanks = body.filter(~filled)[LINE]
    body, exact = _numbers_told_apart(body, numbers, unnamed)
    raw = pl.concat_str([in_marks(pl.col(name).fill_null("")) for name in unnamed], separator=",")
    rows = body.filter(filled).select(
        LINE, raw.alias(RAW), *(pl.col(old).alias(new) for old, new in zip(unnamed, headings, strict=True))
    )
    _refuse_empty(file, rows)
    blanks = blanks.filter(blanks < rows[LINE].max())
    titles = cells.head(line - 1).filter(filled)
    names = dict(enumerate(headings))
    spoilt = sheet.spoilt.filter(pl.col("row") > line).select(
        pl.col("row").alias(LINE),
        pl.col("place").replace_strict(names, default=None, return_dtype=pl.String).alias("column"),
        "kind",
        "value",
    )
    how = [*notes, f"sheet {sheet.name}"]
    if sheet.computed:
        how.append(f"{sheet.computed:,} formulas read with the values Excel stored")
    return Grid(
        file,
        headings,
        rows,
        pl.DataFrame(schema=ASIDE),
        spoilt,
        Hints(None, None, sheet.name, line),
        (*how, *_not_rows(line, titles[LINE], blanks)),
        frozenset(names[unnamed.index(name)] for name in exact),
        sheet.sheets,
        titles=tuple(", ".join(cell for cell in row[1:] if cell)[:200] for row in titles.iter_rows()),
    )


def _numbers_told_apart(
    body: pl.DataFrame, numbers: pl.DataFrame, unnamed: Sequence[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Columns of numbers only; where texts that look like numbers stand between them, numbers get an `e0`,
    so that no mark in them is read otherwise."""
    exact = []
    changed = []
    for name, known in zip(unnamed, numbers.columns, strict=True):
        text = body[name]
        typed = numbers[known] & text.str.contains(FRACTION)
        if not text.filter(~numbers[known]).str.contains(LOOKS_TYPED).any():
            exact.append(name)
        elif typed.any():
            changed.append(
                pl.when(typed.fill_null(value=False)).then(text + EXACT).otherwise(text).alias(name)
            )
    return body.with_columns(changed), exact
