"""The chart of a forecast: demand so far, what is expected and how sure, orders in hand, campaigns."""

from datetime import date
from typing import Literal

import altair as alt
import polars as pl

from planning.present.charts import check_marks, layered, with_week_names
from planning.present.colours import Palette

HEIGHT = 320

#: Of it the plot itself, about: the rest is axis and words.
PLOT_PIXELS = 230

#: Names of campaigns stand in lanes; what finds no room is named by the tooltip alone. Reckoned for the
#: narrowest plot, a phone's, and a letter of this width.
LANES, LANE_PIXELS, NARROWEST_PIXELS, LETTER_PIXELS = 4, 13, 270, 6.5

Side = Literal["left", "right"]

#: Weeks named on the axis at most.
NAMED_WEEKS = 14


def demand_chart(
    by_week: pl.DataFrame,
    campaigns: pl.DataFrame,
    overrides: pl.DataFrame,
    start_week: date,
    palette: Palette,
) -> alt.LayerChart:
    """Demand so far as a solid line, forecast as a dashed one with its band, orders in hand as solid bars.

    Parameters
    ----------
    by_week : week, demand, forecast, p10, p90, confirmed, as `forecast_tables.demand_by_week` returns it.
    campaigns : as `forecast_tables.campaigns` returns them, within those weeks.
    overrides : week and quantity, in units, of what stands in place of the model's forecast.
    start_week : the plan's first week.
    palette : colours of the theme it is shown in.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    drawn = by_week.select(pl.col("demand", "forecast", "p10", "confirmed").is_not_null().sum())
    check_marks(sum(drawn.row(0)) + by_week.height + 2 * campaigns.height + overrides.height)
    weeks = with_week_names(by_week.select("week"))["iso_week"].to_list()
    named = _in_lanes(campaigns, weeks)
    units = _units(by_week, overrides, lanes=1 + named["lane"].n_unique())
    band = by_week["p10"].is_not_null().any()
    layers = [
        *_campaigns(named, palette),
        *_plan_start(start_week, palette),
        *_demand(with_week_names(_with_campaigns(by_week, campaigns)), weeks, units, palette, band=band),
        *_overrides(overrides, palette),
        _words(palette, band=band),
    ]
    return layered(layers, HEIGHT, palette)


def _demand(
    frame: pl.DataFrame, weeks: list[str], units: alt.Y, palette: Palette, *, band: bool
) -> list[alt.Chart]:
    ahead = alt.Chart(frame.filter(pl.col("forecast").is_not_null())).encode(x=_week())
    past = alt.Chart(frame.filter(pl.col("demand").is_not_null())).encode(x=_week())
    # A column for each week, so that the whole height of it tells what the week holds.
    columns = (
        past.mark_rect(opacity=0, aria=False).encode(tooltip=_told("demand")),
        ahead.mark_rect(opacity=0, aria=False).encode(
            x=_weeks(weeks), tooltip=_told("confirmed", "forecast", *(("p10", "p90") if band else ()))
        ),
    )
    area = ahead.mark_area(color=palette.expected, opacity=0.2).encode(y=alt.Y("p10:Q"), y2=alt.Y2("p90:Q"))
    bars = ahead.mark_bar(color=palette.confirmed).encode(y=alt.Y("confirmed:Q"))
    line = past.mark_line(color=palette.confirmed, strokeWidth=1.5).encode(y=alt.Y("demand:Q"))
    mean = ahead.mark_line(color=palette.expected, strokeWidth=2.5, strokeDash=[5, 3]).encode(y=units)
    return [*([area] if band else []), bars, line, mean, *columns]


def _week(field: str = "iso_week", edge: float = 0.5) -> alt.X:
    """Where a week is, on the axis of `_weeks`; `edge` is where in it: 0 its beginning, 1 its end."""
    return alt.X(f"{field}:O", title=None, bandPosition=edge)


def _weeks(weeks: list[str]) -> alt.X:
    """Weeks from left to right; every so many are named, the first named one of a year with the year."""
    named = weeks[:: -(-len(weeks) // NAMED_WEEKS)]
    turns = [week for k, week in enumerate(named) if k == 0 or week[:4] != named[k - 1][:4]]
    year = f"indexof({turns}, datum.label) >= 0"
    axis = alt.Axis(
        values=named,
        labelExpr=f"{year} ? [slice(datum.label, 5), slice(datum.label, 0, 4)] : slice(datum.label, 5)",
        labelAngle=0,
        labelOverlap="greedy",
    )
    return alt.X("iso_week:O", title=None, axis=axis, scale=alt.Scale(domain=weeks))


def _units(by_week: pl.DataFrame, overrides: pl.DataFrame, lanes: int) -> alt.Y:
    """The forecast's units, from zero up to what is drawn, with room for so many lanes of names above it."""
    drawn = [by_week.select(pl.max_horizontal("demand", "forecast", "p90", "confirmed").max()).item()]
    drawn.append(overrides["quantity"].max())
    most = max((units for units in drawn if units is not None), default=0.0) or 1.0
    room = (LANE_PIXELS * lanes + 4) / PLOT_PIXELS
    scale = alt.Scale(domain=[0, most / (1 - room)], nice=False)
    form = ",.0f" if most >= 5 else "~g"
    axis = alt.Axis(title="Units a week, by due week", format=form, tickCount=5)
    return alt.Y("forecast:Q", axis=axis, scale=scale)


