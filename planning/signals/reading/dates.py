"""Dates as people and programs write them; the day they name in the plan's time zone, as YYYY-MM-DD.

What names its day beyond doubt (2026-12-18, 18 December 2026, 2026-W51, 20261218, seconds since 1970) is read
in every form. What is left are three numbers, whose order only the other dates of the column or the planner
can tell, and days counted from a day.
"""

from functools import partial

import polars as pl

from planning.signals.reading.forms import Form

_TIME = (
    r"(?:(?:[T ,]|, )\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
_SEPARATED = r"^(?P<a>\d{1,4})(?P<s>[-/. ])\s?(?P<b>\d{1,2})[-/. ]\s?(?P<c>\d{1,4})" + _TIME
_NAMED_DAY = (
    r"^(?:\p{L}+\.?,? )?(?P<a>\d{1,2})\.?(?:[- ]|\. )(?:de )?(?P<m>\p{L}+)\.?,?[- ](?:de )?(?P<c>\d{4}|\d{2})"
    + _TIME
)
_NAMED_MONTH = r"^(?:\p{L}+\.?,? )?(?P<m>\p{L}+)\.? (?P<a>\d{1,2})(?:st|nd|rd|th)?,? (?P<c>\d{4})" + _TIME
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january jan januar jaenner janvier janv enero ene gennaio gen janeiro januari",
            "february feb februar fevrier fevr fev febrero febbraio fevereiro februari",
            "march mar mrz maerz marz mars marzo marco maart mrt",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "june jun juni juin junio giugno giu junho",
            "july jul juli juillet juil julio luglio lug julho",
            "august aug aout agosto ago augustus",
            "september sep sept septembre septiembre settembre set setembro",
            "october oct oktober okt octobre octubre ottobre ott outubro out",
            "november nov novembre noviembre novembro",
            "december dec dezember dez decembre diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for month in names.split()
}
_WEEKS = (
    r"^(?P<year>\d{4})[- /]?(?:W|KW|CW|WK|S)[- ]?(?P<week>\d{1,2})(?:-?(?P<day>[1-7]))?$",
    r"^(?:W|WK|WEEK|KW|CW|WOCHE|S|SEM|SEMAINE|SEMANA|SETTIMANA)[. ]*(?P<week>\d{1,2})"
    r"[ ,./-]*(?P<year>\d{4})$",
)
_MONTH_ALONE = (
    r"^(?P<c>\d{4})[-/.](?P<b>\d{1,2})$",
    r"^(?P<b>\d{1,2})[-/.](?P<c>\d{4})$",
)
#: Three numbers → which is year, month and day.
_ORDERS = {"dmy": ("c", "b", "a"), "mdy": ("c", "a", "b"), "ymd": ("a", "b", "c")}
_EPOCHS = {"excel-1900": "1899-12-30", "excel-1904": "1904-01-01"}
_CENTURY = 70


def date_forms(zone: str) -> tuple[Form, ...]:
    """The ways to read a date.

    Parameters
    ----------
    zone : the plan's time zone: a time with an offset names the day it is there.
    """
    return (
        Form("iso", "year, month, day", partial(_unmistakable, zone)),
        Form("dmy", "day first, then month", partial(_ordered, "dmy", zone)),
        Form("mdy", "month first, then day", partial(_ordered, "mdy", zone)),
        Form("ymd", "year first, of two digits", partial(_ordered, "ymd", zone)),
        Form("excel-1900", "days counted by Excel (from 1900)", partial(_counted, "excel-1900", zone)),
        Form(
            "excel-1904", "days counted by Excel for Mac (from 1904)", partial(_counted, "excel-1904", zone)
        ),
    )


def _ordered(order: str, zone: str, text: pl.Expr) -> pl.Expr:
    """Three numbers in this order; the year has two or four digits."""
    parts = text.str.strip_chars().str.extract_groups(_SEPARATED)
    year, month, day = (parts.struct.field(name) for name in _ORDERS[order])
    digits = year.str.len_chars().is_in([2] if order == "ymd" else [2, 4])
    short = month.str.len_chars().le(2) & day.str.len_chars().le(2)
    iso = _iso(year, month, day)
    return pl.coalesce(_unmistakable(zone, text), pl.when(digits & short).then(_in_zone(iso, parts, zone)))


