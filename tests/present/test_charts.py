"""Charts keep the fixed meanings of colours and stay small enough for a browser."""

import json

import polars as pl
import pytest

from planning.present.charts import MOST_MARKS
from planning.present.plan_charts import production_chart
from planning.present.colours import DARK, LIGHT, palette
from planning.present.plan_tables import production_by_week
from planning.present.view import Choice
from tests.builders.plans import a_plan


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_confirmed_is_solid_and_expected_is_dashed(colours: object) -> None:
    chart = json.loads(production_chart(production_by_week(a_plan(), Choice()), colours).to_json())
    bars = [layer["mark"] for layer in chart["layer"] if layer["mark"]["type"] == "bar"]
    assert [bar["color"] for bar in bars] == [colours.confirmed, colours.expected]
    assert ["strokeDash" in bar for bar in bars] == [False, True]


def test_lines_are_named_in_the_chart_itself() -> None:
    chart = production_chart(production_by_week(a_plan(), Choice()), LIGHT).to_json()
    assert "Confirmed, solid" in chart
    assert "Expected, dashed" in chart
    assert '"legend": {' not in chart


def test_two_years_with_the_same_week_number_stay_apart() -> None:
    frame = production_by_week(a_plan(), Choice())
    doubled = pl.concat([frame, frame.with_columns(pl.col("week").dt.offset_by("52w"))])
    data = json.loads(production_chart(doubled, LIGHT).to_json())["datasets"]
    weeks = max(data.values(), key=len)
    assert len({row["iso_week"] for row in weeks}) == doubled.height


def test_too_many_marks_are_refused() -> None:
    weeks = pl.date_range(pl.date(2026, 1, 5), pl.date(2060, 1, 5), "1w", eager=True)
    frame = pl.DataFrame({"week": weeks, "confirmed": 1.0, "expected": 1.0})
    assert 2 * frame.height > MOST_MARKS
    with pytest.raises(ValueError, match="aggregate"):
        production_chart(frame, LIGHT)


def test_a_page_without_a_known_theme_is_light() -> None:
    assert palette(None) is LIGHT
    assert palette("dark") is DARK
