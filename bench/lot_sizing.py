"""Capacitated lot sizing as network folders: instances of Trigeiro, Thomas and McClain (1989)."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.shared import write_network

START = date(2026, 11, 30)

#: Proven optima; G30 with unit times 1.
OPTIMA = {"G53": 74_634.0, "G62": 61_746.0, "G30": 37_721.0}

#: Late enough to be dearer than any set-up: these instances know no backlog.
LATE_COST = 2_000.0
HOURS_PER_ROBOT = 168.0


@dataclass(frozen=True)
class Instance:
    """One instance: capacity per period, per item (unit time, holding, set-up time, set-up cost), demand."""

    capacity: float
    items: list[tuple[float, float, float, float]]
    demand: list[list[float]]


def read_instance(path: Path, unit_time: float | None = None) -> Instance:
    """Read the published format; `unit_time` replaces the items' own."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    items, periods = int(lines[0][0]), int(lines[0][1])
    rows = [[float(cell) for cell in line] for line in lines[3 : 3 + items]]
    demand = [[float(cell) for cell in line[:items]] for line in lines[3 + items : 3 + items + periods]]
    return Instance(
        float(lines[2][0]),
        [(unit_time or time, hold, hours, cost) for time, hold, hours, cost in rows],
        demand,
    )


def write_instance(instance: Instance, folder: Path, gap: float, seconds: float) -> Path:
    """The instance as a network folder: one factory, owned robots, set-ups in every week, no firm weeks."""
    periods, ids = len(instance.demand), [f"I{n:02d}" for n in range(len(instance.items))]
    robots = int(-(-instance.capacity // HOURS_PER_ROBOT))
    time, hold, setup_hours, setup_cost = zip(*instance.items, strict=True)
    orders = [
        (f"O{t:02d}-{item}", START + timedelta(weeks=t), item, "M", units, "confirmed", 3)
        for t, row in enumerate(instance.demand)
        for item, units in zip(ids, row, strict=True)
        if units > 0
    ]
    names = ["order_id", "due_date", "product", "market", "quantity", "status", "priority"]
    tables = {
        "factories": pl.DataFrame(
            {"factory": ["F"], "attended_hours_per_week": [instance.capacity / robots]}
        ),
        "robots": pl.DataFrame({"robot_model": ["R"], "availability": [1.0]}),
        "owned": pl.DataFrame({"factory": ["F"], "robot_model": ["R"], "units": [robots]}),
        "offers": pl.DataFrame(
            {"offer": ["NONE"], "robot_model": ["R"], "weekly_rate": [0.0], "max_units": [0]}
        ),
        "products": pl.DataFrame(
            {
                "product": ids,
                "price": 1_000.0,
                "holding_cost_per_week": hold,
                "late_cost_per_week": LATE_COST,
                "lost_cost": 100_000.0,
                "waste_cost": 1_000.0,
            }
        ),
        "routings": pl.DataFrame(
            {
                "routing": ids,
                "product": ids,
                "robot_model": "R",
                "hours_per_unit": time,
                "setup_hours": setup_hours,
                "setup_cost": setup_cost,
            }
        ),
        "orders": pl.DataFrame(orders, schema=names, orient="row"),
    }
    settings = {
        "as_of": START,
        "start_week": START,
        "horizon_weeks": periods,
        "due_cutoff_weekday": 1,
        "firm_weeks": 0,
        "frozen_weeks": 0,
        "setup_weeks": periods,
        "gap": gap,
        "time_limit_seconds": seconds,
    }
    return write_network(folder, tables, settings)
