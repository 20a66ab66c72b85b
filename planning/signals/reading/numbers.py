"""Numbers as people and programs write them: decimal comma or dot, thousands, minus signs, percent."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from planning.signals.reading.forms import Form

_SPACES = "[\u00a0\u2007\u2009\u202f ]"
_MINUS = "[\u2212\u2013\ufe63\uff0d]"
SYMBOLS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł"}

#: Form code → decimal mark, marks thousands may have, in words.
_MARKS = {
    "1234.56": (r"\.", (",", "'", "’", " "), "decimal point"),
    "1234,56": (",", (r"\.", "'", "’", " "), "decimal comma"),
}


def number_forms(currency: str, *, share: bool = False) -> tuple[Form, ...]:
    """The ways to read a number.

    Parameters
    ----------
    currency : the plan's; its code or symbol beside a number means nothing new, another one does.
    share : the column holds shares from 0 to 1, which may be written in per cent.
    """
    marks = [(code, words) for code, (_, _, words) in _MARKS.items()]
    if not share:
        return tuple(Form(code, words, partial(_all, _read, code, currency)) for code, words in marks)
    return (
        *(Form(code, words, partial(_all, _share, code, currency)) for code, words in marks),
        *(
            Form(f"{code} %", f"per cent, {words}", partial(_all, _per_cent, code, currency))
            for code, words in marks
        ),
    )


def _all(
    read: Callable[[str, str, pl.Expr], pl.Expr], code: str, currency: str, texts: pl.Series
) -> pl.Series:
    return (
        texts.alias("text").to_frame().select(read(code, currency, pl.col("text")).alias("text")).to_series()
    )


def _read(code: str, currency: str, text: pl.Expr) -> pl.Expr:
    decimal, marks, _ = _MARKS[code]
    bare = _bare(text, currency)
    ends = rf"(?:{decimal}\d*)?(?:[eE][+-]?\d+)?$"
    grouped = "|".join(rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+" for mark in marks)
    shaped = bare.str.contains(rf"^[+-]?(?:\d+|{grouped}){ends}") | bare.str.contains(rf"^[+-]?{decimal}\d+$")
    digits = bare.str.replace_all("[" + "".join(marks) + "]", "")
    point = digits.str.replace(",", ".", literal=True) if decimal == "," else digits
    # A workbook's own number, where texts that look like numbers stand around it: see grid.exact.
    exact = bare.str.extract(r"^(-?\d+\.\d+)e0$")
    return pl.coalesce(exact, pl.when(shaped).then(point.str.strip_prefix("+").str.strip_suffix(".")))


def _bare(text: pl.Expr, currency: str) -> pl.Expr:
    """The figures of a number: without the plan's currency, its minus in front."""
    bare = text.str.replace_all(_SPACES, " ").str.replace_all(_MINUS, "-").str.strip_chars()
    for mark in filter(None, (currency, SYMBOLS.get(currency))):
        bare = bare.str.strip_prefix(mark).str.strip_suffix(mark).str.strip_chars()
    behind = bare.str.extract(r"^([0-9][0-9.,'’ ]*) ?-$")
    bracketed = bare.str.extract(r"^\(([0-9][0-9.,'’ ]*)\)$")
    minus = pl.concat_str(pl.lit("-"), pl.coalesce(behind, bracketed).str.strip_chars())
    in_front = bare.str.replace(r"^([+-]) +", "${1}")
    inside = in_front.str.replace("^-" + "(?:" + "|".join(_escaped(currency)) + ") ?", "-")
    return pl.coalesce(minus, inside)


def _escaped(currency: str) -> list[str]:
    return [r"\$" if mark == "$" else mark for mark in filter(None, (currency, SYMBOLS.get(currency)))]


def _share(code: str, currency: str, text: pl.Expr) -> pl.Expr:
    """A number of at most 1: what is more is no share, so that it can only be in per cent."""
    figures = _read(code, currency, text)
    return pl.when(figures.cast(pl.Float64, strict=False).abs() <= 1).then(figures)


def _per_cent(code: str, currency: str, text: pl.Expr) -> pl.Expr:
    figures = _read(code, currency, text.str.strip_chars().str.strip_suffix("%"))
    share = figures.cast(pl.Float64, strict=False) / 100
    # Twelve digits: 7 / 100 is not to become 0.07000000000000001.
    return share.round(12).cast(pl.String)
