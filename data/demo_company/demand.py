"""What customers want: the mean demand of every week, history, the order book and returns."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from math import cos, pi

from demo_company import dials
from demo_company.catalogue import Item
from demo_company.chance import Chance
from demo_company.places import MARKETS
from demo_company.products import items, price
from demo_company.records import History, Order, Return

# A requested delivery counts for its own week from Friday on (due_cutoff_weekday 5).
FRIDAY = timedelta(days=4)
CUSTOMERS = {
    "DACH": ("Alpenwärme AG", "Böhler Fördertechnik", "Isar Robotik", "Rheintal Sensorik", "Stahl & Söhne"),
    "UKI": ("Aire Valley Pumps", "Calder Automation", "Mersey Heating", "Shannon Controls"),
    "IBERIA": ("Bombas del Ebro", "Douro Automação", "Riegos Levante", "Tejo Sistemas"),
    "NORDICS": ("Fjord Marine", "Mälar Värme", "Nordljus Robotik", "Åbo Pump"),
    "CEE": ("Bielsko Napędy", "Karpaty Grzejniki", "Morava Čerpadla", "Tatra Automatik", "Wisła Systemy"),
}
# The stories need these products in these markets.
STORY_MARKETS = {
    dials.CALL_OFF_PRODUCT: dials.CALL_OFF_MARKET,
    dials.FRAMEWORK_PRODUCT: dials.FRAMEWORK_MARKET,
    dials.LUMPY_PRODUCT: dials.LUMPY_MARKET,
}


@dataclass(frozen=True)
class Series:
    """A product in a market, with its usual units a week."""

    item: Item
    market: str
    rate: float

    @property
    def words(self) -> tuple[str, str]:
        """What names this series' streams of chance."""
        return self.item.product, self.market


def _markets_of(item: Item) -> list[str]:
    chance = Chance("markets", item.product)
    wanted = 2 + chance.happens(0.4) if item.kind == "intermittent" else 3 + chance.happens(0.55)
    left, chosen = dict(dials.MARKET_SHARE), []
    if item.product in STORY_MARKETS:
        chosen.append(STORY_MARKETS[item.product])
        del left[chosen[0]]
    while len(chosen) < wanted:
        market = list(left)[chance.weighted(list(left.values()))]
        chosen.append(market)
        del left[market]
    return [market.market for market in MARKETS if market.market in chosen]


@cache
def series() -> tuple[Series, ...]:
    """Every product in the markets that buy it."""
    found = []
    for item in items():
        markets = _markets_of(item)
        whole = sum(dials.MARKET_SHARE[market] for market in markets)
        for market in markets:
            uneven = Chance("rate", item.product, market).between(0.85, 1.15)
            rate = item.rate * dials.DEMAND_LEVEL * uneven * dials.MARKET_SHARE[market] / whole
            found.append(Series(item, market, rate))
    return tuple(found)


@cache
def launch_week(product: str) -> date:
    """The first week a new product was sold."""
    return dials.START_WEEK - timedelta(weeks=Chance("launch", product).whole(*dials.LAUNCH_WEEKS_AGO))


def in_campaign(week: date) -> bool:
    """Whether the family of the campaigns is on offer for deliveries of this week."""
    length = timedelta(weeks=dials.CAMPAIGN_WEEKS)
    return any(start <= week + FRIDAY < start + length for start in dials.CAMPAIGN_STARTS)


def _season(item: Item, week: date) -> float:
    if item.kind != "seasonal":
        return 1.0
    swing, peak = dials.SEASON[item.family]
    return 1.0 + swing * cos(2 * pi * (week.isocalendar().week - peak) / 52.18)


def mean_demand(one: Series, week: date) -> float:
    """Units this series asks for in a week, on average (the truth that history is drawn from)."""
    if one.item.kind == "new" and week < launch_week(one.item.product):
        return 0.0
    years = (week - dials.START_WEEK).days / 365.25
    mean = one.rate * (1.0 + dials.GROWTH_PER_YEAR * years) * _season(one.item, week)
    mean *= dials.CHRISTMAS_DEMAND.get(week, 1.0)
    if one.item.family == dials.CAMPAIGN_FAMILY and in_campaign(week):
        mean *= dials.CAMPAIGN_LIFT
    if one.item.kind == "new":
        age = (week - launch_week(one.item.product)).days / 7 + 1
        mean *= min(1.0, age / dials.RAMP_WEEKS)
    return mean


def _history_of(one: Series) -> list[History]:
    chance, rows, week = Chance("history", *one.words), [], dials.FIRST_HISTORY_WEEK
    rare = one.item.kind == "intermittent"
    while week <= dials.LAST_HISTORY_WEEK:
        mean = mean_demand(one, week)
        if rare:
            asked = chance.happens(1.0 / dials.WEEKS_BETWEEN_SPARES)
            mean *= dials.WEEKS_BETWEEN_SPARES * asked
        quantity = chance.demand(mean, dials.SPREAD[one.item.kind])
        if quantity:
            rows.append(History(week + FRIDAY, one.item.product, one.market, quantity))
        week += timedelta(weeks=1)
    return rows


def history() -> list[History]:
    """Weekly demand by requested delivery; a week without demand has no row."""
    return [row for one in series() for row in _history_of(one)]


def _due_date(week: date, chance: Chance) -> date:
    """A date that counts for this week: its Friday, or Monday to Thursday of the next one."""
    if chance.happens(0.65):
        return week + FRIDAY
    return week + timedelta(days=chance.whole(7, 10))


