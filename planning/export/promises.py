"""demand and promises: what becomes of every unit asked for, and of every order line."""

import math
from collections import deque
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK, week_of_index_expr
from planning.domain.schema import EXPORT
from planning.export.causes import Causes
from planning.export.production import conform
from planning.optimise.plan import Solution

_KEY = ["p", "m", "t"]
_TINY = 1e-5


def demand_table(solution: Solution, expected: pl.DataFrame) -> pl.DataFrame:
    """Demand by product, market and week, and how it is served.

    Parameters
    ----------
    expected : product, market, t, expected and unreachable after netting.
    """
    problem = solution.problem
    due = problem.due.group_by(_KEY).agg(confirmed=pl.col("quantity").sum())
    parts = {
        "served_confirmed": _by_week(solution, "serve"),
        "served_expected": _by_week(solution, "serve_expected"),
        "refused": _by_week(solution, "refuse"),
        "backlog": _by_week(solution, "backlog"),
        "backlog_1": _by_week(solution, "backlog", pl.col("k") == 1),
        "backlog_2": _by_week(solution, "backlog", pl.col("k") == 2),
    }
    rows = problem.names.decode(due, product="p", market="m").drop("p", "m")
    keys = ["product", "market", "t"]
    rows = rows.join(expected.select(*keys, "expected", "unreachable"), on=keys, how="full", coalesce=True)
    for name, frame in parts.items():
        named = problem.names.decode(frame, product="p", market="m").select(*keys, value="value")
        rows = rows.join(named.rename({"value": name}), on=keys, how="full", coalesce=True)
    numbers = [name for name in rows.columns if name not in keys]
    rows = rows.with_columns(pl.col(numbers).fill_null(0.0))
    rows = rows.with_columns(week=week_of_index_expr("t", problem.policy.start_week))
    table = conform("demand", rows, "product", "market", "week")
    return table.filter(pl.max_horizontal(pl.selectors.numeric()) > 0)


def _by_week(solution: Solution, family: str, condition: pl.Expr | None = None) -> pl.DataFrame:
    values = solution.values(family)
    if condition is not None:
        values = values.filter(condition)
    return values.group_by(_KEY).agg(pl.col("value").sum())


@dataclass
class _Line:
    """An order line waiting: its open units, and what has been decided of them."""

    row: dict[str, Any]
    left: float
    deliveries: list[tuple[int, float]] = field(default_factory=list)
    refused: float = 0.0


def promises_table(solution: Solution, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per delivery of each open order line, in whole units.

    Within a class service goes to the lines due by then in order of due date, id and line; what is refused
    in a week is taken from the last of them. A unit counts as delivered in the week in which the cumulative
    service of its class reaches it.

    Parameters
    ----------
    orders : open confirmed lines after netting.
    """
    names = solution.problem.names
    served = _per_class(solution, "serve")
    refused = _per_class(solution, "refuse")
    causes = Causes(solution)
    p, m = ({name: index for index, name in enumerate(ids)} for ids in (names.p, names.m))
    of_class = itemgetter("product", "market", "priority")
    rows: list[dict[str, Any]] = []
    ranked = orders.sort("product", "market", "priority", "t", "due_date", "order_id", "line")
    for (product, market, priority), lines in groupby(ranked.iter_rows(named=True), of_class):
        cell = (p[product], m[market], priority)
        waiting = [_Line(row, row["quantity"]) for row in lines]
        _allocate(waiting, served.get(cell, {}), refused.get(cell, {}), solution.problem.weeks)
        for line in waiting:
            rows += _rows(line, solution, causes)
    frame = pl.DataFrame(rows, schema=EXPORT["promises"].polars_schema)
    return conform("promises", frame, "order_id", "line", "delivered_week", "status")


def _per_class(solution: Solution, family: str) -> dict[tuple[int, int, Any], dict[int, float]]:
    result: dict[tuple[int, int, Any], dict[int, float]] = {}
    for p, m, k, t, value in solution.values(family).iter_rows():
        result.setdefault((p, m, k), {})[t] = value
    return result


def _allocate(lines: list[_Line], served: dict[int, float], refused: dict[int, float], weeks: int) -> None:
    """Give service and refusals to the lines of one class, week by week."""
    arriving = deque(lines)
    queue: deque[_Line] = deque()
    carried = total_refused = whole_refused = 0.0
    for t in range(weeks):
        while arriving and arriving[0].row["t"] <= t:
            queue.append(arriving.popleft())
        total_refused += refused.get(t, 0.0)
        # a unit of which a part is refused can never be whole: it is refused
        whole = float(math.ceil(total_refused - _TINY))
        _refuse(queue, whole - whole_refused)
        whole_refused = whole
        carried = _deliver(queue, served.get(t, 0.0) + carried, t)


def _refuse(queue: deque[_Line], units: float) -> None:
    for line in reversed(queue):
        part = min(units, line.left)
        line.refused += part
        line.left -= part
        units -= part


def _deliver(queue: deque[_Line], units: float, t: int) -> float:
    """Deliver whole units (a line's last fraction counts as one); returns service not yet a whole unit."""
    while queue and units > _TINY:
        line = queue[0]
        part = line.left if units >= line.left - _TINY else float(int(units + _TINY))
        if part > _TINY:
            line.deliveries.append((t, part))
            line.left -= part
            units -= part
        if line.left > _TINY:
            break
        queue.popleft()
    return max(units, 0.0)


def _rows(line: _Line, solution: Solution, causes: Causes) -> list[dict[str, Any]]:
    start = solution.problem.policy.start_week
    order = line.row
    base = {name: order[name] for name in ("order_id", "line", "product", "market", "due_week", "quantity")}
    rows = []
    for t, units in line.deliveries:
        week = start + t * WEEK
        late = (week - order["due_week"]).days // 7
        rows.append(
            base
            | {
                "delivered_week": week,
                "delivered_quantity": units,
                "late_weeks": late,
                "status": "late" if late > 0 else "on_time",
                "cause": causes.of(order, t) if late > 0 else None,
            }
        )
    for status, units in (("refused", line.refused), ("open", line.left)):
        if units > _TINY:
            late = (
                max(0, (solution.problem.policy.end_week - order["due_week"]).days // 7)
                if status == "open"
                else 0
            )
            rows.append(
                base
                | {
                    "delivered_week": None,
                    "delivered_quantity": units,
                    "late_weeks": late,
                    "status": status,
                    "cause": causes.of(order, solution.problem.weeks, refused=status == "refused"),
                }
            )
    return rows