def _unmistakable(zone: str, text: pl.Expr) -> pl.Expr:
    bare = text.str.strip_chars()
    parts = bare.str.extract_groups(_SEPARATED)
    whole = parts.struct.field("a").str.len_chars() == 4
    last = parts.struct.field("c").str.len_chars() <= 2
    iso = _iso(parts.struct.field("a"), parts.struct.field("b"), parts.struct.field("c"))
    compact = bare.str.extract_groups(r"^(?P<a>(?:19|20)\d{2})(?P<b>\d{2})(?P<c>\d{2})$")
    return pl.coalesce(
        pl.when(whole & last).then(_in_zone(iso, parts, zone)),
        *(_named(pattern, bare, zone) for pattern in (_NAMED_DAY, _NAMED_MONTH)),
        *(_week(pattern, bare) for pattern in _WEEKS),
        *(_month(pattern, bare) for pattern in _MONTH_ALONE),
        _named_month_alone(bare),
        _real(_iso(*(compact.struct.field(name) for name in "abc"))),
        _since_1970(bare, zone),
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """YYYY-MM-DD of three texts of digits; two digits are 1970 to 2069."""
    two = year.cast(pl.Int32, strict=False)
    century = pl.when(two < _CENTURY).then(pl.lit("20")).otherwise(pl.lit("19"))
    full = pl.when(year.str.len_chars() == 2).then(pl.concat_str(century, year)).otherwise(year)
    return pl.concat_str(full, month.str.zfill(2), day.str.zfill(2), separator="-")


def _real(iso: pl.Expr) -> pl.Expr:
    """The date where there is such a day."""
    return iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.String)


def _in_zone(iso: pl.Expr, parts: pl.Expr, zone: str) -> pl.Expr:
    """The day where the plan is: a time with an offset may fall on the day before or after."""
    hour, minute, second, half, offset = (
        parts.struct.field(name) for name in ("hour", "minute", "second", "half", "zone")
    )
    hours = hour.cast(pl.Int32, strict=False)
    late, early = half.str.to_lowercase().str.starts_with("p"), half.is_not_null()
    hours = pl.when(early & (hours == 12)).then(0).otherwise(hours) + pl.when(late).then(12).otherwise(0)
    clock = pl.concat_str(hours.cast(pl.String).str.zfill(2), minute, second.fill_null("00"), separator=":")
    moment = pl.concat_str(iso, clock, separator=" ").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    figures = offset.str.replace_all(r"\D", "").str.pad_end(4, "0")
    minutes = sign * (
        figures.str.slice(0, 2).cast(pl.Int32, strict=False) * 60
        + figures.str.slice(2, 2).cast(pl.Int32, strict=False)
    )
    there = (moment - pl.duration(minutes=minutes)).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    day = pl.when(offset.is_not_null()).then(there.dt.date()).otherwise(moment.dt.date())
    return pl.when(hour.is_null()).then(_real(iso)).otherwise(day.cast(pl.String))


def _named(pattern: str, bare: pl.Expr, zone: str) -> pl.Expr:
    parts = bare.str.extract_groups(pattern)
    iso = _iso(parts.struct.field("c"), _month_number(parts.struct.field("m")), parts.struct.field("a"))
    return _in_zone(iso, parts, zone)


def _month_number(name: pl.Expr) -> pl.Expr:
    bare = name.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.replace_strict(_MONTHS, default=None, return_dtype=pl.Int32).cast(pl.String)


def _week(pattern: str, bare: pl.Expr) -> pl.Expr:
    """The Monday of an ISO week, or the day of it that is named."""
    parts = bare.str.to_uppercase().str.extract_groups(pattern)
    has_day = "(?P<day>" in pattern
    day = parts.struct.field("day").fill_null("1") if has_day else pl.lit("1")
    named = pl.concat_str(
        parts.struct.field("year"), parts.struct.field("week").str.zfill(2), day, separator=" "
    )
    date = named.str.to_date("%G %V %u", strict=False)
    # A year of 52 weeks has no week 53.
    right = date.dt.strftime("%G %V %u") == named
    return pl.when(right).then(date).cast(pl.String)


def _month(pattern: str, bare: pl.Expr) -> pl.Expr:
    parts = bare.str.extract_groups(pattern)
    return _real(_iso(parts.struct.field("c"), parts.struct.field("b"), pl.lit("1")))


def _named_month_alone(bare: pl.Expr) -> pl.Expr:
    parts = bare.str.extract_groups(r"^(?P<m>\p{L}+)\.?[- /](?P<c>\d{4})$")
    return _real(_iso(parts.struct.field("c"), _month_number(parts.struct.field("m")), pl.lit("1")))


def _since_1970(bare: pl.Expr, zone: str) -> pl.Expr:
    """Seconds (10 digits) or milliseconds (13) since 1970."""
    figures = bare.str.extract(r"^(1\d{9}(?:\d{3})?)$").cast(pl.Int64, strict=False)
    seconds = pl.when(figures > 10**12).then(figures // 1000).otherwise(figures)
    moment = pl.from_epoch(seconds, time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return moment.dt.date().cast(pl.String)


def _counted(system: str, zone: str, text: pl.Expr) -> pl.Expr:
    """Days counted from the first day of the system, a part of a day passed over; 1954 to 2119."""
    bare = text.str.strip_chars().str.extract(r"^([2-7]\d{4})(?:[.,]\d+)?(?:e0)?$")
    days = bare.cast(pl.Int32, strict=False)
    start = pl.lit(_EPOCHS[system]).str.to_date("%Y-%m-%d")
    return pl.coalesce(_unmistakable(zone, text), (start + pl.duration(days=days)).cast(pl.String))
