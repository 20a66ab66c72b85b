"""Changes of a scenario come back from JSON as they were said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain import scenario as say
from planning.domain.scenario import Change, DealConfirmed, DemandScaled, RowChange, as_json, from_json

TEXTS = st.text(min_size=1, max_size=20)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
NUMBERS = st.floats(0, 1e9)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(DemandScaled, st.floats(-1, 5), TEXTS, TEXTS, TEXTS, st.none() | DAYS, st.none() | DAYS),
    st.builds(DealConfirmed, TEXTS, TEXTS, st.none() | NUMBERS, st.none() | DAYS),
    st.builds(say.lose_deal, TEXTS),
    st.builds(say.move_deal, TEXTS, DAYS),
    st.builds(say.resize_deal, TEXTS, NUMBERS),
    st.builds(say.own_robots, TEXTS, TEXTS, st.integers(0, 1000)),
    st.builds(say.change_week, TEXTS, DAYS, st.none() | TEXTS, attended_hours=st.none() | NUMBERS),
    st.builds(say.change_offer, TEXTS, weekly_rate=NUMBERS, factory=st.none() | TEXTS),
    st.builds(say.run_campaign, TEXTS, TEXTS, product=TEXTS, start_date=DAYS, end_date=DAYS),
    st.builds(say.change_setting, TEXTS, TEXTS),
)


@given(CHANGES)
def test_a_change_comes_back_from_json_as_it_was(change: Change) -> None:
    assert from_json(as_json(change)) == change
    assert as_json(from_json(as_json(change))) == as_json(change)


def test_a_change_of_a_column_that_is_not_there_is_the_programmers_fault() -> None:
    with pytest.raises(ValueError, match="not of offers"):
        RowChange("offers", {"offer": "FLEX"}, {"colour": "red"})
    with pytest.raises(ValueError, match="not of owned"):
        RowChange("owned", {"factory": "leeds"}, {"units": 3})
