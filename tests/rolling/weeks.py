"""A small company whose plan says little, so that what a week becomes can be reckoned by hand."""

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.rolling import ACTUALS, Actuals
from planning.signals import Folder, validate

WEEK = date(2026, 11, 30)
NEXT = date(2026, 12, 7)
#: In it for the first time; the lane to DE takes a week, the one to PT none.
FILES = {
    "settings": "key,value\nas_of,2026-11-24\nstart_week,2026-11-30\nhorizon_weeks,8\n",
    "factories": "factory\nPO\n",
    "routings": "product,robot_model,hours_per_unit,yield\nA,PR,1,0.5\nB,PR,1,\n",
    "offers": "offer,robot_model,weekly_rate,min_term_weeks,notice_weeks\nFLEX,PR,100,4,2\n",
    "owned": "factory,robot_model,units\nPO,PR,1\n",
    "lanes": "factory,market,lead_time_weeks\nPO,DE,1\nPO,PT,0\n",
    "stock": "factory,product,quantity\nPO,A,5\n",
    "orders": "order_id,due_date,product,market,quantity,priority\n"
    "1,2026-12-04,A,PT,6,2\n2,2026-12-04,A,PT,4,1\n3,2026-12-11,A,DE,5,2\n",
}


@cache
def a_network(**changed: str) -> Network:
    """The company as it was imported; `changed` replaces or adds files."""
    files = {f"{name}.csv": text.encode() for name, text in (FILES | changed).items()}
    return validate(Folder.from_files(files), date(2026, 11, 24))


def with_stock(product: str, units: float) -> Network:
    """The company with so many units of one product in stock, and none of others."""
    network = a_network()
    columns = network["stock"].schema
    row = pl.DataFrame({"factory": ["PO"], "product": [product], "quantity": [float(units)]}, schema=columns)
    return network.with_tables(stock=row)


def rows(table: str, *of: dict[str, Any]) -> pl.DataFrame:
    """Rows of an export table; what they do not say is empty."""
    columns = EXPORT[table].columns
    filled = [dict.fromkeys(columns) | row for row in of]
    return pl.DataFrame(filled, schema=EXPORT[table].polars_schema)


def a_plan(start: date = WEEK, **tables: list[dict[str, Any]]) -> Plan:
    """A plan with these rows and no others."""
    summary = {"version": 3, "start_week": start.isoformat(), "horizon_weeks": 8}
    return Plan({name: rows(name, *tables.get(name, [])) for name in EXPORT}, summary)


def made(product: str, units: float, factory: str = "PO") -> dict[str, Any]:
    """A run of the week."""
    routing = f"{product}/PR"
    gross = units / (0.5 if product == "A" else 1)
    cell = {"factory": factory, "product": product, "routing": routing, "week": WEEK}
    return cell | {"quantity": units, "gross": gross}


def shipped(product: str, market: str, units: float) -> dict[str, Any]:
    """A shipment of the week."""
    arrives = NEXT if market == "DE" else WEEK
    return {
        "factory": "PO",
        "market": market,
        "product": product,
        "ship_week": WEEK,
        "arrive_week": arrives,
        "quantity": units,
    }


def promised(order: str, units: float) -> dict[str, Any]:
    """A delivery of the week."""
    return {"order_id": order, "line": 1, "delivered_week": WEEK, "delivered_quantity": units}


def stocked(product: str, units: float) -> dict[str, Any]:
    """Stock at the end of the week."""
    return {"factory": "PO", "product": product, "week": WEEK, "quantity": units}


def said(table: str, *of: dict[str, Any]) -> pl.DataFrame:
    """Rows of a file of actuals."""
    filled = [dict.fromkeys(ACTUALS[table].columns) | row for row in of]
    return pl.DataFrame(filled, schema=ACTUALS[table].polars_schema)


def ordered(network: Network, *of: dict[str, Any]) -> pl.DataFrame:
    """Order lines, whole, as an orders file would make of them."""
    usual = {
        "line": 1,
        "quantity_shipped": 0.0,
        "status": "confirmed",
        "priority": 2,
        "due_date": date(2026, 12, 4),
        "market": "PT",
        "product": "A",
    }
    filled = [dict.fromkeys(network["orders"].columns) | usual | row for row in of]
    return pl.DataFrame(filled, schema=network["orders"].schema)


def nothing_said() -> Actuals:
    """A week nobody says anything of."""
    return Actuals()