def _told(*fields: str) -> list[alt.Tooltip]:
    named = {
        "demand": "Demand (units)",
        "confirmed": "Orders in hand (units)",
        "forecast": "Forecast, mean (units)",
        "p10": "P10 (units)",
        "p90": "P90 (units)",
    }
    units = [alt.Tooltip(f"{field}:Q", title=named[field], format=",.1f") for field in fields]
    return [alt.Tooltip("monday:N", title="Week of"), *units, alt.Tooltip("running:N", title="Campaigns")]


def _with_campaigns(by_week: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    """The weeks with the campaigns that run in them and their channels, in words."""
    named = campaigns.select("start_week", "end_week", running=pl.format("{} ({})", "campaign", "channels"))
    running = by_week.select("week").join_where(
        named, pl.col("start_week") <= pl.col("week"), pl.col("end_week") >= pl.col("week")
    )
    words = running.group_by("week").agg(pl.col("running").sort().str.join(", "))
    return by_week.join(words, on="week", how="left", maintain_order="left").with_columns(
        pl.col("running").fill_null("none")
    )


def _plan_start(start_week: date, palette: Palette) -> list[alt.Chart]:
    base = alt.Chart(with_week_names(pl.DataFrame({"week": [start_week]}))).encode(x=_week(edge=0))
    rule = base.mark_rule(color=palette.text, opacity=0.6)
    text = base.mark_text(align="left", dx=4, color=palette.text, opacity=0.8)
    high = alt.YValue(8)  # type: ignore[no-untyped-call]
    return [rule, text.encode(y=high, text=alt.TextValue("Plan starts"))]


def _campaigns(named: pl.DataFrame, palette: Palette) -> list[alt.Chart]:
    """Shaded weeks under their campaign's name; those planned, or still running, have a dashed edge."""
    if named.is_empty():
        return []
    edge = pl.when("planned").then(pl.lit(palette.text)).otherwise(pl.lit("transparent"))
    shades = alt.Chart(named.with_columns(edge=edge)).mark_rect(
        fill=palette.text, fillOpacity=0.08, strokeOpacity=0.6, strokeDash=[2, 3]
    )
    layers = [
        shades.encode(
            x=_week("first", edge=0),
            x2=alt.X2("last:O", bandPosition=1),
            stroke=alt.Stroke("edge:N", scale=None, legend=None),
        )
    ]
    sides: tuple[tuple[Side, alt.X], ...] = (
        ("left", _week("first", edge=0)),
        ("right", _week("last", edge=1)),
    )
    for side, x in sides:
        campaigns = named.filter((pl.col("side") == side) & pl.col("lane").is_not_null())
        name = alt.Chart(campaigns).mark_text(align=side, fontSize=10, color=palette.text, opacity=0.8)
        placed = name.encode(x=x, y=alt.Y("y:Q", scale=None, axis=None), text=alt.Text("campaign:N"))
        layers += [placed] if not campaigns.is_empty() else []
    return layers


def _in_lanes(campaigns: pl.DataFrame, weeks: list[str]) -> pl.DataFrame:
    """Campaigns with first and last week, and the side, lane and height of their name.

    lane and y are null where there is no room for the name. What is planned finds its room first.
    """
    named = campaigns.with_columns(
        first=pl.col("start_week").dt.strftime("%G-W%V"),
        last=pl.col("end_week").dt.strftime("%G-W%V"),
    ).select("campaign", "planned", "first", "last")
    named = named.sort("planned", descending=True, maintain_order=True)
    pixels = NARROWEST_PIXELS / len(weeks)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LANES)]
    sides, lanes = [], []
    for name, first, last in named.select("campaign", "first", "last").iter_rows():
        width, x = LETTER_PIXELS * (len(name) + 1), pixels * weeks.index(first)
        left = x + width <= NARROWEST_PIXELS
        begins = x if left else pixels * (weeks.index(last) + 1) - width
        ends = begins + width
        room = (k for k in range(LANES) if all(ends <= b or begins >= e for b, e in taken[k]))
        lane = next(room, None)
        sides.append("left" if left else "right")
        lanes.append(lane)
        if lane is not None:
            taken[lane].append((begins, ends))
    placed = {"side": pl.Series(sides, dtype=pl.String), "lane": pl.Series(lanes, dtype=pl.Int64)}
    # The first lane is the plan's start's.
    return named.with_columns(**placed).with_columns(y=8.0 + LANE_PIXELS * (pl.col("lane") + 1))


def _overrides(overrides: pl.DataFrame, palette: Palette) -> list[alt.Chart]:
    if overrides.is_empty():
        return []
    told = [
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("quantity:Q", title="Override (units)", format=",.1f"),
    ]
    base = alt.Chart(with_week_names(overrides.select("week", "quantity")))
    base = base.encode(x=_week(), y=alt.Y("quantity:Q"), tooltip=told)
    point = base.mark_point(shape="diamond", filled=True, size=80, opacity=1, color=palette.expected)
    text = base.mark_text(dy=-10, fontWeight=600, color=palette.expected)
    return [point, text.encode(text=alt.TextValue("Override"))]


def _words(palette: Palette, *, band: bool) -> alt.Chart:
    """What each colour and stroke means, said above the plot."""
    words = [
        ("Demand so far, solid", 0, -24, palette.confirmed),
        ("Orders in hand, bars", 145, -24, palette.confirmed),
        ("Forecast, dashed", 0, -8, palette.expected),
        *([("P10 to P90, band", 145, -8, palette.expected)] if band else []),
    ]
    frame = pl.DataFrame(words, schema=["word", "x", "y", "colour"], orient="row")
    said: alt.Chart = (
        alt.Chart(frame)
        .mark_text(align="left", baseline="bottom", fontWeight=600)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            text=alt.Text("word:N"),
            color=alt.Color("colour:N", scale=None, legend=None),
        )
    )
    return said
