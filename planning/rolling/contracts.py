"""Contracts at the end of a week: what was said of them, else what the plan decided, else their dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK, monday_on_or_after
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.errors import Fault
from planning.rolling.actuals import Actuals
from planning.rolling.rolled import DIFFERENCE

Row = dict[str, Any]


@dataclass(frozen=True)
class Contracts:
    """Rows of contracts.csv that are new or other ones; the rest as in RolledWeek."""

    rows: pl.DataFrame
    faults: tuple[Fault, ...]
    differed: pl.DataFrame
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class _Event:
    """Something that happened to some of a contract's robots; `said` by a planner, else as planned."""

    name: str
    day: date
    units: int
    said: bool
    to_factory: str | None = None


def roll_contracts(network: Network, plan: Plan, actuals: Actuals, week: date) -> Contracts:
    """What every contract is once `week` is over.

    A contract whose robots are not all concerned by an event is parted: those that are get a contract of
    their own, under its id and a number, with the same terms, rate and dates.
    """
    held = {row["contract"]: row for row in network["contracts"].iter_rows(named=True)}
    said = {id: list(_said(held[id], actuals, week)) for id in held}
    faults = tuple(_faults(held, actuals))
    changed: dict[str, Row] = {}
    told: list[str] = []
    assumed: list[str] = []
    for id, row in held.items():
        if row["status"] == "ended":
            continue
        events = said[id] + [e for e in _planned(row, plan, week) if e.name not in {s.name for s in said[id]}]
        for part in _rolled(dict(row), events, week, set(held) | set(changed)):
            if part != held.get(part["contract"]):
                changed[part["contract"]] = part
        for event in events:
            (told if event.said else assumed).append(_words(id, event))
        assumed += _by_date(row, events, week)
    told += _not_ordered(network, plan, week)
    schema = INPUT["contracts"].polars_schema
    differed = [{"what": "Contract", "words": words} for words in told]
    return Contracts(
        pl.DataFrame(list(changed.values()), schema=schema),
        faults,
        pl.DataFrame(differed, schema=DIFFERENCE),
        tuple(assumed),
    )


def _faults(held: dict[str, Row], actuals: Actuals) -> Iterator[Fault]:
    for event in actuals.contract_events.iter_rows(named=True):
        row = held[event["contract"]]
        place = f"{event['contract']}, {event['event']}"
        if event["date"] is None and event["event"] in {"notice", "renewed"}:
            what = "goes off rent" if event["event"] == "notice" else "runs to, at least"
            yield Fault("contract_events.csv", f"{place}: it does not say when", f"Say the day it {what}.")
        if event["units"] is not None and event["units"] > row["units"]:
            reason = f"{place}: {event['units']} robots, and the contract has {row['units']}"
            yield Fault("contract_events.csv", reason, "Say how many of them.")
        if row["status"] == "ended":
            yield Fault("contract_events.csv", f"{place}: this contract has ended", "Take the row out.")


def _said(row: Row, actuals: Actuals, week: date) -> Iterator[_Event]:
    rows = actuals.contract_events.filter(pl.col("contract") == row["contract"])
    for event in rows.iter_rows(named=True):
        usual = week + WEEK if event["event"] == "returned" else row["on_rent_date"]
        yield _Event(event["event"], event["date"] or usual, event["units"] or row["units"], said=True)


def _planned(row: Row, plan: Plan, week: date) -> Iterator[_Event]:
    """What the plan decided on a contract for this week: a notice due in it, a move or an early end."""
    rentals = plan["rentals"].filter(pl.col("id") == row["contract"])
    for lot in rentals.iter_rows(named=True):
        action, units = lot["action"], min(lot["units"], row["units"])
        due = lot["decide_by"] is not None and lot["decide_by"] < week + WEEK
        if action == "return" and due and row["off_rent_date"] is None:
            yield _Event("notice", lot["off_rent_date"], units, said=False)
        if action == "terminate" and lot["off_rent_date"] <= week + WEEK:
            yield _Event("returned", lot["off_rent_date"], units, said=False)
        if action == "move" and lot["off_rent_date"] <= week:
            yield _Event("moved", lot["off_rent_date"], units, said=False, to_factory=lot["to_factory"])


def _rolled(row: Row, events: Iterable[_Event], week: date, taken: set[str]) -> Iterator[Row]:
    """The contract after the events, parted where they concern some of its robots only."""
    for event in events:
        if event.units >= row["units"]:
            row = _after(row, event, week)
            continue
        row, part = _parted(row, event.units, taken)
        part = _after(part, event, week)
        yield part | {"status": _status(part, week)}
    yield row | {"status": _status(row, week)}


