"""Rental arithmetic without a solver: when to order and give notice, what a term commits to."""

from planning.fleet.terms import committed_cost, notice_by, order_by, period_end, tail_cost

__all__ = ["committed_cost", "notice_by", "order_by", "period_end", "tail_cost"]
