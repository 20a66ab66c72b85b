"""A small factory to lay work out in: networks and plan tables from a few plain rows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from planning.domain.field import Table
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.schema import EXPORT, INPUT
from planning.schedule import lay_out

MONDAY = date(2026, 11, 30)
WORK = {
    "routing": pl.String,
    "product": pl.String,
    "factory": pl.String,
    "week": pl.Date,
    "robot_model": pl.String,
    "hours_per_unit": pl.Float64,
    "setup_hours": pl.Float64,
    "lights_out": pl.Boolean,
    "prorata_setup_hours": pl.Float64,
}

Row = dict[str, Any]
_OTHER_DEMAND = ("confirmed", "expected", "unreachable", "refused", "backlog", "backlog_1", "backlog_2")


def week(number: int) -> date:
    """Monday of bucket `number`."""
    return MONDAY + timedelta(weeks=number)


def table(form: Table, rows: Sequence[Row]) -> pl.DataFrame:
    """A frame of an input table, empty cells filled with the schema's defaults."""
    filled = [{field.name: row.get(field.name, field.default) for field in form.fields} for row in rows]
    return pl.DataFrame(filled, schema=form.polars_schema, orient="row")


def network(policy: Row | None = None, **tables: Sequence[Row]) -> Network:
    """One factory `berlin` with model `printer` (availability 1) and market `de`, unless given otherwise."""
    rows = {
        "factories": [{"factory": "berlin"}],
        "robots": [{"robot_model": "printer", "availability": 1.0}],
        "markets": [{"market": "de"}],
    } | tables
    frames = {name: table(form, rows.get(name, [])) for name, form in INPUT.items()}
    settings = Policy(**({"as_of": MONDAY, "start_week": MONDAY, "horizon_weeks": 8} | (policy or {})))
    return Network(frames, settings, frozenset(rows), EXPORT["rejected_rows"].empty())


def step(routing: str, hours: float, **more: Any) -> Row:
    """A routing row in force in one week."""
    return {
        "routing": routing,
        "product": routing,
        "factory": "berlin",
        "week": MONDAY,
        "robot_model": "printer",
        "hours_per_unit": hours,
        "setup_hours": 0.0,
        "lights_out": False,
        "prorata_setup_hours": 0.0,
    } | more


def made(work: Sequence[Row], routing: str, quantity: float, **more: Any) -> Row:
    """A production row with the hours that its routing rows ask for."""
    row: Row = {
        "factory": "berlin",
        "product": routing,
        "routing": routing,
        "week": MONDAY,
        "quantity": quantity,
        "gross": quantity,
        "batches": None,
        "unattended_hours": 0.0,
        "setup": 0,
        "for_confirmed": quantity,
        "for_expected": 0.0,
    } | more
    steps = [
        s for s in work if (s["routing"], s["factory"], s["week"]) == (routing, row["factory"], row["week"])
    ]
    gross = row["gross"]
    hours = sum(
        gross * (s["hours_per_unit"] + s["prorata_setup_hours"]) + row["setup"] * s["setup_hours"]
        for s in steps
    )
    return {"robot_hours": hours} | row


def used(**more: Any) -> Row:
    """A row of hours.csv."""
    return {
        "factory": "berlin",
        "robot_model": "printer",
        "week": MONDAY,
        "attended_available": 0.0,
        "unattended_available": 0.0,
        "attended_used": 0.0,
        "unattended_used": 0.0,
        "overtime_used": 0.0,
    } | more


def owned(units: int, hours: float, **more: Any) -> Row:
    """A row of fleet.csv: robots with so many hours available each."""
    return {
        "factory": "berlin",
        "robot_model": "printer",
        "source": "owned",
        "id": "",
        "week": MONDAY,
        "units": units,
        "hours_available": units * hours,
        "hours_used": 0.0,
        "overage_hours": 0.0,
        "cost": 0.0,
    } | more


def delivered(order: str, product: str, quantity: float, **more: Any) -> Row:
    """A row of promises.csv."""
    return {
        "order_id": order,
        "line": 1,
        "product": product,
        "market": "de",
        "due_week": MONDAY,
        "quantity": quantity,
        "delivered_week": MONDAY,
        "delivered_quantity": quantity,
        "late_weeks": 0,
        "status": "on_time",
        "cause": None,
    } | more


def laid(
    shop: Network,
    work: Sequence[Row],
    production: Sequence[Row],
    fleet: Sequence[Row],
    hours: Sequence[Row] = (),
    promises: Sequence[Row] = (),
    weeks: int | None = None,
) -> pl.DataFrame:
    """The schedule of plain rows; what is promised is shipped from berlin in the week it is delivered."""
    tables = {
        "production": table(EXPORT["production"], production),
        "hours": table(EXPORT["hours"], hours),
        "fleet": table(EXPORT["fleet"], fleet),
        "promises": table(EXPORT["promises"], promises),
    }
    tables |= shipped(tables)
    return lay_out(shop, tables, pl.DataFrame(list(work), schema=WORK, orient="row"), weeks)


def shipped(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Shipments, demand and inventory of a plan that delivers its promises from berlin."""
    gone = (
        tables["promises"]
        .drop_nulls("delivered_week")
        .group_by("product", "market", "delivered_week")
        .agg(pl.col("delivered_quantity").sum())
        .rename({"delivered_week": "week", "delivered_quantity": "quantity"})
    )
    shipments = gone.with_columns(factory=pl.lit("berlin"), ship_week="week", arrive_week="week")
    demand = gone.with_columns(served_confirmed="quantity", served_expected=0.0)
    first = tables["production"].filter(pl.col("week") == MONDAY).select("factory", "product", "quantity")
    leaves = gone.filter(pl.col("week") == MONDAY).select(
        pl.lit("berlin").alias("factory"), "product", -pl.col("quantity")
    )
    left = pl.concat([first, leaves]).group_by("factory", "product").agg(pl.col("quantity").sum())
    return {
        "shipments": shipments.select(EXPORT["shipments"].columns),
        "demand": demand.with_columns(pl.lit(0.0).alias(name) for name in _OTHER_DEMAND).select(
            EXPORT["demand"].columns
        ),
        "inventory": left.with_columns(week=pl.lit(MONDAY)).select(EXPORT["inventory"].columns),
    }


def hours_of(row: Row) -> float:
    """Clock hours of a schedule row."""
    span = datetime.fromisoformat(row["end"]) - datetime.fromisoformat(row["start"])
    return span.total_seconds() / 3600
