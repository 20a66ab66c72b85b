"""A company of any size as a network folder: the same demand, placed in as many order lines as asked for."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product as every
from pathlib import Path
from random import Random

import polars as pl

from bench.shared import write_network

AS_OF = date(2026, 11, 23)
START = date(2026, 11, 30)
WEEKS = 26
HISTORY_WEEKS = 52
SEED = 20261123

PRODUCTS = [f"{number:04d}" for number in range(1, 121)]
FACTORIES = ("BRNO", "GDANSK", "LEEDS", "PORTO")
MARKETS = ("BENELUX", "DACH", "FRANCE", "IBERIA", "ITALY", "NORDICS", "POLAND", "UKI")
ROBOTS = ("HYBRID", "LATHE", "MILL", "PRINTER")
MARKETS_PER_PRODUCT = 3
FACTORIES_PER_PRODUCT = 2

#: Units a week of all products together; lines only cut them into smaller or larger orders.
UNITS_PER_WEEK = 15_000
HOURS_PER_UNIT = (0.03, 0.09)


def write_large_company(folder: Path, lines: int) -> Path:
    """Write the folder: 120 products, 4 factories, 8 markets, 26 weeks and `lines` order lines."""
    chance = Random(SEED)
    sold = [(product, market) for product in PRODUCTS for market in _some(chance, MARKETS)]
    tables = {
        "factories": pl.DataFrame(
            {"factory": FACTORIES, "name": [name.title() for name in FACTORIES]}
        ).with_columns(attended_hours_per_week=80.0),
        "owned": pl.DataFrame(list(every(FACTORIES, ROBOTS)), ["factory", "robot_model"], orient="row")
        .with_columns(units=1)
        .sort("factory", "robot_model"),
        "routings": _rows(_routings(chance), "product", "factory", "robot_model", "hours_per_unit"),
        "offers": _offers(),
        "contracts": _contracts(),
        "lanes": _rows(_lanes(chance), "factory", "market", "lead_time_weeks", "cost_per_unit"),
        "orders": _rows(
            _orders(chance, sold, lines),
            *("order_id", "order_date", "due_date", "product", "market"),
            *("quantity", "customer", "unit_price"),
        ),
        "history": _rows(_history(chance, sold), "date", "product", "market", "quantity"),
        "opportunities": _rows(
            _opportunities(chance, sold, lines // 50),
            *("opportunity_id", "source", "observed_date", "stage", "product", "market"),
            *("quantity", "expected_date", "status"),
        ),
    }
    settings = {"as_of": AS_OF, "horizon_weeks": WEEKS, "setup_weeks": 0, "gap": 0.2}
    return write_network(folder, tables, settings | {"time_limit_seconds": 300})


def _routings(chance: Random) -> Iterator[tuple[object, ...]]:
    for number, name in enumerate(PRODUCTS):
        hours = round(chance.uniform(*HOURS_PER_UNIT), 3)
        for factory in sorted(chance.sample(FACTORIES, FACTORIES_PER_PRODUCT)):
            yield name, factory, ROBOTS[number % len(ROBOTS)], hours


def _offers() -> pl.DataFrame:
    rows = [
        (f"{robot}-{kind}", "Robora", robot, rate, term, notice, fee)
        for robot in ROBOTS
        for kind, rate, term, notice, fee in (("FLEX", 900, 2, 1, 200), ("LONG", 600, 13, 4, 800))
    ]
    names = ("min_term_weeks", "notice_weeks", "mobilisation_fee")
    return pl.DataFrame(rows, ["offer", "vendor", "robot_model", "weekly_rate", *names], orient="row")


def _contracts() -> pl.DataFrame:
    rows = [
        (f"C-{number:02d}", f"{robot}-LONG", factory, 1, START - timedelta(weeks=10), START, "on_rent")
        for number, (factory, robot) in enumerate(every(FACTORIES, ROBOTS), start=1)
    ]
    names = ["contract", "offer", "factory", "units", "on_rent_date", "min_end_date", "status"]
    return pl.DataFrame(rows, names, orient="row")


def _lanes(chance: Random) -> Iterator[tuple[object, ...]]:
    for factory, market in every(FACTORIES, MARKETS):
        yield factory, market, chance.choice((0, 1, 1, 2)), round(chance.uniform(0.1, 1.0), 2)


def _orders(chance: Random, sold: list[tuple[str, str]], lines: int) -> Iterator[tuple[object, ...]]:
    """Lines due over the horizon; some are past due already."""
    usual = UNITS_PER_WEEK * WEEKS / lines / 2
    for number in range(lines):
        product, market = chance.choice(sold)
        due = START + timedelta(days=chance.randrange(-7, 7 * WEEKS))
        units = max(1, round(chance.uniform(0.5, 1.5) * usual))
        customer = f"Customer {chance.randrange(500):03d}"
        ordered = min(AS_OF, due - timedelta(days=30))
        yield f"SO-{number:06d}", ordered, due, product, market, units, customer, chance.randrange(20, 90)


def _history(chance: Random, sold: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    usual = UNITS_PER_WEEK / len(sold)
    for product, market in sold:
        level = chance.uniform(0.3, 1.7) * usual
        for week in range(HISTORY_WEEKS, 0, -1):
            units = max(0, round(chance.gauss(level, level / 4)))
            yield START - timedelta(weeks=week), product, market, units


def _opportunities(chance: Random, sold: list[tuple[str, str]], deals: int) -> Iterator[tuple[object, ...]]:
    for number in range(deals):
        product, market = chance.choice(sold)
        seen = AS_OF - timedelta(days=chance.randrange(5, 90))
        due = START + timedelta(days=chance.randrange(14, 7 * WEEKS))
        stage, source = (
            chance.choice(("lead", "quoted", "verbal")),
            chance.choice(("web enquiry", "trade fair")),
        )
        yield f"OP-{number:04d}", source, seen, stage, product, market, chance.randrange(5, 60), due, "open"


def _some(chance: Random, markets: tuple[str, ...]) -> list[str]:
    return sorted(chance.sample(markets, MARKETS_PER_PRODUCT))


def _rows(rows: Iterator[tuple[object, ...]], *names: str) -> pl.DataFrame:
    return pl.DataFrame(list(rows), list(names), orient="row", infer_schema_length=None)
