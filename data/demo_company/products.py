"""Products with their prices, and how they are made: routings and bills of material."""

from dataclasses import replace
from functools import cache

from demo_company import dials
from demo_company.catalogue import FAMILIES, Item
from demo_company.records import BomLine, Product, Routing
from demo_company.technologies import COST, RECIPES, Recipe

# Price of the first technology: a margin on what goes into the unit, plus the hours at a shop rate.
MARGIN, SHOP_RATE_PER_HOUR = 2.1, 24.0
HOLDING_PER_WEEK, LATE_PER_WEEK, LOST = 0.004, 0.02, 1.25


@cache
def items() -> tuple[Item, ...]:
    """Every product of the catalogue with its family."""
    return tuple(replace(item, family=family) for family, lines in FAMILIES.items() for item in lines)


def recipe(item: Item, technology: str) -> Recipe:
    """How an item is made by a technology, before its own work factor."""
    return RECIPES[item.family, technology]


def unit_cost(item: Item, technology: str) -> float:
    """Material and other cost of one gross unit, in EUR."""
    made = recipe(item, technology)
    return (made.unit_cost + made.quantity * COST[made.material]) * item.work


@cache
def price(item: Item) -> float:
    """List price in EUR, in steps of 50 cents."""
    hours = sum(recipe(item, item.technologies[0]).hours.values()) * item.work
    return round(2 * (MARGIN * unit_cost(item, item.technologies[0]) + SHOP_RATE_PER_HOUR * hours)) / 2


@cache
def products() -> tuple[Product, ...]:
    """The products with what holding, lateness, refusal and leftovers cost."""
    return tuple(
        Product(
            item.product,
            item.name,
            item.family,
            price(item),
            round(HOLDING_PER_WEEK * price(item), 3),
            round(LATE_PER_WEEK * price(item), 2),
            round(LOST * price(item), 2),
            round(unit_cost(item, item.technologies[0]), 2),
        )
        for item in items()
    )


def places(item: Item, technology: str) -> list[str]:
    """The factories that make an item by a technology."""
    return [place for place in recipe(item, technology).places if place in item.places]


def _rows(item: Item, technology: str, factory: str) -> list[Routing]:
    made, name = recipe(item, technology), f"{item.product}-{technology}"
    rows: list[Routing] = []
    for model, hours in made.hours.items():
        first = not rows
        rows.append(
            Routing(
                routing=name,
                product=item.product,
                factory=factory,
                revision="A",
                effective_week=None,
                robot_model=model,
                hours_per_unit=round(hours * item.work, 3),
                setup_hours=made.setup_hours if first else 0.0,
                setup_cost=made.setup_cost if first else 0.0,
                typical_lot=made.typical_lot,
                unit_cost=round(made.unit_cost * item.work, 2) if first else 0.0,
                energy_kwh_per_unit=None,
                kgco2e_per_unit=made.kg if first else 0.0,
                lights_out=made.lights_out and first,
                min_lot=made.min_lot,
                batch_size=item.plate if technology == "A" else None,
                yield_=made.good_share,
            )
        )
    return rows


def _revised(row: Routing) -> Routing:
    hours = round(row.hours_per_unit * dials.REVISION_FACTOR, 3)
    return replace(row, revision="B", effective_week=dials.REVISION_WEEK, hours_per_unit=hours)


@cache
def routings() -> tuple[Routing, ...]:
    """One row for each routing, factory, revision and robot model."""
    rows = [
        row
        for item in items()
        for technology in item.technologies
        for factory in places(item, technology)
        for row in _rows(item, technology, factory)
    ]
    return (*rows, *(_revised(row) for row in rows if row.routing == dials.REVISED_ROUTING))


@cache
def bom() -> tuple[BomLine, ...]:
    """Material per gross unit; where technologies differ in material, per routing."""
    lines = []
    for item in items():
        for technology in item.technologies:
            made = recipe(item, technology)
            routing = f"{item.product}-{technology}" if len(item.technologies) > 1 else None
            lines.append(BomLine(item.product, routing, made.material, round(made.quantity * item.work, 3)))
    return tuple(lines)
