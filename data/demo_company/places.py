"""Where: factories, shifts, markets, lanes, the calendar and the settings.

Energy prices and grid factors are in the range published for each country's business customers and
electricity mix in 2024–2025; distances are great-circle kilometres, a quarter more by road.
"""

from datetime import date, timedelta
from functools import cache
from math import asin, cos, radians, sin, sqrt

from demo_company import dials
from demo_company.records import CalendarWeek, Factory, Lane, Market, Setting, Shift

ROAD_DETOUR = 1.25
COST_PER_UNIT, COST_PER_UNIT_AND_KM, CUSTOMS_PER_UNIT = 0.9, 0.0018, 1.5
KG_PER_UNIT_AND_KM = 0.00027
# A lorry reaches this far within the week, and this far within the next.
SAME_WEEK_KM, NEXT_WEEK_KM = 900.0, 2400.0

FACTORIES = [
    Factory("PORTO", "Porto", "PT", 41.158, -8.629, 16, 80, 40, 8, 24.0, 2, 1500, 0.121, 0.112),
    Factory("LEEDS", "Leeds", "GB", 53.801, -1.549, 15, 80, 40, 8, 34.0, 2, 1200, 0.262, 0.158),
    Factory("BRNO", "Brno", "CZ", 49.195, 16.607, 20, 80, 48, 8, 26.0, 2, 1800, 0.168, 0.413),
    Factory("GDANSK", "Gdańsk", "PL", 54.352, 18.647, 20, 80, 40, 8, 25.0, 2, None, 0.187, 0.596),
]
MARKETS = [
    Market("DACH", "Germany, Austria, Switzerland (Munich)", "DE", 48.137, 11.575),
    Market("UKI", "UK and Ireland (Birmingham)", "GB", 52.486, -1.890),
    Market("IBERIA", "Iberia (Madrid)", "ES", 40.417, -3.704),
    Market("NORDICS", "Nordics (Stockholm)", "SE", 59.329, 18.069),
    Market("CEE", "Central Europe (Kraków)", "PL", 50.065, 19.945),
]
# Saturday nights belong to Brno alone: its unattended hours are 48, not 40.
NIGHTS = {"PORTO": 5, "LEEDS": 5, "BRNO": 6, "GDANSK": 5}

# Public holidays that fall on a working day, as attended hours left of two shifts a day.
ALL = ("PORTO", "LEEDS", "BRNO", "GDANSK")
HOLIDAY_HOURS: list[tuple[date, tuple[str, ...], float, float]] = [
    (date(2026, 11, 30), ("PORTO",), 64, 40),  # 1 December, Restauração
    (date(2026, 12, 7), ("PORTO",), 64, 40),  # 8 December, Imaculada Conceição
    (date(2026, 12, 21), ALL, 48, 24),  # Christmas: Monday to Wednesday only
    (date(2026, 12, 28), ALL, 64, 32),  # New Year's Day
    (date(2027, 1, 4), ("GDANSK",), 64, 40),  # 6 January, Trzech Króli
    (date(2027, 3, 22), ("PORTO", "LEEDS", "BRNO"), 64, 40),  # Good Friday
    (date(2027, 3, 29), ("LEEDS", "BRNO", "GDANSK"), 64, 40),  # Easter Monday
    (date(2027, 5, 3), ("LEEDS", "GDANSK"), 64, 40),  # May bank holiday, 3 Maja
    (date(2027, 5, 24), ("PORTO", "GDANSK"), 64, 40),  # Corpus Christi
]


def settings() -> list[Setting]:
    """What settings.csv says; whatever is not listed keeps its default."""
    pairs = {
        "as_of": dials.AS_OF.isoformat(),
        "start_week": dials.START_WEEK.isoformat(),
        "horizon_weeks": str(dials.HORIZON_WEEKS),
        "currency": "EUR",
        "carbon_price_per_kg": str(dials.CARBON_PRICE_PER_KG),
        "gap": str(dials.GAP),
        "time_limit_seconds": str(dials.TIME_LIMIT_SECONDS),
        "timezone": "Europe/Lisbon",
    }
    return [Setting(key, value) for key, value in pairs.items()]


def shifts() -> list[Shift]:
    """Two attended shifts Monday to Friday; nights unattended, Brno's also into Sunday."""
    rows = []
    for factory in FACTORIES:
        for weekday in range(1, NIGHTS[factory.factory] + 1):
            if weekday <= 5:
                rows.append(Shift(factory.factory, weekday, "06:00", "14:00", True))
                rows.append(Shift(factory.factory, weekday, "14:00", "22:00", True))
            rows.append(Shift(factory.factory, weekday, "22:00", "06:00", False))
    return rows


def road_km(factory: Factory, market: Market) -> float:
    """Great-circle distance (haversine, mean earth radius 6,371 km) with the detour of roads, in km."""
    there = radians(market.latitude), radians(market.longitude)
    here = radians(factory.latitude), radians(factory.longitude)
    north, east = sin((there[0] - here[0]) / 2), sin((there[1] - here[1]) / 2)
    half_chord = sqrt(north * north + cos(here[0]) * cos(there[0]) * east * east)
    return 2 * 6371.0 * asin(half_chord) * ROAD_DETOUR


def _lane(factory: Factory, market: Market) -> Lane:
    km = road_km(factory, market)
    weeks = 0 if km <= SAME_WEEK_KM else 1 if km <= NEXT_WEEK_KM else 2
    customs = CUSTOMS_PER_UNIT if (factory.country == "GB") != (market.country == "GB") else 0.0
    cost = COST_PER_UNIT + COST_PER_UNIT_AND_KM * km + customs
    return Lane(factory.factory, market.market, weeks, round(cost, 2), round(KG_PER_UNIT_AND_KM * km, 3))


@cache
def lanes() -> tuple[Lane, ...]:
    """Every factory to every market; cost, weeks and kg follow the distance."""
    return tuple(_lane(factory, market) for factory in FACTORIES for market in MARKETS)


@cache
def calendar() -> tuple[CalendarWeek, ...]:
    """Holidays, the breakdown and the printers' run through Christmas."""
    rows = [
        CalendarWeek(factory, week, None, attended, unattended, None)
        for week, factories, attended, unattended in HOLIDAY_HOURS
        for factory in factories
    ]
    broken = (dials.BREAKDOWN_FACTORY, dials.BREAKDOWN_MODEL)
    for number in range(dials.BREAKDOWN_WEEKS):
        week = dials.START_WEEK + timedelta(weeks=number)
        rows.append(CalendarWeek(broken[0], week, broken[1], None, None, dials.BREAKDOWN_AVAILABILITY))
    run = (dials.HOLIDAY_RUN_FACTORY, dials.HOLIDAY_RUN_WEEK)
    rows.append(CalendarWeek(*run, "ADD", None, dials.HOLIDAY_RUN_HOURS, None))
    return tuple(sorted(rows, key=lambda row: (row.week, row.factory, row.robot_model or "")))
