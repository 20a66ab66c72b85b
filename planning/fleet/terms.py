"""Dates and money of one lot of robots under one vendor's terms (3-plan-model, rule 6)."""

from datetime import date, timedelta

import polars as pl


def order_by(on_rent: date, lead_time_weeks: int) -> date:
    """Last day to order a robot that is on rent from the Monday `on_rent`."""
    return on_rent - timedelta(weeks=lead_time_weeks)


def notice_by(off_rent: date, notice_weeks: int) -> date:
    """Last day to give notice for a robot that is off rent from the Monday `off_rent`."""
    return off_rent - timedelta(weeks=notice_weeks)


def period_end(start: int, min_term_weeks: int, renewal_weeks: int, week: int) -> int:
    """End (exclusive) of the minimum term or renewal under way: the first such end ≥ `week`.

    Parameters
    ----------
    start : bucket of the first week on rent. week : bucket from which on the end is looked for.
    """
    first = start + min_term_weeks
    periods = max(0, -(-(week - first) // renewal_weeks))
    return first + periods * renewal_weeks


def period_end_expr(first_end: pl.Expr, monday: pl.Expr) -> pl.Expr:
    """`period_end` in dates, of rows with renewal_weeks: the first end of a period on or after `monday`.

    Parameters
    ----------
    first_end : Monday on which the minimum term is over.
    """
    weeks_over = (monday - first_end).dt.total_days() // 7
    # Rounded up: a renewal that has begun is paid to its end.
    renewals = -(-weeks_over // pl.col("renewal_weeks"))
    return first_end + pl.duration(weeks=renewals.clip(0) * pl.col("renewal_weeks"))


def committed_cost(
    units: int, weekly_rate: float, min_term_weeks: int, mobilisation_fee: float, demobilisation_fee: float
) -> float:
    """What ordering `units` commits to: units · (rate · minimum term + mobilisation + demobilisation)."""
    return units * (weekly_rate * min_term_weeks + mobilisation_fee + demobilisation_fee)


def tail_cost(units: int, weekly_rate: float, end: int, horizon_weeks: int, tail_use: float) -> float:
    """Rent of weeks beyond the horizon up to bucket `end`, less the share taken to be useful anyway."""
    return units * max(0, end - horizon_weeks) * weekly_rate * (1 - tail_use)
