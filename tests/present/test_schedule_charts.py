"""The Gantt draws every job once, on its robot, at its time, wherever the reader is."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.plan import Plan
from planning.present import schedule_charts as charts
from planning.present.charts import MOST_MARKS
from planning.present.colours import DARK, LATE, LIGHT, Palette
from planning.present.schedule_jobs import jobs
from planning.present.view import Choice
from tests.builders.plans import week
from tests.builders.schedules import a_job, a_network_with_shifts, a_scheduled_plan

ALL = Choice()


def drawn(plan: Plan, colours: Palette = LIGHT) -> dict[str, Any]:
    """The chart of the plan's first week, as the browser gets it."""
    of_week = jobs(plan, a_network_with_shifts(), ALL, week(0))
    attended = charts.attended_hours(plan, a_network_with_shifts(), of_week)
    return json.loads(charts.gantt(of_week, attended, [week(0)], "Europe/Lisbon", colours).to_json())


def marks(chart: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    layer = next(layer for layer in chart["layer"] if layer["mark"]["type"] == kind)
    return chart["datasets"][layer["data"]["name"]]


def at(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)


def test_a_bar_lasts_from_start_to_end_by_the_plans_own_clock() -> None:
    """Handed over as numbers on a UTC scale: text would be read in the time zone of the reader's browser."""
    bars = {bar["number"]: bar for bar in marks(drawn(a_scheduled_plan()), "bar")}
    assert (at(bars[0]["from"]), at(bars[0]["to"])) == (
        datetime(2026, 11, 23, 6),
        datetime(2026, 11, 23, 14),
    )
    assert bars[0]["start"] == "Mon 23 Nov 06:00"
    scale = drawn(a_scheduled_plan())["layer"][1]["encoding"]["x"]["scale"]
    assert scale["type"] == "utc"
    assert [at(end) for end in scale["domain"]] == [datetime(2026, 11, 23), datetime(2026, 11, 30)]


def test_robots_are_rows_in_order_of_factory_model_and_number() -> None:
    rows = drawn(a_scheduled_plan())["layer"][1]["encoding"]["y"]["sort"]
    assert rows == ["Leeds · fdm_xl 1", "Leeds · fdm_xl 2", "Porto · fdm_xl 1"]


def test_the_tenth_robot_stands_after_the_ninth() -> None:
    plan = a_scheduled_plan(*(a_job(robot, "F1", robot, 6, 8) for robot in (10, 9, 1)))
    of_week = jobs(plan, None, ALL, None)
    assert charts.groups_of_robots(of_week) == [("F1 · fdm_xl 1", "F1 · fdm_xl 9", "F1 · fdm_xl 10")]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_late_jobs_have_the_colour_a_flag_and_the_word(colours: Palette) -> None:
    chart = drawn(a_scheduled_plan(), colours)
    late = {bar["number"] for bar in marks(chart, "bar") if bar["colour"] == LATE}
    assert late == {4, 5}
    assert len(marks(chart, "point")) == len(late)
    assert "▼ Late" in json.dumps(chart, ensure_ascii=False)
    assert {bar["colour"] for bar in marks(chart, "bar")} == {LATE, colours.confirmed, colours.expected}


def test_what_no_order_asks_for_is_dashed_and_pale_as_expected_demand_is_everywhere() -> None:
    chart = drawn(a_scheduled_plan())
    bars = marks(chart, "bar")
    expected = {bar["number"]: bar for bar in bars if bar["expected"]}
    assert list(expected) == [1, 2], "the second of them runs unattended"
    assert (expected[1]["colour"], expected[1]["opacity"]) == (LIGHT.expected, 0.45)
    dash = chart["layer"][1]["encoding"]["strokeDash"]
    assert (dash["condition"]["test"], dash["value"]) == ("datum.expected", [])
    assert "Expected, dashed" in json.dumps(chart)


def test_a_schedule_without_late_jobs_does_not_say_the_word() -> None:
    chart = drawn(a_scheduled_plan(a_job(1, "F1", 1, 6, 8)))
    assert "▼ Late" not in json.dumps(chart, ensure_ascii=False)


def test_unattended_jobs_are_outlined_and_named_so() -> None:
    chart = drawn(a_scheduled_plan())
    bars = {bar["number"]: bar for bar in marks(chart, "bar")}
    assert [number for number, bar in bars.items() if bar["unattended"]] == [2]
    assert bars[2]["opacity"] < 0.2 < min(bar["opacity"] for number, bar in bars.items() if number != 2)
    assert "Unattended, outlined" in json.dumps(chart)


def test_hours_with_people_there_are_shaded_and_the_axis_says_so() -> None:
    """Porto has 40 hours in five shifts from 06:00; each of Leeds' two robots has five of 16."""
    chart = drawn(a_scheduled_plan())
    shades = [(shade["where"], at(shade["from"]), at(shade["to"])) for shade in marks(chart, "rect")]
    assert len(shades) == len(set(shades)) == 15
    assert ("Porto · fdm_xl 1", datetime(2026, 11, 27, 6), datetime(2026, 11, 27, 14)) in shades
    assert "Shaded: people are there" in json.dumps(chart)


def test_status_hours_and_lateness_are_told_of_each_bar() -> None:
    told = {bar["number"]: bar for bar in marks(drawn(a_scheduled_plan()), "bar")}
    assert (told[4]["status"], told[4]["hours"], told[4]["orders"]) == ("Pinned", "Attended", "Late")
    assert (told[0]["status"], told[2]["hours"]) == ("Started", "Unattended")
    assert told[1]["orders"] == "Expected demand"
    assert told[6]["hours"] == "Overtime"


def test_a_night_shift_into_the_next_monday_is_drawn_to_its_end() -> None:
    plan = a_scheduled_plan(a_job(1, "F1", 1, 6 * 24 + 22, 7 * 24 + 6, unattended=True))
    domain = drawn(plan)["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert at(domain[1]) == datetime(2026, 11, 30, 6)


def test_too_many_marks_are_refused() -> None:
    rows = [a_job(n, "F1", n, 6, 8) for n in range(MOST_MARKS + 1)]
    of_week = jobs(a_scheduled_plan(*rows), None, ALL, None)
    with pytest.raises(ValueError, match="marks"):
        charts.gantt(of_week, pl.DataFrame(), [week(0)], "UTC", LIGHT)


def test_shades_give_way_where_a_chart_would_have_too_many_marks() -> None:
    rows = [a_job(n, "F1", 1 + n % 40, n // 40, n // 40 + 1) for n in range(MOST_MARKS - 100)]
    chart = drawn(a_scheduled_plan(*rows))
    assert marks(chart, "rect") == []
    assert "Shaded" not in json.dumps(chart)


def test_a_robot_with_too_many_jobs_is_told_not_cut() -> None:
    rows = [a_job(n, "F1", 1, n / 60, (n + 1) / 60) for n in range(MOST_MARKS + 1)]
    of_week = jobs(a_scheduled_plan(*rows, a_job(9, "F1", 2, 6, 8)), None, ALL, None)
    assert charts.groups_of_robots(of_week) == [("F1 · fdm_xl 2",)]


@st.composite
def work_of_robots(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Jobs of many robots, on each one after another with gaps or without."""
    rows = []
    for robot in range(1, draw(st.integers(1, 60)) + 1):
        lengths = draw(st.lists(st.integers(1, 8), max_size=4))
        start = draw(st.integers(0, 6))
        for length in lengths:
            late = draw(st.booleans())
            rows.append(
                a_job(len(rows), "F1", robot, start, start + length, for_orders="SO-1042/1" if late else "")
            )
            start += length + draw(st.integers(0, 2))
    return rows or [a_job(0, "F1", 1, 6, 8)]


@settings(max_examples=12)
@given(rows=work_of_robots())
def test_every_job_is_drawn_once_and_bars_of_a_robot_never_overlap(rows: list[dict[str, Any]]) -> None:
    plan = a_scheduled_plan(*rows)
    network = a_network_with_shifts()
    of_week = jobs(plan, network, ALL, week(0))
    bars = []
    for robots in charts.groups_of_robots(of_week):
        part = charts.of_robots(of_week, robots)
        attended = charts.attended_hours(plan, network, part)
        chart = json.loads(charts.gantt(part, attended, [week(0)], "UTC", LIGHT).to_json())
        assert sum(len(rows) for rows in chart["datasets"].values()) <= MOST_MARKS + 3
        assert len(robots) <= charts.MOST_ROBOTS
        bars += marks(chart, "bar")
    assert sorted(bar["number"] for bar in bars) == list(range(len(rows)))
    bars.sort(key=lambda bar: (bar["where"], bar["from"]))
    for before, after in pairwise(bars):
        assert before["where"] != after["where"] or before["to"] <= after["from"]
