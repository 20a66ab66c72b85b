"""Dates as people and programs write them; the day they name in the plan's time zone, as YYYY-MM-DD.

What names its day beyond doubt (2026-12-18, 18 December 2026, 2026-W51, 20261218, seconds since 1970) is read
in every form. What is left are three numbers, whose order only the other dates of the column or the planner
can tell, and days counted from a day.
"""

from collections.abc import Callable, Sequence
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
    r"(?i)^(?P<year>\d{4})[- /]?(?:W|KW|CW|WK|S)[- ]?(?P<week>\d{1,2})(?:-?(?P<day>[1-7]))?$",
    r"(?i)^(?:W|WK|WEEK|KW|CW|WOCHE|S|SEM|SEMAINE|SEMANA|SETTIMANA)[. ]*(?P<week>\d{1,2})"
    r"[ ,./-]*(?P<year>\d{4})$",
)
_MONTH_ALONE = (
    r"^(?P<c>\d{4})[-/.](?P<b>\d{1,2})$",
    r"^(?P<b>\d{1,2})[-/.](?P<c>\d{4})$",
    r"^(?P<m>\p{L}+)\.?[- /](?P<c>\d{4})$",
)
_SINCE_1970 = r"^(1\d{9}(?:\d{3})?)$"
_COMPACT = r"^(?P<a>(?:19|20)\d{2})(?P<b>\d{2})(?P<c>\d{2})$"
#: Three numbers → which is year, month and day.
_ORDERS = {"dmy": ("c", "b", "a"), "mdy": ("c", "a", "b"), "ymd": ("a", "b", "c")}
_EPOCHS = {"excel-1900": "1899-12-30", "excel-1904": "1904-01-01"}
_CENTURY = 70
#: How a text looks, and the day of each text that looks so; null where there is no such day.
type _Shape = tuple[str, Callable[[pl.Series], pl.Series]]


def date_forms(zone: str) -> tuple[Form, ...]:
    """The ways to read a date.

    Parameters
    ----------
    zone : the plan's time zone: a time with an offset names the day it is there.
    """
    return (
        Form("iso", "year, month, day", partial(_unmistakable, zone), shared=True),
        Form("dmy", "day first, then month", partial(_ordered, "dmy", zone)),
        Form("mdy", "month first, then day", partial(_ordered, "mdy", zone)),
        Form("ymd", "year first, of two digits", partial(_ordered, "ymd", zone)),
        Form("excel-1900", "days counted by Excel (from 1900)", partial(_counted, "excel-1900", zone)),
        Form(
            "excel-1904", "days counted by Excel for Mac (from 1904)", partial(_counted, "excel-1904", zone)
        ),
    )


def lengths(texts: pl.Series) -> pl.Series:
    """Whether each text names a week, a month or a day, as far as it is a date at all."""
    bare = texts.str.strip_chars()
    week = _first(*(_week(pattern, bare) for pattern in _WEEKS)).is_not_null()
    month = _first(*(_month(pattern, bare) for pattern in _MONTH_ALONE)).is_not_null()
    frame = pl.DataFrame({"week": week, "month": month})
    length = pl.when("week").then(pl.lit("week")).when("month").then(pl.lit("month"))
    return frame.select(length.otherwise(pl.lit("day")).alias("length")).to_series()


def _ordered(order: str, zone: str, texts: pl.Series) -> pl.Series:
    """Three numbers in this order; the year has two or four digits."""
    parts = _parts(_SEPARATED, texts)
    year, month, day = (pl.col(name) for name in _ORDERS[order])
    digits = year.str.len_chars().is_in([2] if order == "ymd" else [2, 4])
    short = month.str.len_chars().le(2) & day.str.len_chars().le(2)
    iso = pl.when(digits & short).then(_iso(year, month, day))
    return _first(_unmistakable(zone, texts), _in_zone(parts, iso, zone))


def _unmistakable(zone: str, texts: pl.Series) -> pl.Series:
    """The day of texts that can name one day only."""
    return _shaped(_unmistakable_shapes(zone), texts.str.strip_chars())


def _unmistakable_shapes(zone: str) -> Sequence[_Shape]:
    return (
        (_SEPARATED, partial(_year_first, zone)),
        *((pattern, partial(_named, pattern, zone)) for pattern in (_NAMED_DAY, _NAMED_MONTH)),
        *((pattern, partial(_week, pattern)) for pattern in _WEEKS),
        *((pattern, partial(_month, pattern)) for pattern in _MONTH_ALONE),
        (_COMPACT, _compact),
        (_SINCE_1970, partial(_since_1970, zone)),
    )


def _shaped(shapes: Sequence[_Shape], texts: pl.Series) -> pl.Series:
    """The day of each text by the first of its shapes that reads it; no shape looks at what has another."""
    fits = pl.DataFrame([texts.alias("text")]).select(
        pl.col("text").str.contains(pattern).fill_null(value=False).alias(str(place))
        for place, (pattern, _) in enumerate(shapes)
    )
    found = pl.Series("day", [None] * texts.len(), dtype=pl.String)
    for (_, read), fitting in zip(shapes, fits, strict=True):
        if fitting.any():
            left = (fitting & found.is_null()).arg_true()
            found = found.scatter(left, read(texts.gather(left)))
    return found


def _year_first(zone: str, texts: pl.Series) -> pl.Series:
    """Three numbers, of which the first is a year of four digits."""
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    iso = pl.when((a.str.len_chars() == 4) & (c.str.len_chars() <= 2)).then(_iso(a, b, c))
    return _in_zone(_parts(_SEPARATED, texts), iso, zone)


