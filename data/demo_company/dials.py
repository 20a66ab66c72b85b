"""The dials of the demo company, each with the story it serves.

Turn one, run make_demo.py, read its report.
"""

from datetime import date, timedelta

# Time. The planner sits down on a Tuesday; the plan starts the Monday after.
AS_OF = date(2026, 11, 24)
START_WEEK = date(2026, 11, 30)
HORIZON_WEEKS = 26
FIRST_HISTORY_WEEK = date(2024, 5, 20)
# The week of as_of is not over, so it is no history yet.
LAST_HISTORY_WEEK = date(2026, 11, 16)
GAP = 0.02
TIME_LIMIT_SECONDS = 60
CARBON_PRICE_PER_KG = 0.09

# How much is sold: every product's weekly rate is multiplied by this.
DEMAND_LEVEL = 1.08
GROWTH_PER_YEAR = 0.05
MARKET_SHARE = {"DACH": 0.32, "UKI": 0.23, "CEE": 0.17, "NORDICS": 0.15, "IBERIA": 0.13}
# Spread of a week's demand around its mean, on top of counting chance.
SPREAD = {"steady": 0.12, "seasonal": 0.14, "promoted": 0.12, "new": 0.18, "intermittent": 0.30}
# Intermittent spares: how many weeks lie between two demands, on average.
WEEKS_BETWEEN_SPARES = 4.5
# New products came to market so many weeks before the plan and reach their rate after RAMP_WEEKS.
LAUNCH_WEEKS_AGO = (9, 16)
RAMP_WEEKS = 10

# Seasons, as swing and ISO week of the peak: the trade stocks up on heating parts until December and on
# cooling and irrigation parts until June.
SEASON = {"MANIFOLD": (0.60, 49), "IMPELLER": (0.45, 24)}
# A holiday week: customers order less, too.
CHRISTMAS_DEMAND = {date(2024, 12, 23): 0.5, date(2024, 12, 30): 0.8, date(2025, 12, 22): 0.5}
CHRISTMAS_DEMAND |= {date(2025, 12, 29): 0.8, date(2026, 12, 21): 0.5, date(2026, 12, 28): 0.8}

# A campaign that lifts one family: the same price cut and promotion, seven times, the last one to come.
# Each runs from a Friday to a Thursday: whole weeks as due dates count them (due_cutoff_weekday 5).
CAMPAIGN_FAMILY = "HOUSING"
CAMPAIGN_PRICE = 0.88
CAMPAIGN_LIFT = 1.75
CAMPAIGN_WEEKS = 3
CAMPAIGN_STARTS = [
    date(2024, 9, 20),
    date(2025, 1, 31),
    date(2025, 5, 23),
    date(2025, 9, 19),
    date(2026, 3, 13),
    date(2026, 6, 19),
    date(2027, 2, 12),
]

# A robot shortage that makes an order late: one of Gdańsk's two hybrid cells is down, and a call-off of a
# product that only Gdańsk makes, only on hybrid cells, is due before any offer could bring another one.
BREAKDOWN_FACTORY, BREAKDOWN_MODEL = "GDANSK", "HYB"
BREAKDOWN_WEEKS = 2
BREAKDOWN_AVAILABILITY = 0.42
CALL_OFF_PRODUCT, CALL_OFF_MARKET = "IM-47", "CEE"
CALL_OFF_QUANTITY = 110
CALL_OFF_DUE = date(2026, 12, 11)

# A contract to give notice on this week: two mills at Brno carry the heating season, which is over in March.
NOTICE_CONTRACT = "CT-2601"
# A contract about to roll over: its minimum term ends on 14 December, two weeks' notice.
ROLL_OVER_CONTRACT = "CT-2612"

# A framework order with a call-off every week: demand that is sold, and that long rent may follow.
FRAMEWORK_PRODUCT, FRAMEWORK_MARKET = "0017", "UKI"
FRAMEWORK_FIRST_WEEK, FRAMEWORK_QUANTITY = 8, 260

# A lights-out-capable family: its additive routings may run with nobody there.
LIGHTS_OUT_FAMILY = "BRACKET"
# A holiday week that the printers run through alone.
HOLIDAY_RUN_FACTORY, HOLIDAY_RUN_WEEK, HOLIDAY_RUN_HOURS = "BRNO", date(2026, 12, 21), 84

# A revision that takes effect in the middle of the horizon and cuts the hours of one routing.
REVISED_ROUTING, REVISION_WEEK, REVISION_FACTOR = "0122-M", date(2027, 3, 1), 0.80

# The order book, thick in the next weeks and thin later: order lines per due week.
ORDER_LINES = [80, 63, 51, 41, 32, 24, 18, 14, 11, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1, 1, 1, 0, 1]
PAST_DUE_LINES = 12
CANCELLED_LINES = 16
SHIPPED_LINES = 30
# What share of the lines due soon has left in part already.
PART_SHIPPED = 0.12
# What share of the lines that had to leave before the plan starts has not: late whatever is done.
NEVER_LEFT = 0.06

# The pipeline: open opportunities per stage; the others are closed, stale or too lumpy to bet on.
OPEN_OPPORTUNITIES = {"lead": 42, "qualified": 32, "quoted": 24, "verbal": 11}
WON_WITH_ORDER, WON_WITHOUT_ORDER, LOST, STALE = 9, 3, 22, 6
LUMPY_PRODUCT, LUMPY_MARKET, LUMPY_QUANTITY = "3015", "UKI", 180


def week_of_horizon(number: int) -> date:
    """The Monday of a week of the horizon, 0 the first."""
    return START_WEEK + timedelta(weeks=number)


HORIZON = [week_of_horizon(number) for number in range(HORIZON_WEEKS)]
