"""Fleets of a plan and contracts of a network, as small as a test needs them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from tests.builders.plans import a_network, a_plan, export_frame, input_frame, week

MODEL = "fdm_xl"
ROUTING = "0001/fdm_xl"


@dataclass(frozen=True)
class Cell:
    """Robots of one model at one factory in bucket t; hours are one robot's, work is that of all."""

    owned: int = 1
    contract: int = 0
    offer: int = 0
    moving: int = 0
    attended: float = 40.0
    unattended: float = 0.0
    attended_work: float = 0.0
    unattended_work: float = 0.0
    overtime: float = 0.0
    factory: str = "F1"
    robot_model: str = MODEL
    t: int = 0

    @property
    def there(self) -> int:
        """Robots that can work."""
        return self.owned + self.contract + self.offer - self.moving

    @property
    def work(self) -> float:
        """All hours worked."""
        return self.attended_work + self.unattended_work + self.overtime


def a_fleet(*cells: Cell, rentals: list[dict[str, Any]] | None = None, **tables: pl.DataFrame) -> Plan:
    """A plan of these robots and hours; contracts are CT-1, new rentals FX-1."""
    plan = a_plan()
    own = {
        "fleet": export_frame("fleet", [row for cell in cells for row in _fleet_rows(cell)]),
        "hours": export_frame("hours", [_hours_row(cell) for cell in cells]),
        "rentals": export_frame("rentals", rentals or []),
        "production": plan["production"].clear(),
    }
    return Plan(dict(plan.tables) | own | tables, plan.summary)


def a_move(factory: str, to_factory: str, units: int, leaves: int, counts: int) -> dict[str, Any]:
    """Units of CT-1 that leave one factory in a bucket and work at the other from a later one on."""
    return {
        "action": "move",
        "id": "CT-1",
        "robot_model": MODEL,
        "factory": factory,
        "to_factory": to_factory,
        "units": units,
        "decide_by": week(leaves),
        "off_rent_date": week(leaves),
        "on_rent_date": week(counts),
    }


def with_contracts(*contracts: dict[str, Any], offer: dict[str, Any] | None = None) -> Network:
    """The network with these contracts of offer FX-1: 100 a week, two weeks' notice, renewed week by week."""
    terms = {
        "offer": "FX-1",
        "vendor": "Robora",
        "robot_model": MODEL,
        "weekly_rate": 100.0,
        "renewal_weeks": 1,
        "notice_weeks": 2,
        "billing": "week",
        "overage_per_hour": 0.0,
        "mobilisation_fee": 0.0,
        "demobilisation_fee": 0.0,
    }
    given = {
        "contract": "CT-1",
        "offer": "FX-1",
        "factory": "F1",
        "units": 1,
        "weekly_rate": 100.0,
        "on_rent_date": date(2026, 9, 7),
        "min_end_date": date(2027, 2, 1),
        "status": "on_rent",
    }
    return a_network().with_tables(
        offers=input_frame("offers", [terms | (offer or {})]),
        contracts=input_frame("contracts", [given | contract for contract in contracts]),
    )


def with_lights_out(*, lights_out: bool = True, **row: Any) -> Network:
    """The network with one routing, an hour a unit."""
    routing = {
        "routing": ROUTING,
        "product": "0001",
        "robot_model": MODEL,
        "hours_per_unit": 1.0,
        "setup_hours": 0.0,
        "lights_out": lights_out,
        "min_lot": 0.0,
        "yield": 1.0,
    }
    return a_network().with_tables(routings=input_frame("routings", [routing | row]))


def made(gross: float, t: int = 0) -> pl.DataFrame:
    """production.csv: so many units of that routing at F1."""
    row = {"factory": "F1", "product": "0001", "routing": ROUTING, "week": week(t), "gross": gross}
    return export_frame("production", [row])


def _fleet_rows(cell: Cell) -> list[dict[str, Any]]:
    ids = {"owned": None, "contract": "CT-1", "offer": "FX-1"}
    one = cell.attended + cell.unattended
    rows = []
    work = cell.work
    for source, id in ids.items():
        units = getattr(cell, source)
        if units:
            productive = units - (cell.moving if source == "contract" else 0)
            rows.append(
                {
                    "factory": cell.factory,
                    "robot_model": cell.robot_model,
                    "source": source,
                    "id": id,
                    "week": week(cell.t),
                    "units": units,
                    "hours_available": one * productive,
                    "hours_used": min(work, one * productive),
                    "cost": 0.0 if source == "owned" else 100.0 * units,
                }
            )
            work -= min(work, one * productive)
    return rows


def _hours_row(cell: Cell) -> dict[str, Any]:
    return {
        "factory": cell.factory,
        "robot_model": cell.robot_model,
        "week": week(cell.t),
        "attended_available": cell.attended * cell.there,
        "unattended_available": cell.unattended * cell.there,
        "attended_used": cell.attended_work,
        "unattended_used": cell.unattended_work,
        "overtime_used": cell.overtime,
    }