def due_week(day: date) -> date:
    """The week a due date counts for: from Friday on its own, before that the one before."""
    monday = day - timedelta(days=day.weekday())
    return monday if day.isoweekday() >= 5 else monday - timedelta(weeks=1)


def _lines_due(week: date, count: int) -> list[Series]:
    """The series with an order line due in a week, larger ones more likely, each at most once."""
    chance, left, chosen = Chance("lines", week), list(series()), []
    weights = [mean_demand(one, week) ** 0.8 for one in left]
    for _ in range(count):
        position = chance.weighted(weights)
        chosen.append(left.pop(position))
        weights.pop(position)
    return sorted(chosen, key=lambda one: (one.market, one.item.product))


def _line(one: Series, week: date, due: date, status: str, chance: Chance) -> Order:
    mean = mean_demand(one, week) * (dials.WEEKS_BETWEEN_SPARES if one.item.kind == "intermittent" else 1)
    quantity = max(1, round(chance.demand(mean, 0.15) * chance.between(0.6, 1.0)))
    ordered = min(
        due - timedelta(days=chance.whole(16, 70)), dials.AS_OF - timedelta(days=chance.whole(1, 30))
    )
    shipped = quantity if status == "shipped" else 0
    soon = status == "confirmed" and due < dials.START_WEEK + timedelta(weeks=2)
    if soon and quantity > 3 and chance.happens(dials.PART_SHIPPED):
        shipped = round(quantity * chance.between(0.2, 0.7))
    priority = (1, 2, 3)[chance.weighted((0.15, 0.65, 0.20))]
    asked = round(price(one.item) * chance.between(0.95, 1.03), 2)
    customer = chance.pick(CUSTOMERS[one.market])
    product, market = one.words
    return Order("", 1, ordered, due, product, market, quantity, shipped, status, customer, priority, asked)


def _orders_due(week: date, count: int, status: str) -> list[list[Order]]:
    """Orders of one to three lines: neighbours in market share customer, dates and priority."""
    chance, orders = Chance("orders", week, status), list[list[Order]]()
    for one in _lines_due(week, count):
        due = _due_date(week, chance)
        line = _line(one, week, due, status, chance)
        last = orders[-1] if orders else []
        if last and last[0].market == line.market and len(last) < 3 and chance.happens(0.35):
            head = last[0]
            same = replace(line, line=len(last) + 1, order_date=head.order_date, due_date=head.due_date)
            last.append(replace(same, customer=head.customer, priority=head.priority))
        else:
            orders.append([line])
    return orders


def _call_off() -> list[Order]:
    """The large near order of the shortage story."""
    item = next(item for item in items() if item.product == dials.CALL_OFF_PRODUCT)
    ordered = dials.AS_OF - timedelta(days=18)
    market, quantity = dials.CALL_OFF_MARKET, dials.CALL_OFF_QUANTITY
    customer, asked = CUSTOMERS[market][-1], price(item) - 4
    due = dials.CALL_OFF_DUE
    return [Order("", 1, ordered, due, item.product, market, quantity, 0, "confirmed", customer, 1, asked)]


def _framework() -> list[Order]:
    """One order with a line for each weekly call-off of the framework agreement."""
    item = next(item for item in items() if item.product == dials.FRAMEWORK_PRODUCT)
    market, quantity = dials.FRAMEWORK_MARKET, dials.FRAMEWORK_QUANTITY
    ordered, asked, customer = dials.AS_OF - timedelta(days=33), price(item) * 0.96, CUSTOMERS[market][1]
    dues = [week + FRIDAY for week in dials.HORIZON[dials.FRAMEWORK_FIRST_WEEK :]]
    return [
        Order("", line, ordered, due, item.product, market, quantity, 0, "confirmed", customer, 2, asked)
        for line, due in enumerate(dues, start=1)
    ]


def _spread_over(count: int, first: int, last: int) -> dict[int, int]:
    """Lines dealt out evenly over weeks relative to the first one of the plan."""
    weeks = [first + position % (last - first + 1) for position in range(count)]
    return {week: weeks.count(week) for week in sorted(set(weeks))}


@cache
def orders() -> tuple[Order, ...]:
    """The order book, numbered by order date."""
    found = [_call_off(), _framework()]
    books = [
        ("confirmed", dict(enumerate(dials.ORDER_LINES))),
        ("confirmed", _spread_over(dials.PAST_DUE_LINES, -2, -1)),
        ("cancelled", _spread_over(dials.CANCELLED_LINES, -1, 6)),
        ("shipped", _spread_over(dials.SHIPPED_LINES, -3, 1)),
    ]
    for status, lines in books:
        for number, count in lines.items():
            found += _orders_due(dials.week_of_horizon(number), count, status)
    found.sort(key=lambda lines: (lines[0].order_date, lines[0].market, lines[0].product, lines[0].due_date))
    return tuple(
        replace(line, order_id=f"SO-{41200 + 7 * number}")
        for number, lines in enumerate(found)
        for line in lines
    )


def returns() -> list[Return]:
    """Used units that came back in the last half year."""
    rows = []
    for one in series():
        chance = Chance("returns", *one.words)
        if one.item.kind in ("steady", "promoted") and chance.happens(0.45):
            day = dials.AS_OF - timedelta(days=chance.whole(3, 180))
            rows.append(Return(day, one.item.product, one.market, chance.whole(1, 6)))
    return sorted(rows, key=lambda row: (row.date, row.product, row.market))
