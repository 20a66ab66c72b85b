"""The committed demo company as its tests read it."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from planning.domain.policy import Policy
from planning.domain.schema import INPUT

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"
START = date(2026, 11, 30)
AS_OF = date(2026, 11, 24)
HORIZON = [START + timedelta(weeks=week) for week in range(26)]
CUTOFF = Policy(AS_OF, START).due_cutoff_weekday


@cache
def table(name: str) -> pl.DataFrame:
    """A file of the demo as text, with numbers, dates and weeks read where the contract says so."""
    frame = pl.read_csv(DEMO / f"{name}.csv", infer_schema=False)
    kinds = {field.name: field.kind for field in INPUT[name].fields}
    numbers = [column for column in frame.columns if kinds.get(column) in ("number", "whole")]
    dates = [column for column in frame.columns if kinds.get(column) in ("date", "week")]
    return frame.with_columns(pl.col(numbers).cast(float), pl.col(dates).str.to_date())


def rows(name: str, **wanted: object) -> list[dict]:
    return [
        row
        for row in table(name).iter_rows(named=True)
        if all(row[column] == value for column, value in wanted.items())
    ]


def row(name: str, **wanted: object) -> dict:
    (only,) = rows(name, **wanted)
    return only


def robots(factory: str, model: str, week: date) -> float:
    """Robots owned or under contract in a week."""
    model_of = {offer["offer"]: offer["robot_model"] for offer in rows("offers")}
    owned = sum(line["units"] for line in rows("owned", factory=factory, robot_model=model))
    rented = [
        line["units"]
        for line in rows("contracts", factory=factory)
        if model_of[line["offer"]] == model and line["on_rent_date"] <= week
        if line["off_rent_date"] is None or week < line["off_rent_date"]
    ]
    return owned + sum(rented)


def weekly_history(family: str) -> dict[date, float]:
    in_family = table("products").filter(family=family)["product"].implode()
    found = table("history").filter(pl.col("product").is_in(in_family)).group_by("date")
    return dict(found.agg(pl.col("quantity").sum()).iter_rows())


def open_lines() -> list[dict]:
    return [
        line for line in rows("orders", status="confirmed") if line["quantity"] > line["quantity_shipped"]
    ]
