"""What the rows of a source mean to Takt: each is loaded, kept aside or collapsed, and the sum is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from planning.domain.schema import INPUT
from planning.signals.rows import LINE, RAW
from planning.signals.sources.days import Days
from planning.signals.sources.headers import Headers, currency_of
from planning.signals.sources.settings import SourceSettings

Fate = Literal["loaded", "kept aside", "collapsed"]

#: What becomes of a row, in which words, what to do about it, and the cell it is about.
FATE, WHAT, REMEDY, COLUMN, VALUE = "#fate", "#what", "#remedy", "#column", "#value"
#: The first line with the very same cells.
FIRST = "#first"

#: Column of the contract → what sources call the column it comes from, where that is not its own name.
_CALLED = {
    "order_date": ("ordered", "created"),
    "due_date": ("due", "ordered", "created"),
    "date": ("day", "due", "ordered", "created"),
    "status": ("status", "payment", "stage"),
    "unit_price": ("price",),
    "opportunity_id": ("deal",),
    "expected_date": ("service", "close"),
    "observed_date": ("created", "modified"),
    "impressions": ("impressions", "delivered"),
    "spend": ("spend", "micros"),
}

_FATES = (LINE, FATE, WHAT, REMEDY, COLUMN, VALUE, RAW)


@dataclass(frozen=True)
class Ruling:
    """What becomes of the rows to which it applies, unless an earlier ruling has taken them.

    Parameters
    ----------
    fate : kept aside or collapsed.
    applies : an expression over the rows; null is no.
    what : why, in words.
    remedy : what to do about it.
    column : our name of the column it is about.
    """

    fate: Fate
    applies: pl.Expr
    what: str | pl.Expr
    remedy: str | pl.Expr = ""
    column: str | None = None


@dataclass(frozen=True)
class Meaning:
    """What a file means.

    Parameters
    ----------
    source : its title, such as Shopify orders.
    fates : a row for each row of the file: LINE, FATE, WHAT, REMEDY, COLUMN, VALUE, RAW.
    tables : table of the contract → LINE and its columns as text, as far as the source fills them.
    speaks_for : table → the columns and values of which the file says everything there is: what holds under
        them and is not in the file is no more.
    notes : what was taken for granted or could not be told, in sentences.
    headings : column of the contract → the file's, of those that come from one, for messages.
    """

    source: str
    fates: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    speaks_for: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows_in(self) -> int:
        """Rows of the file: the sum of loaded, kept aside and collapsed."""
        return self.fates.height

    def rows(self, fate: Fate) -> int:
        """Rows with this fate."""
        return self.fates.filter(pl.col(FATE) == fate).height

    @property
    def counts(self) -> pl.DataFrame:
        """fate, what and rows: what became of how many rows, the most first."""
        told = self.fates.group_by(fate=FATE, what=pl.col(WHAT).str.replace(r"line \d+$", "an earlier line"))
        return told.agg(rows=pl.len()).sort("rows", "fate", "what", descending=[True, False, False])

    @property
    def aside(self) -> pl.DataFrame:
        """Rows kept aside: line, column, value, reason, remedy, raw."""
        aside = self.fates.filter(pl.col(FATE) == "kept aside").sort(LINE)
        names = {LINE: "line", COLUMN: "column", VALUE: "value", WHAT: "reason", REMEDY: "remedy", RAW: "raw"}
        return aside.select(names.keys()).rename(names)


@dataclass(frozen=True)
class Source:
    """A kind of export Takt knows.

    Parameters
    ----------
    name : its name in headers.toml.
    headers : how it names its columns.
    understand : rows with our columns, and the planner's answers → their meaning.
    """

    name: str
    headers: Headers
    understand: Callable[[pl.DataFrame, SourceSettings], Meaning]

    @property
    def title(self) -> str:
        """What a planner calls it."""
        return self.headers.title

    def read(self, frame: pl.DataFrame, settings: SourceSettings | None = None) -> Meaning:
        """What the rows of a file of this source mean.

        Parameters
        ----------
        frame : LINE, RAW and the file's columns under their own names, all text.
        settings : the planner's answers.

        Raises
        ------
        ValueError
            A row would be lost or told twice: a fault of this source, not of the file.
        """
        meaning = self.understand(self._ours(frame), settings or SourceSettings())
        _check_sums(frame, meaning)
        theirs = self.headers.found([name for name in frame.columns if name not in {LINE, RAW}])
        named = meaning.fates.with_columns(pl.col(COLUMN).replace(theirs))
        return replace(meaning, fates=named, headings=_headings(theirs))

    def _ours(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The columns under our names, blanks as null, absent ones empty; and FIRST."""
        given = [name for name in frame.columns if name not in {LINE, RAW}]
        bare = frame.with_columns(
            pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name).str.strip_chars()).alias(name)
            for name in given
        )
        first = pl.col(LINE).min().over(given).cast(pl.Int64).alias(FIRST)
        found = self.headers.found(given)
        empty = pl.lit(None, dtype=pl.String)
        ours = [
            (pl.col(found[name]) if name in found else empty).alias(name) for name in self.headers.columns
        ]
        named = pl.lit(currency_of(found["spend"]), dtype=pl.String) if "spend" in found else empty
        rows = bare.with_columns(first).select(pl.col(LINE).cast(pl.Int64), RAW, FIRST, *ours)
        return (
            rows.with_columns(currency=pl.coalesce("currency", named)) if "currency" in rows.columns else rows
        )