def _parted(row: Row, units: int, taken: set[str]) -> tuple[Row, Row]:
    """What stays of a contract, and a contract of its own for so many of its robots."""
    names = (f"{row['contract']}-{number}" for number in range(2, len(taken) + 3))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return row | {"units": row["units"] - units}, row | {"contract": name, "units": units}


def parts_of(contracts: pl.DataFrame, contract: str) -> pl.DataFrame:
    """The rows of a contract and of those parted from it: these have a number behind its id."""
    rest = pl.col("contract").str.strip_prefix(contract)
    parted = pl.col("contract").str.starts_with(contract) & rest.str.contains(r"^-[0-9]+$")
    return contracts.filter((pl.col("contract") == contract) | parted)


def given_notice(contracts: pl.DataFrame, contract: str, units: int, off_rent_date: date) -> pl.DataFrame:
    """Rows of contracts.csv once notice is given for robots of a contract; parted as by `roll_contracts`.

    Raises
    ------
    ValueError
        There is no such contract, or it has fewer robots.
    """
    row = contracts.row(by_predicate=pl.col("contract") == contract, named=True)
    if units > row["units"]:
        raise ValueError(f"{contract} has {row['units']} robots, notice for {units}")
    told = {"off_rent_date": off_rent_date, "status": "notice"}
    if units == row["units"]:
        rows = [row | told]
    else:
        stays, part = _parted(row, units, set(contracts["contract"]))
        rows = [stays, part | told]
    return pl.DataFrame(rows, schema=INPUT["contracts"].polars_schema)


def _after(row: Row, event: _Event, week: date) -> Row:
    match event.name:
        case "arrived":
            later = event.day - row["on_rent_date"]
            dates = {"on_rent_date": event.day, "min_end_date": row["min_end_date"] + later}
            return row | dates | {"status": "on_rent" if event.day < week + WEEK else "ordered"}
        case "notice":
            return row | {"off_rent_date": event.day, "status": "notice"}
        case "returned":
            return row | {"off_rent_date": event.day, "status": "notice"}
        case "renewed":
            return row | {"min_end_date": event.day, "off_rent_date": None, "status": "on_rent"}
        case _:
            return row | {"factory": event.to_factory}


def _status(row: Row, week: date) -> str:
    """By its dates: what is off rent when the next week begins has ended, what came is on rent."""
    off = row["off_rent_date"]
    if off is not None and monday_on_or_after(off) <= week + WEEK:
        return "ended"
    if row["status"] == "ordered" and monday_on_or_after(row["on_rent_date"]) <= week:
        return "on_rent" if off is None else "notice"
    return str(row["status"])


def _by_date(row: Row, events: Iterable[_Event], week: date) -> list[str]:
    """What nobody said and the dates of the contract say."""
    names = {event.name for event in events}
    off, told = row["off_rent_date"], []
    if row["status"] == "ordered" and not names and monday_on_or_after(row["on_rent_date"]) <= week:
        told.append(f"Contract {row['contract']}: taken as arrived on {row['on_rent_date']}.")
    if off is not None and not names and monday_on_or_after(off) <= week + WEEK:
        told.append(f"Contract {row['contract']}: taken as returned on {off}.")
    return told


def _words(contract: str, event: _Event) -> str:
    robots = f"{event.units} robot" + ("" if event.units == 1 else "s")
    said = {
        "arrived": f"{robots} on rent from {event.day}",
        "notice": f"notice given for {robots}, off rent from {event.day}",
        "returned": f"{robots} off rent from {event.day}",
        "renewed": f"renewed, {robots} to {event.day} at least",
        "moved": f"{robots} moved to {event.to_factory}",
    }[event.name]
    return f"Contract {contract}: {said}" + (" as planned." if not event.said else ".")


def _not_ordered(network: Network, plan: Plan, week: date) -> Iterator[str]:
    """Robots that had to be ordered in the week and of which there is no contract."""
    key = ["offer", "factory", "on_rent_date"]
    due = plan["rentals"].filter((pl.col("action") == "rent") & (pl.col("decide_by") < week + WEEK))
    due = due.with_columns(offer="id").group_by(key).agg(pl.col("units").sum(), pl.col("decide_by").min())
    known = network["contracts"].group_by(key).agg(there=pl.col("units").sum())
    rows = due.join(known, on=key, how="left").with_columns(
        left=pl.col("units") - pl.col("there").fill_null(0)
    )
    for row in rows.filter(pl.col("left") > 0).sort(key).iter_rows(named=True):
        yield (
            f"{row['left']} of {row['offer']} for {row['factory']} were to be ordered by {row['decide_by']} "
            "and are not: no contract is written for them."
        )
