"""Owned is grey, rented violet, spare and short are told by sign as well as by hue."""

import json
from typing import Any

import polars as pl
import pytest

from planning.present import robot_weeks
from planning.present.charts import MOST_MARKS
from planning.present.colours import DARK, LATE, LIGHT, Palette
from planning.present.fleet_charts import robots_chart, surplus_map
from planning.present.view import Choice
from tests.builders.fleets import Cell, a_fleet
from tests.builders.plans import START, a_network

CELLS = (
    Cell(1, 1, 1, attended_work=80.0),
    Cell(2, attended_work=80.0, overtime=8.0, factory="F2"),
    Cell(1, attended_work=40.0, factory="F2", t=1),
)


def cells() -> pl.DataFrame:
    return robot_weeks.robot_weeks(a_fleet(*CELLS), a_network(), Choice())


def robots(palette: Palette = LIGHT) -> dict[str, Any]:
    by_week = robot_weeks.by_factory(cells(), a_fleet(*CELLS))["Leeds"]
    return json.loads(robots_chart(by_week, palette, 3.0).to_json())


def surplus(palette: Palette = LIGHT) -> dict[str, Any]:
    return json.loads(surplus_map(robot_weeks.map_rows(cells(), 9)[0], palette).to_json())


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_owned_is_grey_and_rented_violet_new_rentals_lighter(palette: Palette) -> None:
    marks = [layer["mark"] for layer in robots(palette)["layer"] if layer["mark"]["type"] == "bar"]
    assert [mark["color"] for mark in marks] == [palette.owned, palette.rented, palette.rented]
    assert [mark.get("fillOpacity", 1) < 1 for mark in marks] == [False, False, True]


def test_robots_are_named_in_the_chart_and_axes_say_what_they_count() -> None:
    chart = json.dumps(robots())
    for said in ("Owned", "On contract", "New, light", "Needed, line", '"title": "Robots"'):
        assert said in chart
    assert robots()["height"] > 0


def test_factories_beside_one_another_have_one_scale() -> None:
    domains = {json.dumps(layer["encoding"]["y"]["scale"]["domain"]) for layer in robots()["layer"][:3]}
    assert domains == {"[0, 3.0]"}


def shown_cells() -> dict[tuple[str, str], str]:
    data = max(surplus()["datasets"].values(), key=len)
    return {(row["row"], row["iso_week"]): row["said"] for row in data}


def test_cells_say_how_many_robots_are_spare_or_short() -> None:
    assert shown_cells() == {
        ("Leeds · fdm_xl", "2026-W48"): "+1.0",
        ("Gdańsk · fdm_xl", "2026-W48"): "−0.2",
        ("Gdańsk · fdm_xl", "2026-W49"): "",
    }


def test_weeks_without_hours_have_no_cell() -> None:
    closed = a_fleet(Cell(2), Cell(2, attended=0.0, t=1))
    rows, _ = robot_weeks.map_rows(robot_weeks.robot_weeks(closed, a_network(), Choice()), 9)
    data = json.loads(surplus_map(rows, LIGHT).to_json())["datasets"].values()
    assert [row["iso_week"] for row in max(data, key=len)] == ["2026-W48"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_short_and_spare_have_a_hue_each_around_even(palette: Palette) -> None:
    scale = surplus(palette)["layer"][0]["encoding"]["color"]["scale"]
    low, even, high = scale["domain"]
    assert (low, even, high) == (-0.5, 0, 1.0)
    assert len(set(scale["range"])) == 3
    assert LATE not in scale["range"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_numbers_can_be_read_on_every_cell(palette: Palette) -> None:
    colours = surplus(palette)["layer"][0]["encoding"]["color"]["scale"]["range"]
    assert min(contrast(palette.text, colour) for colour in colours) >= 4.5


def test_the_shortest_row_is_on_top() -> None:
    assert surplus()["layer"][0]["encoding"]["y"]["sort"] == ["Gdańsk · fdm_xl", "Leeds · fdm_xl"]


def test_too_many_marks_are_refused() -> None:
    weeks = pl.DataFrame({"week": pl.date_range(START, pl.date(2050, 1, 3), "1w", eager=True)})
    long = weeks.with_columns(owned=1, contract=0, offer=0, needed=1.0)
    assert 5 * long.height > MOST_MARKS
    with pytest.raises(ValueError, match="aggregate"):
        robots_chart(long, LIGHT, 1.0)
    rows, _ = robot_weeks.map_rows(cells(), 9)
    with pytest.raises(ValueError, match="aggregate"):
        surplus_map(pl.concat([rows] * MOST_MARKS), LIGHT)


def contrast(text: str, ground: str) -> float:
    """Contrast of two colours (WCAG 2.1, relative luminance)."""

    def light(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(text), light(ground)))
    return (bright + 0.05) / (dark + 0.05)
