"""Marketing activity by day: rows that sum up other rows are not counted beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from planning.signals.sources.amounts import in_plan_money, is_nothing, micros, number, written
from planning.signals.sources.days import Days
from planning.signals.sources.meaning import (
    FATE,
    Meaning,
    Ruling,
    contract_rows,
    fates,
    judged,
    loaded,
    repeated,
    required,
    unread,
)
from planning.signals.sources.places import with_our_names
from planning.signals.sources.settings import SourceSettings

#: What activity.csv counts.
MEASURES = ("impressions", "clicks", "visits", "carts", "leads", "spend")
_TOTAL = r"(?i)^(grand )?total\b|^reserved_total$"


@dataclass(frozen=True)
class Platform:
    """What differs from platform to platform.

    Parameters
    ----------
    title : what a planner calls its export.
    name : what its channels start with, so that no two platforms speak of the same channel.
    levels : columns from the whole to its parts, such as campaign, group, ad: a row without a part is the
        sum of the rows of its day that have one.
    measures : column of activity.csv → our column it comes from, where they differ.
    """

    title: str
    name: str
    levels: Sequence[str]
    measures: Mapping[str, str]


def activity_meaning(platform: Platform, rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What the rows of a marketing report mean: a day of a channel each.

    Platforms write the last days anew (visits arrive late, sales are credited later): the days of the file
    take the place of the same days of this platform.
    """
    days = Days.of(rows, ["day"], settings)
    typed = rows.with_columns(when=days.read("day"), total=_is_total(rows, platform))
    measures = {name: platform.measures.get(name, name) for name in MEASURES}
    there = {name: column for name, column in measures.items() if column in rows.columns}
    typed = typed.with_columns(_measured(column).alias(f"={name}") for name, column in there.items())
    if "micros" in rows.columns:
        typed = typed.with_columns(pl.coalesce(micros("micros"), "=spend").alias("=spend"))
    told = judged(_with_parts(typed, platform), _rulings(days, there), f"{platform.name}: days of a channel")
    named = with_our_names(told, settings)
    kept = loaded(named).with_columns(_named(name) for name in ("channel", "product", "market"))
    unrated = 0
    if "=spend" in kept.columns:
        priced = pl.col("=spend").is_not_null()
        known = kept.filter(priced).height
        kept = in_plan_money(kept, ["=spend"], "when", settings)
        unrated = known - kept.filter(priced).height
    return Meaning(
        platform.title,
        fates(named),
        {"activity": _table(platform, kept, there)},
        {"activity": _whole_days(platform, named)},
        _notes(unrated, settings),
    )


def _table(platform: Platform, kept: pl.DataFrame, there: Mapping[str, str]) -> pl.DataFrame:
    channel = pl.concat_str(pl.lit(platform.name), "channel", separator=" ", ignore_nulls=True)
    counted = {name: written(pl.col(f"={name}")) for name in there}
    return contract_rows(
        "activity", kept, date="when", channel=channel, product="product", market="market", **counted
    )


def _named(column: str) -> pl.Expr:
    """The column without what an export writes where it knows no name."""
    return pl.when(~is_nothing(column).fill_null(False)).then(pl.col(column)).alias(column)


def _measured(column: str) -> pl.Expr:
    return pl.when(~is_nothing(column).fill_null(False)).then(number(column))


def _is_total(rows: pl.DataFrame, platform: Platform) -> pl.Expr:
    """Rows that call themselves a total."""
    names = [name for name in ("day", "channel", *platform.levels) if name in rows.columns]
    return pl.any_horizontal(pl.col(name).str.contains(_TOTAL).fill_null(False) for name in names)


def _with_parts(rows: pl.DataFrame, platform: Platform) -> pl.DataFrame:
    """`sums`: the row has no part where another row of its day and whole has one."""
    sums = pl.lit(False)
    whole = ["day"]
    for level in platform.levels:
        parts = pl.col(level).is_not_null() & ~pl.col("total")
        sums |= pl.col(level).is_null() & parts.any().over(whole)
        whole.append(level)
    return rows.with_columns(sums=sums)


def _rulings(days: Days, there: Mapping[str, str]) -> list[Ruling]:
    broken = [
        Ruling(
            "kept aside",
            pl.col(column).is_not_null()
            & ~is_nothing(column).fill_null(False)
            & pl.col(f"={name}").is_null(),
            f"{name} is not a number",
            "Write digits with a decimal dot.",
            column,
        )
        for name, column in there.items()
    ]
    return [
        repeated(),
        Ruling("collapsed", pl.col("total"), "a total of other rows"),
        required("day", "has no day", "Export the report by day."),
        *unread(days, when="day"),
        Ruling(
            "kept aside",
            pl.col("until") != pl.col("day"),
            "covers several days",
            "Export the report by day.",
            "until",
        ),
        Ruling("collapsed", pl.col("sums"), "the sum of more detailed rows of its day"),
        *broken,
        Ruling(
            "kept aside",
            pl.any_horizontal((pl.col(f"={name}") < 0).fill_null(False) for name in there),
            "is a correction below zero",
            "Export the days anew: corrected days take the place of the old ones.",
        ),
        Ruling(
            "kept aside",
            pl.all_horizontal(pl.col(f"={name}").is_null() for name in there),
            "counts nothing",
            "Add impressions, clicks, visits or spend to the report.",
        ),
    ]


def _whole_days(platform: Platform, told: pl.DataFrame) -> pl.DataFrame:
    """Days of which the file says all there is: date, and the platform the channels are of."""
    aside = told.filter(pl.col(FATE) == "kept aside")["when"].drop_nulls().unique()
    whole = loaded(told).filter(~pl.col("when").is_in(aside.implode()))
    days = whole.select(date=pl.col("when").cast(pl.String)).unique().sort("date")
    return days.with_columns(platform=pl.lit(platform.name))


def _notes(unrated: int, settings: SourceSettings) -> tuple[str, ...]:
    if not unrated:
        return ()
    return (
        f"Rows that load without their spend, as fx.csv has no rate to {settings.currency}: {unrated:,}.",
    )
