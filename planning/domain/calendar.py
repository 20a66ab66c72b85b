"""Weeks: the plan's buckets are ISO weeks named by their Monday; dates become weeks once, here."""

from datetime import date, timedelta

import polars as pl

WEEK = timedelta(weeks=1)


def monday(day: date) -> date:
    """The Monday of the ISO week `day` lies in."""
    return day - timedelta(days=day.weekday())


def monday_on_or_after(day: date) -> date:
    """`day` rounded up to a Monday: how rental dates become weeks, a part week paid whole at its end."""
    return day + timedelta(days=-day.weekday() % 7)


def due_week(day: date, cutoff_weekday: int) -> date:
    """The week whose output can serve something due on `day`.

    A week's output counts from its end, so what is due before weekday `cutoff_weekday`
    (1 Monday … 7 Sunday) belongs to the week before.
    """
    week = monday(day)
    return week - WEEK if day.isoweekday() < cutoff_weekday else week


def weeks_between(start: date, end: date) -> int:
    """Whole weeks from the Monday `start` to the Monday `end`; negative when `end` is earlier."""
    return (end - start).days // 7


def monday_expr(column: str) -> pl.Expr:
    """`monday` over a date column."""
    return pl.col(column).dt.truncate("1w")


def monday_on_or_after_expr(column: str) -> pl.Expr:
    """`monday_on_or_after` over a date column."""
    return pl.col(column).dt.offset_by("6d").dt.truncate("1w")


def due_week_expr(column: str, cutoff_weekday: int) -> pl.Expr:
    """`due_week` over a date column."""
    day = pl.col(column)
    week = day.dt.truncate("1w")
    return pl.when(day.dt.weekday() < cutoff_weekday).then(week.dt.offset_by("-1w")).otherwise(week)


def week_index_expr(column: str, start_week: date) -> pl.Expr:
    """Bucket number t of a Monday column: 0 is `start_week`, negative before it."""
    return ((pl.col(column) - pl.lit(start_week)).dt.total_days() // 7).cast(pl.Int64)


def week_of_index_expr(column: str, start_week: date) -> pl.Expr:
    """Monday of bucket number t, the inverse of `week_index_expr`."""
    return pl.lit(start_week) + pl.duration(days=7 * pl.col(column))
