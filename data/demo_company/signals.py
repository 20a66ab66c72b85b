"""What may come: opportunities on the ladder, campaigns, the click stream and planners' overrides."""

from dataclasses import replace
from datetime import date, timedelta

from demo_company import dials
from demo_company.chance import Chance
from demo_company.demand import CUSTOMERS, FRIDAY, Series, in_campaign, mean_demand, orders, series
from demo_company.products import items, price
from demo_company.records import Activity, Campaign, Opportunity, Order, Override, Stage

STAGES = [
    Stage("lead", 1, 0.05),
    Stage("qualified", 2, 0.15),
    Stage("quoted", 3, 0.30),
    Stage("verbal", 4, 0.70),
]
PROBABILITY = {stage.stage: stage.probability for stage in STAGES}
SOURCES = ("crm", "crm", "crm", "web enquiry", "trade fair", "partner", "tender")
ACTIVITY_WEEKS = 52
ACTIVITY_MARKETS = ("DACH", "UKI")
# A deal larger than a quarter of five weeks' forecast is lumpy; ordinary ones stay well below it.
LARGEST_ORDINARY_DEAL = 0.6 * 0.25


def _five_weeks(one: Series, number: int) -> float:
    around = range(max(0, number - 2), min(dials.HORIZON_WEEKS, number + 3))
    return sum(mean_demand(one, dials.week_of_horizon(week)) for week in around)


def _regular() -> list[Series]:
    return [one for one in series() if one.item.kind != "intermittent" and one.rate > 6]


def _observed(chance: Chance) -> date:
    return dials.AS_OF - timedelta(days=chance.whole(0, 110))


def _deal(stage: str, status: str, number: int) -> Opportunity:
    """An ordinary deal, expected within the horizon."""
    chance = Chance("deal", stage, status, number)
    one, week = chance.pick(_regular()), chance.whole(3, 22)
    quantity = max(1, round(_five_weeks(one, week) * LARGEST_ORDINARY_DEAL * chance.between(0.3, 1.0)))
    typed = round(PROBABILITY[stage] * chance.between(0.6, 1.25), 2)
    probability = typed if chance.happens(0.25) else None
    day = dials.week_of_horizon(week) + timedelta(days=chance.whole(0, 6))
    product, market = one.words
    source = chance.pick(SOURCES)
    return Opportunity(
        "", source, _observed(chance), stage, probability, product, market, quantity, day, status, None
    )


def _won(order: Order, order_id: str | None, due: date) -> Opportunity:
    chance = Chance("won", order.order_id, order.line)
    observed = order.order_date - timedelta(days=chance.whole(5, 60))
    product, market, quantity = order.product, order.market, order.quantity
    source = chance.pick(SOURCES)
    return Opportunity("", source, observed, "verbal", None, product, market, quantity, due, "won", order_id)


