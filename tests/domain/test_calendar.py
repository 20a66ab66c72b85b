"""Dates become weeks once, and everywhere alike."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain import calendar as cal

DAY = st.dates(date(1995, 1, 1), date(2060, 1, 1))
MONDAY = DAY.map(cal.monday)


@given(DAY)
def test_a_week_is_named_by_its_monday(day: date) -> None:
    first = cal.monday(day)
    assert first.isoweekday() == 1
    assert timedelta(0) <= day - first < cal.WEEK
    assert first.isocalendar()[:2] == day.isocalendar()[:2]


@given(DAY)
def test_rental_dates_round_up_so_that_a_part_week_is_paid_whole_at_the_end(day: date) -> None:
    up = cal.monday_on_or_after(day)
    assert up.isoweekday() == 1
    assert timedelta(0) <= up - day < cal.WEEK


@pytest.mark.parametrize(
    ("day", "cutoff", "week"),
    [
        (date(2026, 12, 3), 5, date(2026, 11, 23)),  # Thursday: this week's output comes too late
        (date(2026, 12, 4), 5, date(2026, 11, 30)),  # Friday
        (date(2026, 12, 6), 5, date(2026, 11, 30)),  # Sunday
        (date(2026, 11, 30), 1, date(2026, 11, 30)),  # no day is before Monday
        (date(2026, 12, 5), 7, date(2026, 11, 23)),  # Saturday
    ],
)
def test_what_is_due_before_the_cutoff_belongs_to_the_week_before(day: date, cutoff: int, week: date) -> None:
    assert cal.due_week(day, cutoff) == week


@given(DAY, st.integers(1, 7))
def test_a_later_cutoff_never_gives_more_time(day: date, cutoff: int) -> None:
    assert cal.due_week(day, cutoff) <= cal.due_week(day, 1) <= day
    assert cal.due_week(day, 1) - cal.due_week(day, cutoff) in (timedelta(0), cal.WEEK)


@given(MONDAY, st.integers(-300, 300))
def test_buckets_count_weeks_both_ways(start: date, number: int) -> None:
    assert cal.weeks_between(start, start + number * cal.WEEK) == number
    frame = pl.DataFrame({"week": [start + number * cal.WEEK]})
    numbered = frame.select(cal.week_index_expr("week", start).alias("t"))
    assert numbered["t"].item() == number
    assert numbered.select(cal.week_of_index_expr("t", start)).item() == start + number * cal.WEEK


PAIRS: list[tuple[Callable[[date], date], Callable[[str], pl.Expr]]] = [
    (cal.monday, cal.monday_expr),
    (cal.monday_on_or_after, cal.monday_on_or_after_expr),
    *[
        (lambda day, c=cutoff: cal.due_week(day, c), lambda column, c=cutoff: cal.due_week_expr(column, c))
        for cutoff in range(1, 8)
    ],
]


@given(st.lists(DAY, min_size=1, max_size=20))
def test_columns_of_dates_follow_the_same_rules(days: list[date]) -> None:
    frame = pl.DataFrame({"day": days})
    for one, many in PAIRS:
        assert frame.select(many("day")).to_series().to_list() == [one(day) for day in days]
