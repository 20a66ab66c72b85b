"""Plans side by side: key figures and costs with their differences, and which of these may be noise.

Of two plans the cheapest each could have been lies between its bound and its cost. What a scenario is worth
for certain is therefore a range; a difference inside it may come from where the two solves stopped.
"""

from collections.abc import Callable, Mapping

import polars as pl

from planning.domain.plan import Plan
from planning.present import words
from planning.present.plan_tables import COSTS
from planning.present.view import Column, View

MOST_COMPARED = 4
WITHIN = "within the gap"
#: Money below which nothing differs.
_MONEY = 0.5

FIGURES_HELP = (
    "Only cost has a bound. Where it differs no more than the gaps allow, the other figures may differ by "
    "where the solves stopped, too."
)

_Figure = tuple[str, Callable[[Plan], float | None], str]
_FIGURES: tuple[_Figure, ...] = (
    ("Cost", lambda plan: words.cost_in_money(plan.summary), "money"),
    ("Confirmed on time", lambda plan: _kpi(plan, "on_time_share"), "share"),
    ("Late unit-weeks", lambda plan: _kpi(plan, "late_unit_weeks"), "units"),
    ("Refused units", lambda plan: _kpi(plan, "refused_units"), "units"),
    ("Robots on rent, peak", lambda plan: _kpi(plan, "peak_robots_on_rent"), "units"),
    ("Robot weeks on rent", lambda plan: _kpi(plan, "rented_robot_weeks"), "units"),
    ("Use of paid hours", lambda plan: _kpi(plan, "paid_hour_utilisation"), "share"),
    ("CO2e in kg", lambda plan: _kpi(plan, "kgco2e"), "units"),
    ("Waste in units", lambda plan: _kpi(plan, "waste_units"), "units"),
)


def left_open(plan: Plan) -> float:
    """Money by which the plan may still be above the cheapest one: objective − bound."""
    return max(0.0, float(plan.summary["objective"]) - float(plan.summary["bound"]))


def is_noise(plan: Plan, base: Plan) -> bool:
    """Whether the two costs differ no more than where their solves stopped allows."""
    moved = float(plan.summary["objective"]) - float(base.summary["objective"])
    return abs(moved) <= left_open(plan if moved > 0 else base) or abs(moved) < _MONEY


def effect(name: str, plan: Plan, base: Plan) -> str:
    """What a scenario is worth, in sentences: the difference found, and the range that is certain."""
    currency = base.summary["policy"]["currency"]
    moved = words.cost_in_money(plan.summary) - words.cost_in_money(base.summary)
    low = float(plan.summary["bound"]) - float(base.summary["objective"])
    high = float(plan.summary["objective"]) - float(base.summary["bound"])
    same = abs(moved) < _MONEY
    if same and abs(low) < _MONEY and abs(high) < _MONEY:
        return f"{name} costs the same as the plan; both are proven best."
    if same:
        found = f"{name} costs the same as the plan"
    else:
        more = "more" if moved > 0 else "less"
        found = f"{name} costs {words.exact_money(abs(moved), currency)} {more} than the plan"
    lies = f"its true effect lies between {_signed(low, currency)} and {_signed(high, currency)}"
    if is_noise(plan, base):
        return f"{found}, which is {WITHIN}: urgent orders weighed, {lies}."
    return f"{found}. That is more than the gaps allow: urgent orders weighed, {lies}."


def key_figures(plans: Mapping[str, Plan]) -> View:
    """Figures by plan, the first being what the others are compared with; with gap and bound of each."""
    (first, base), *others = plans.items()
    rows: list[dict[str, str]] = []
    for label, value, kind in _FIGURES:
        row = {"figure": label, first: _written(value(base), kind, base)}
        for name, plan in others:
            row |= {name: _written(value(plan), kind, plan), _delta(name): _moved(value, kind, plan, base)}
        rows.append(row)
    for label, tell in (("Gap", _gap), ("Bound", _bound), ("How the solve ended", _ending)):
        rows.append({"figure": label} | {name: tell(plan) for name, plan in plans.items()})
    columns = {"figure": Column("Figure", width="medium"), first: Column(first)}
    for name, _ in others:
        columns |= {name: Column(name), _delta(name): Column(f"{name} − {first}", help=FIGURES_HELP)}
    return View(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)), columns)


