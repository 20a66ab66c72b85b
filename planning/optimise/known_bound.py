"""What is known already of what a plan must cost: a problem that only became harder costs no less."""

from dataclasses import fields

import polars as pl

from planning.domain.problem import Problem
from planning.domain.touched import same_rules
from planning.optimise.model.eligible import eligible
from planning.optimise.model.objective import slack_prices

#: Where a problem may differ and still allow nothing that was not allowed before.
_LESS = ("hours", "supply")

_TINY = 1e-9


def still_bounds(before: Problem, now: Problem) -> bool:
    """Whether a bound of what `before` costs is one of `now`: robots have fewer hours, material comes later.

    All else is the same, so each plan of `now` is one of `before` at the same cost. Slack is priced by what
    may run; where a price fell, a plan may have become cheaper.
    """
    if before.names != now.names or not same_rules(before, now):
        return False
    for field in fields(Problem):
        one, other = getattr(before, field.name), getattr(now, field.name)
        if isinstance(one, pl.DataFrame) and field.name not in _LESS and not one.equals(other):
            return False
    if before.published_until != now.published_until or not (
        _fewer_hours(before, now) and _later(before, now)
    ):
        return False
    old, new = (slack_prices(one, eligible(one)) for one in (before, now))
    return all(new[name] >= price for name, price in old.items())


def _fewer_hours(before: Problem, now: Problem) -> bool:
    key = ["r", "f", "t"]
    both = before.hours.join(now.hours, on=key, how="full", suffix="_now", coalesce=True)
    each = [
        pl.col(f"{kind}_now") * pl.col("availability_now") <= pl.col(kind) * pl.col("availability") + _TINY
        for kind in ("attended", "unattended", "overtime")
    ]
    return bool(both.select(pl.all_horizontal(*each).fill_null(value=False).all()).item())


def _later(before: Problem, now: Problem) -> bool:
    """Whether never more material has come by any week, and all that comes costs the same."""
    worth = [
        one.supply.select((pl.col("quantity") * pl.col("unit_cost")).sum()).item() for one in (before, now)
    ]
    less = now.supply.with_columns(-pl.col("quantity"))
    weekly = pl.concat([before.supply, less]).group_by("g", "f", "t").agg(pl.col("quantity").sum())
    ahead = weekly.sort("t").select(pl.col("quantity").cum_sum().over("g", "f"))["quantity"]
    return abs(worth[0] - worth[1]) <= 1e-6 and bool((ahead >= -1e-6).all())
