"""Cells: text to typed values by the Field rows, and why a cell will not do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.field import POLARS, Field, Table
from planning.signals.rejects import kept_aside
from planning.signals.rows import LINE, RAW
from planning.signals.source import SourceFile

_COMMA_NUMBER = r"^[+-]?[0-9.]*,[0-9]+$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CLOCK = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]"
_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_EXACT_WHOLE = 2.0**53
#: Beyond it a solver's tolerances are larger than what they are about.
LARGEST = 1e9
_TOO_LARGE = "is too large to plan with: at most 1,000,000,000"
_REASONS = {
    "number": "is not a number such as 1250.5",
    "whole": "is not a whole number",
    "flag": "is neither true nor false",
    "date": "is not a date in the form YYYY-MM-DD",
    "week": "is not a date in the form YYYY-MM-DD",
    "time": "is not a time from 00:00 to 24:00 in the form HH:MM",
}
_COMMA_REASON = "has a decimal comma: write it with a dot, such as 1.5"
_CLOCK_REASON = "has a time of day: give the date alone, in the form YYYY-MM-DD"
#: Prefix of the typed columns while the text they come from is still beside them.
_TYPED = "="


@dataclass(frozen=True)
class Window:
    """The dates a row may speak of: both ends belong to it.

    Parameters
    ----------
    first, last : earliest and latest day.
    reason : what is wrong with a date outside, in words.
    """

    first: date
    last: date
    reason: str

    @classmethod
    def around(cls, as_of: date, years: int = 5) -> "Window":
        """Dates at most `years` from `as_of` (29 February counts as the 28th in other years)."""
        ends = pl.select(
            pl.lit(as_of).dt.offset_by(f"-{years}y"), pl.lit(as_of).dt.offset_by(f"{years}y").alias("to")
        )
        first, last = ends.row(0)
        return cls(first, last, f"is more than five years from {as_of} (as_of)")


#: For what no as_of judges, such as as_of itself.
ANY_DATE = Window(date(1900, 1, 1), date(2199, 12, 31), "is not between 1900 and 2199")


@dataclass(frozen=True)
class _Check:
    """`broken` tells the rows where `column` will not do; `reason` says why, after the column's name."""

    column: str
    broken: pl.Expr
    reason: pl.Expr


def read_rows(source: SourceFile, table: Table, window: Window) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type every cell of a file.

    Parameters
    ----------
    source : its rows as text.
    table : what its columns mean.
    window : the dates allowed.

    Returns
    -------
    LINE, RAW and every column of `table`, typed, defaults filled in, of the rows that keep to the schema;
    and the others as rejected_rows, one row each: the first column that is wrong, all the reasons.
    """
    good, bad = check_cells(source.cells, source.name, table.fields, window)
    return good, pl.concat([bad, kept_aside(source.broken, source.name, pl.col("reason"))])


def check_cells(
    cells: pl.DataFrame, file: str, fields: Sequence[Field], window: Window
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`read_rows` over rows of text; a column that is not there is empty."""
    judged = _judged(cells, fields, window, bare=False)
    good = judged.rows.filter(~judged.wrong).select(LINE, RAW, *judged.values)
    return good, _rejected(judged.rows.filter(judged.wrong), file, judged.checks)


def sift_cells(
    cells: pl.DataFrame, fields: Sequence[Field], window: Window, *, bare: bool
) -> tuple[pl.DataFrame, pl.Series]:
    """`check_cells` without a word on why.

    Parameters
    ----------
    cells : LINE and cells as text.
    bare : no cell has blanks at its ends, and what is empty is null.

    Returns
    -------
    LINE and the typed columns of the rows that keep to the schema, and the LINE of the others.
    """
    judged = _judged(cells, fields, window, bare=bare)
    if not judged.wrong.any():
        return judged.rows.select(LINE, *judged.values), cells[LINE].clear()
    good = judged.rows.filter(~judged.wrong).select(LINE, *judged.values)
    return good, judged.rows.filter(judged.wrong)[LINE]


@dataclass(frozen=True)
class _Judged:
    """Rows with their text and their types; which of them are wrong by `checks`; and what they say."""

    rows: pl.DataFrame
    wrong: pl.Series
    checks: Sequence[_Check]
    values: Sequence[pl.Expr]


def _judged(cells: pl.DataFrame, fields: Sequence[Field], window: Window, *, bare: bool) -> _Judged:
    # What nobody has to give and no row gives cannot be wrong.
    judged = [field for field in fields if field.required or field.name in cells.columns]
    absent = [pl.lit(None, dtype=pl.String).alias(f.name) for f in judged if f.name not in cells.columns]
    rows = cells.with_columns(absent)
    if not bare:
        rows = rows.with_columns(_blank_is_null(field) for field in judged)
    rows = _with_types(rows, judged)
    checks = [check for field in judged for check in _checks(field, window)]
    wrong = rows.select(pl.any_horizontal([pl.lit(False), *(check.broken for check in checks)])).to_series()
    values = [_filled(field) if field in judged else _without_any(field) for field in fields]
    return _Judged(rows, wrong, checks, values)


