"""The forecast's chart: sure is solid, expected is dashed, weeks and campaigns stand where they belong."""

import json
from typing import Any

import polars as pl
import pytest

from planning.present import forecast_tables as tables
from planning.present.charts import MOST_MARKS
from planning.present.colours import DARK, LATE, LIGHT, Palette
from planning.present.forecast_charts import demand_chart
from planning.present.view import Choice
from tests.builders.networks import week
from tests.builders.outlooks import an_outlook, drawn_weeks

OUTLOOK = an_outlook()
FOUND = tables.records(OUTLOOK.network, OUTLOOK.netted, None)
ONE = Choice(products=["P"], markets=["M"]).of(FOUND)


def drawn(shown: pl.DataFrame = ONE, palette: Palette = LIGHT, **changed: pl.DataFrame) -> dict[str, Any]:
    """The chart as the browser gets it."""
    by_week = drawn_weeks(OUTLOOK, shown)
    parts: dict[str, Any] = {
        "by_week": by_week,
        "campaigns": tables.campaigns(OUTLOOK.network, shown, by_week["week"][0]),
        "overrides": tables.overrides(OUTLOOK.network, shown, OUTLOOK.without_overrides).frame,
    } | changed
    chart: dict[str, Any] = json.loads(demand_chart(**parts, start_week=week(0), palette=palette).to_json())
    return chart


def layer(chart: dict[str, Any], field: str) -> dict[str, Any]:
    """The layer whose height is this field."""
    found = (part for part in chart["layer"] if part["encoding"].get("y", {}).get("field") == field)
    return next(part for part in found)