def cost_lines(plans: Mapping[str, Plan]) -> View:
    """Cost by line and plan, with the difference to the first; lines that are zero everywhere left out."""
    (first, base), *others = plans.items()
    currency = base.summary["policy"]["currency"]
    rows = []
    for term, label in COSTS.items():
        costs = {name: float(plan.summary["costs"].get(term, 0.0)) for name, plan in plans.items()}
        if term == "priority" or all(abs(cost) < _MONEY for cost in costs.values()):
            continue
        deltas = {_delta(name): costs[name] - costs[first] for name, _ in others}
        rows.append({"line": label} | costs | deltas | {"judged": _judged(costs, plans, first)})
    columns = {"line": Column("Cost line", width="medium"), first: Column(f"{first} ({currency})", "money")}
    for name, _ in others:
        columns |= {
            name: Column(f"{name} ({currency})", "money"),
            _delta(name): Column(f"{name} − {first}", "money"),
        }
    columns["judged"] = Column(
        "Difference", help="Within the gap: no larger than what the solves of these plans left open."
    )
    schema = {name: pl.Float64 if column.kind == "money" else pl.String for name, column in columns.items()}
    return View(pl.DataFrame(rows, schema=schema), columns)


def same_data(plans: Mapping[str, Plan], outrun: Mapping[str, bool]) -> str:
    """Which of the plans were made from other data or changes than hold now, in a sentence; else empty."""
    old = [name for name in plans if outrun.get(name)]
    if not old:
        return ""
    return f"{words.listed(old)}: made before the data or the changes were what they are now. Solve again."


def _judged(costs: Mapping[str, float], plans: Mapping[str, Plan], first: str) -> str:
    room = {name: max(left_open(plan), left_open(plans[first])) for name, plan in plans.items()}
    moved = [name for name in costs if name != first and abs(costs[name] - costs[first]) >= _MONEY]
    if not moved:
        return "none"
    real = [name for name in moved if abs(costs[name] - costs[first]) > room[name]]
    return f"more than the gap: {words.listed(real)}" if real else WITHIN


def _delta(name: str) -> str:
    return f"{name} less the first"


def _kpi(plan: Plan, name: str) -> float | None:
    value = plan.summary["kpis"].get(name)
    return None if value is None else float(value)


def _written(value: float | None, kind: str, plan: Plan) -> str:
    if value is None:
        return "–"
    if kind == "money":
        return words.exact_money(value, plan.summary["policy"]["currency"])
    return words.share(value) if kind == "share" else f"{value:,.0f}"


def _moved(value: Callable[[Plan], float | None], kind: str, plan: Plan, base: Plan) -> str:
    now, before = value(plan), value(base)
    if now is None or before is None:
        return "–"
    moved = now - before
    if kind == "money":
        told = _signed(moved, plan.summary["policy"]["currency"])
        return f"{told}, {WITHIN}" if is_noise(plan, base) else told
    if kind == "share":
        return f"{'+' if moved > 0 else '−' if moved < 0 else ''}{abs(100 * moved):.1f} pt"
    return f"{'+' if moved > 0 else '−' if moved < 0 else ''}{abs(moved):,.0f}"


def _signed(amount: float, currency: str) -> str:
    return ("+" if amount > 0 else "") + words.exact_money(amount, currency)


def _gap(plan: Plan) -> str:
    return words.share(plan.summary["gap"])


def _bound(plan: Plan) -> str:
    return words.exact_money(float(plan.summary["bound"]), plan.summary["policy"]["currency"])


def _ending(plan: Plan) -> str:
    return words.ended(plan.summary)
