"""A plan and its network as a planner might have them on a Monday morning; one value, no solver."""

import math
from datetime import date, timedelta
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.policy import Policy
from planning.domain.schema import EXPORT, INPUT

START = date(2026, 11, 23)
WEEKS = 26
FACTORIES = {"F1": "Leeds", "F2": "Gdańsk", "F3": "Porto", "F4": "Brno"}
MARKETS = {"UK": "United Kingdom", "DE": "Germany", "PL": "Poland"}
PRODUCTS = {f"00{number:02d}": name for number, name in enumerate(
    ("Bracket S", "Bracket L", "Gear 24", "Gear 36", "Nozzle", "Valve body", "Housing A", "Housing B",
     "Clip set", "Duct", "Impeller", "Lamp ring"), start=1
)}  # fmt: skip

COSTS = {
    "rent": 212_400.0,
    "rent_tail": 9_600.0,
    "mobilisation": 24_000.0,
    "demobilisation": 6_000.0,
    "termination": 0.0,
    "transfer": 0.0,
    "overage": 1_830.0,
    "owned": 62_400.0,
    "overtime": 8_420.5,
    "unit": 486_210.0,
    "setup": 18_300.0,
    "energy": 31_944.0,
    "material": 201_500.0,
    "transport": 54_120.0,
    "holding": 7_312.0,
    "late": 12_480.0,
    "priority": 24_960.0,
    "lost_confirmed": 5_760.0,
    "lost_expected": 38_900.0,
    "waste": 3_210.0,
    "carbon": 4_100.0,
    "change": 0.0,
    "relaxed": 0.0,
}


def week(index: int) -> date:
    """Monday of bucket `index`."""
    return START + timedelta(weeks=index)


def export_frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """An export table with the columns the schema gives it; what a row leaves out is null."""
    return _frame(EXPORT[name].polars_schema, rows)


def input_frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """An input table with the columns the schema gives it; what a row leaves out is null."""
    return _frame(INPUT[name].polars_schema, rows)


def a_plan(version: int = 3, **summary: Any) -> Plan:
    """A plan of four factories and twelve products over half a year, with late, refused and open orders."""
    tables = {name: table.empty() for name, table in EXPORT.items()}
    tables |= {"production": _production(), "promises": _promises(), "rentals": _rentals(), "fleet": _fleet()}
    return Plan(tables, _summary(version) | summary)


def a_network(as_of: date = START, input_hash: str = "a" * 64, **more: Any) -> Network:
    """The network the plan was made from."""
    tables = {name: table.empty() for name, table in INPUT.items()}
    tables["factories"] = input_frame("factories", [{"factory": f, "name": n} for f, n in FACTORIES.items()])
    tables["markets"] = input_frame("markets", [{"market": m, "name": n} for m, n in MARKETS.items()])
    tables["products"] = input_frame(
        "products",
        [
            {"product": p, "name": n, "late_cost_per_week": 12.0, "lost_cost": 240.0}
            for p, n in PRODUCTS.items()
        ],
    )
    tables["robots"] = input_frame("robots", [{"robot_model": "fdm_xl", "name": "FDM XL"}])
    values: dict[str, Any] = {
        "policy": Policy(as_of=as_of, start_week=START, horizon_weeks=WEEKS),
        "given": frozenset(("orders", "routings", "factories", "offers", "owned")),
        "rejected": EXPORT["rejected_rows"].empty(),
        "assumed": ("Lanes: every factory reaches every market in the same week, free of charge.",),
        "input_hash": input_hash,
    }
    return Network(tables=tables, **(values | more))


def rejected_rows(count: int = 3) -> pl.DataFrame:
    """Rows kept aside on import."""
    return export_frame(
        "rejected_rows",
        [
            {
                "file": "orders.csv",
                "line": 12 + n,
                "column": "product",
                "value": f"P{n}",
                "reason": "unknown product",
            }
            for n in range(count)
        ],
    )