def rows(chart: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart["datasets"][part["data"]["name"]]
    return found


def weeks(chart: dict[str, Any]) -> dict[str, Any]:
    """The one scale and axis of weeks all layers share."""
    said = [part["encoding"]["x"] for part in chart["layer"] if part["encoding"]["x"].get("scale")]
    assert len(said) == 1
    found: dict[str, Any] = said[0]
    return found


def words(chart: dict[str, Any]) -> set[str]:
    """Every word written into the plot."""
    said = set()
    for part in chart["layer"]:
        text = part["encoding"].get("text", {})
        said |= {text["value"]} if "value" in text else set()
        said |= {row[text["field"]] for row in rows(chart, part)} if "field" in text else set()
    return said


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_what_is_sure_is_solid_teal_and_what_is_expected_dashed_amber(palette: Palette) -> None:
    chart = drawn(palette=palette)
    demand, orders = layer(chart, "demand")["mark"], layer(chart, "confirmed")["mark"]
    assert (demand["type"], demand["color"], "strokeDash" in demand) == ("line", palette.confirmed, False)
    assert (orders["type"], orders["color"]) == ("bar", palette.confirmed)
    mean, band = layer(chart, "forecast")["mark"], layer(chart, "p10")["mark"]
    assert (mean["type"], mean["color"]) == ("line", palette.expected)
    assert mean["strokeDash"]
    assert (band["type"], band["color"]) == ("area", palette.expected)
    assert layer(chart, "p10")["encoding"]["y2"]["field"] == "p90"
    assert LATE not in json.dumps(chart)


def test_lines_are_named_in_the_chart_itself() -> None:
    chart = drawn()
    assert words(chart) >= {
        "Demand so far, solid",
        "Forecast, dashed",
        "P10 to P90, band",
        "Orders in hand, bars",
        "Plan starts",
        "Override",
    }
    assert '"legend": {' not in json.dumps(chart)


def test_without_a_band_none_is_drawn_nor_named() -> None:
    bare = drawn_weeks(OUTLOOK, FOUND).with_columns(pl.lit(None, pl.Float64).alias(q) for q in ("p10", "p90"))
    none = pl.DataFrame(schema={"week": pl.Date, "quantity": pl.Float64})
    assert any(part["mark"]["type"] == "area" for part in drawn(FOUND, overrides=none)["layer"])
    chart = drawn(FOUND, by_week=bare, overrides=none)
    assert not any(part["mark"]["type"] == "area" for part in chart["layer"])
    assert "P10 to P90, band" not in words(chart)
    assert "Override" not in words(chart)


def test_past_and_planned_campaigns_are_shaded_and_named() -> None:
    chart = drawn()
    shades = next(part for part in chart["layer"] if part["encoding"].get("x2"))
    assert shades["encoding"]["stroke"]["field"] == "edge"
    assert {(row["campaign"], row["first"], row["last"], row["edge"]) for row in rows(chart, shades)} == {
        ("SPRING", "2026-W19", "2026-W21", "transparent"),
        ("WINTER", "2026-W52", "2026-W53", LIGHT.text),
    }
    assert {"SPRING", "WINTER"} <= words(chart)


def test_a_week_tells_what_it_holds_and_the_campaigns_that_run() -> None:
    chart = drawn()
    columns = [
        part for part in chart["layer"] if part["mark"]["type"] == "rect" and "tooltip" in part["encoding"]
    ]
    told = [[field["title"] for field in part["encoding"]["tooltip"]] for part in columns]
    assert told == [
        ["Week of", "Demand (units)", "Campaigns"],
        [
            "Week of",
            "Orders in hand (units)",
            "Forecast, mean (units)",
            "P10 (units)",
            "P90 (units)",
            "Campaigns",
        ],
    ]
    running = {row["iso_week"]: row["running"] for part in columns for row in rows(chart, part)}
    assert running["2026-W20"] == "SPRING (deal, price)"
    assert (running["2026-W51"], running["2026-W52"]) == ("none", "WINTER (event)")


def test_names_of_campaigns_do_not_stand_on_one_another() -> None:
    campaigns = pl.DataFrame(
        [
            {
                "campaign": f"CAMPAIGN-{k}",
                "start_date": week(-20 + k),
                "end_date": week(-20 + k, 7),
                "channels": "deal",
                "start_week": week(-20 + k),
                "end_week": week(-20 + k),
                "planned": k == 9,
            }
            for k in range(10)
        ]
    )
    chart = drawn(campaigns=campaigns)
    named = [
        (row["lane"], row["campaign"])
        for part in chart["layer"]
        if part["encoding"].get("text", {}).get("field") == "campaign"
        for row in rows(chart, part)
    ]
    lanes = [lane for lane, _ in named]
    assert len(lanes) == len(set(lanes)) < 10, "weeks apart there is room for one name a lane"
    assert "CAMPAIGN-9" in {name for _, name in named}, "what is planned finds its room first"


def test_weeks_are_text_in_order_with_none_left_out() -> None:
    axis = weeks(drawn())
    domain = axis["scale"]["domain"]
    assert len(domain) == 66
    assert (domain[0], domain[60], domain[-1]) == ("2025-W41", "2026-W49", "2027-W01")
    assert len(axis["axis"]["values"]) <= 14


def test_names_above_find_room_over_the_highest_week() -> None:
    top = layer(drawn(), "forecast")["encoding"]["y"]["scale"]["domain"][1]
    assert top > 1.1 * 26, "P90 of the override is 26"


def test_the_axis_says_units() -> None:
    assert layer(drawn(), "forecast")["encoding"]["y"]["axis"]["title"] == "Units a week, by due week"


def test_a_series_without_history_is_drawn_from_the_plan_on() -> None:
    chart = drawn(Choice(products=["Q"], markets=["N"]).of(FOUND))
    assert weeks(chart)["scale"]["domain"][0] == "2026-W49"


def test_too_many_marks_are_refused() -> None:
    decade = pl.date_range(pl.date(2020, 1, 6), pl.date(2030, 1, 7), "1w", eager=True)
    by_week = pl.DataFrame({"week": decade}).with_columns(
        pl.lit(1.0).alias(name) for name in ("demand", "forecast", "p10", "p90", "confirmed")
    )
    assert 4 * by_week.height > MOST_MARKS
    with pytest.raises(ValueError, match="aggregate"):
        drawn(by_week=by_week)
