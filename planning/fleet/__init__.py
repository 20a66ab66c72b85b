"""Rental arithmetic without a solver: orders, notices and terms by date, robots needed by week."""

from planning.fleet.contracts import contract_calendar
from planning.fleet.needs import robots_needed
from planning.fleet.terms import committed_cost, notice_by, order_by, period_end, tail_cost

__all__ = [
    "committed_cost",
    "contract_calendar",
    "notice_by",
    "order_by",
    "period_end",
    "robots_needed",
    "tail_cost",
]
