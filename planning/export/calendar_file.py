"""decide-by.ics: every decision on rent as a day in the planner's calendar (RFC 5545)."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import polars as pl

from planning.domain.plan import Plan
from planning.export.names import Names

REMIND = timedelta(days=-2)

#: What to do, in words, by action; {robots} is units × robot model.
SUMMARIES = {
    "rent": "Order {robots} for {factory}",
    "return": "Give notice on {robots} in {factory} ({id})",
    "renew": "Renew {robots} in {factory} ({id})",
    "terminate": "End {robots} in {factory} early ({id})",
    "move": "Move {robots} from {factory} to {to_factory} ({id})",
}

#: What the two dates of a row mean, by action.
DATES = {
    "rent": ("On rent from", "Off rent from"),
    "return": ("On rent since", "Off rent from"),
    "renew": ("Renewed from", "Kept until"),
    "terminate": ("On rent since", "Off rent from"),
    "move": ("Works again from", "Leaves"),
}

#: What the id of a row names, where it is no contract.
KINDS = {"rent": "Offer", "move": "Offer or contract"}


def decide_by_calendar(plan: Plan, names: Names) -> bytes:
    """One all-day event for each decision, on the last day to take it, with a reminder two days before.

    An event keeps its UID from plan to plan as long as the decision stays the same one (a rent: offer,
    factory and first day on rent; else: contract and factory), and its SEQUENCE is the plan's version: taking
    in a later plan's file updates what is there.
    """
    version = int(plan.summary["version"])
    calendar = icalendar.Calendar.new(
        prodid="-//Takt//decide-by//EN", name="Takt: decide by", method="PUBLISH", uid="decide-by@takt"
    )
    made = datetime.fromisoformat(plan.summary["created_at"]).astimezone(UTC)
    rows = plan["rentals"].filter(pl.col("decide_by").is_not_null())
    for uid, row in _identified(rows.sort("decide_by", "action", "id", "factory", "on_rent_date", "units")):
        calendar.add_component(_event(uid, row, plan, names, version, made))
    return bytes(calendar.to_ical())


def _identified(rows: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in rows.iter_rows(named=True):
        key = (
            row["action"],
            row["id"],
            row["robot_model"],
            row["factory"],
            row["to_factory"],
            row["on_rent_date"] if row["action"] == "rent" else None,
        )
        seen[key] += 1
        told = "\x1f".join("" if part is None else str(part) for part in (*key, seen[key]))
        yield f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@takt", row


def _event(  # noqa: PLR0917 - an event and what it tells of
    uid: str, row: dict[str, Any], plan: Plan, names: Names, version: int, made: datetime
) -> icalendar.Event:
    currency = plan.summary["policy"]["currency"]
    summary = _summary(row, names, currency)
    alarm = icalendar.Alarm.new(description=summary)
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", REMIND)
    decide_by: date = row["decide_by"]
    return icalendar.Event.new(
        uid=uid,
        sequence=version,
        stamp=made,
        last_modified=made,
        start=decide_by,
        end=decide_by + timedelta(days=1),
        summary=summary,
        description=_description(row, names, currency, version),
        categories=["Takt"],
        transparency=icalendar.TRANSP.TRANSPARENT,
        subcomponents=[alarm],
    )


def _summary(row: dict[str, Any], names: Names, currency: str) -> str:
    words = SUMMARIES[row["action"]].format(
        robots=f"{row['units']} × {row['robot_model']}",
        factory=names.factory(row["factory"]),
        to_factory=names.factory(row["to_factory"] or ""),
        id=row["id"],
    )
    money = row["committed_cost"] or 0.0
    return _plain(f"{words}: commits {currency} {money:,.0f}" if money >= 0.5 else words)


def _description(row: dict[str, Any], names: Names, currency: str, version: int) -> str:
    began, ends = DATES[row["action"]]
    kind = KINDS.get(row["action"], "Contract")
    vendor = f", {row['vendor']}" if row["vendor"] else ""
    robot = names.robots.get(row["robot_model"], "")
    lines = [
        f"Why: {row['reason']}" if row["reason"] else "",
        f"Decide by: {row['decide_by']}",
        f"{began}: {row['on_rent_date']}" if row["on_rent_date"] else "",
        f"{ends}: {row['off_rent_date']}" if row["off_rent_date"] else "",
        f"{kind}: {row['id']}{vendor}",
        f"Robot model: {row['robot_model']}, {robot}" if robot else f"Robot model: {row['robot_model']}",
        f"Owed beyond the planned weeks: {currency} {row['tail_cost']:,.0f}" if row["tail_cost"] else "",
        f"Takt plan v{version}",
    ]
    return "\n".join(_plain(line) for line in lines if line)


def _plain(text: str) -> str:
    """The text on one line without control characters: a calendar has no place for them."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
