"""plan.json: objective and bound, gap, status, relaxations and KPIs, recomputed from the frames."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

import polars as pl

from planning.check import costs
from planning.check.facts import Facts
from planning.check.violation import ABSOLUTE, RELATIVE, Violation

#: Gap up to which a plan is called optimal.
OPTIMAL = 1e-4


def check_figures(facts: Facts) -> list[Violation]:
    """Every figure of plan.json that the documents define."""
    checks = (identity, bounds, commitment, status, controllable, relaxations, carbon_cap, kpis)
    return [violation for check in checks for violation in check(facts)]


def identity(facts: Facts) -> list[Violation]:
    """plan.json is of this network, its horizon and its settings."""
    summary, policy = facts.summary, facts.policy
    pairs: list[tuple[str, Any, Any]] = [
        ("start_week", str(summary.get("start_week")), policy.start_week.isoformat()),
        ("horizon_weeks", summary.get("horizon_weeks"), policy.horizon_weeks),
    ]
    if facts.network.input_hash:
        pairs.append(("input_hash", summary.get("input_hash"), facts.network.input_hash))
    used = summary.get("policy") or {}
    pairs += [(f"policy {key}", used.get(key), value) for key, value in policy.as_settings().items()]
    return [
        Violation("plan.json", name, 1.0, f"{name} is {given}, the network has {right}")
        for name, given, right in pairs
        if given != right
    ]


def bounds(facts: Facts) -> list[Violation]:
    """No plan costs less than its bound, and the gap is what lies between them."""
    return list(_gap("plan.json", facts.summary))


def commitment(facts: Facts) -> list[Violation]:
    """The same of the first solve of the commitment rule."""
    return list(_gap("8 commitment", facts.summary.get("commitment") or {}))


def _gap(rule: str, solved: Any) -> Iterable[Violation]:
    """gap = (objective − bound) / |objective|; a solve without a bound tells no gap."""
    objective, bound, gap = (_number(solved.get(name)) for name in ("objective", "bound", "gap"))
    if objective is None or bound is None:
        if gap is not None:
            yield Violation(rule, "gap", gap, f"gap {gap:.6f} without an objective and a bound")
        return
    if bound - objective > max(0.05, 2e-5 * abs(objective)):
        message = f"the objective {objective:,.2f} is below its bound {bound:,.2f}"
        yield Violation(rule, "bound", bound - objective, message)
    right = (objective - bound) / abs(objective) if objective else 0.0
    if gap is None or min(abs(gap - right), abs(gap - max(right, 0.0))) > 2e-5:
        message = f"gap is {gap}, objective and bound are {right:.6f} apart"
        yield Violation(rule, "gap", abs((gap or 0.0) - right), message)


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def status(facts: Facts) -> list[Violation]:
    """optimal: gap ≤ 1e-4; gap: ≤ settings.gap; time_limit; cancelled."""
    word, gap = facts.summary.get("status"), _number(facts.summary.get("gap"))
    limits = {"optimal": OPTIMAL, "gap": facts.policy.gap, "time_limit": None, "cancelled": None}
    if word not in limits:
        return [Violation("plan.json", "status", 1.0, f"status is {word}, not one of {', '.join(limits)}")]
    limit = limits[word]
    if limit is None or (gap is not None and gap <= max(limit, OPTIMAL) * (1 + 1e-6)):
        return []
    return [Violation("plan.json", "status", gap or 0.0, f"status {word} with gap {gap}; it needs {limit}")]


def controllable(facts: Facts) -> list[Violation]:
    """gap_controllable measures the same distance against less: it is never below the gap.

    Which rent is unavoidable the documents leave to the optimiser, so the figure itself is not recomputed.
    """
    shown, gap = (_number(facts.summary.get(name)) for name in ("gap_controllable", "gap"))
    if shown is None or gap is None or shown >= gap - 2e-5:
        return []
    return [
        Violation("plan.json", "gap_controllable", gap - shown, f"{shown:.6f} is below the gap {gap:.6f}")
    ]


def relaxations(facts: Facts) -> list[Violation]:
    """Only what may be relaxed is, by an amount and at a price."""
    out = []
    for row in facts.summary.get("relaxed") or ():
        place = ", ".join(str(row[key]) for key in ("rule", "factory", "week") if row.get(key))
        amount, price = _number(row.get("amount")), _number(row.get("unit_price"))
        if amount is None or price is None or amount < 0 or price < 0:
            out.append(Violation("11 relaxed", place, 1.0, f"relaxed by {amount} at {price}"))
    for row in facts.relaxed.filter(pl.col("slack") == "").iter_rows(named=True):
        out.append(Violation("11 relaxed", str(row["week"] or ""), row["allowed"], "relaxes a hard rule"))
    return out


def carbon_cap(facts: Facts) -> list[Violation]:
    """Emissions stay within the cap, plus what plan.json says was relaxed."""
    cap = facts.policy.carbon_cap_kg
    if cap is None:
        return []
    kg = costs.emissions(facts)
    limit = cap + float(facts.relaxed.filter(pl.col("slack") == "carbon")["allowed"].sum())
    if kg <= limit + ABSOLUTE + RELATIVE * limit:
        return []
    return [Violation("11 carbon cap", "", kg - limit, f"{kg:,.1f} kg CO2e, the cap is {limit:,.1f}")]


def kpis(facts: Facts) -> list[Violation]:
    """KPIs are what the frames say; one whose denominator is 0 may be anything."""
    given = facts.summary.get("kpis") or {}
    out = []
    for name, readings in recompute_kpis(facts).items():
        stated = _number(given.get(name))
        if not readings or (stated is not None and any(_alike(stated, right) for right in readings)):
            continue
        nearest = readings[0]
        message = f"{name} is {given.get(name)}, the frames say {nearest:,.6f}"
        out.append(Violation("kpis", name, abs((stated or 0.0) - nearest), message))
    return out


def _alike(stated: float, right: float) -> bool:
    return abs(stated - right) <= ABSOLUTE + 2e-5 * abs(right)


def recompute_kpis(facts: Facts) -> dict[str, list[float]]:
    """Every KPI with the values the documents allow; none where its denominator is 0."""
    demand = facts.demand
    refused, backlog = float(demand["refused"].sum()), float(demand["backlog"].sum())
    unfilled = refused + float(demand.filter(pl.col("week") == facts.policy.weeks[-1])["backlog"].sum())
    rented = facts["fleet"].filter(pl.col("source") != "owned")
    by_week = rented.group_by("week").agg(pl.col("units").sum())["units"]
    good = float(facts["production"]["quantity"].sum())
    money = float(facts.summary.get("objective") or 0.0) - float(
        (facts.summary.get("costs") or {}).get("priority") or 0.0
    )
    beyond = facts.orders.filter((pl.col("open_quantity") > 0) & (pl.col("due") >= facts.horizon)).height
    on_time = facts["promises"].filter(pl.col("status") == "on_time")["delivered_quantity"].sum()
    return {
        "on_time_share": [float(on_time) / units for units in _due(facts) if units],
        "fill_rate": [1.0 - unfilled / units for units in _due(facts) if units],
        "late_unit_weeks": [backlog],
        "refused_units": [refused],
        "peak_robots_on_rent": [float(by_week.max() or 0)],  # type: ignore[arg-type]
        "rented_robot_weeks": [float(by_week.sum())],
        "paid_hour_utilisation": _ratio(
            float(rented["hours_used"].sum()), float(rented["hours_available"].sum())
        ),
        "cost_per_good_unit": _ratio(money, good),
        "kgco2e": [costs.emissions(facts)],
        "waste_units": [float(costs.left_at_end(facts)["quantity"].sum())],
        "change_share": _change_share(facts),
        "orders_beyond_horizon": [float(beyond)],
    }


def _due(facts: Facts) -> list[float]:
    """Open confirmed units due in the horizon.

    Whether past-due ones, which "are open backlog in the first week", are among them is open: both count.
    """
    lines = facts.open_lines
    every, in_time = lines["quantity"].sum(), lines.filter(pl.col("due") >= 0)["quantity"].sum()
    return [float(every), float(in_time)]


def _ratio(part: float, whole: float) -> list[float]:
    return [part / whole] if whole else []


def _change_share(facts: Facts) -> list[float]:
    """Σ |make − published| against what was published, or against the larger of the two plans.

    The documents name the share and no formula; without a published plan it is 0.
    """
    rows = costs.changed_units(facts)
    changed = float((rows["quantity"] - rows["published"]).abs().sum())
    now, before = float(rows["quantity"].sum()), float(rows["published"].sum())
    if rows.is_empty() or not changed:
        return [0.0]
    return [changed / whole for whole in (before, now, max(now, before), now + before) if whole]
