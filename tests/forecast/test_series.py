"""Series: rows become weeks without gaps, and weeks nobody could know are not taken for zero."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast.series import SeriesClass, classify, weekly_history
from tests.forecast.demand import HISTORY, START, history_of, in_north


def rows(*given: tuple[date, str, float]) -> pl.DataFrame:
    return pl.DataFrame([(day, p, "north", q) for day, p, q in given], HISTORY, orient="row")


def test_weeks_without_rows_are_zero_from_the_first_demand_to_the_plan() -> None:
    history = rows(
        (START - 5 * WEEK, "bracket", 0), (START - 4 * WEEK, "bracket", 7), (START - 2 * WEEK, "bracket", 3)
    )
    (series,) = weekly_history(history, in_north("bracket"), START).series
    assert series.first_week == START - 4 * WEEK
    assert series.quantity.tolist() == [7, 0, 3, 0]


def test_rows_of_one_week_add_up_and_net_returns_count_as_zero() -> None:
    week = START - 2 * WEEK
    history = rows(
        (week, "bracket", 4),
        (week + timedelta(days=6), "bracket", 5),
        (week + WEEK, "bracket", 2),
        (week + WEEK, "bracket", -9),
    )
    (series,) = weekly_history(history, in_north("bracket"), START).series
    assert series.quantity.tolist() == [9, 0]


def test_history_of_the_plans_own_weeks_is_passed_over() -> None:
    history = rows((START - WEEK, "bracket", 4), (START, "bracket", 99))
    (series,) = weekly_history(history, in_north("bracket"), START).series
    assert series.quantity.tolist() == [4]


def test_a_week_not_over_yet_is_unknown() -> None:
    history = history_of(bracket=[5] * 20)
    known = weekly_history(history, in_north("bracket"), START, as_of=START - timedelta(days=3))
    assert known.last_week == START - 2 * WEEK
    assert known.series[0].quantity.tolist() == [5.0] * 19


def test_a_history_that_ends_early_is_missing_and_not_zero() -> None:
    history = history_of(bracket=[5] * 20, plate=[3] * 20).filter(pl.col("date") < START - 3 * WEEK)
    known = weekly_history(history, in_north("bracket", "plate"), START)
    assert known.last_week == START - 4 * WEEK


def test_one_product_falling_silent_is_zero_while_others_go_on() -> None:
    history = history_of(bracket=[5] * 20, plate=[3] * 20)
    silent = history.filter((pl.col("product") == "bracket") | (pl.col("date") < START - 3 * WEEK))
    plate = weekly_history(silent, in_north("bracket", "plate"), START).series[1]
    assert plate.quantity.tolist() == [3.0] * 17 + [0.0] * 3


def test_a_single_old_sale_does_not_make_its_week_the_last_one() -> None:
    known = weekly_history(rows((START - 20 * WEEK, "bracket", 6)), in_north("bracket"), START)
    assert known.last_week == START - WEEK
    assert known.series[0].quantity.tolist() == [6.0] + [0.0] * 19


def test_dates_before_the_cutoff_belong_to_the_week_before() -> None:
    thursday, friday = START - WEEK + timedelta(days=3), START - WEEK + timedelta(days=4)
    history = rows((thursday, "bracket", 1), (friday, "bracket", 10))
    (series,) = weekly_history(history, in_north("bracket"), START, due_cutoff_weekday=5).series
    assert series.first_week == START - 2 * WEEK
    assert series.quantity.tolist() == [1, 10]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ([10, 12, 9, 11] * 5, SeriesClass.SMOOTH),
        ([1, 40, 2, 3] * 5, SeriesClass.ERRATIC),
        ([10, 0, 0, 11] * 5, SeriesClass.INTERMITTENT),
        ([1, 0, 0, 40] * 5, SeriesClass.LUMPY),
        ([10, 12, 9], SeriesClass.NEW),
        ([], SeriesClass.EMPTY),
    ],
)
def test_classes(weeks: list[float], expected: SeriesClass) -> None:
    assert classify(np.array(weeks, dtype=np.float64)) is expected


def test_the_class_does_not_depend_on_the_unit() -> None:
    weeks = np.array([1, 0, 3, 40, 2, 0, 5, 1, 2, 8], dtype=np.float64)
    assert classify(weeks) is classify(1000 * weeks)
