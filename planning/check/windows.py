"""When shifts lie in the plan's weeks (2-data, shifts.csv)."""

from datetime import timedelta

import polars as pl

from planning.check.facts import Facts

DAYS = 7
#: Without shifts, attended hours are spread Monday to Friday from here.
FIRST_HOUR = 6.0


def windows(facts: Facts) -> pl.DataFrame:
    """Spans of time in which jobs of each kind lie.

    A shift past midnight on Sunday reaches into the next week; both weeks may use that part. A factory
    without shifts has its attended hours of the week spread Monday to Friday from 06:00 and unattended ones
    in the rest of the time ("after them"); when they do not fit into five days every hour is both.

    Returns
    -------
    factory, week, attended (kind), opens, closes (date-times).
    """
    listed = _listed(facts)
    return pl.concat([listed, _derived(facts, listed)])


def _listed(facts: Facts) -> pl.DataFrame:
    start, end = _minutes("start"), _minutes("end")
    length = pl.when(end > start).then(end - start).otherwise(end - start + 24 * 60)
    shifts = facts.network["shifts"].select(
        "factory",
        pl.col("attended").fill_null(value=True),
        begins=(pl.col("weekday") - 1) * 24 * 60 + start,
        length=length,
    )
    sunday_before = shifts.with_columns(begins=pl.col("begins") - DAYS * 24 * 60)
    reaching = sunday_before.filter(pl.col("begins") + pl.col("length") > 0)
    opens = pl.col("week").cast(pl.Datetime("us")) + pl.duration(minutes=pl.col("begins"))
    return (
        pl.concat([shifts, reaching])
        .join(facts.weeks, how="cross")
        .select(
            "factory", "week", "attended", opens=opens, closes=opens + pl.duration(minutes=pl.col("length"))
        )
    )


def _minutes(column: str) -> pl.Expr:
    """Minutes since midnight of a HH:MM column."""
    parts = pl.col(column).str.split(":")
    return parts.list.get(0).cast(pl.Int64) * 60 + parts.list.get(1).cast(pl.Int64)


def _derived(facts: Facts, listed: pl.DataFrame) -> pl.DataFrame:
    hours = (
        facts.robot_weeks.join(listed.select("factory").unique(), on="factory", how="anti")
        .group_by("factory", "week")
        .agg(pl.col("attended").max())
        .with_columns(day=pl.col("attended") / 5)
    )
    days = pl.DataFrame({"weekday": range(5)}, schema={"weekday": pl.Int64})
    opens = pl.col("week").cast(pl.Datetime("us")) + pl.duration(
        days=pl.col("weekday"), hours=int(FIRST_HOUR)
    )
    attended = (
        hours.filter(pl.col("day") <= 24.0 - FIRST_HOUR)
        .join(days, how="cross")
        .with_columns(opens=opens)
        .with_columns(closes=pl.col("opens") + _hours("day"))
    )
    night = attended.with_columns(
        opens=pl.col("closes"),
        closes=pl.when(pl.col("weekday") == 4)
        .then(pl.col("week").cast(pl.Datetime("us")) + timedelta(days=DAYS, hours=FIRST_HOUR))
        .otherwise(pl.col("opens") + timedelta(days=1)),
    )
    monday = pl.col("week").cast(pl.Datetime("us"))
    before = hours.with_columns(opens=monday, closes=monday + timedelta(hours=FIRST_HOUR))
    always = hours.filter(pl.col("day") > 24.0 - FIRST_HOUR).with_columns(
        opens=monday, closes=monday + timedelta(days=DAYS)
    )
    columns = ["factory", "week", "attended", "opens", "closes"]
    kinds = [(attended, True), (night, False), (before, False), (always, True), (always, False)]
    return pl.concat(frame.with_columns(attended=pl.lit(value=kind)).select(columns) for frame, kind in kinds)


def _hours(column: str) -> pl.Expr:
    return pl.duration(seconds=(pl.col(column) * 3600).round())
