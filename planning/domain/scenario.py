"""What a scenario changes in a network: a few values with names a planner uses, kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from planning.domain.field import Value
from planning.domain.schema import INPUT


@dataclass(frozen=True)
class RowChange:
    """A row with other values than it has, or a new row.

    Parameters
    ----------
    table : an input table with a key.
    key : every column of the key; None where it is empty.
    values : other columns → what they say instead; None empties the cell.
    """

    table: str
    key: Mapping[str, Value]
    values: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = INPUT[self.table]
        if set(self.key) != set(table.key) or not set(self.values) <= set(table.columns) - set(table.key):
            raise ValueError(f"{sorted(self.key)} and {sorted(self.values)} are not of {self.table}")


@dataclass(frozen=True)
class DealConfirmed:
    """A deal becomes an order.

    Parameters
    ----------
    opportunity_id : the deal.
    order_id : of the order; the deal's own id when empty.
    quantity, due_date : the deal's own when None.
    """

    opportunity_id: str
    order_id: str = ""
    quantity: float | None = None
    due_date: date | None = None


@dataclass(frozen=True)
class DemandScaled:
    """More or less forecast demand than the forecast that holds.

    Parameters
    ----------
    share : 0.2 for a fifth more; ≥ −1.
    product, family, market : what it is about; empty means all.
    first_week, last_week : Mondays, both included; None means the end of the horizon on that side.
    """

    share: float
    product: str = ""
    family: str = ""
    market: str = ""
    first_week: date | None = None
    last_week: date | None = None


Change = RowChange | DealConfirmed | DemandScaled

_KINDS: dict[str, type[RowChange] | type[DealConfirmed] | type[DemandScaled]] = {
    "row": RowChange,
    "deal confirmed": DealConfirmed,
    "demand scaled": DemandScaled,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def lose_deal(opportunity_id: str) -> RowChange:
    """A deal is lost: it counts nothing."""
    return _deal(opportunity_id, status="lost")


def resize_deal(opportunity_id: str, quantity: float) -> RowChange:
    """A deal of another size."""
    return _deal(opportunity_id, quantity=quantity)


def move_deal(opportunity_id: str, expected_date: date) -> RowChange:
    """A deal expected on another day."""
    return _deal(opportunity_id, expected_date=expected_date)


def add_deal(opportunity_id: str, **said: Value) -> RowChange:
    """A deal nobody has told yet: product, market, quantity, expected_date, stage, probability …"""
    return _deal(opportunity_id, **{"status": "open"} | said)


def run_campaign(campaign: str, channel: str, **said: Value) -> RowChange:
    """A campaign: product or family, market, start_date, end_date, spend, price, promotion …"""
    key = {name: said.pop(name, None) for name in ("product", "family", "market")}
    return RowChange("campaigns", {"campaign": campaign, "channel": channel} | key, said)


def change_offer(offer: str, **terms: Value) -> RowChange:
    """An offer on other terms, or one nobody has made yet."""
    return RowChange("offers", {"offer": offer}, terms)


def own_robots(factory: str, robot_model: str, units: int) -> RowChange:
    """So many robots of our own at a factory."""
    return RowChange("owned", {"factory": factory, "robot_model": robot_model}, {"units": units})


def change_factory(factory: str, **said: Value) -> RowChange:
    """A factory with other hours, floor, supervisors, storage …"""
    return RowChange("factories", {"factory": factory}, said)


def change_week(factory: str, week: date, robot_model: str | None = None, **said: Value) -> RowChange:
    """A week of a factory with other hours or availability; of one robot model, or of all."""
    return RowChange("calendar", {"factory": factory, "week": week, "robot_model": robot_model}, said)


def change_setting(key: str, value: Value) -> RowChange:
    """Another value of a setting: horizon_weeks, carbon_price_per_kg, commit_threshold …"""
    return RowChange("settings", {"key": key}, {"value": value})


def as_json(change: Change) -> str:
    """A change as it is stored; dates as YYYY-MM-DD."""
    said = {"kind": _NAMES[type(change)]} | asdict(change)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=_iso, allow_nan=False)


def from_json(text: str) -> Change:
    """The reverse of `as_json`."""
    said: dict[str, Any] = json.loads(text)
    kind = _KINDS[said.pop("kind")]
    if kind is RowChange:
        table = INPUT[said["table"]]
        for part in ("key", "values"):
            said[part] = {name: _dated(table[name].kind, value) for name, value in said[part].items()}
        return RowChange(**said)
    dated = {name: _dated("date", value) for name, value in said.items() if name in _DAYS}
    return kind(**said | dated)


_DAYS = ("due_date", "first_week", "last_week")


def _deal(opportunity_id: str, **said: Value) -> RowChange:
    return RowChange("opportunities", {"opportunity_id": opportunity_id}, said)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be stored")


def _dated(kind: str, value: Any) -> Any:
    return date.fromisoformat(value) if kind in {"date", "week"} and value is not None else value
