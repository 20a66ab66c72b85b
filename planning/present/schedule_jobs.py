"""Jobs of the schedule with what a planner asks of them: which orders, late or not, in which hours."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from planning.domain.calendar import WEEK, weeks_between
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, labels
from planning.schedule.capacity import robot_weeks
from planning.schedule.shifts import Pattern, Places, patterns, places

#: The robots of one model at one factory in one week.
KEY = ("factory", "robot_model", "week")
#: Names an order line.
LINE = ("order_id", "line")
#: Hours below which overtime is rounding.
DUST = 1e-3

_WINDOWS: dict[str, DataType | DataTypeClass] = {
    "factory": pl.String,
    "robot_model": pl.String,
    "week": pl.Date,
    "opens": pl.Datetime("us"),
    "closes": pl.Datetime("us"),
}
_CUSTOMERS = {"order_id": pl.String, "line": pl.Int64, "customer": pl.String, "due_date": pl.Date}


def laid_out_weeks(plan: Plan) -> list[date]:
    """Weeks from the first to the last with a job, Mondays in order; empty without a schedule."""
    weeks = plan["schedule"]["week"]
    first, last = weeks.min(), weeks.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    return [first + n * WEEK for n in range(weeks_between(first, last) + 1)]


def jobs(plan: Plan, network: Network | None, choice: Choice, week: date | None) -> pl.DataFrame:
    """The jobs of a week (None: of all weeks) in the choice, late ones first, then by their start.

    A job is late when it serves an order line whose delivery is late. It serves the line's first delivery
    that can hold what the job's week makes: the job's week + lead time of the lane ≤ delivered_week. Jobs
    for expected demand only serve no order line; whether those are late nobody can say.

    Returns
    -------
    The columns of schedule.csv and number (its row there, from 0), opens, closes (date-times), hours
    (set-up and run), where (factory · robot model and number), place, name (of the product), fate (late,
    on_time, null without orders), late_weeks (most of its lines), customers, due (first due date),
    promised (week of its last delivery) and hours_kind (attended, unattended or overtime).
    """
    rows = plan["schedule"].with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    factories = labels(network, "factories", "factory", rows["factory"].unique())
    products = labels(network, "products", "product", rows["product"].unique())
    # In one piece: polars 2.1 may panic over text in many pieces of which some are empty.
    rows = choice.of(rows if week is None else rows.filter(pl.col("week") == week)).rechunk()
    rows = (
        rows.with_columns(
            pl.col("for_orders").fill_null(""),
            opens=_clock("start"),
            closes=_clock("end"),
            hours=pl.col("setup_hours") + pl.col("run_hours"),
            place=pl.col("factory").replace(factories),
            name=pl.col("product").replace(products),
        )
        .with_columns(where=pl.format("{} · {} {}", "place", "robot_model", "robot"))
        .join(
            _served(rows, plan, network),
            on=["factory", "week", "for_orders"],
            how="left",
            maintain_order="left",
        )
    )
    return _with_kind(rows, plan, network).sort(
        (pl.col("fate") == "late").fill_null(value=False),
        "opens",
        "place",
        "robot_model",
        "robot",
        "number",
        descending=[True, *[False] * 5],
    )


def orders_of(plan: Plan, network: Network | None, job: dict[str, Any]) -> pl.DataFrame:
    """The order lines a job serves, late ones first.

    Returns
    -------
    order, customer, due_date, due_week, delivered_week, delivered_quantity, late_weeks, status.
    """
    row = pl.DataFrame([{name: job[name] for name in ("factory", "week", "for_orders")}])
    return (
        _deliveries(row, plan, network)
        .with_columns(order=pl.format("{}/{}", *LINE))
        .sort("late_weeks", "due_date", "order", descending=[True, False, False], nulls_last=True)
    )


def shift_windows(plan: Plan, network: Network | None, keys: pl.DataFrame, kind: str) -> pl.DataFrame:
    """When robots of these factories, models and weeks (`KEY`) have hours of a kind: attended or overtime.

    They follow from the network's shifts and calendar, as the schedule was laid out. Empty without a
    network; what is no longer in it has no windows.

    Returns
    -------
    `KEY`, opens, closes: one row a window, windows of a robot apart from one another.
    """
    if network is None or keys.is_empty():
        return pl.DataFrame(schema=_WINDOWS)
    keys = keys.select(KEY).unique()
    fleet = plan["fleet"].join(keys, on=KEY, how="semi")
    rows = list(_windows(network, fleet, keys["week"].unique().to_list(), kind))
    return pl.DataFrame(rows, schema=_WINDOWS, orient="row")


def _windows(
    network: Network, fleet: pl.DataFrame, weeks: list[date], kind: str
) -> Iterator[tuple[str, str, date, datetime, datetime]]:
    factories = fleet["factory"].unique().implode()
    shifts = patterns(network["shifts"].filter(pl.col("factory").is_in(factories)))
    known: dict[tuple[Pattern | None, float, float, float], Places] = {}
    for (factory, model, week), robots in robot_weeks(network, fleet, weeks).items():
        form = (shifts.get(factory), robots.attended, robots.unattended, robots.overtime)
        if form not in known:
            known[form] = places(*form)
        place = known[form].overtime if kind == "overtime" else known[form].attended
        monday = datetime.combine(week, time())
        for start, end in place.windows:
            yield factory, model, week, monday + timedelta(seconds=start), monday + timedelta(seconds=end)


def _clock(column: str) -> pl.Expr:
    return pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us")


def _served(rows: pl.DataFrame, plan: Plan, network: Network | None) -> pl.DataFrame:
    """What the order lines of a factory's work in a week come to, one row a different list of lines."""
    lists = rows.select("factory", "week", pl.col("for_orders").fill_null("")).unique()
    late = pl.col("status") == "late"
    return (
        _deliveries(lists, plan, network)
        .group_by("factory", "week", "for_orders")
        .agg(
            fate=pl.when(late.any())
            .then(pl.lit("late"))
            .when(pl.col("status").is_not_null().any())
            .then(pl.lit("on_time")),
            late_weeks=pl.col("late_weeks").filter(late).max(),
            customers=pl.col("customer").drop_nulls().unique().sort().str.join(", "),
            due=pl.col("due_date").min(),
            promised=pl.col("delivered_week").max(),
        )
    )