def in_one_form(cells: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """Every cell as text that is the same wherever it means the same: 2, 2.0 and +2 are one number.

    Parameters
    ----------
    cells : text, with a column for each of `fields`.
    fields : what the columns mean; an empty cell is the default, and what is no value of its kind stays
        the text it is.
    """
    rows = cells.select(_blank_is_null(field) for field in fields)
    rows = _with_types(rows, fields)
    return rows.select(
        pl.when(pl.col(field.name).is_null() | pl.col(_TYPED + field.name).is_not_null())
        .then(_filled(field).cast(pl.String))
        .otherwise(pl.col(field.name))
        .alias(field.name)
        for field in fields
    )


def _blank_is_null(field: Field) -> pl.Expr:
    """Nothing but blanks is empty; blanks around anything but text mean nothing."""
    text = pl.col(field.name)
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(text if field.kind == "text" else bare).alias(field.name)


def _with_types(rows: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """With every column as its kind, beside the text it comes from."""
    typed = rows.with_columns(_typed(field).alias(_TYPED + field.name) for field in fields)
    # A step of its own, so that the text is read as a number once.
    return typed.with_columns(_whole(pl.col(_TYPED + f.name)) for f in fields if f.kind == "whole")


def _typed(field: Field) -> pl.Expr:
    """The column's text as its kind, a whole number as any; null where it is none. Text stays as it is."""
    text = pl.col(field.name)
    match field.kind:
        case "number" | "whole":
            return _number(text)
        case "date" | "week":
            # Remembering texts, as polars does unless told not to, costs more than reading them again.
            value = text.str.to_date("%Y-%m-%d", strict=False, cache=False)
            return pl.when(text.str.contains(_DATE)).then(value)
        case "flag":
            word = text.str.to_lowercase()
            return pl.when(word.is_in(["true", "1"])).then(True).when(word.is_in(["false", "0"])).then(False)
        case "time":
            return pl.when(text.str.contains(_TIME)).then(text)
        case "text":
            return text


def _number(text: pl.Expr) -> pl.Expr:
    """A finite number in plain notation, such as -12, .5 or 1e3; null for anything else.

    That is what polars takes for a number, but for inf and nan (tests hold it to that).
    """
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number + 0.0)  # -0 is 0


def _whole(number: pl.Expr) -> pl.Expr:
    exact = (number == number.round()) & (number.abs() <= _EXACT_WHOLE)
    return pl.when(exact).then(number).cast(pl.Int64)


def _filled(field: Field) -> pl.Expr:
    value = pl.col(_TYPED + field.name).alias(field.name)
    if field.kind == "week":
        value = value.dt.truncate("1w")
    return (
        value if field.default is None else value.fill_null(pl.lit(field.default, dtype=POLARS[field.kind]))
    )


def _without_any(field: Field) -> pl.Expr:
    """The column where no row gives it."""
    return pl.lit(field.default, dtype=POLARS[field.kind]).alias(field.name)


def _checks(field: Field, window: Window) -> Iterator[_Check]:
    """What can be wrong with a cell of this column, the first thing first."""
    text, value = pl.col(field.name), pl.col(_TYPED + field.name)
    if field.required:
        yield _Check(field.name, text.is_null(), pl.lit("is empty and has to be given"))
    if field.kind != "text":
        yield _Check(field.name, text.is_not_null() & value.is_null(), _kind_reason(field, text))
    if field.kind in ("number", "whole"):
        yield _Check(field.name, (value.abs() > LARGEST).fill_null(False), pl.lit(_TOO_LARGE))
    if field.limits():
        yield _Check(field.name, _outside(field, value), pl.lit(f"has to be {field.limits()}"))
    if field.kind in ("date", "week"):
        outside = ~value.is_between(window.first, window.last)
        yield _Check(field.name, outside.fill_null(False), pl.lit(window.reason))


def _kind_reason(field: Field, text: pl.Expr) -> pl.Expr:
    usual = pl.lit(_REASONS[field.kind])
    if field.kind in ("number", "whole"):
        return pl.when(text.str.contains(_COMMA_NUMBER)).then(pl.lit(_COMMA_REASON)).otherwise(usual)
    if field.kind in ("date", "week"):
        return pl.when(text.str.contains(_CLOCK)).then(pl.lit(_CLOCK_REASON)).otherwise(usual)
    return usual


def _outside(field: Field, value: pl.Expr) -> pl.Expr:
    """Rows whose value breaks the column's limits; null breaks none."""
    broken = [pl.lit(False)]
    if field.without:
        broken.append(value.str.contains_any(list(field.without)))
    if field.choices:
        broken.append(~value.is_in(list(field.choices)))
    if field.above is not None:
        broken.append(value <= field.above)
    if field.minimum is not None:
        broken.append(value < field.minimum)
    if field.maximum is not None:
        broken.append(value > field.maximum)
    return pl.any_horizontal(broken).fill_null(False)


def _rejected(rows: pl.DataFrame, file: str, checks: Sequence[_Check]) -> pl.DataFrame:
    named = [pl.when(check.broken).then(pl.lit(check.column)) for check in checks]
    words = [
        pl.when(check.broken).then(pl.concat_str(pl.lit(f"{check.column} "), check.reason))
        for check in checks
    ]
    if rows.is_empty():
        return kept_aside(rows, file, "")
    first = rows.with_columns(pl.coalesce(named).alias("#column"))
    columns = list(dict.fromkeys(check.column for check in checks))
    value = pl.coalesce(pl.when(pl.col("#column") == name).then(pl.col(name)) for name in columns)
    reason = pl.concat_str(words, separator="; ", ignore_nulls=True)
    return kept_aside(first, file, reason, pl.col("#column"), value)
