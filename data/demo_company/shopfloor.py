"""What lies and moves on the first day: stock, goods on the road, work on the floor, material."""

from datetime import date

from demo_company import dials
from demo_company.catalogue import Item
from demo_company.chance import Chance
from demo_company.demand import due_week, mean_demand, orders, series
from demo_company.places import FACTORIES, lanes
from demo_company.products import items, places, recipe
from demo_company.records import FirmWork, InTransit, Stock, Supply
from demo_company.technologies import MATERIALS

# Material is on hand for so many weeks beyond its lead time, in each factory as if it made its whole share.
SAFETY_WEEKS = 2.0
# No stock of these: the shortage story would end in the warehouse.
STORY_PRODUCTS = (dials.CALL_OFF_PRODUCT,)


def _first_place(item: Item) -> str:
    return places(item, item.technologies[0])[0]


def stock() -> list[Stock]:
    """A few finished goods, made for orders that leave soon."""
    rows = []
    for item in items():
        chance = Chance("stock", item.product)
        if item.product in STORY_PRODUCTS or not chance.happens(0.4):
            continue
        quantity = max(1, round(item.rate * chance.between(0.1, 0.35)))
        rows.append(Stock(_first_place(item), item.product, quantity))
    return sorted(rows, key=lambda row: (row.factory, row.product))


def _shortest_lead(item: Item, market: str) -> tuple[int, str]:
    """Weeks to a market from the nearest factory that makes the item, and that factory."""
    equipped = {place for technology in item.technologies for place in places(item, technology)}
    return min(
        (lane.lead_time_weeks, lane.factory)
        for lane in lanes()
        if (lane.factory in equipped) and lane.market == market
    )


def in_transit() -> list[InTransit]:
    """Goods that had to leave before the first day to reach their order in time; a few never left."""
    by_id = {item.product: item for item in items()}
    coming: dict[tuple[str, str, str, date], int] = {}
    for order in orders():
        lead, factory = _shortest_lead(by_id[order.product], order.market)
        week = due_week(order.due_date)
        must_have_left = order.status == "confirmed" and dials.START_WEEK <= week < dials.week_of_horizon(
            lead
        )
        if not must_have_left or Chance("road", order.order_id, order.line).happens(dials.NEVER_LEFT):
            continue
        key = factory, order.market, order.product, week
        coming[key] = coming.get(key, 0) + order.quantity - order.quantity_shipped
    return [InTransit(*key, coming[key]) for key in sorted(coming)]


def firm_work() -> list[FirmWork]:
    """Work already on robots, and work the shop has promised for the second week."""
    by_id = {item.product: item for item in items()}
    jobs = [("PORTO", "0010", 0), ("LEEDS", "2011", 0), ("BRNO", "3010", 0), ("GDANSK", "0120", 0)]
    jobs += [("PORTO", "2012", 1), ("BRNO", "0125", 1), ("GDANSK", "3013", 1)]
    rows = []
    for number, (factory, product, week) in enumerate(jobs):
        technology = by_id[product].technologies[0]
        assert factory in places(by_id[product], technology)
        quantity = Chance("work", product).whole(6, 14)
        status = "started" if week == 0 else "pinned"
        monday = dials.week_of_horizon(week)
        rows.append(
            FirmWork(f"WO-{7710 + number}", factory, f"{product}-{technology}", monday, quantity, status)
        )
    return rows


def _weekly_use(material: str, factory: str) -> float:
    """Material a factory uses a week if it makes all of what it could make first, in the material's unit."""
    use = 0.0
    for one in series():
        for technology in one.item.technologies:
            made = recipe(one.item, technology)
            equipped = places(one.item, technology)
            if made.material == material and factory in equipped:
                weekly = max(mean_demand(one, week) for week in dials.HORIZON[:6])
                use += weekly * made.quantity * one.item.work / min(2, len(equipped))
    return use


def supply() -> list[Supply]:
    """On hand, one order on its way, and powder recovered from returns later on."""
    rows = []
    for material in MATERIALS:
        for factory in FACTORIES:
            use = _weekly_use(material.material, factory.factory)
            if not use:
                continue
            on_hand = round(use * (material.lead_time_weeks + SAFETY_WEEKS))
            rows.append(Supply(material.material, factory.factory, dials.START_WEEK, on_hand, 0))
            coming = dials.week_of_horizon(material.lead_time_weeks)
            rows.append(Supply(material.material, factory.factory, coming, round(use), None))
            if material.recycled_share >= 0.25 and material.unit == "kg" and "PWD" in material.material:
                for number in (8, 14, 20):
                    recovered = round(use * 0.4, 1)
                    week = dials.week_of_horizon(number)
                    rows.append(Supply(material.material, factory.factory, week, recovered, 0))
    return rows
