"""A contract ends with its minimum term or a renewal, and only where notice can still be given."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planning.domain.calendar import monday_on_or_after, weeks_between
from planning.fleet import contract_calendar, period_end
from tests.builders.fleets import with_contracts

TODAY = date(2026, 11, 24)
START = date(2026, 11, 30)


def one(offer: dict[str, Any] | None = None, **contract: Any) -> dict[str, Any]:
    return contract_calendar(with_contracts(contract, offer=offer), TODAY, START).row(0, named=True)


def test_inside_its_minimum_term_a_contract_ends_with_it() -> None:
    row = one(min_end_date=date(2027, 2, 1), units=2)
    assert (row["ends"], row["notice_by"]) == (date(2027, 2, 1), date(2027, 1, 18))
    # nine weeks from 30 November to 1 February
    assert (row["weekly"], row["rent_due"]) == (200.0, 1_800.0)


def test_a_minimum_end_in_the_middle_of_a_week_is_paid_to_the_next_monday() -> None:
    row = one(min_end_date=date(2027, 2, 3))
    assert (row["first_end"], row["rent_due"]) == (date(2027, 2, 8), 1_000.0)


def test_beyond_its_minimum_term_it_ends_with_the_first_renewal_notice_can_reach() -> None:
    # Tuesday 24 November: two weeks' notice reaches Monday 14 December at the earliest
    row = one(min_end_date=date(2026, 6, 1))
    assert (row["ends"], row["notice_by"], row["rent_due"]) == (date(2026, 12, 14), date(2026, 11, 30), 0.0)


def test_a_renewal_of_four_weeks_is_kept_to_its_end() -> None:
    # renewals end on 30 November, 28 December …; notice of two weeks is too late for the first
    row = one(min_end_date=date(2026, 11, 2), offer={"renewal_weeks": 4})
    assert (row["ends"], row["notice_by"]) == (date(2026, 12, 28), date(2026, 12, 14))


def test_when_notice_for_the_minimum_end_has_passed_the_next_renewal_counts() -> None:
    row = one(min_end_date=date(2026, 12, 7), offer={"renewal_weeks": 13})
    assert row["ends"] == date(2026, 12, 7) + timedelta(weeks=13)


def test_an_agreed_end_needs_no_notice() -> None:
    row = one(min_end_date=date(2026, 11, 2), off_rent_date=date(2026, 12, 7), status="notice")
    assert (row["ends"], row["notice_by"]) == (date(2026, 12, 7), None)


def test_before_an_agreed_end_a_contract_can_still_be_returned_earlier() -> None:
    row = one(min_end_date=date(2026, 11, 2), off_rent_date=date(2027, 1, 25), status="notice")
    assert (row["ends"], row["notice_by"]) == (date(2026, 12, 14), date(2026, 11, 30))


def test_rent_is_due_from_on_rent_only() -> None:
    row = one(on_rent_date=date(2026, 12, 14), min_end_date=date(2027, 2, 1), status="ordered")
    assert row["rent_due"] == 700.0


def test_what_is_over_is_not_listed() -> None:
    network = with_contracts(
        {"contract": "over", "status": "ended"},
        {"contract": "gone", "off_rent_date": date(2026, 11, 23)},
        {"contract": "none", "units": 0},
        {"contract": "CT-2"},
    )
    assert contract_calendar(network, TODAY, START)["contract"].to_list() == ["CT-2"]


def test_the_next_notice_comes_first_and_agreed_ends_last() -> None:
    network = with_contracts(
        {"contract": "agreed", "min_end_date": date(2026, 11, 2), "off_rent_date": date(2026, 12, 7)},
        {"contract": "later", "min_end_date": date(2027, 5, 3)},
        {"contract": "soon", "min_end_date": date(2027, 1, 4)},
    )
    assert contract_calendar(network, TODAY, START)["contract"].to_list() == ["soon", "later", "agreed"]


@given(
    today=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    min_end=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    renewal=st.integers(1, 26),
    notice=st.integers(0, 26),
)
def test_the_end_is_the_first_period_that_notice_from_today_reaches(
    today: date, min_end: date, renewal: int, notice: int
) -> None:
    network = with_contracts(
        {"min_end_date": min_end}, offer={"renewal_weeks": renewal, "notice_weeks": notice}
    )
    row = contract_calendar(network, today, START).row(0, named=True)
    first = monday_on_or_after(min_end)
    earliest = monday_on_or_after(today) + timedelta(weeks=notice)
    periods = period_end(0, 0, renewal, weeks_between(first, earliest))
    assert row["ends"] == first + timedelta(weeks=periods)
    assert row["notice_by"] == row["ends"] - timedelta(weeks=notice)
    assert row["notice_by"] >= today
    assert row["ends"] == first or row["notice_by"] - timedelta(weeks=renewal) < today
