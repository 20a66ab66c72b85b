"""A schedule small enough to work out by hand: two factories, three robots, two weeks."""

from datetime import datetime, time, timedelta
from typing import Any

from planning.domain.network import Network
from planning.domain.plan import Plan
from tests.builders.plans import a_network, a_plan, export_frame, input_frame, week

MODEL = "fdm_xl"


def a_job(number: int, factory: str, robot: int, start: float, end: float, **more: Any) -> dict[str, Any]:
    """A row of schedule.csv; `start` and `end` are hours since the Monday of the job's week."""
    bucket = more.pop("bucket", 0)
    monday = datetime.combine(week(bucket), time())
    row = {
        "work_order": f"WO-{number}",
        "factory": factory,
        "robot_model": MODEL,
        "robot": robot,
        "product": "0001",
        "routing": "0001/fdm_xl",
        "quantity": 10.0,
        "start": (monday + timedelta(hours=start)).isoformat(),
        "end": (monday + timedelta(hours=end)).isoformat(),
        "week": week(bucket),
        "setup_hours": 0.0,
        "run_hours": end - start,
        "unattended": False,
        "for_orders": "",
        "status": "planned",
    }
    return row | more


def a_scheduled_plan(*jobs: dict[str, Any]) -> Plan:
    """A plan of two weeks; `jobs` replace its own.

    SO-2000 comes in two deliveries, 10 units on time in the first week and 5 late in the third.
    Leeds (F1) has 60 hours a week, Porto (F3) 40 and an hour of overtime in the first week.
    """
    own = (
        a_job(0, "F1", 1, 6, 14, setup_hours=0.5, run_hours=6.5, for_orders="SO-1001/1", status="started"),
        a_job(1, "F1", 1, 14, 22, product="0002", run_hours=7.0, status="firm"),
        a_job(1, "F1", 1, 22, 30, product="0002", run_hours=7.0, status="firm", unattended=True),
        a_job(2, "F1", 2, 6, 16, for_orders="SO-2000/1"),
        a_job(3, "F1", 2, 16, 20, for_orders="SO-2000/1;SO-1042/1", product="0004", status="pinned"),
        a_job(4, "F3", 1, 8, 12, for_orders="SO-2000/1", product="0004"),
        a_job(5, "F3", 1, 14, 15, for_orders="SO-1001/1"),
        a_job(6, "F1", 1, 6, 8, bucket=1),
    )
    plan = a_plan()
    tables = dict(plan.tables) | {
        "schedule": export_frame("schedule", list(jobs or own)),
        "promises": export_frame("promises", _promises()),
        "hours": export_frame("hours", _hours()),
        "fleet": export_frame("fleet", _fleet()),
    }
    return Plan(tables, plan.summary)


def a_network_with_shifts() -> Network:
    """Its network, with shifts Monday to Friday.

    Leeds works 06:00–22:00 and the nights unattended, Porto 06:00–14:00 and up to five hours of
    overtime a week. Porto is a week away from Germany.
    """
    hours = ("attended_hours_per_week", "unattended_hours_per_week", "overtime_hours_per_week")
    names = {"F1": ("Leeds", 80.0, 40.0, 0.0), "F3": ("Porto", 40.0, 0.0, 5.0)}
    factories = [
        {"factory": id, "name": name, **dict(zip(hours, given, strict=True))}
        for id, (name, *given) in names.items()
    ]
    shifts = [
        {"factory": factory, "weekday": day, "start": start, "end": end, "attended": attended}
        for day in range(1, 6)
        for factory, start, end, attended in (
            ("F1", "06:00", "22:00", True),
            ("F1", "22:00", "06:00", False),
            ("F3", "06:00", "14:00", True),
        )
    ]
    lanes = [
        {"factory": factory, "market": market, "lead_time_weeks": int((factory, market) == ("F3", "DE"))}
        for factory in names
        for market in ("DE", "UK")
    ]
    orders = [
        {"order_id": "SO-1001", "line": 1, "customer": "Ada", "due_date": week(1)},
        {"order_id": "SO-1042", "line": 1, "customer": "Bela", "due_date": week(1)},
        {"order_id": "SO-2000", "line": 1, "customer": "Cy", "due_date": week(0)},
    ]
    return a_network().with_tables(
        factories=input_frame("factories", factories),
        shifts=input_frame("shifts", shifts),
        lanes=input_frame("lanes", lanes),
        orders=input_frame("orders", orders),
        robots=input_frame("robots", [{"robot_model": MODEL, "name": "FDM XL", "availability": 0.9}]),
    )


def _promises() -> list[dict[str, Any]]:
    names = ("order_id", "product", "market", "due_week", "quantity", "delivered_week", "delivered_quantity")
    rows = [
        ("SO-1001", "0001", "UK", week(1), 60.0, week(1), 60.0, 0, "on_time"),
        ("SO-1042", "0004", "DE", week(1), 12.0, week(2), 12.0, 1, "late"),
        ("SO-2000", "0004", "DE", week(0), 15.0, week(0), 10.0, 0, "on_time"),
        ("SO-2000", "0004", "DE", week(0), 15.0, week(2), 5.0, 2, "late"),
    ]
    return [dict(zip((*names, "late_weeks", "status"), row, strict=True)) | {"line": 1} for row in rows]


def _hours() -> list[dict[str, Any]]:
    row = {"factory": "F3", "robot_model": MODEL, "week": week(0), "attended_used": 4.0, "overtime_used": 1.0}
    return [row]


def _fleet() -> list[dict[str, Any]]:
    there = {"F1": (2, 60.0), "F3": (1, 40.0)}
    return [
        {
            "factory": factory,
            "robot_model": MODEL,
            "source": "owned",
            "week": week(bucket),
            "units": units,
            "hours_available": hours,
        }
        for bucket in (0, 1)
        for factory, (units, hours) in there.items()
    ]
