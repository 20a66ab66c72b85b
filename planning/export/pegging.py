"""Which production serves what: goods followed first in, first out from factory to demand."""

from collections import defaultdict, deque

import polars as pl

from planning.optimise.plan import Solution

_TINY = 1e-7


def peg_production(solution: Solution, production: pl.DataFrame) -> pl.DataFrame:
    """Add for_confirmed and for_expected to production rows (v, f, t, p, quantity).

    A factory's stock leaves first in, first out; what arrives at a market in a week is shared between
    confirmed and expected demand as that week's service is. What is left at the end serves neither.
    `schedule.pegging.peg` reads the finished plan in the same way, down to the order line.
    """
    confirmed_share = _confirmed_shares(solution)
    lead = {(f, m): weeks for f, m, weeks in solution.problem.lanes.select("f", "m", "lead").iter_rows()}
    shipments = defaultdict(list)
    for p, f, m, t, units in solution.values("ship").iter_rows():
        shipments[p, f].append((t, m, units, confirmed_share.get((p, m, t + lead[f, m]), 1.0)))
    made = defaultdict(list)
    rows = production.select("p", "f", "t", "quantity").iter_rows()
    for position, (p, f, t, units) in enumerate(rows):
        made[p, f].append((t, position, units))
    confirmed, expected = [0.0] * production.height, [0.0] * production.height
    opening = {(p, f): units for p, f, units in solution.problem.stock.iter_rows()}
    for cell, leaving in shipments.items():
        supply = deque([(-1, -1, opening.get(cell, 0.0)), *sorted(made[cell])])
        for _, _, units, share in sorted(leaving):
            for position, taken in _take(supply, units):
                if position >= 0:
                    confirmed[position] += taken * share
                    expected[position] += taken * (1 - share)
    return production.with_columns(
        for_confirmed=pl.Series(confirmed, dtype=pl.Float64),
        for_expected=pl.Series(expected, dtype=pl.Float64),
    )


def _take(supply: deque[tuple[int, int, float]], units: float) -> list[tuple[int, float]]:
    """Take `units` from the front of `supply`; returns (position, units) pairs."""
    taken = []
    while units > _TINY and supply:
        t, position, there = supply.popleft()
        part = min(there, units)
        taken.append((position, part))
        units -= part
        if there - part > _TINY:
            supply.appendleft((t, position, there - part))
    return taken


def _confirmed_shares(solution: Solution) -> dict[tuple[int, int, int], float]:
    """(p, m, t) → share of the service in that week that goes to confirmed orders."""
    key = ["p", "m", "t"]
    confirmed = solution.values("serve").group_by(key).agg(confirmed=pl.col("value").sum())
    expected = solution.values("serve_expected").rename({"value": "expected"})
    both = confirmed.join(expected, on=key, how="full", coalesce=True).fill_null(0.0)
    share = pl.col("confirmed") / (pl.col("confirmed") + pl.col("expected"))
    rows = both.select(*key, share=share).iter_rows()
    return {(p, m, t): value for p, m, t, value in rows}
