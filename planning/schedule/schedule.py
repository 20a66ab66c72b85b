"""The week's work on numbered robots inside the shifts: production rows become rows of schedule.csv."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import EXPORT
from planning.errors import RefusedPlanError
from planning.schedule.capacity import Key, RobotWeek, robot_weeks
from planning.schedule.jobs import MICRO, Job, make_jobs, used_hours
from planning.schedule.layout import Part, lay_week
from planning.schedule.lots import make_lots
from planning.schedule.pegging import peg
from planning.schedule.shifts import Places, patterns, places
from planning.schedule.work_orders import WorkStep, work_steps

#: Weeks laid out at least: far enough ahead for a factory lead, near enough to hold.
SHOWN_WEEKS = 4
#: Overtime micro-hours below which they are solver dust.
_DUST = 10


def lay_out(
    network: Network, tables: Mapping[str, pl.DataFrame], work: pl.DataFrame, weeks: int | None = None
) -> pl.DataFrame:
    """Lay the plan's work out on numbered robots.

    Order: started work first, then what is due first (due date, priority, order id), expected
    demand last; the lots of a routing together. A routing with several robot models has rows for
    each, and each of them makes the lot's full quantity.

    Parameters
    ----------
    network : complete, as the plan used it.
    tables : every export table of the plan but the schedule.
    work : one row a routing, factory, week (date) and robot_model in force, with product,
        hours_per_unit and prorata_setup_hours (both per gross unit), setup_hours (per set-up) and
        lights_out.
    weeks : buckets from the start to lay out; the firm weeks, but at least `SHOWN_WEEKS`, when not
        given. Never more than the horizon.

    Returns
    -------
    Export table `schedule`, by factory, week, robot model, robot and start. A work order is a lot
    of one routing, factory and week; its rows are its parts. Times are naive local ones in whole
    seconds.

    Raises
    ------
    RefusedPlanError
        When the plan's hours do not fit its robots, or do not agree with its routings.
    """
    policy = network.policy
    count = max(policy.firm_weeks, SHOWN_WEEKS) if weeks is None else weeks
    shown = policy.weeks[: max(0, count)]
    hours = tables["hours"]
    rows, lots = make_lots(network, tables["production"], peg(tables, policy.start_week))
    jobs = make_jobs(
        rows.filter(pl.col("week").is_in(shown)),
        lots,
        work.filter(pl.col("week").is_in(shown)),
        hours,
    )
    parts = _lay_weeks(
        network, _in_due_order(jobs), robot_weeks(network, tables["fleet"], shown), used_hours(hours)
    )
    columns = EXPORT["schedule"].polars_schema
    frame = pl.DataFrame(list(_rows(parts)), schema=columns, orient="row")
    return frame.sort("factory", "week", "robot_model", "robot", "start", "work_order")


def _in_due_order(jobs: dict[Key, list[Job]]) -> dict[Key, list[Job]]:
    """The jobs of each factory, model and week in the order in which they are laid out."""
    return {key: sorted(jobs[key], key=_due) for key in sorted(jobs)}


def _due(job: Job) -> tuple[Any, ...]:
    """Rank of a job: started first, then by its first order line, expected demand last."""
    first = min((order for lot in job.lots for order in lot.orders), default=None)
    ranked = (0, first) if first else (1, job.lots[0].product)
    return (not any(lot.status == "started" for lot in job.lots), *ranked, job.row)


def _lay_weeks(
    network: Network,
    jobs: dict[Key, list[Job]],
    robots: dict[Key, RobotWeek],
    overtime: dict[Key, int],
) -> list[Part]:
    """Every factory, robot model and week in turn; what does not fit is told once, all of it."""
    shifts = patterns(network["shifts"])
    known: dict[tuple[str, float, float, float], Places] = {}
    parts: list[Part] = []
    faults: list[str] = []
    for key, listed in jobs.items():
        if key not in robots:
            faults.append(f"{key[0]}, {key[1]}, week {key[2]}: there is work but no robot")
            continue
        week = robots[key]
        form = (key[0], week.attended, week.unattended, week.overtime)
        if form not in known:
            known[form] = places(shifts.get(key[0]), *form[1:])
        extra = overtime.get(key, 0)
        try:
            parts += lay_week(key, listed, week, known[form], extra if extra > _DUST else 0)
        except RefusedPlanError as refused:
            faults += refused.violations
    if faults:
        raise RefusedPlanError(faults)
    return parts


def _rows(parts: Sequence[Part]) -> Iterator[tuple[Any, ...]]:
    """Rows of schedule.csv."""
    jobs: dict[tuple[int, str], list[Part]] = {}
    for part in parts:
        jobs.setdefault((part.task.job.row, part.task.job.robot_model), []).append(part)
    for of_job in jobs.values():
        yield from (_row(step) for step in work_steps(of_job))


def _row(step: WorkStep) -> tuple[Any, ...]:
    lot, part = step.lot, step.part
    return (
        lot.work_order,
        lot.factory,
        part.task.job.robot_model,
        part.robot,
        lot.product,
        lot.routing,
        step.quantity,
        _clock(lot.week, part.start),
        _clock(lot.week, part.end),
        lot.week,
        part.setup / MICRO,
        part.run / MICRO,
        part.task.kind == "unattended",
        ";".join(str(order) for order in lot.orders),
        lot.status,
    )


def _clock(week: date, seconds: int) -> str:
    return (datetime.combine(week, time()) + timedelta(seconds=seconds)).isoformat()