def _deliveries(lists: pl.DataFrame, plan: Plan, network: Network | None) -> pl.DataFrame:
    """Every order line of the lists (factory, week, for_orders) and the delivery the week's work joins."""
    part = pl.col("order").str
    lines = (
        lists.filter(pl.col("for_orders") != "")
        .with_columns(order=pl.col("for_orders").str.split(";"))
        .explode("order")
        .with_columns(
            order_id=part.replace(r"/[^/]*$", ""), line=part.extract(r"/([0-9]+)$", 1).cast(pl.Int64)
        )
    )
    promises = plan["promises"].filter(pl.col("delivered_week").is_not_null())
    delivered = promises.select(
        *LINE, "market", "due_week", "delivered_week", "delivered_quantity", "late_weeks", "status"
    )
    ready = pl.col("week") + pl.duration(weeks=pl.col("lead_time_weeks").fill_null(0))
    return (
        lines.join(delivered, on=LINE, how="left")
        .join(_lead_times(network), on=["factory", "market"], how="left")
        .with_columns(too_early=(pl.col("delivered_week") < ready).fill_null(value=False))
        .sort("too_early", "delivered_week")
        .unique(["factory", "week", "for_orders", "order"], keep="first", maintain_order=True)
        .join(_customers(network), on=LINE, how="left")
    )


def _lead_times(network: Network | None) -> pl.DataFrame:
    schema = {"factory": pl.String, "market": pl.String, "lead_time_weeks": pl.Int64}
    return pl.DataFrame(schema=schema) if network is None else network["lanes"].select(list(schema))


def _customers(network: Network | None) -> pl.DataFrame:
    if network is None:
        return pl.DataFrame(schema=_CUSTOMERS)
    return network["orders"].select(list(_CUSTOMERS)).unique(LINE, keep="first")


def _with_kind(rows: pl.DataFrame, plan: Plan, network: Network | None) -> pl.DataFrame:
    """In which hours a job runs: overtime where it lies in overtime windows of robots that work overtime."""
    worked = plan["hours"].filter(pl.col("overtime_used") > DUST).select(KEY)
    manned = rows.filter(~pl.col("unattended")).select("number", *KEY, "opens", "closes")
    manned = manned.join(worked, on=KEY, how="semi")
    windows = shift_windows(plan, network, manned, "overtime")
    beyond = (
        manned.join(windows, on=KEY, suffix="_window")
        .filter((pl.col("opens") < pl.col("closes_window")) & (pl.col("closes") > pl.col("opens_window")))
        .select("number")
        .unique()
    )
    kind = pl.when("unattended").then(pl.lit("unattended")).otherwise(pl.lit("attended"))
    late_shift = pl.col("number").is_in(beyond["number"].implode())
    return rows.with_columns(hours_kind=pl.when(late_shift).then(pl.lit("overtime")).otherwise(kind))
