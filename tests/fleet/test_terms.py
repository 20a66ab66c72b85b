"""Dates and money of rental terms, against cases worked out by hand."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planning.fleet import committed_cost, notice_by, order_by, period_end, tail_cost

MONDAY = date(2027, 1, 4)


def test_a_robot_with_eight_weeks_lead_is_ordered_eight_weeks_before() -> None:
    assert order_by(MONDAY, 8) == date(2026, 11, 9)


def test_notice_of_thirteen_weeks_is_given_a_quarter_before_the_robot_leaves() -> None:
    assert notice_by(MONDAY, 13) == date(2026, 10, 5)


def test_a_lot_in_its_minimum_term_ends_with_it() -> None:
    assert period_end(start=3, min_term_weeks=8, renewal_weeks=2, week=6) == 11


def test_after_the_minimum_term_a_lot_ends_with_a_renewal() -> None:
    # on rent from week 1 for 4 weeks, then 2 by 2: 5, 7, 9 …
    assert [period_end(1, 4, 2, week) for week in (4, 5, 6, 7, 8)] == [5, 5, 7, 7, 9]


def test_ordering_commits_to_the_minimum_term_and_both_journeys() -> None:
    assert committed_cost(2, 100.0, 4, 60.0, 40.0) == 2 * (400 + 100)


def test_half_the_rent_beyond_the_horizon_is_charged_when_half_is_useful_anyway() -> None:
    assert tail_cost(2, 100.0, end=28, horizon_weeks=26, tail_use=0.5) == 200.0
    assert tail_cost(2, 100.0, end=26, horizon_weeks=26, tail_use=0.5) == 0.0


@given(start=st.integers(0, 30), term=st.integers(1, 52), renewal=st.integers(1, 26), week=st.integers(0, 60))
def test_a_period_never_ends_before_the_week_nor_a_renewal_too_late(
    start: int, term: int, renewal: int, week: int
) -> None:
    end = period_end(start, term, renewal, week)
    assert end >= max(week, start + term)
    assert end == start + term or end - renewal < week
