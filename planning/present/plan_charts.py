"""Charts of a plan: what is made each week, and how full the robots are."""

import altair as alt
import polars as pl

from planning.present.charts import MOST_MARKS, check_marks, layered, week_axis, with_week_names, word
from planning.present.colours import Palette

ROW_PIXELS = 22
#: The weeks below the rows, the words above them; a page fits all of it into the height.
AROUND_PIXELS = 64
#: Narrower cells than this have no room for their number.
NUMBER_PIXELS = 26


def production_chart(by_week: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Good units a week: confirmed as solid bars, expected on top of them with a dashed edge.

    Parameters
    ----------
    by_week : week, confirmed, expected, as `plan_tables.production_by_week` returns it.
    palette : colours of the theme it is shown in.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    check_marks(2 * by_week.height)
    frame = with_week_names(by_week).with_columns(total=pl.col("confirmed") + pl.col("expected"))
    told = [
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("confirmed:Q", title="For confirmed orders (units)", format=",.0f"),
        alt.Tooltip("expected:Q", title="For expected demand (units)", format=",.0f"),
    ]
    base = alt.Chart(frame).encode(x=week_axis(), tooltip=told)
    units = alt.Axis(title="Good units a week", format=",.0f", tickCount=5)
    confirmed = base.mark_bar(color=palette.confirmed).encode(y=alt.Y("confirmed:Q", axis=units))
    expected = base.mark_bar(
        color=palette.expected, fillOpacity=0.2, stroke=palette.expected, strokeWidth=1, strokeDash=[3, 2]
    ).encode(y=alt.Y("confirmed:Q", axis=units), y2=alt.Y2("total:Q"))
    words = (
        word("Confirmed, solid", 0, palette.confirmed),
        word("Expected, dashed", 120, palette.expected),
    )
    return layered([confirmed, expected, *words], 220, palette)


def load_chart(load: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """How full robots are: a row for each, a cell for each week, the fuller the stronger its colour.

    What needs overtime has an edge. Cells tell their load in per cent where there is room.

    Parameters
    ----------
    load : row, where, robot, week, used, available, overtime, load, as `plan_tables.robot_load` or
        `plan_tables.drawable_load` returns it.
    palette : colours of the theme it is shown in.

    Raises
    ------
    ValueError
        More cells than a browser draws at ease.
    """
    cells = with_week_names(load.filter((pl.col("available") > 0) | (pl.col("used") > 0)))
    edges = int((cells["overtime"] > 0).sum())
    check_marks(cells.height + edges)
    weeks = cells["iso_week"].n_unique()
    shade = pl.col("load").fill_null(1.0).clip(0.0, 1.0)
    percent = pl.format("{} %", (100 * pl.col("load")).round(1)).fill_null("overtime only")
    cells = cells.with_columns(
        shade=shade,
        percent=percent,
        number=(100 * pl.col("load")).round().cast(pl.Int64).cast(pl.String).fill_null("OT"),
        strong=shade >= palette.ramp.turns_at,
        beyond=pl.col("overtime") > 0,
    )
    base = alt.Chart(cells).encode(
        x=week_axis(), y=alt.Y("row:N", title=None, sort=None, axis=alt.Axis(labelFlush=False))
    )
    colour = alt.Color(
        "shade:Q", scale=alt.Scale(domain=[0, 1], range=list(palette.ramp.colours), clamp=True), legend=None
    )
    strong = {"test": "datum.strong", "value": palette.ramp.on_strong}
    stroke = alt.StrokeValue(palette.ramp.on_weak, condition=strong)
    ink = alt.ColorValue(palette.ramp.on_weak, condition=strong)
    layers = [
        base.mark_rect().encode(color=colour, tooltip=_load_told()),
        base.transform_filter("datum.beyond")
        .mark_rect(fillOpacity=0, strokeWidth=2, tooltip=None)
        .encode(stroke=stroke),
    ]
    if 2 * cells.height + edges <= MOST_MARKS:
        room = alt.ExprRef(f"width / {max(1, weeks)} > {NUMBER_PIXELS} ? 1 : 0")
        numbers = base.mark_text(fontSize=11, opacity=room, tooltip=None)
        layers.append(numbers.encode(text=alt.Text("number:N"), color=ink))
    words = word("Hours in use (%). Edged: overtime.", 0, palette.text)
    height = ROW_PIXELS * max(1, cells["row"].n_unique()) + AROUND_PIXELS
    return layered([*layers, words], height, palette)


def _load_told() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("where:N", title="Factory"),
        alt.Tooltip("robot:N", title="Robot"),
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("percent:N", title="In use"),
        alt.Tooltip("used:Q", title="Hours used", format=",.1f"),
        alt.Tooltip("available:Q", title="Hours available", format=",.1f"),
        alt.Tooltip("overtime:Q", title="Of them overtime", format=",.1f"),
    ]
