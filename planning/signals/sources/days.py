"""Days in the forms exports write them in; never a guess between 3 April and 4 March."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from planning.signals.sources.settings import DateOrder, SourceSettings

_ISO = (
    r"^(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<clock>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?$"
)
_CLOCK = r"(?:,?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?)?$"
_SLASHED = r"^(\d{1,2})/(\d{1,2})/(\d{4})" + _CLOCK
_DOTTED = r"^(\d{1,2})\.(\d{1,2})\.(\d{4})" + _CLOCK
_COMPACT = r"^(?:19|20)\d{6}$"
_EPOCH = r"^\d{12,13}$"
_NAMED = r"^[A-Z][a-z]{2} \d{1,2}, \d{4}$"

Evidence = DateOrder | Literal["unclear", "torn"]


@dataclass(frozen=True)
class Days:
    """How the days of one file are read.

    Parameters
    ----------
    order : what 03/04/2026 means in it: said by the planner, else shown by its own dates (in 24/04/2026
        the day comes first); unclear where no date shows it, torn where they show both.
    timezone : in which moments with an offset become days.
    """

    order: Evidence
    timezone: str

    @classmethod
    def of(cls, rows: pl.DataFrame, columns: Sequence[str], settings: SourceSettings) -> "Days":
        """How the days in these columns are to be read."""
        if settings.date_order is not None:
            return cls(settings.date_order, settings.timezone)
        texts = [rows[name].str.strip_chars().str.extract_groups(_SLASHED) for name in columns]
        first = pl.concat([text.struct.field("1") for text in texts]).cast(pl.Int64)
        second = pl.concat([text.struct.field("2") for text in texts]).cast(pl.Int64)
        by_day, by_month = bool((first > 12).any()), bool((second > 12).any())
        if by_day and by_month:
            return cls("torn", settings.timezone)
        return cls("day first" if by_day else "month first" if by_month else "unclear", settings.timezone)

    def read(self, column: str) -> pl.Expr:
        """The column's text as a day; null where it is none, or could be two."""
        text = pl.col(column).str.strip_chars()
        return pl.coalesce(
            self._iso(text),
            self._epoch(text),
            _compact(text),
            self._slashed(text),
            _dotted(text),
            _named(text),
        ).alias(column)

    def why_not(self, column: str) -> pl.Expr:
        """Why the column's text is no day, in words."""
        slashed = pl.col(column).str.strip_chars().str.contains(_SLASHED)
        two = "could be two days: the file does not show whether day or month comes first"
        both = "could be two days: the file writes days both ways round"
        unsure = {"unclear": two, "torn": both}.get(self.order)
        other = pl.lit("is not a day")
        return other if unsure is None else pl.when(slashed).then(pl.lit(unsure)).otherwise(other)

    def remedy(self, column: str) -> pl.Expr:
        """What to do about it."""
        slashed = pl.col(column).str.strip_chars().str.contains(_SLASHED)
        asked = pl.lit("Say for this source whether day or month comes first.")
        plain = pl.lit("Write it as year-month-day, such as 2026-12-18.")
        return pl.when(slashed & pl.lit(self.order in {"unclear", "torn"})).then(asked).otherwise(plain)

    def _iso(self, text: pl.Expr) -> pl.Expr:
        """ISO days and moments; a moment with an offset is a day of the plan's time zone."""
        parts = text.str.extract_groups(_ISO)
        day, clock, zone = (parts.struct.field(name) for name in ("day", "clock", "zone"))
        local = day.str.to_date("%Y-%m-%d", strict=False)
        moment = pl.concat_str(day, pl.lit(" "), clock).str.to_datetime(
            "%Y-%m-%d %H:%M", strict=False, time_unit="us"
        )
        bare = zone.str.replace(":", "", literal=True)
        minutes = bare.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + bare.str.slice(3, 2).cast(
            pl.Int64, strict=False
        )
        ahead = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
        utc = moment - pl.duration(minutes=pl.when(zone.is_in(["Z", "UTC"])).then(0).otherwise(ahead))
        return pl.when(zone.is_null()).then(local).otherwise(self._day(utc))

    def _epoch(self, text: pl.Expr) -> pl.Expr:
        """Milliseconds since 1970, as HubSpot's interface gives them."""
        number = pl.when(text.str.contains(_EPOCH)).then(text).cast(pl.Int64, strict=False)
        return self._day(pl.from_epoch(number, time_unit="ms").cast(pl.Datetime("us")))

    def _day(self, utc: pl.Expr) -> pl.Expr:
        return utc.dt.replace_time_zone("UTC").dt.convert_time_zone(self.timezone).dt.date()

    def _slashed(self, text: pl.Expr) -> pl.Expr:
        parts = text.str.extract_groups(_SLASHED)
        first, second, year = (parts.struct.field(name).cast(pl.Int64) for name in ("1", "2", "3"))
        by_day, by_month = _date(year, second, first), _date(year, first, second)
        if self.order == "day first":
            return by_day
        if self.order == "month first":
            return by_month
        # 04/04/2026 and 24/04/2026 are the same day whoever reads them.
        return (
            pl.when((first == second) | by_month.is_null()).then(by_day).when(by_day.is_null()).then(by_month)
        )


def _compact(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_COMPACT)).then(text).str.to_date("%Y%m%d", strict=False)


def _dotted(text: pl.Expr) -> pl.Expr:
    """24.04.2026: with dots the day comes first everywhere."""
    parts = text.str.extract_groups(_DOTTED)
    day, month, year = (parts.struct.field(name).cast(pl.Int64) for name in ("1", "2", "3"))
    return _date(year, month, day)


def _named(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(_NAMED)).then(text).str.to_date("%b %d, %Y", strict=False)


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    written = pl.concat_str(
        year.cast(pl.String),
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
        separator="-",
    )
    return written.str.to_date("%Y-%m-%d", strict=False)