def _headings(theirs: Mapping[str, str]) -> dict[str, str]:
    """Column of the contract → the file's, by what the source calls it."""
    found = {
        column: next((theirs[name] for name in (*_CALLED.get(column, ()), column) if name in theirs), None)
        for table in INPUT.values()
        for column in table.columns
    }
    return {column: heading for column, heading in found.items() if heading is not None}


def judged(rows: pl.DataFrame, rulings: Sequence[Ruling], what: str | pl.Expr) -> pl.DataFrame:
    """Rows with FATE, WHAT, REMEDY, COLUMN and VALUE.

    Parameters
    ----------
    rows : as text or typed.
    rulings : the first that applies decides.
    what : what the rows are that no ruling takes: they load.
    """

    def picked(values: Sequence[pl.Expr], otherwise: pl.Expr) -> pl.Expr:
        cases = [
            pl.when(ruling.applies.fill_null(False)).then(value)
            for ruling, value in zip(rulings, values, strict=True)
        ]
        return pl.coalesce(*cases, otherwise)

    nothing = pl.lit(None, dtype=pl.String)
    values = [nothing if r.column is None else pl.col(r.column).cast(pl.String) for r in rulings]
    return rows.with_columns(
        picked([pl.lit(r.fate) for r in rulings], pl.lit("loaded")).alias(FATE),
        picked([_words(r.what) for r in rulings], _words(what)).alias(WHAT),
        picked([_words(r.remedy) for r in rulings], pl.lit("")).alias(REMEDY),
        picked([pl.lit(r.column or "") for r in rulings], pl.lit("")).replace("", None).alias(COLUMN),
        picked([value.fill_null("") for value in values], pl.lit("")).replace("", None).alias(VALUE),
    )


def repeated(*, times: pl.Expr | None = None) -> Ruling:
    """Rows whose every cell is that of an earlier row: they count once, unless `times` says otherwise."""
    again = pl.col(LINE) != pl.col(FIRST) if times is None else times
    return Ruling("collapsed", again, pl.format("the same as line {}", FIRST))


def required(column: str, what: str, remedy: str) -> Ruling:
    """Rows with nothing in a column are kept aside."""
    return Ruling("kept aside", pl.col(column).is_null(), what, remedy, column)


def unread(days: Days, **dated: str) -> list[Ruling]:
    """Rows with a text that is no day are kept aside.

    Parameters
    ----------
    dated : typed column → the column with its text.
    """
    return [
        Ruling(
            "kept aside",
            pl.col(text).is_not_null() & pl.col(day).is_null(),
            days.why_not(text),
            days.remedy(text),
            text,
        )
        for day, text in dated.items()
    ]


def uncounted(column: str, typed: str) -> Ruling:
    """Rows whose units are no number of at least 0 are kept aside."""
    wrong = pl.col(typed).is_null() | (pl.col(typed) < 0)
    return Ruling(
        "kept aside", wrong, "quantity is not a number of units", "Write digits, without a unit.", column
    )


def unpriced(column: str, typed: str) -> Ruling:
    """Rows with a price that is no number are kept aside."""
    wrong = pl.col(column).is_not_null() & pl.col(typed).is_null()
    return Ruling("kept aside", wrong, "price is not a number", "Write digits with a decimal dot.", column)


def loaded(rows: pl.DataFrame) -> pl.DataFrame:
    """The judged rows that load."""
    return rows.filter(pl.col(FATE) == "loaded")


def fates(rows: pl.DataFrame) -> pl.DataFrame:
    """The fates of judged rows."""
    return rows.select(_FATES).sort(LINE)


def contract_rows(table: str, rows: pl.DataFrame, **columns: pl.Expr | str) -> pl.DataFrame:
    """LINE and columns of `table` as text, in the order of the contract.

    Parameters
    ----------
    rows : with LINE and whatever the expressions need.
    columns : what stands in each.

    Raises
    ------
    KeyError
        The table has no such column.
    """
    known = INPUT[table].columns
    strange = [name for name in columns if name not in known]
    if strange:
        raise KeyError(f"{table} has no column {strange[0]}")
    told = [
        (pl.col(columns[name]) if isinstance(columns[name], str) else columns[name])  # type: ignore[arg-type, union-attr]
        .cast(pl.String)
        .alias(name)
        for name in known
        if name in columns
    ]
    return rows.select(LINE, *told).sort(LINE)


def _words(words: str | pl.Expr) -> pl.Expr:
    return pl.lit(words) if isinstance(words, str) else words


def _check_sums(frame: pl.DataFrame, meaning: Meaning) -> None:
    lines = meaning.fates[LINE]
    if lines.n_unique() != lines.len() or sorted(lines) != sorted(frame[LINE].cast(pl.Int64)):
        raise ValueError(f"{meaning.source}: {frame.height} rows in, {lines.n_unique()} told")
    told = set(meaning.fates.filter(pl.col(FATE) == "loaded")[LINE])
    stand = {line for table in meaning.tables.values() for line in table[LINE]}
    if told != stand:
        raise ValueError(f"{meaning.source}: {len(told)} rows load, {len(stand)} stand in tables")
