"""plan.json: status, costs, gap and key figures of a plan, every one recomputable from its tables."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.problem import Problem
from planning.fleet import cost_per_good_unit, utilisation
from planning.optimise.model.objective import slack_prices
from planning.optimise.plan import Solution

#: Gap up to which a plan may be called optimal.
OPTIMAL_GAP = 1e-4

#: Rule that each slack family relaxes, as planners call it, with the unit of its amount.
RELAXED_RULES = {
    "pinned_short": "firm_work",
    "frozen_short": "frozen",
    "storage_over": "storage",
    "floor_over": "floor",
    "supervision_over_attended": "supervisors",
    "supervision_over_overtime": "supervisors_overtime",
    "operators_over": "operators",
    "carbon_over": "carbon_cap",
}


def status_of(gap: float, settings_gap: float, stopped: str) -> str:
    """optimal (gap ≤ 1e-4), gap (≤ the setting), cancelled, or time_limit."""
    if gap <= OPTIMAL_GAP:
        return "optimal"
    if gap <= settings_gap:
        return "gap"
    return "cancelled" if stopped == "Interrupted" else "time_limit"


def relaxed_rules(solution: Solution) -> list[dict[str, Any]]:
    """Soft rules the plan breaks: rule, factory, week, amount and the price of each unit."""
    prices = slack_prices(solution.problem, solution.can)
    names, start = solution.problem.names, solution.problem.policy.start_week
    rows = []
    for family, rule in RELAXED_RULES.items():
        for row in solution.values(family).iter_rows(named=True):
            rows.append(
                {
                    "rule": rule,
                    "factory": names.f[row["f"]] if "f" in row else None,
                    "week": (start + row["t"] * WEEK).isoformat() if "t" in row else None,
                    "routing": names.v[row["v"]] if "v" in row else None,
                    "amount": row["value"],
                    "unit_price": prices[family],
                }
            )
    return rows


def commitment_figures(solution: Solution) -> dict[str, Any]:
    """The first solve of rule 8; null without long terms, and where a solve was stopped before it."""
    commitment = solution.commitment
    if commitment is None:
        return {"objective": None, "bound": None, "gap": None, "caps": []}
    names, start = solution.problem.names, solution.problem.policy.start_week
    caps = [
        {
            "offer": names.o[o],
            "factory": names.f[f] if f >= 0 else None,
            "week": (start + t * WEEK).isoformat(),
            "units": int(units),
        }
        for o, f, t, units in commitment.caps.iter_rows()
    ]
    answer = commitment.answer
    if answer is None:
        return {"objective": None, "bound": None, "gap": None, "caps": caps}
    return {"objective": answer.objective, "bound": answer.bound, "gap": answer.gap, "caps": caps}


def around_figures(solution: Solution) -> dict[str, Any] | None:
    """The plan this one keeps, what was decided again, and the gap of that part; null where all was."""
    around, names = solution.around, solution.problem.names
    if around is None:
        return None
    robots = [{"robot_model": names.r[r], "factory": names.f[f]} for r, f in around.free.places.iter_rows()]
    products = [names.p[p] for p in around.free.products["p"].to_list()]
    return {"version": around.version, "products": products, "robots": robots, "gap": around.gap}


def gap_controllable(solution: Solution, costs: Mapping[str, float]) -> float | None:
    """The gap relative to what a plan can decide.

    (objective − bound) / (objective − owned − unavoidable rent − cheapest unit and material cost of
    confirmed orders); null when nothing is left to decide.
    """
    answer, problem = solution.answer, solution.problem
    fixed = costs["owned"] + unavoidable_rent(problem) + cheapest_making(problem)
    left = answer.objective - fixed
    return (answer.objective - answer.bound) / left if left > 0 else None


def unavoidable_rent(problem: Problem) -> float:
    """Rent of running contracts up to the first week in which each could go back."""
    terms = problem.contracts.join(problem.offers.drop("rate"), on="o")
    early = pl.col("running") & pl.col("termination_share").is_not_null()
    free = pl.when(early).then("notice").otherwise(pl.max_horizontal("min_end", "notice"))
    until = pl.min_horizontal(free, pl.col("off"), pl.lit(problem.weeks))
    weeks = (until - pl.col("on").clip(0)).clip(0)
    return float(terms.select((weeks * pl.col("units") * pl.col("rate")).sum()).item())


def cheapest_making(problem: Problem) -> float:
    """Unit and material cost of the confirmed orders, each product by its cheapest routing."""
    material = (
        problem.bom.join(problem.materials, on="g")
        .group_by("v")
        .agg(material=(pl.col("per_gross") * pl.col("unit_cost")).sum())
    )
    routes = problem.routes.join(material, on="v", how="left")
    each = (pl.col("unit_cost") + pl.col("material").fill_null(0.0)) / pl.col("yield")
    cheapest = routes.group_by("p").agg(each=each.min())
    due = problem.due.group_by("p").agg(pl.col("quantity").sum()).join(cheapest, on="p")
    return float(due.select((pl.col("quantity") * pl.col("each")).sum()).item())


def key_figures(
    solution: Solution, tables: Mapping[str, pl.DataFrame], costs: Mapping[str, float], orders_beyond: int
) -> dict[str, Any]:
    """The KPIs of plan.json from the export tables."""
    promises, demand, fleet = tables["promises"], tables["demand"], tables["fleet"]
    asked = float(promises["delivered_quantity"].sum())
    on_time = float(promises.filter(pl.col("status") == "on_time")["delivered_quantity"].sum())
    last_week = solution.problem.policy.weeks[-1]
    left_open = float(demand.filter(pl.col("week") == last_week)["backlog"].sum())
    missing = float(demand["refused"].sum()) + left_open
    rented = fleet.filter(pl.col("source") != "owned")
    peak = rented.group_by("week").agg(pl.col("units").sum()).select(pl.col("units").max()).item()
    made = float(tables["production"]["quantity"].sum())
    kg = solution.model.expressions["kgco2e"].frame
    return {
        "on_time_share": on_time / asked if asked else 1.0,
        "fill_rate": 1 - missing / asked if asked else 1.0,
        "late_unit_weeks": float(demand["backlog"].sum()),
        "refused_units": float(demand["refused"].sum()),
        "peak_robots_on_rent": int(peak or 0),
        "rented_robot_weeks": int(rented["units"].sum()),
        "paid_hour_utilisation": utilisation(fleet),
        "cost_per_good_unit": cost_per_good_unit(solution.answer.objective, costs["priority"], made),
        "kgco2e": float(kg["coef"].to_numpy() @ solution.answer.x[kg["col"].to_numpy()]),
        "waste_units": _left_at_end(solution),
        "change_share": change_share(solution),
        "orders_beyond_horizon": orders_beyond,
    }


def _left_at_end(solution: Solution) -> float:
    last = pl.col("t") == solution.problem.weeks - 1
    left = (solution.values(place).filter(last)["value"].sum() for place in ("stock", "pool"))
    return float(sum(left))


def change_share(solution: Solution) -> float:
    """Σ |make − published| / (Σ make + Σ published) over the weeks of both plans; 0 without one."""
    published, until = solution.problem.published, solution.problem.published_until
    if until == 0:
        return 0.0
    key = ["v", "f", "t"]
    made = solution.values("make").filter(pl.col("t") < until)
    both = made.join(published, on=key, how="full", coalesce=True).with_columns(
        pl.col("value", "quantity").fill_null(0.0)
    )
    moved = float(both.select((pl.col("value") - pl.col("quantity")).abs().sum()).item())
    total = float(both.select(pl.col("value").sum() + pl.col("quantity").sum()).item())
    return moved / total if total else 0.0
