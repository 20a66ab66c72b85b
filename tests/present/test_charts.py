"""What all charts share."""

import json

import polars as pl
import pytest

from planning.present.charts import MOST_MARKS, check_marks, week_axis, with_week_names, word
from planning.present.colours import DARK, LIGHT, palette
from tests.builders.plans import week


def test_as_many_marks_as_a_browser_draws_at_ease_and_no_more() -> None:
    check_marks(MOST_MARKS)
    with pytest.raises(ValueError, match="2001 marks; aggregate"):
        check_marks(MOST_MARKS + 1)


def test_weeks_are_text_that_sorts_over_the_turn_of_the_year() -> None:
    """A date would be drawn in the reader's time zone, and slip into the week before."""
    frame = with_week_names(pl.DataFrame({"week": [week(0), week(6)]}))
    assert frame["iso_week"].to_list() == ["2026-W48", "2027-W01"]
    assert frame["monday"].to_list() == ["Mon 23 Nov 2026", "Mon 04 Jan 2027"]
    assert week_axis().to_dict()["type"] == "ordinal"


def test_a_word_stands_in_the_chart_in_its_colour() -> None:
    chart = json.loads(word("Needed", 40, LIGHT.confirmed).to_json())
    assert chart["mark"]["color"] == LIGHT.confirmed
    assert chart["encoding"]["x"] == {"value": 40}


def test_a_page_without_a_known_theme_is_light() -> None:
    assert palette(None) is LIGHT
    assert palette("dark") is DARK
