"""Charts of the fleet: robots there and needed by week, and the map of spare and short robots."""

from dataclasses import dataclass

import altair as alt
import polars as pl

from planning.present.charts import check_marks, layered, week_axis, with_week_names, word
from planning.present.colours import DARK, Palette

ROW_PIXELS = 22
AXIS_PIXELS = 44
#: Narrower cells (on a phone) have no room for their number.
ROOM_FOR_A_NUMBER = 22
HEIGHT = 190


@dataclass(frozen=True)
class Hues:
    """Two hues told apart whatever the colour vision (ColorBrewer PiYG), what is between them, the page."""

    short: str
    even: str
    spare: str
    page: str


_LIGHT = Hues(short="#DE77AE", even="#F3F5F6", spare="#8CC152", page="#FFFFFF")
_DARK = Hues(short="#8E2A66", even="#1C2A33", spare="#3F7020", page="#0D171E")


def robots_chart(by_week: pl.DataFrame, palette: Palette, top: float) -> alt.LayerChart:
    """Robots a week at one factory: owned grey, on contract violet, newly rented violet with an open face.

    Robots needed are a line across each week's bar.

    Parameters
    ----------
    by_week : week, owned, contract, offer, needed, as `robot_weeks.by_factory` returns it.
    top : most robots of the axis, the same for factories that are to be compared.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    check_marks(5 * by_week.height)
    frame = with_week_names(by_week).with_columns(
        rented_to=pl.col("owned") + pl.col("contract"),
        there=pl.col("owned") + pl.col("contract") + pl.col("offer"),
    )
    base = alt.Chart(frame).encode(x=week_axis(), tooltip=_robots_tooltip())
    layers = (
        base.mark_bar(color=palette.owned).encode(y=_robots("owned", top)),
        base.mark_bar(color=palette.rented).encode(y=_robots("owned", top), y2=alt.Y2("rented_to:Q")),
        base.mark_bar(color=palette.rented, fillOpacity=0.25, stroke=palette.rented, strokeWidth=1)
        .transform_filter("datum.offer > 0")
        .encode(y=_robots("rented_to", top), y2=alt.Y2("there:Q")),
        # Seen on every bar: the line has an edge of the page's own colour.
        base.mark_tick(color=_hues(palette).page, thickness=5, width={"band": 1.0}).encode(
            y=_robots("needed", top)
        ),
        base.mark_tick(color=palette.text, thickness=2, width={"band": 1.0}).encode(y=_robots("needed", top)),
        word("Owned", 0, palette.owned),
        word("On contract", 48, palette.rented),
        word("New, light", 124, palette.rented),
        word("Needed, line", 188, palette.text),
    )
    return layered(layers, HEIGHT, palette)


def _robots(column: str, top: float) -> alt.Y:
    axis = alt.Axis(title="Robots", format="d", tickMinStep=1, tickCount=4)
    return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(domain=[0, max(1.0, top)], nice=4))


def _robots_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("owned:Q", title="Owned"),
        alt.Tooltip("contract:Q", title="On contract"),
        alt.Tooltip("offer:Q", title="New rentals"),
        alt.Tooltip("needed:Q", title="Needed", format=".1f"),
    ]


def surplus_map(cells: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Spare (+) and short (−) robots: a row for each factory and robot model, a column for each week.

    Parameters
    ----------
    cells : week, row, rank, factory_name, robot, there, needed, surplus, overtime of `robot_weeks.map_rows`.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    check_marks(2 * cells.height)
    weeks = max(1, cells["week"].n_unique())
    rows = cells.select("row", "rank").unique().sort("rank")["row"].to_list()
    frame = with_week_names(
        cells.filter(pl.col("surplus").is_not_null()).select(
            "week", "row", "factory_name", "robot", "there", "needed", "surplus", "overtime", said=_said()
        )
    )
    hues = _hues(palette)
    # Half a robot short is as much a matter as one or more to spare.
    short, spare = frame.select(
        short=pl.col("surplus").min().clip(None, -0.5), spare=pl.col("surplus").max().clip(1.0)
    ).row(0)
    colour = alt.Color(
        "surplus:Q",
        legend=None,
        scale=alt.Scale(
            domain=[short, 0, spare],
            range=[hues.short, hues.even, hues.spare],
            # Through other colour spaces the way from grey to a hue leads over a third one.
            interpolate="rgb",
        ),
    )
    names = alt.Axis(labelLimit=150, ticks=False, domain=False)
    base = alt.Chart(frame).encode(
        x=week_axis(), y=alt.Y("row:N", sort=rows, title=None, axis=names), tooltip=_surplus_tooltip()
    )
    room = alt.expr(f"width / {weeks} > {ROOM_FOR_A_NUMBER} ? 11 : 0")
    layers = (
        base.mark_rect().encode(color=colour),
        base.mark_text(color=palette.text, fontSize=room).encode(text=alt.Text("said:N")),
    )
    return layered(layers, ROW_PIXELS * len(rows) + AXIS_PIXELS, palette)


def _hues(palette: Palette) -> Hues:
    return _DARK if palette is DARK else _LIGHT


def _said() -> pl.Expr:
    """The number in a cell: +0.7, −0.2; nothing where it would be 0.0."""
    tenths = pl.col("surplus").round(1)
    size = tenths.abs().cast(pl.String)
    return pl.when(tenths > 0).then("+" + size).when(tenths < 0).then("−" + size).otherwise(pl.lit(""))


def _surplus_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("factory_name:N", title="Factory"),
        alt.Tooltip("robot:N", title="Robot"),
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("there:Q", title="Robots there"),
        alt.Tooltip("needed:Q", title="Needed", format=".2f"),
        alt.Tooltip("overtime:Q", title="Overtime (hours)", format=",.1f"),
    ]