def _won_deals() -> list[Opportunity]:
    """Deals won: most with their order, some whose order has not come yet."""
    open_orders = [order for order in orders() if order.status == "confirmed" and order.line == 1]
    with_order = open_orders[5 :: len(open_orders) // dials.WON_WITH_ORDER][: dials.WON_WITH_ORDER]
    won = [_won(order, order.order_id, order.due_date) for order in with_order]
    for number in range(dials.WON_WITHOUT_ORDER):
        deal = _deal("verbal", "won", number)
        promised = None if number == 0 else f"SO-{43990 + number}"
        won.append(replace(deal, order_id=promised, probability=None))
    return won


def _stale(number: int) -> Opportunity:
    chance = Chance("stale", number)
    deal = _deal(chance.pick(("lead", "qualified", "quoted")), "open", 100 + number)
    day = dials.AS_OF - timedelta(days=chance.whole(4, 60))
    return replace(deal, expected_date=day, observed_date=day - timedelta(days=70))


def _lumpy() -> Opportunity:
    product, market, quantity = dials.LUMPY_PRODUCT, dials.LUMPY_MARKET, dials.LUMPY_QUANTITY
    day, seen = dials.week_of_horizon(14) + FRIDAY, dials.AS_OF - timedelta(days=12)
    return Opportunity("", "tender", seen, "verbal", 0.75, product, market, quantity, day, "open", None)


def opportunities() -> list[Opportunity]:
    """The pipeline, numbered by the day each deal was last seen."""
    found = [_lumpy(), *_won_deals()]
    for stage, count in dials.OPEN_OPPORTUNITIES.items():
        found += [_deal(stage, "open", number) for number in range(count)]
    stages = [stage.stage for stage in STAGES]
    found += [_deal(Chance("lost", number).pick(stages), "lost", number) for number in range(dials.LOST)]
    found += [_stale(number) for number in range(dials.STALE)]
    found.sort(key=lambda deal: (deal.observed_date, deal.product, deal.market, deal.quantity))
    return [replace(deal, opportunity_id=f"OP-{8801 + number}") for number, deal in enumerate(found)]


def _family_campaign(number: int, start: date) -> list[Campaign]:
    name, end = f"HOUSING-{number + 1}", start + timedelta(weeks=dials.CAMPAIGN_WEEKS) - timedelta(days=1)
    family = dials.CAMPAIGN_FAMILY
    rows = [
        Campaign(name, "deal", None, family, None, start, end, 4000, None, None, 1),
        Campaign(name, "search", None, family, None, start, end, 6500, None, None, None),
    ]
    for item in items():
        if item.family == family and item.kind == "promoted":
            cut = round(price(item) * dials.CAMPAIGN_PRICE, 2)
            rival = round(price(item) * Chance("rival", name, item.product).between(0.94, 1.02), 2)
            rows.append(Campaign(name, "price", item.product, None, None, start, end, None, cut, rival, None))
    return rows


def campaigns() -> list[Campaign]:
    """Past campaigns and the planned one, a row for each channel that runs."""
    rows = [
        row for number, start in enumerate(dials.CAMPAIGN_STARTS) for row in _family_campaign(number, start)
    ]
    fair = (date(2027, 4, 16), date(2027, 4, 22))
    return [*rows, Campaign("FAIR-2027", "event", None, "GEAR", "DACH", *fair, 9000, None, None, None)]


def _clicks(family: str, market: str, channel: str, week: date) -> Activity:
    chance = Chance("clicks", family, market, channel, week)
    level = 9000 if channel == "search" else 5200
    boost = 1.6 if family == dials.CAMPAIGN_FAMILY and in_campaign(week + timedelta(weeks=1)) else 1.0
    impressions = round(level * boost * chance.between(0.85, 1.15))
    clicks = round(impressions * chance.between(0.024, 0.033))
    visits = round(clicks * chance.between(0.82, 0.93))
    carts, leads = round(visits * chance.between(0.05, 0.08)), round(visits * chance.between(0.015, 0.03))
    spend = round(clicks * (0.9 if channel == "search" else 0.55), 2)
    return Activity(week, channel, None, family, market, impressions, clicks, visits, carts, leads, spend)


def activity() -> list[Activity]:
    """A year of search and social traffic per family in two markets; it runs a week ahead of campaigns."""
    first = dials.LAST_HISTORY_WEEK - timedelta(weeks=ACTIVITY_WEEKS - 1)
    families = sorted({item.family for item in items()})
    return [
        _clicks(family, market, channel, first + timedelta(weeks=number))
        for number in range(ACTIVITY_WEEKS)
        for family in families
        for market in ACTIVITY_MARKETS
        for channel in ("search", "social")
    ]


def overrides() -> list[Override]:
    """Two weeks in which a planner knows better than the model, each with its reason."""
    by_words = {one.words: one for one in series()}
    plans = [
        (
            "0018",
            "DACH",
            7,
            1.8,
            f"{CUSTOMERS['DACH'][2]} starts a second line",
            "m.sousa",
            date(2027, 1, 31),
        ),
        ("3016", "DACH", 9, 0.6, "Distributor clears its stock first", "k.nowak", date(2027, 2, 14)),
    ]
    rows = []
    for product, market, number, factor, reason, author, expires in plans:
        one = by_words[product, market]
        week = dials.week_of_horizon(number)
        quantity = round(mean_demand(one, week) * factor)
        rows.append(Override(product, market, week, quantity, reason, author, expires))
    return rows
