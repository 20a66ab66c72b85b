"""Why an order line is late or refused, from what binds in the plan; prices and fixes are explain's."""

from typing import Any

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.plan import TELLS_LITTLE
from planning.optimise.plan import Solution

#: Spare hours, as a share of what robots have, below which they count as full.
_SPARE_SHARE = 1e-3

#: A unit, as far as what is divided adds up to it.
_A_UNIT = 1.0 - 1e-6


class Causes:
    """Answers, per order line, which rule stands in the way of serving it on time."""

    def __init__(self, solution: Solution) -> None:
        problem = solution.problem
        self._names, self._start, self._weeks = problem.names, problem.policy.start_week, problem.weeks
        self._lanes = _grouped(problem.lanes.select("m", "f", "lead"))
        self._routes = _grouped(
            solution.can.routes.select("p", "f", "t", "v").unique().sort("p", "f", "t", "v")
        )
        self._full = _full_for(solution)
        self._short = _short_materials(solution)
        robots = solution.model.values("robots", solution.answer.x).filter(pl.col("value") > 0.5)
        self._staffed = set(robots.select("r", "f", "t").iter_rows())
        self._standing = set(solution.can.places.select("r", "f").iter_rows())
        self._needed = _grouped(problem.work.select("p", "f", "r").unique().sort("p", "f", "r"))
        self._bom = _grouped(problem.bom.select("v", "g"))
        self._expected = _grouped(solution.values("serve_expected"), 2)
        self._is_weighed = solution.answer.gap <= TELLS_LITTLE

    def of(self, order: dict[str, Any], until: int, *, refused: bool = False) -> str:
        """One sentence for the line `order` (product, market, t, due_week) that is late or refused.

        Parameters
        ----------
        until : the week in which it has waited; the horizon's end where it waits for ever.
        refused : it will never be served.
        """
        p, m = self._names.p.index(order["product"]), self._names.m.index(order["market"])
        lanes = self._lanes.get((m,), [])
        makers = {f for f, _, _ in self._routes.get((p,), [])}
        if not makers:
            return self._unmakeable(p)
        open_lanes = [(f, lead) for f, lead in lanes if f in makers]
        if not open_lanes:
            return "no factory that makes it ships to this market"
        if order["due_week"] < self._start:
            return "it was overdue before the plan starts"
        shortest = min(lead for _, lead in open_lanes)
        if order["t"] < shortest:
            weeks = "1 week" if shortest == 1 else f"{shortest} weeks"
            return f"due before the shortest lane ({weeks}) can bring it"
        if self._is_weighed and self._is_passed_over(p, m, order["t"], until):
            return f"losing expected demand costs more than {'refusing it' if refused else 'the delay'}"
        return self._binding(p, open_lanes, order["t"]) or self._choice(refused)

    def _choice(self, refused: bool) -> str:
        """Why it is not served though nothing stands in the way: it would cost more, if that is known."""
        if not self._is_weighed:
            return "there is room left for it: the solve ended before it was used"
        return (
            "serving it costs more than refusing it"
            if refused
            else "serving it sooner costs more than the delay"
        )

    def _is_passed_over(self, p: int, m: int, due: int, until: int) -> bool:
        """Whether, while it waits, a unit and more of the same goes to nobody who has ordered."""
        passed: float = sum(units for t, units in self._expected.get((p, m), []) if due <= t < until)
        return passed >= _A_UNIT

    def _unmakeable(self, p: int) -> str:
        """Why no factory can make the product: no routing, no robots, or robots without hours."""
        models = self._needed.get((p,), [])
        if not models:
            return "no routing makes it"
        for f, r in models:
            if (r, f) in self._standing:
                return f"{self._names.r[r]} at {self._names.f[f]} has no hours"
        missing = sorted({self._names.r[r] for _, r in models})
        return f"no {' or '.join(missing)} is owned, rented or on offer where it is made"

    def _binding(self, p: int, lanes: list[tuple[int, int]], due: int) -> str | None:
        """The full robots or missing material behind every way to make it in time; None when there is one."""
        reasons: list[str] = []
        for f, lead in lanes:
            for place, t, v in self._routes[p,]:
                if place != f or t != due - lead:
                    continue
                reason = self._hindrance(v, f, t)
                if reason is None:
                    return None
                reasons.append(reason)
        return "; ".join(dict.fromkeys(reasons)) or None

    def _hindrance(self, v: int, f: int, t: int) -> str | None:
        week = (self._start + t * WEEK).isoformat()
        for (r,) in self._full.get((v, f, t), []):
            robots = "is full" if (r, f, t) in self._staffed else "has no robots"
            return f"{self._names.r[r]} at {self._names.f[f]} {robots} in the week of {week}"
        for (g,) in self._bom.get((v,), []):
            if (g, f, t) in self._short:
                return f"{self._names.g[g]} at {self._names.f[f]} cannot be there by {week}"
        return None


def _grouped(frame: pl.DataFrame, keys: int = 1) -> dict[tuple[int, ...], list[tuple[Any, ...]]]:
    groups: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
    for row in frame.iter_rows():
        groups.setdefault(tuple(row[:keys]), []).append(tuple(row[keys:]))
    return groups


def _full_for(solution: Solution) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """(v, f, t) → robot models whose spare hours do not hold one more unit of the routing, or its batch.

    Where units may be divided, a model is full when it has next to no hours left.
    """
    key = ["r", "f", "t"]
    robots = solution.model.values("robots", solution.answer.x).rename({"value": "robots"})
    parts = [solution.values(kind) for kind in ("attended", "unattended", "overtime")]
    worked = pl.concat(parts).group_by(key).agg(worked=pl.col("value").sum())
    cells = robots.join(solution.problem.hours, on=key).join(worked, on=key, how="left")
    work = solution.can.work.select("v", *key, "lights_out", "gross_hours").join(cells, on=key)
    work = work.join(solution.can.routes.select("v", "f", "t", "batch_size"), on=["v", "f", "t"])
    nights = pl.when("lights_out").then("unattended").otherwise(0.0)
    have = pl.col("availability") * (pl.col("attended") + pl.col("overtime") + nights) * pl.col("robots")
    whole = (pl.col("t") < solution.problem.policy.firm_weeks) | pl.col("batch_size").is_not_null()
    one_more = pl.when(whole).then(pl.col("gross_hours") * pl.col("batch_size").fill_null(1.0)).otherwise(0.0)
    spare = have - pl.col("worked").fill_null(0.0)
    full = work.filter(spare < pl.max_horizontal(one_more, have * _SPARE_SHARE + 1e-9))
    return _grouped(full.select("v", "f", "t", "r").sort("v", "f", "t", "r"), 3)


def _short_materials(solution: Solution) -> set[tuple[int, int, int]]:
    """(g, f, t) where nothing of a material is left and none can be bought yet."""
    key = ["g", "f", "t"]
    cells = solution.model.values("material", solution.answer.x).join(
        solution.problem.materials.select("g", "lead"), on="g"
    )
    return set(
        cells.filter((pl.col("value") < 1e-6) & (pl.col("t") < pl.col("lead"))).select(key).iter_rows()
    )
