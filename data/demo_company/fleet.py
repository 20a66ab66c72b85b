"""The fleet: robots owned, offers of three vendors, running contracts and the people beside the robots.

Iberobot lets for a year or half of one; Polska Flota Robotów lets for weeks at about half as much
again; Cobotics by the hour.
"""

from dataclasses import replace
from datetime import date

from demo_company import dials
from demo_company.records import Contract, Offer, OfferTier, Operators, Owned

LONG, FLEXIBLE, BY_THE_HOUR = "Iberobot Renting", "Polska Flota Robotów", "Cobotics on Demand"


def _long(
    name: str, model: str, rate: float, term: int, lead: int, fees: tuple[float, float], cap: int
) -> Offer:
    """Half a year or a year, thirteen weeks' notice, dear to bring."""
    return Offer(
        offer=name,
        vendor=LONG,
        robot_model=model,
        factory=None,
        weekly_rate=rate,
        min_term_weeks=term,
        renewal_weeks=1,
        notice_weeks=13,
        lead_time_weeks=lead,
        mobilisation_fee=fees[0],
        demobilisation_fee=fees[1],
        max_units=cap,
        early_termination_share=None,
        transfer_fee=None,
        transfer_weeks=1,
        included_hours_per_week=None,
        overage_per_hour=0,
        sla_uptime=0.97,
        billing="month",
        billing_rate=None,
    )


def _flexible(
    name: str, model: str, rate: float, term: int, ahead: int, fees: tuple[float, float], cap: int
) -> Offer:
    """A few weeks, as much notice as lead time, dear to keep."""
    like = _long(name, model, rate, term, ahead, fees, cap)
    return replace(like, vendor=FLEXIBLE, notice_weeks=ahead, sla_uptime=0.95, billing="week")


def _by_the_hour(name: str, model: str, per_hour: float, fees: tuple[float, float], cap: int) -> Offer:
    """No rent: every hour is overage."""
    like = _flexible(name, model, 0, 4, 3, fees, cap)
    hours = replace(like, vendor=BY_THE_HOUR, included_hours_per_week=0, overage_per_hour=per_hour)
    return replace(hours, notice_weeks=2, sla_uptime=0.96, billing="28_days")


OFFERS = [
    _long("ADD-26", "ADD", 640, 26, 8, (3000, 600), 5),
    _long("MILL-26", "MILL", 760, 26, 8, (4200, 900), 6),
    _long("MILL-52", "MILL", 690, 52, 12, (8000, 1100), 6),
    _long("HYB-26", "HYB", 900, 26, 10, (5200, 1500), 4),
    _long("COB-26", "COB", 450, 26, 8, (3000, 400), 4),
    _long("FIN-26", "FIN", 520, 26, 8, (3000, 500), 4),
    _flexible("ADD-FLEX", "ADD", 1020, 6, 2, (450, 250), 4),
    _flexible("MILL-FLEX", "MILL", 1190, 8, 3, (700, 350), 4),
    _flexible("HYB-FLEX", "HYB", 1400, 13, 4, (1200, 600), 3),
    _flexible("COB-FLEX", "COB", 700, 4, 2, (250, 120), 4),
    _flexible("FIN-FLEX", "FIN", 810, 5, 2, (300, 150), 3),
    _by_the_hour("COB-HOUR", "COB", 13.5, (650, 200), 2),
]
TIERS = [
    OfferTier("ADD-26", 3, 600),
    OfferTier("MILL-26", 2, 730),
    OfferTier("MILL-26", 4, 690),
    OfferTier("MILL-52", 2, 660),
    OfferTier("MILL-FLEX", 2, 1140),
    OfferTier("COB-FLEX", 3, 660),
]
CONTRACTS = [
    Contract(
        dials.NOTICE_CONTRACT,
        "MILL-52",
        "BRNO",
        2,
        672.5,
        date(2026, 3, 2),
        date(2027, 3, 1),
        None,
        "on_rent",
    ),
    Contract("CT-2606", "HYB-26", "BRNO", 1, None, date(2026, 9, 28), date(2027, 3, 29), None, "on_rent"),
    Contract("CT-2609", "ADD-26", "LEEDS", 1, None, date(2026, 9, 21), date(2027, 3, 22), None, "on_rent"),
    Contract(
        "CT-2610",
        "ADD-FLEX",
        "PORTO",
        1,
        980,
        date(2026, 10, 19),
        date(2026, 11, 30),
        date(2027, 1, 25),
        "notice",
    ),
    Contract(
        dials.ROLL_OVER_CONTRACT,
        "ADD-FLEX",
        "LEEDS",
        1,
        None,
        date(2026, 11, 2),
        date(2026, 12, 14),
        None,
        "on_rent",
    ),
    Contract("CT-2613", "FIN-26", "GDANSK", 1, None, date(2026, 12, 14), date(2027, 6, 14), None, "ordered"),
]
WEEKLY_COST = {"ADD": 150, "MILL": 190, "HYB": 260, "COB": 70, "FIN": 90}
OWNED_UNITS = {
    "PORTO": {"ADD": 1, "MILL": 2, "COB": 2},
    "LEEDS": {"MILL": 2, "COB": 1, "FIN": 1},
    "BRNO": {"ADD": 1, "MILL": 1, "COB": 1, "FIN": 1},
    "GDANSK": {"MILL": 4, "HYB": 2, "COB": 1, "FIN": 1},
}
OWNED = [
    Owned(factory, model, units, WEEKLY_COST[model])
    for factory, models in OWNED_UNITS.items()
    for model, units in models.items()
]
# Where a trade is short of people; a course takes one of Brno's machinists away for a week in January.
OPERATORS = [
    Operators("PORTO", "machining", 2, None),
    Operators("LEEDS", "machining", 2, None),
    Operators("BRNO", "machining", 3, None),
    Operators("BRNO", "machining", 2, date(2027, 1, 18)),
    Operators("BRNO", "hybrid", 2, None),
    Operators("GDANSK", "machining", 2, None),
    Operators("GDANSK", "hybrid", 2, None),
]