def _frame(schema: dict[str, Any], rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _summary(version: int) -> dict[str, Any]:
    objective = sum(COSTS.values())
    return {
        "plan_id": f"plan-{version}",
        "version": version,
        "created_at": "2026-11-23T07:15:00+00:00",
        "start_week": START.isoformat(),
        "horizon_weeks": WEEKS,
        "status": "gap",
        "relaxed": [],
        "objective": objective,
        "bound": objective * 0.962,
        "gap": 0.038,
        "gap_controllable": 0.081,
        "solver": "HiGHS",
        "seconds": 47.3,
        "input_hash": "a" * 64,
        "policy": Policy(as_of=START, start_week=START, horizon_weeks=WEEKS).as_settings(),
        "commitment": {"objective": 0.0, "bound": 0.0, "gap": 0.0, "caps": []},
        "kpis": {
            "on_time_share": 0.964,
            "fill_rate": 0.992,
            "late_unit_weeks": 260.0,
            "refused_units": 24.0,
            "peak_robots_on_rent": 34,
            "rented_robot_weeks": 512,
            "paid_hour_utilisation": 0.81,
            "cost_per_good_unit": 31.4,
            "kgco2e": 18_200.0,
            "waste_units": 12.0,
            "change_share": 0.07,
            "orders_beyond_horizon": 4,
            "commitment_cost_if_all": 8_450.0,
            "commitment_saving_if_qualifying": 21_300.0,
        },
        "costs": COSTS,
        "checker": {"violations": 0},
    }


def _production() -> pl.DataFrame:
    rows = []
    for t in range(WEEKS):
        for f, factory in enumerate(FACTORIES):
            for p, product in enumerate(PRODUCTS):
                if (p + f) % 3:
                    continue
                level = 40 + 12 * math.sin(2 * math.pi * (t + 3 * p) / 26) + 5 * f
                confirmed = round(level * max(0.0, 1 - t / 16))
                expected = round(level * min(1.0, t / 16))
                rows.append(
                    {
                        "factory": factory,
                        "product": product,
                        "routing": f"{product}/fdm_xl",
                        "week": week(t),
                        "quantity": float(confirmed + expected),
                        "gross": float(confirmed + expected),
                        "robot_hours": (confirmed + expected) * 0.8,
                        "for_confirmed": float(confirmed),
                        "for_expected": float(expected),
                    }
                )
    return export_frame("production", rows)


def _promises() -> pl.DataFrame:
    hours, lead_time = "robot hours in Leeds, week 48", "no robot before week 52: offer LR-2 has 8 weeks"
    beyond = "material titanium arrives after the last planned week"
    rows = [
        _promise("SO-1001", "0001", "UK", 1, 60, delivered=1, status="on_time"),
        _promise("SO-1042", "0004", "DE", 1, 40, delivered=3, status="late", cause=hours),
        _promise("SO-1042", "0004", "DE", 1, 12, delivered=2, status="late", cause=hours),
        _promise("SO-1077", "0007", "PL", 0, 24, status="refused", cause=lead_time),
        _promise("SO-1103", "0011", "UK", 25, 18, status="open", cause=beyond),
        _promise("0012", "0002", "DE", 4, 30, delivered=5, status="late", cause="holiday week in Gdańsk"),
    ]
    return export_frame("promises", rows)


def _promise(order: str, product: str, market: str, due: int, quantity: float, **more: Any) -> dict[str, Any]:
    delivered = more.pop("delivered", None)
    row = {
        "order_id": order,
        "line": 1,
        "product": product,
        "market": market,
        "due_week": week(due),
        "quantity": float(quantity),
    }
    if delivered is not None:
        row |= {
            "delivered_week": week(delivered),
            "delivered_quantity": float(quantity),
            "late_weeks": max(0, delivered - due),
        }
    return row | more


def _rentals() -> pl.DataFrame:
    """Action, offer or contract, vendor, factory, units, weeks to decide by, on and off rent, money, why."""
    rows = [
        ("return", "CT-204", "Botlease", "F2", 1, -1, None, 12, 0.0, "not needed after the season"),
        ("rent", "FX-4", "Robora", "F1", 2, 1, 3, 7, 11_600.0, "late order SO-1042, campaign in week 51"),
        ("rent", "FX-4", "Robora", "F3", 1, 2, 5, 13, 7_250.0, "peak of family Housing"),
        ("renew", "CT-117", "Botlease", "F4", 3, 4, None, 26, 15_300.0, "orders up to week 20"),
        ("rent", "LR-2", "Steadybot", "F1", 2, 5, 13, None, 46_800.0, "demand as good as sold"),
        ("move", "CT-090", "Botlease", "F2", 1, 6, 8, 6, 900.0, "spare hours in Gdańsk"),
    ]
    names = ("action", "id", "vendor", "factory", "units")
    return export_frame(
        "rentals",
        [
            dict(zip(names, row[:5], strict=True))
            | {
                "robot_model": "fdm_xl",
                "to_factory": "F3" if row[0] == "move" else None,
                "decide_by": week(row[5]),
                "on_rent_date": None if row[6] is None else week(row[6]),
                "off_rent_date": None if row[7] is None else week(row[7]),
                "committed_cost": row[8],
                "tail_cost": 0.0,
                "reason": row[9],
            }
            for row in rows
        ],
    )


def _fleet() -> pl.DataFrame:
    return export_frame(
        "fleet",
        [
            {
                "factory": f,
                "robot_model": "fdm_xl",
                "source": "owned",
                "id": None,
                "week": week(t),
                "units": 2,
            }
            for f in FACTORIES
            for t in range(WEEKS)
        ],
    )
