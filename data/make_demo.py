"""Write the demo company's network folder: `python data/make_demo.py`.

The same bytes every time and on every machine: chance comes from named streams of a fixed seed
(demo_company/chance.py). The stories it tells, and the dials that make them, are in demo_company/dials.py;
`--report` shows them in figures without a solver.
"""

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from demo_company import demand, fleet, places, products, records, report, shopfloor, signals, technologies

FOLDER = Path(__file__).parent / "demo"


def tables() -> dict[str, tuple[type, Sequence[Any]]]:
    """Every table of the network folder: the record of its columns, and its rows."""
    return {
        "settings": (records.Setting, places.settings()),
        "factories": (records.Factory, places.FACTORIES),
        "shifts": (records.Shift, places.shifts()),
        "markets": (records.Market, places.MARKETS),
        "lanes": (records.Lane, places.lanes()),
        "calendar": (records.CalendarWeek, places.calendar()),
        "products": (records.Product, products.products()),
        "robots": (records.Robot, technologies.ROBOTS),
        "routings": (records.Routing, products.routings()),
        "materials": (records.Material, technologies.MATERIALS),
        "bom": (records.BomLine, products.bom()),
        "offers": (records.Offer, fleet.OFFERS),
        "offer_tiers": (records.OfferTier, fleet.TIERS),
        "contracts": (records.Contract, fleet.CONTRACTS),
        "owned": (records.Owned, fleet.OWNED),
        "operators": (records.Operators, fleet.OPERATORS),
        "stock": (records.Stock, shopfloor.stock()),
        "in_transit": (records.InTransit, shopfloor.in_transit()),
        "firm_work": (records.FirmWork, shopfloor.firm_work()),
        "supply": (records.Supply, shopfloor.supply()),
        "orders": (records.Order, demand.orders()),
        "history": (records.History, demand.history()),
        "returns": (records.Return, demand.returns()),
        "opportunities": (records.Opportunity, signals.opportunities()),
        "stages": (records.Stage, signals.STAGES),
        "campaigns": (records.Campaign, signals.campaigns()),
        "activity": (records.Activity, signals.activity()),
        "overrides": (records.Override, signals.overrides()),
    }


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def csv_text(record: type, rows: Sequence[Any]) -> str:
    """A table as CSV: UTF-8 text, comma, decimal point, ISO dates, empty for nothing."""
    names = [field.name for field in fields(record)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(name.rstrip("_") for name in names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue()


def write(folder: Path) -> int:
    """Write every table into the folder; what comes back is the number of bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for name, (record, rows) in tables().items():
        size += (folder / f"{name}.csv").write_bytes(csv_text(record, rows).encode())
    return size


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the demo company's network folder.")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write (default: data/demo)")
    parser.add_argument("--report", action="store_true", help="print load against capacity, write nothing")
    choice = parser.parse_args()
    if choice.report:
        print(report.words())
        return
    size = write(choice.out)
    print(f"{len(tables())} tables, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
