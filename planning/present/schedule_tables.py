"""The schedule as planners read it: the job list, its key figures, and what one job is for."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK, weeks_between
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.present.schedule_jobs import orders_of
from planning.present.view import Choice, Column, View

#: Status of a job in words.
STATUS = {"planned": "Planned", "firm": "Firm", "pinned": "Pinned", "started": "Started"}
#: In which hours a job runs, in words.
HOURS = {"attended": "Attended", "unattended": "Unattended", "overtime": "Overtime"}
#: What a job without order lines is for.
EXPECTED = "Expected demand"

NOTHING_LAID_OUT = (
    "This plan has no work in its near weeks, so there is no schedule. The Plan page shows what is made when."
)


def job_list(jobs: pl.DataFrame) -> View:
    """The jobs, one row each, in their order: late ones first, then by start."""
    orders = pl.col("for_orders").str.replace_all(";", ", ", literal=True)
    rows = jobs.select(
        "work_order",
        "late_weeks",
        "routing",
        "setup_hours",
        "run_hours",
        "customers",
        "due",
        "promised",
        outcome=pl.col("fate").replace(words.FATES),
        factory=pl.col("place"),
        robot=pl.format("{} {}", "robot_model", "robot"),
        start=pl.col("opens"),
        end=pl.col("closes"),
        product=pl.col("name"),
        units=pl.col("quantity"),
        hours=pl.col("hours_kind").replace(HOURS),
        status=pl.col("status").replace(STATUS),
        orders=pl.when(pl.col("for_orders") != "").then(orders).otherwise(pl.lit(EXPECTED)),
    )
    return View(
        rows,
        {
            "work_order": Column("Work order"),
            "outcome": Column("Its orders", "fate", "Late: it serves an order line that is delivered late."),
            "late_weeks": Column("Weeks late", "whole", "Of the latest of its order lines."),
            "factory": Column("Factory"),
            "robot": Column("Robot"),
            "start": Column("Start", "time", "By the clock of the plan's time zone."),
            "end": Column("End", "time", "By the clock of the plan's time zone."),
            "product": Column("Product"),
            "units": Column("Units", "rate", "Good units finished in this job."),
            "hours": Column("Hours", "text", "Attended, unattended or overtime."),
            "status": Column("Status", "text", "Planned, firm, pinned or started."),
            "orders": Column("For orders"),
            "customers": Column("Customers"),
            "due": Column("Due", "date", "First due date of its order lines."),
            "promised": Column("Promised", "week", "Week of the last delivery it serves."),
            "routing": Column("Routing"),
            "setup_hours": Column("Set-up (h)", "rate", "Productive hours."),
            "run_hours": Column("Run (h)", "rate", "Productive hours."),
        },
    )


def job_orders(plan: Plan, network: Network | None, job: dict[str, Any]) -> View:
    """The order lines a job serves with the delivery its work joins, late ones first."""
    return View(
        orders_of(plan, network, job).with_columns(outcome=pl.col("status").replace(words.FATES)),
        {
            "order": Column("Order"),
            "outcome": Column("Outcome", "fate"),
            "late_weeks": Column("Weeks late", "whole"),
            "customer": Column("Customer"),
            "due_date": Column("Due", "date"),
            "delivered_week": Column("Promised", "week"),
            "delivered_quantity": Column("Units", "quantity", "Units of that delivery, from all jobs."),
        },
    )


def figures(plan: Plan, jobs: pl.DataFrame, choice: Choice, weeks: list[date]) -> list[words.Figure]:
    """The four KPIs of the choice; `weeks` are its Mondays.

    Hours available are `hours_available` of fleet.csv, of all robots of the factories chosen.
    """
    late = jobs.filter(pl.col("fate") == "late").height
    worked = float(jobs["hours"].sum())
    dark = float(jobs.filter("unattended")["hours"].sum())
    there = hours_available(plan, choice, weeks)
    return [
        words.Figure("Late jobs", f"{late:,}", "Jobs that serve an order line that is delivered late."),
        words.Figure("Jobs", f"{jobs.height:,}", f"Of {words.count(_work_orders(jobs), 'work order')}."),
        words.Figure(
            "Hours used",
            words.share(worked / there if there > 0 else None),
            f"{worked:,.0f} hours of set-up and run, overtime included, of {there:,.0f} that the robots of "
            "these factories have.",
        ),
        words.Figure(
            "Unattended",
            words.share(dark / worked if worked > 0 else None),
            f"{dark:,.0f} of these {worked:,.0f} hours run with nobody there.",
        ),
    ]


def hours_available(plan: Plan, choice: Choice, weeks: list[date]) -> float:
    """Productive hours of all robots of the factories chosen in these weeks."""
    rows = plan["fleet"].filter(pl.col("week").is_in(weeks))
    return float(Choice(choice.factories).of(rows)["hours_available"].sum())


def answer(jobs: pl.DataFrame, week: date | None) -> str:
    """What the choice comes to, in a line: late jobs of all jobs, and on how many robots."""
    late = jobs.filter(pl.col("fate") == "late").height
    robots = jobs.select("factory", "robot_model", "robot").n_unique()
    when = "All weeks" if week is None else words.week(week).capitalize()
    told = "no job serves a late order"
    if late:
        serves = "serves" if late == 1 else "serve"
        told = f"{late:,} of {words.count(jobs.height, 'job')} {serves} late orders"
    return f"{when}: {told}, on {words.count(robots, 'robot')}"


def laid_out(plan: Plan, weeks: list[date]) -> str:
    """Which weeks are laid out, and how many of them are firm."""
    policy = plan.summary["policy"]
    start = date.fromisoformat(policy["start_week"])
    firm = min(int(policy["firm_weeks"]), weeks_between(start, weeks[-1]) + 1)
    last = words.day(weeks[-1] + timedelta(days=6))
    held = f"; firm until {words.day(start + firm * WEEK - timedelta(days=1))}" if firm > 0 else ""
    return f"Laid out until {last}{held}."


def nothing_here(jobs_elsewhere: pl.DataFrame, week: date | None) -> str:
    """That the choice has no job, and where it has: `jobs_elsewhere` are those of the other weeks."""
    when = "in the weeks laid out" if week is None else f"in {words.week(week)}"
    if jobs_elsewhere.is_empty():
        return f"No jobs {when} for this choice, nor in any other week. Narrow it down less."
    others = jobs_elsewhere["week"].unique().sort().to_list()
    named = ", ".join(words.week(other) for other in others)
    return f"No jobs {when} for this choice; there are some in {named}."


def left_undrawn(jobs: pl.DataFrame, groups: Sequence[Sequence[str]]) -> str:
    """What a chart of one group of robots leaves out, and how to see it; empty when it leaves out nothing."""
    robots = jobs["where"].n_unique()
    dense = robots - sum(len(group) for group in groups)
    told = []
    if len(groups) > 1:
        told.append(
            f"{words.count(robots, 'robot')} are too many for one chart: choose which, or narrow down by "
            "factory, product or week."
        )
    if dense:
        have = "has" if dense == 1 else "have"
        told.append(
            f"{words.count(dense, 'robot')} {have} too many jobs to draw: choose one week or fewer products."
        )
    return " ".join([*told, "The list below has all jobs."]) if told else ""


def one_job(job: dict[str, Any]) -> str:
    """A job in sentences: what it makes, on which robot, when, and for how many hours."""
    setup = f"{job['setup_hours']:,.1f} h set-up and " if job["setup_hours"] > 0 else ""
    hours = f"{setup}{job['run_hours']:,.1f} h run"
    units = f"{job['quantity']:,.1f}".removesuffix(".0")
    when = f"{_moment(job['opens'])} to {_moment(job['closes'])}"
    status, kind = STATUS.get(job["status"], job["status"]), HOURS[job["hours_kind"]]
    return (
        f"**{units} units of {job['name']}** by routing {job['routing']} on {job['where']}, "
        f"{when}. {hours}, {kind.lower()}. {status}."
    )


def _moment(moment: Any) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def _work_orders(jobs: pl.DataFrame) -> int:
    return jobs["work_order"].n_unique()
