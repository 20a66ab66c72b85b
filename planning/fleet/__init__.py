"""Rental arithmetic without a solver: charges, orders, notices and terms by date, robots needed by week."""

from planning.fleet.charges import charged_periods, charges, priced
from planning.fleet.contracts import contract_calendar
from planning.fleet.invoices import invoices
from planning.fleet.needs import robots_needed
from planning.fleet.plan_charges import KINDS, plan_charges, rates_paid, units_leaving
from planning.fleet.terms import committed_cost, notice_by, order_by, period_end, tail_cost
from planning.fleet.utilisation import cost_per_good_unit, paid_hours, robot_cost_by_factory, utilisation

__all__ = [
    "KINDS",
    "charged_periods",
    "charges",
    "committed_cost",
    "contract_calendar",
    "cost_per_good_unit",
    "invoices",
    "notice_by",
    "order_by",
    "paid_hours",
    "period_end",
    "plan_charges",
    "priced",
    "rates_paid",
    "robot_cost_by_factory",
    "robots_needed",
    "tail_cost",
    "units_leaving",
    "utilisation",
]
