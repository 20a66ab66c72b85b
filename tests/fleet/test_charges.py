"""What rent of any dates is charged by the day, week, 28 days or calendar month."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.fleet import charges

FIRST = date(2026, 10, 1)
BILLINGS = ("day", "week", "28_days", "month")
PRICES = {"day": 100.0, "week": 500.0, "28_days": 1_800.0, "month": 1_500.0}
FAR = date(2031, 1, 1)

#: The whole file in a few seconds.
some = settings(max_examples=30)

days = st.integers(0, 400)
billings = st.sampled_from(BILLINGS)
first_days = st.dates(date(2026, 1, 1), date(2028, 3, 31))


def lines(
    billing: str, on: date, off: date | None, *, until: date = FAR, units: int = 1, **terms: Any
) -> pl.DataFrame:
    """Charge lines of one stay at the vendor's price of the period, unless `terms` say otherwise."""
    stay = {
        "on_rent_date": on,
        "off_rent_date": off,
        "units": units,
        "billing": billing,
        "billing_rate": PRICES[billing],
        "weekly_rate": 500.0,
        "list_rate": 500.0,
    }
    dates = {"on_rent_date": pl.Date, "off_rent_date": pl.Date, "billing_rate": pl.Float64}
    return charges(pl.DataFrame([stay | terms], schema_overrides=dates), until)


def charged(billing: str, on: date, length: int, **terms: Any) -> float:
    """What so many days from `on` are charged in all."""
    return round(float(lines(billing, on, on + timedelta(days=length), **terms)["amount"].sum()), 2)


@pytest.mark.parametrize(
    ("length", "by_day", "by_week", "by_month"),
    [(3, 300, 500, 1_500), (10, 1_000, 1_000, 1_500), (28, 2_800, 2_000, 1_500)],
)
def test_a_period_begun_is_charged_whole(length: int, by_day: int, by_week: int, by_month: int) -> None:
    assert charged("day", FIRST, length) == by_day
    assert charged("week", FIRST, length) == by_week
    assert charged("month", FIRST, length) == by_month


def test_a_month_begun_part_way_is_charged_for_the_days_left_of_it() -> None:
    # 17 of October's 31 days
    assert charged("month", date(2026, 10, 15), 17) == 822.58
    october, november = lines("month", date(2026, 10, 15), None, until=date(2026, 12, 1)).rows(named=True)
    assert (october["amount"], november["amount"]) == (822.58, 1_500.0)
    assert (october["period_end"], november["period_end"]) == (date(2026, 11, 1), date(2026, 12, 1))


def test_28_days_are_thirteen_invoices_a_year_and_months_are_twelve() -> None:
    year = 364
    assert lines("28_days", FIRST, FIRST + timedelta(days=year)).height == 13
    assert lines("month", FIRST, FIRST + timedelta(days=year)).height == 12


def test_a_leap_february_is_a_whole_month() -> None:
    assert charged("month", date(2028, 2, 1), 29) == 1_500.0
    assert charged("month", date(2028, 2, 15), 15) == round(1_500 * 15 / 29, 2)


def test_units_are_charged_alike() -> None:
    assert charged("week", FIRST, 10, units=3) == 3_000.0


def test_a_rate_of_its_own_or_of_a_tier_changes_the_price_of_a_period_in_proportion() -> None:
    assert charged("month", FIRST, 31, weekly_rate=400.0) == 1_200.0


def test_where_the_list_has_no_weekly_rate_the_price_of_a_period_holds() -> None:
    assert charged("month", FIRST, 31, weekly_rate=0.0, list_rate=0.0) == 1_500.0


def test_without_a_price_of_a_period_invoices_gather_whole_weeks_at_the_weekly_rate() -> None:
    # ten days are two weeks, to 12 November: three of them in October
    on = date(2026, 10, 29)
    rows = lines("month", on, on + timedelta(days=10), billing_rate=None)
    assert rows["period_end"].to_list() == [date(2026, 11, 1), date(2026, 11, 12)]
    assert rows["amount"].to_list() == [round(500 * 3 / 7, 2), round(500 * 11 / 7, 2)]
    assert rows["amount"].sum() == pytest.approx(1_000.0)


def test_a_rent_that_runs_on_is_charged_for_every_period_begun_until_the_day_asked() -> None:
    rows = lines("28_days", FIRST, None, until=FIRST + timedelta(days=29))
    assert rows["amount"].to_list() == [1_800.0, 1_800.0]


def test_nothing_is_charged_before_a_rent_begins_or_where_it_never_does() -> None:
    assert lines("month", FIRST, None, until=date(2026, 9, 20)).is_empty()
    assert lines("week", FIRST, None, until=FIRST).is_empty()
    assert lines("day", FIRST, FIRST).is_empty()


def test_stays_are_told_apart_by_what_is_kept_with_them() -> None:
    stays = [("A", "month", 1), ("B", "week", 2), ("C", "month", 1)]
    rows = [
        {"id": id, "units": units, "billing": billing, "on_rent_date": FIRST, "off_rent_date": None}
        | {"weekly_rate": 10.0, "list_rate": 10.0, "billing_rate": 7.0}
        for id, billing, units in stays
    ]
    told = charges(pl.DataFrame(rows, schema_overrides={"off_rent_date": pl.Date}), date(2026, 10, 10))
    assert told.select("id", "amount").rows() == [("A", 7.0), ("B", 14.0), ("B", 14.0), ("C", 7.0)]


@some
@given(billings, first_days, days)
def test_longer_is_never_cheaper_and_nothing_is_negative(billing: str, on: date, length: int) -> None:
    shorter, longer = charged(billing, on, length), charged(billing, on, length + 1)
    assert 0 <= shorter <= longer
    assert (lines(billing, on, on + timedelta(days=length + 1))["amount"] > 0).all()


@some
@given(billings, first_days, st.integers(1, 400), st.integers(1, 60))
def test_parted_where_a_period_ends_a_rent_costs_the_same(
    billing: str, on: date, length: int, more: int
) -> None:
    border = lines(billing, on, on + timedelta(days=length))["period_end"].max()
    assert isinstance(border, date)
    till_border = (border - on).days
    apart = charged(billing, on, till_border) + charged(billing, border, more)
    assert charged(billing, on, till_border + more) == pytest.approx(apart)


@some
@given(first_days, days, days)
def test_days_add_up_however_they_are_parted(on: date, first: int, second: int) -> None:
    apart = charged("day", on, first) + charged("day", on + timedelta(days=first), second)
    assert charged("day", on, first + second) == pytest.approx(apart)


@some
@given(billings, first_days, st.integers(1, 400))
def test_periods_follow_one_another_from_the_first_day_past_the_last(
    billing: str, on: date, length: int
) -> None:
    rows = lines(billing, on, on + timedelta(days=length))
    assert rows["period_start"].to_list() == [on, *rows["period_end"].to_list()[:-1]]
    last = rows.row(-1, named=True)
    assert last["period_start"] < on + timedelta(days=length) <= last["period_end"]


@some
@given(billings, first_days, st.integers(1, 60))
def test_whole_weeks_without_a_price_of_a_period_cost_the_weekly_rate_however_they_are_invoiced(
    billing: str, on: date, weeks: int
) -> None:
    rows = lines(billing, on, on + timedelta(weeks=weeks), billing_rate=None, weekly_rate=130.0)
    # each line is in whole cents: half a cent a line is what rounding may move
    assert rows["amount"].sum() == pytest.approx(130.0 * weeks, abs=0.005 * rows.height + 1e-6)
    assert rows["quantity"].sum() == pytest.approx(weeks)
