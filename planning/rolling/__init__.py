"""The week that is over: the published plan and what really happened become next week's files."""

from planning.rolling.actuals import ACTUALS, EVENTS, Actuals
from planning.rolling.contracts import given_notice, parts_of
from planning.rolling.rolled import RolledWeek
from planning.rolling.week import roll_week, week_to_roll

__all__ = [
    "ACTUALS",
    "EVENTS",
    "Actuals",
    "RolledWeek",
    "given_notice",
    "parts_of",
    "roll_week",
    "week_to_roll",
]
