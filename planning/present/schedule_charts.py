"""The schedule drawn: a row for each robot, a bar for each job."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import altair as alt
import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.charts import MOST_MARKS, check_marks, layered, word
from planning.present.colours import LATE, Palette
from planning.present.schedule_jobs import shift_windows
from planning.present.schedule_tables import EXPECTED, HOURS, STATUS
from planning.present.words import FATES

#: A row is as high as makes few robots fill this, between its least and its most.
ROWS_PIXELS, LEAST_ROW_PIXELS, MOST_ROW_PIXELS = 340, 20, 34
#: What the words above the rows and the axis below them take of the height.
AXIS_PIXELS = 90
#: More rows than this are no longer a picture.
MOST_ROBOTS = 40
#: Where the words begin, over the names of the robots: on a phone they need the room.
LEFT_PIXELS = -70
#: Name of the selection, and of the field that says which job it is.
PICKED, NUMBER = "picked", "number"

_LATE = (pl.col("fate") == "late").fill_null(value=False)
_EXPECTED = pl.col("for_orders") == ""


def attended_hours(plan: Plan, network: Network | None, jobs: pl.DataFrame) -> pl.DataFrame:
    """When people are there for the robots that have these jobs: where (as in `jobs`), opens, closes."""
    robots = jobs.select("factory", "robot_model", "where").unique()
    windows = shift_windows(plan, network, jobs, "attended")
    return windows.join(robots, on=["factory", "robot_model"]).select("where", "opens", "closes")


def groups_of_robots(jobs: pl.DataFrame) -> list[tuple[str, ...]]:
    """Split the robots of the jobs (`where`), in their order, so that each group can be drawn in one chart.

    A robot with more marks of its own than a chart may have is in no group.
    """
    groups: list[list[str]] = []
    room = 0
    for where, marks in _robots(jobs).iter_rows():
        if marks > MOST_MARKS:
            continue
        if not groups or marks > room or len(groups[-1]) == MOST_ROBOTS:
            groups.append([])
            room = MOST_MARKS
        groups[-1].append(where)
        room -= marks
    return [tuple(group) for group in groups]


def of_robots(frame: pl.DataFrame, robots: Collection[str]) -> pl.DataFrame:
    """The rows of `frame` of these robots."""
    return frame.filter(pl.col("where").is_in(list(robots)))


def gantt(
    jobs: pl.DataFrame, attended: pl.DataFrame, weeks: list[date], timezone: str, palette: Palette
) -> alt.LayerChart:
    """Robots × time: a bar a job, late ones marked, unattended ones outlined, attended hours shaded.

    What is made for expected demand only is pale and dashed. Where there is no room left for the shades,
    they are left out.

    Times are those of the plan wherever the reader is: they are handed over as if they were UTC, and the
    scale tells UTC. The selection `PICKED` holds the `NUMBER` of the job whose bar was clicked.

    Parameters
    ----------
    jobs : as `schedule_jobs.jobs` returns them, of the robots to draw.
    attended : as `attended_hours` returns them, of the same robots.
    weeks : Mondays the time axis runs over.
    timezone : whose clock it is.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    late = jobs.filter(_LATE)
    marks = jobs.height + late.height
    check_marks(marks)
    if marks + attended.height > MOST_MARKS:
        attended = attended.clear()
    robots = _robots(jobs)["where"].to_list()
    height = max(LEAST_ROW_PIXELS, min(MOST_ROW_PIXELS, ROWS_PIXELS // max(1, len(robots))))
    x = _time(weeks, jobs, timezone, shaded=not attended.is_empty())
    names = alt.Axis(title=None, labelOverlap=False, labelFlush=False)
    row = alt.Y("where:N", axis=names, sort=robots, scale=alt.Scale(domain=robots))
    shade = alt.Chart(_spans(attended)).mark_rect(color=palette.text, opacity=0.07)
    dashed = {"test": "datum.expected", "value": [3, 2]}
    bars = (
        alt.Chart(_told(jobs, palette))
        .mark_bar(height=height // 2, strokeWidth=1, x2Offset=-1.5, cursor="pointer")
        .encode(
            x=x,
            x2=alt.X2("to:Q"),
            y=row,
            fill=alt.Fill("colour:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            fillOpacity=alt.FillOpacity("opacity:Q", scale=None),
            strokeDash=alt.StrokeDashValue([], condition=dashed),
            tooltip=_tooltips(),
        )
        .add_params(alt.selection_point(name=PICKED, fields=[NUMBER]))
    )
    flags = alt.Chart(_spans(late).with_columns(pl.col("middle").alias("from"))).mark_point(
        shape="triangle-down", size=22, filled=True, color=LATE, opacity=1, yOffset=-4 - height // 4
    )
    layers = [shade.encode(x=x, x2=alt.X2("to:Q"), y=row), bars, flags.encode(x=x, y=row)]
    return layered([*layers, *_words(jobs, palette)], AXIS_PIXELS + height * len(robots), palette)


def _robots(jobs: pl.DataFrame) -> pl.DataFrame:
    """where of the robots in order, and the marks each takes: a bar a job, and a flag if it is late."""
    robot = ["place", "factory", "robot_model", "robot", "where"]
    return jobs.group_by(robot).agg(marks=pl.len() + _LATE.sum()).sort(robot).select("where", "marks")


def _milliseconds(column: str) -> pl.Expr:
    return pl.col(column).dt.epoch("ms").cast(pl.Float64)


def _spans(rows: pl.DataFrame) -> pl.DataFrame:
    since, to = _milliseconds("opens"), _milliseconds("closes")
    return rows.select("where", since.alias("from"), to=to, middle=(since + to) / 2)


def _told(jobs: pl.DataFrame, palette: Palette) -> pl.DataFrame:
    """What bars and their tooltips need; times as numbers and text only."""
    moment = "%a %d %b %H:%M"
    return jobs.select(
        NUMBER,
        "where",
        "work_order",
        "unattended",
        "quantity",
        "setup_hours",
        "run_hours",
        _milliseconds("opens").alias("from"),
        to=_milliseconds("closes"),
        expected=_EXPECTED,
        # Outlined with nobody there, else pale for demand that is not sold yet.
        opacity=pl.when("unattended").then(0.1).when(_EXPECTED).then(0.45).otherwise(1.0),
        colour=pl.when(_LATE)
        .then(pl.lit(LATE))
        .when(_EXPECTED)
        .then(pl.lit(palette.expected))
        .otherwise(pl.lit(palette.confirmed)),
        product=pl.col("name"),
        start=pl.col("opens").dt.strftime(moment),
        end=pl.col("closes").dt.strftime(moment),
        orders=pl.col("fate").replace(FATES).fill_null(EXPECTED),
        hours=pl.col("hours_kind").replace(HOURS),
        status=pl.col("status").replace(STATUS),
    )


def _tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("work_order:N", title="Work order"),
        alt.Tooltip("product:N", title="Product"),
        alt.Tooltip("quantity:Q", title="Units", format=",.1f"),
        alt.Tooltip("where:N", title="Robot"),
        alt.Tooltip("start:N", title="Start"),
        alt.Tooltip("end:N", title="End"),
        alt.Tooltip("setup_hours:Q", title="Set-up (h)", format=",.1f"),
        alt.Tooltip("run_hours:Q", title="Run (h)", format=",.1f"),
        alt.Tooltip("hours:N", title="Hours"),
        alt.Tooltip("orders:N", title="Its orders"),
        alt.Tooltip("status:N", title="Status"),
    ]


def _time(weeks: list[date], jobs: pl.DataFrame, timezone: str, *, shaded: bool) -> alt.X:
    """The time axis: the days of one week, or the Mondays of several.

    It ends with the last week, or with a night shift that runs into the Monday after.
    """
    days = (weeks[-1] + WEEK - weeks[0]).days
    one = len(weeks) == 1
    ticks = [weeks[0] + timedelta(days=day) for day in range(0, days, 1 if one else 7)]
    ends = [datetime.combine(day, time()) for day in (weeks[0], weeks[-1] + WEEK)]
    spans = pl.concat([pl.Series("at", ends, dtype=pl.Datetime("us")), jobs["closes"]]).to_frame("at")
    first, last = spans.select(_milliseconds("at").min().alias("first"), _milliseconds("at").max()).row(0)
    label = "'%a %d'" if one else "'W%V, %d %b'"
    axis = alt.Axis(
        # As numbers they would go through a function that Streamlit's expression interpreter lacks.
        values=[alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in ticks],
        labelExpr=f"utcFormat(datum.value, {label})",
        labelAlign="left",
        labelOverlap="greedy",
        grid=True,
        title=[f"Time in {timezone}", *(["Shaded: people are there"] if shaded else [])],
        titleAnchor="start",
        titleFontWeight="normal",
    )
    return alt.X("from:T", axis=axis, scale=alt.Scale(type="utc", domain=[first, last], nice=False))


def _words(jobs: pl.DataFrame, palette: Palette) -> list[alt.Chart]:
    """What the looks of the bars mean, as far as there are such bars."""
    sold = pl.col("for_orders") != ""
    told = (
        ("▼ Late", 44, palette.late_word, _LATE),
        ("On time", 56, palette.confirmed, sold & ~_LATE),
        ("Expected, dashed", 110, palette.expected, _EXPECTED),
        ("Unattended, outlined", 0, palette.text, pl.col("unattended")),
    )
    words, x = [], LEFT_PIXELS
    for text, width, colour, of in told:
        if jobs.select(of.any()).item():
            words.append(word(text, x, colour))
            x += width
    return words
