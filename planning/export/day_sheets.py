"""schedule.html: the schedule as sheets to print, one for each factory and day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.plan import Plan
from planning.export.names import Names

#: Order lines a job names before the rest is counted.
MOST_ORDERS = 6
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """A row of a sheet: a stretch of work of one robot; `begins_on`, `ends_on` where that is another day."""

    begins: str
    begins_on: str
    ends: str
    ends_on: str
    product: str
    name: str
    units: str
    setup: str
    run: str
    unattended: bool
    orders: list[str]
    more: int
    status: str
    work_order: str


@dataclass(frozen=True)
class Robot:
    """A robot and what it does that day, in order."""

    name: str
    jobs: list[Job]


@dataclass(frozen=True)
class Sheet:
    """One factory on one day."""

    factory: str
    day: str
    week: str
    robots: list[Robot]


def printable_schedule(
    plan: Plan, names: Names, factories: Collection[str] = (), days: Collection[date] = ()
) -> bytes:
    """The schedule as one HTML page that asks for nothing from outside, ready to print on A4 landscape.

    A job that runs past midnight is on the sheet of each day it touches.

    Parameters
    ----------
    factories, days : what to print; empty means all that have work.
    """
    rows = _by_day(plan["schedule"])
    if factories:
        rows = rows.filter(pl.col("factory").is_in(list(factories)))
    if days:
        rows = rows.filter(pl.col("day").is_in(list(days)))
    page = _template().render(
        title=f"Schedule of plan v{plan.summary['version']}",
        plan=_plan_line(plan),
        sheets=[
            _sheet(factory, day, part, names)
            for (factory, day), part in rows.group_by("factory", "day", maintain_order=True)
        ],
    )
    return page.encode()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("day_sheets.html")


def _by_day(schedule: pl.DataFrame) -> pl.DataFrame:
    """A row for each job and each day it touches, in the order in which sheets are printed."""
    moments = schedule.with_columns(
        begins=pl.col("start").str.to_datetime("%Y-%m-%dT%H:%M:%S"),
        ends=pl.col("end").str.to_datetime("%Y-%m-%dT%H:%M:%S"),
    )
    # what ends at midnight does not touch the day that begins then
    last = pl.max_horizontal(pl.col("ends") - pl.duration(microseconds=1), "begins")
    touched = pl.date_ranges(pl.col("begins").dt.date(), last.dt.date())
    return (
        moments.with_columns(day=touched)
        .explode("day")
        .sort("factory", "day", "robot_model", "robot", "begins", "ends", "work_order")
    )


def _plan_line(plan: Plan) -> str:
    summary = plan.summary
    made = datetime.fromisoformat(summary["created_at"]).astimezone(UTC)
    data = (date.fromisoformat(summary["policy"]["as_of"]) - WEEK).isocalendar()
    return (
        f"Plan v{summary['version']} of {made:%Y-%m-%d %H:%M} UTC · "
        f"data to week {data.week} of {data.year} · times of {summary['policy']['timezone']}"
    )


def _sheet(factory: Any, day: Any, rows: pl.DataFrame, names: Names) -> Sheet:
    robots = [
        Robot(
            _robot_name(str(model), int(str(number)), names),
            [_job(row, day, names) for row in part.iter_rows(named=True)],
        )
        for (model, number), part in rows.group_by("robot_model", "robot", maintain_order=True)
    ]
    iso = day.isocalendar()
    return Sheet(
        factory=names.factory(factory),
        day=f"{day:%A} {day.day} {day:%B %Y}",
        week=f"week {iso.week}",
        robots=robots,
    )


def _robot_name(model: str, number: int, names: Names) -> str:
    known = names.robots.get(model)
    return f"{model} {number} · {known}" if known else f"{model} {number}"


def _job(row: dict[str, Any], day: date, names: Names) -> Job:
    midnight = datetime.combine(day, time())
    orders = (row["for_orders"] or "").split(";") if row["for_orders"] else []
    return Job(
        begins=f"{row['begins']:%H:%M}",
        begins_on=_day(row["begins"]) if row["begins"] < midnight else "",
        ends=f"{row['ends']:%H:%M}",
        ends_on=_day(row["ends"]) if row["ends"] > midnight + DAY else "",
        product=row["product"],
        name=names.products.get(row["product"], ""),
        units=f"{row['quantity']:,.6g}",
        setup=f"{row['setup_hours']:.1f}" if row["setup_hours"] else "",
        run=f"{row['run_hours'] or 0.0:.1f}",
        unattended=bool(row["unattended"]),
        orders=orders[:MOST_ORDERS],
        more=max(0, len(orders) - MOST_ORDERS),
        status=row["status"] or "",
        work_order=row["work_order"],
    )


def _day(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"
