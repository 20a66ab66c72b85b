"""Charts of a plan keep the fixed meanings of colours and stay small enough for a browser."""

import itertools
import json
from typing import Any

import polars as pl
import pytest

from planning.domain.plan import Plan
from planning.present.charts import MOST_MARKS
from planning.present.colours import DARK, LATE, LIGHT, Palette
from planning.present.plan_charts import load_chart, production_chart
from planning.present.plan_tables import production_by_week, robot_load
from planning.present.view import Choice
from tests.builders.plans import FACTORIES, WEEKS, a_network, a_plan, export_frame, week

HEX_DIGITS = 2


def load_of(models: int, used: float = 30.0, overtime: float = 0.0) -> pl.DataFrame:
    plan = a_plan()
    hours = export_frame(
        "hours",
        [
            {
                "factory": factory,
                "robot_model": f"model {model}",
                "week": week(at),
                "attended_available": 40.0,
                "unattended_available": 20.0,
                "attended_used": used,
                "unattended_used": 0.0,
                "overtime_used": overtime,
            }
            for factory, model, at in itertools.product(FACTORIES, range(models), range(WEEKS))
        ],
    )
    return robot_load(Plan(dict(plan.tables) | {"hours": hours}, plan.summary), a_network(), Choice())


def layers(chart: Any) -> list[dict[str, Any]]:
    return list(json.loads(chart.to_json())["layer"])


def lightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[at : at + HEX_DIGITS], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_confirmed_is_solid_and_expected_is_dashed(colours: Palette) -> None:
    chart = layers(production_chart(production_by_week(a_plan(), Choice()), colours))
    bars = [layer["mark"] for layer in chart if layer["mark"]["type"] == "bar"]
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


def test_a_full_week_is_told_in_its_cell_and_overtime_has_an_edge() -> None:
    drawn = layers(load_chart(load_of(1, used=60.0, overtime=3.0), LIGHT))
    shades, edges, numbers, _ = drawn
    assert [layer["mark"]["type"] for layer in drawn] == ["rect", "rect", "text", "text"]
    assert edges["transform"] == [{"filter": "datum.beyond"}]
    assert edges["encoding"]["stroke"] == numbers["encoding"]["color"], "an edge stands out like its number"
    assert numbers["encoding"]["text"]["field"] == "number"
    titles = [one["title"] for one in shades["encoding"]["tooltip"]]
    assert {"Hours used", "Hours available", "Of them overtime"} <= set(titles)


def test_every_row_keeps_its_height_however_few_there_are() -> None:
    few, many = (json.loads(load_chart(load_of(models), LIGHT).to_json())["height"] for models in (1, 4))
    rows = len(FACTORIES) * 3
    assert (many - few) / rows >= 20
    assert few > 20 * len(FACTORIES) + 40, "weeks and words need their place as well"


def test_cells_without_robots_stay_empty() -> None:
    load = load_of(1)
    gone = load.with_columns(
        pl.when(pl.col("week") == week(4)).then(0.0).otherwise(pl.col(name)).alias(name)
        for name in ("used", "available")
    )
    data = max(json.loads(load_chart(gone, LIGHT).to_json())["datasets"].values(), key=len)
    assert len(data) == load.height - len(FACTORIES)


def test_numbers_leave_before_the_chart_has_too_many_marks() -> None:
    marked = layers(load_chart(load_of(9), LIGHT))
    assert [layer["mark"]["type"] for layer in marked].count("text") == 2
    bare = layers(load_chart(load_of(12), LIGHT))
    assert [layer["mark"]["type"] for layer in bare].count("text") == 1
    with pytest.raises(ValueError, match="aggregate"):
        load_chart(load_of(20), LIGHT)


@pytest.mark.parametrize(("colours", "rises"), [(LIGHT, False), (DARK, True)])
def test_load_reads_without_colour_too(colours: Palette, rises: bool) -> None:
    """The ramp gets lighter, or darker, all the way: that is what a colour-blind reader sees of it."""
    steps = [lightness(colour) for colour in colours.ramp.colours]
    assert steps == sorted(steps, reverse=not rises)
    assert LATE not in colours.ramp.colours


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_numbers_in_cells_stand_out_from_them(colours: Palette) -> None:
    ramp = colours.ramp
    for at, colour in enumerate(ramp.colours):
        ink = ramp.on_strong if at / (len(ramp.colours) - 1) >= ramp.turns_at else ramp.on_weak
        darker, lighter = sorted((lightness(colour), lightness(ink)))
        assert (lighter + 0.05) / (darker + 0.05) >= 3.5, colour