def _compact(texts: pl.Series) -> pl.Series:
    """Eight digits."""
    iso = _iso(pl.col("a"), pl.col("b"), pl.col("c"))
    return _parts(_COMPACT, texts).select(_real(iso)).to_series()


def _parts(pattern: str, texts: pl.Series) -> pl.DataFrame:
    """A column for each part of the pattern; null where a text is not of it."""
    return texts.str.extract_groups(pattern).struct.unnest()


def _first(*read: pl.Series) -> pl.Series:
    """The first value there is."""
    found = read[0]
    for other in read[1:]:
        if other.null_count() < other.len():
            found = found.zip_with(found.is_not_null(), other)
    return found


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """YYYY-MM-DD of three texts of digits; two digits are 1970 to 2069."""
    two = year.cast(pl.Int32, strict=False)
    century = pl.when(two < _CENTURY).then(pl.lit("20")).otherwise(pl.lit("19"))
    full = pl.when(year.str.len_chars() == 2).then(pl.concat_str(century, year)).otherwise(year)
    return pl.concat_str(full, month.str.zfill(2), day.str.zfill(2), separator="-")


def _real(iso: pl.Expr) -> pl.Expr:
    """The date where there is such a day."""
    return iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.String).alias("day")


def _in_zone(parts: pl.DataFrame, iso: pl.Expr, zone: str) -> pl.Series:
    """The day where the plan is: a time with an offset may fall on the day before or after.

    Parameters
    ----------
    parts : hour, minute, second, half and zone as texts, and what `iso` needs.
    iso : the day that is written.
    """
    dated = parts.with_columns(iso.alias("iso"))
    if parts["hour"].null_count() == parts.height:
        return dated.select(_real(pl.col("iso"))).to_series()
    late, half = pl.col("half").str.to_lowercase().str.starts_with("p"), pl.col("half").is_not_null()
    hour = pl.col("hour").cast(pl.Int32, strict=False)
    hour = pl.when(half & (hour == 12)).then(0).otherwise(hour) + pl.when(late).then(12).otherwise(0)
    timed = dated.with_columns(
        hour.cast(pl.String).str.zfill(2).alias("hours"),
        pl.col("second").fill_null("00"),
        pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1).alias("sign"),
        pl.col("zone").str.replace_all(r"\D", "").str.pad_end(4, "0").alias("offset"),
    )
    clock = pl.concat_str("hours", "minute", "second", separator=":")
    moment = pl.concat_str("iso", clock, separator=" ").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    minutes = pl.col("offset").str.slice(0, 2).cast(pl.Int32, strict=False) * 60
    minutes += pl.col("offset").str.slice(2, 2).cast(pl.Int32, strict=False)
    moments = timed.with_columns(moment.alias("moment"), (pl.col("sign") * minutes).alias("minutes"))
    utc = pl.col("moment") - pl.duration(minutes=pl.col("minutes"))
    there = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    day = pl.when(pl.col("zone").is_not_null()).then(there).otherwise(pl.col("moment").dt.date())
    untimed = pl.col("iso").str.to_date("%Y-%m-%d", strict=False)
    return moments.select(
        pl.when(pl.col("hour").is_null()).then(untimed).otherwise(day).cast(pl.String).alias("day")
    ).to_series()


def _named(pattern: str, zone: str, bare: pl.Series) -> pl.Series:
    parts = _parts(pattern, bare)
    return _in_zone(parts, _iso(pl.col("c"), _month_number(), pl.col("a")), zone)


def _month_number() -> pl.Expr:
    bare = pl.col("m").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.replace_strict(_MONTHS, default=None, return_dtype=pl.Int32).cast(pl.String)


def _week(pattern: str, bare: pl.Series) -> pl.Series:
    """The Monday of an ISO week, or the day of it that is named."""
    parts = _parts(pattern, bare)
    day = pl.col("day").fill_null("1") if "day" in parts.columns else pl.lit("1")
    named = parts.select(
        pl.concat_str("year", pl.col("week").str.zfill(2), day, separator=" ").alias("named")
    )
    date = pl.col("named").str.to_date("%G %V %u", strict=False)
    # A year of 52 weeks has no week 53.
    right = date.dt.strftime("%G %V %u") == pl.col("named")
    return named.select(pl.when(right).then(date).cast(pl.String).alias("day")).to_series()


def _month(pattern: str, bare: pl.Series) -> pl.Series:
    """The first day of a month."""
    parts = _parts(pattern, bare)
    month = _month_number() if "m" in parts.columns else pl.col("b")
    return parts.select(_real(_iso(pl.col("c"), month, pl.lit("1")))).to_series()


def _since_1970(zone: str, bare: pl.Series) -> pl.Series:
    """Seconds (10 digits) or milliseconds (13) since 1970."""
    figures = bare.str.extract(_SINCE_1970).cast(pl.Int64, strict=False).alias("figures")
    number = pl.col("figures")
    seconds = pl.when(number > 10**12).then(number // 1000).otherwise(number)
    moment = pl.from_epoch(seconds, time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return figures.to_frame().select(moment.dt.date().cast(pl.String).alias("day")).to_series()


def _counted(system: str, zone: str, texts: pl.Series) -> pl.Series:
    """Days counted from the first day of the system, a part of a day passed over; 1954 to 2119."""
    bare = texts.str.strip_chars().str.extract(r"^([2-7]\d{4})(?:[.,]\d+)?(?:e0)?$").alias("days")
    start = pl.lit(_EPOCHS[system]).str.to_date("%Y-%m-%d")
    days = start + pl.duration(days=pl.col("days").cast(pl.Int32, strict=False))
    counted = bare.to_frame().select(days.cast(pl.String).alias("day")).to_series()
    return _first(_unmistakable(zone, texts), counted)
