"""Figures and findings in a planner's words."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import TELLS_LITTLE, Plan
from planning.signals.nearest import nearest

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

#: What becomes of an order line.
FATES = {"on_time": "On time", "late": "Late", "refused": "Refused", "open": "Still open at the end"}

#: How the solve of a plan ended (plan.json, status).
SOLVED = {
    "optimal": "proven best",
    "gap": "solved",
    "time_limit": "best in time",
    "cancelled": "stopped early",
}

#: Rules a plan may bend against a price (3-plan-model, rule 11), with the unit of the amount.
RELAXED = {
    "firm_work": ("Less than what was pinned or started", "units"),
    "frozen": ("Less of the frozen plan than was published", "units"),
    "storage": ("More stock than the storage holds", "units"),
    "floor": ("More robots than the floor has room for", "floor slots"),
    "supervisors": ("More attended work than the supervisors can watch", "supervisor hours"),
    "supervisors_overtime": ("More overtime than the supervisors can watch", "supervisor hours"),
    "operators": ("More attended work than the operators can run", "operator hours"),
    "carbon_cap": ("More CO2e than the cap allows", "kg"),
}

NO_DATA = "There is no data yet. Today has three ways in: the demo company, a folder of yours, the templates."
FIRST_PLAN = (
    "The data are here, and the first plan is being made: the pages show it as soon as it is ready. It "
    "takes a minute for tens of products and some minutes for hundreds; **Cancel** ends it with the best "
    "plan found by then. Look at what came in on the Signals page meanwhile."
)
NO_PLAN = (
    "The data are here, a plan is not. **Make a plan** forecasts demand, then solves production and rentals."
)


@dataclass(frozen=True)
class Figure:
    """A KPI: its name, its value as it is shown, and what it means."""

    label: str
    value: str
    help: str


def money(amount: float, currency: str) -> str:
    """An amount as a planner reads it: €8,600, from a million on €1.24 M."""
    for size, name in ((1e9, "bn"), (1e6, "M")):
        if abs(amount) >= size:
            sign = "−" if amount < 0 else ""
            return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{abs(amount) / size:,.2f} {name}"
    return exact_money(amount, currency)


def exact_money(amount: float, currency: str) -> str:
    """An amount in whole units of its currency, however large: €1,188,487."""
    sign = "−" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{abs(amount):,.0f}"


def share(value: float | None) -> str:
    """A share as a percentage: 96.4 %; a dash where there is nothing to take a share of."""
    return "–" if value is None else f"{100 * value:.1f} %"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: 1 row, 3 rows."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as they are said: Leeds, Porto and Brno."""
    return " and ".join([part for part in (", ".join(names[:-1]), *names[-1:]) if part])


def plain(text: str) -> str:
    """Text from the data as Markdown that shows it as it is: no $ opens a formula, no * sets it bold."""
    return re.sub(r"([\\`*_{}\[\]#|~$<>]|:(?=\w))", r"\\\1", text)


def day(value: date) -> str:
    """A date as a planner reads it: Mon 24 Nov 2026."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def short_day(value: date) -> str:
    """A date within the plan: 30 Nov."""
    return f"{value.day} {value:%b}"


def not_there(name: str, missing: Sequence[str], known: Iterable[str], to_show: str) -> str:
    """That an address asks for a factory, product … that is not there, in plain Markdown.

    Parameters
    ----------
    name : what is asked for: factory, product, week …
    missing : as the address has it.
    known : what could have been meant.
    to_show : what is shown instead.
    """
    known = list(known)
    guesses = [guess for text in missing if (guess := nearest(text, known)) is not None]
    meant = f" Did you mean {listed(guesses)}?" if guesses else ""
    shown = f" {to_show}" if to_show else ""
    return plain(f"There is no {name} {listed(missing)} here.{meant}{shown}")


def week(value: date) -> str:
    """The ISO week of a date: week 48."""
    return f"week {value.isocalendar().week}"


def as_of(plan: Plan) -> date:
    """The day the plan's data speak for."""
    return date.fromisoformat(plan.summary["policy"]["as_of"])


def data_until(plan: Plan | None, network: Network | None) -> str:
    """The last whole week before the day the data of the plan (else of the network) speak for.

    Empty without data.
    """
    if plan is not None:
        day_of_data = as_of(plan)
    elif network is not None:
        day_of_data = network.policy.as_of
    else:
        return ""
    return week(day_of_data - WEEK)


def currency(plan: Plan | None, network: Network | None) -> str:
    """Code of all money; EUR before there is any data."""
    if network is not None:
        return network.policy.currency
    return "EUR" if plan is None else str(plan.summary["policy"]["currency"])


def duration(seconds: float) -> str:
    """A duration: 45 s, 2 min 5 s."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def cost_in_money(summary: Mapping[str, Any]) -> float:
    """What the plan costs: the objective without `priority`, which is a preference and no money."""
    return float(summary["objective"]) - float(summary["costs"].get("priority", 0.0))


def ended(summary: Mapping[str, Any]) -> str:
    """How the solve of a plan ended, in two or three words; a quick plan is told by what it keeps."""
    around, status = summary.get("around"), str(summary["status"])
    return f"quick, around v{around['version']}" if around else SOLVED.get(status, status)


def plan_name(summary: Mapping[str, Any]) -> str:
    """Version and solve status of a plan: Plan v3, solved."""
    return f"Plan v{summary['version']}, {ended(summary)}"


def is_near_known(summary: Mapping[str, Any]) -> bool:
    """Whether the bound says anything of how far the plan is from the best."""
    controllable = summary["gap_controllable"]
    return summary["gap"] <= TELLS_LITTLE and (controllable is None or controllable <= 1.0)


def doubt(summary: Mapping[str, Any]) -> str:
    """What to know before acting on a plan of which nobody knows how good it is; empty of any other."""
    if is_near_known(summary):
        return ""
    ended = "was stopped" if summary["status"] == "cancelled" else "ended"
    return (
        f"The solve {ended} before it was known how far this plan is from the best. One that goes on longer "
        "may decide otherwise: Re-plan before you order, give notice or promise."
    )


def quality(summary: Mapping[str, Any]) -> str:
    """How good the plan is and how sure that is: gap, bound and how the solve ended, in sentences."""
    currency = summary["policy"]["currency"]
    objective, bound = float(summary["objective"]), float(summary["bound"])
    ending = {
        "optimal": "It is proven that no plan is cheaper under the same rules.",
        "gap": "The solve ended because the plan was as good as your settings ask for.",
        "time_limit": "The solve ended because its time was up; more time may find a better plan.",
        "cancelled": "The solve was stopped by a planner; left alone it may find a better plan.",
    }.get(summary["status"], "")
    room = (
        ""
        if summary["status"] == "optimal"
        else f"How far it is from the best is not known: no more is proven than that no plan costs less than "
        f"{money(bound, currency)}."
        if not is_near_known(summary)
        else (
            f"It is proven that under the same rules at most {money(max(0.0, objective - bound), currency)} "
            f"({share(summary['gap'])} of all cost, {share(summary['gap_controllable'])} of what planning "
            "can influence) could still be saved."
        )
    )
    around = summary.get("around")
    if around:
        ending = kept_of(around)
    cost = f"The plan costs {exact_money(cost_in_money(summary), currency)}."
    took = f"Solved by {summary['solver']} in {duration(float(summary['seconds']))}."
    return " ".join(part for part in (cost, ending, room, took) if part)


def kept_of(around: Mapping[str, Any]) -> str:
    """What a plan made around another keeps of it."""
    again = count(len(around["products"]), "product")
    return (
        f"Made within seconds around plan v{around['version']}: {again} and the robots they are made on were "
        f"decided again, to within {share(around['gap'])}; all else is as in plan v{around['version']}."
    )


def figures(summary: Mapping[str, Any]) -> list[Figure]:
    """The four KPIs of the plan page."""
    kpis = summary["kpis"]
    return [
        Figure(
            "Cost",
            money(cost_in_money(summary), summary["policy"]["currency"]),
            "All money terms of the plan, without the preference for urgent orders.",
        ),
        Figure(
            "Confirmed on time",
            share(kpis["on_time_share"]),
            "Units delivered in their week, of the open confirmed units due in the planned weeks.",
        ),
        Figure(
            "Robots on rent, peak", f"{kpis['peak_robots_on_rent']:,.0f}", "Most robots on rent in one week."
        ),
        _saving_left(summary),
    ]


def _saving_left(summary: Mapping[str, Any]) -> Figure:
    label = "Saving left, at most"
    if is_near_known(summary):
        told = "No plan under the same rules saves more than this, of what planning can influence."
        return Figure(label, share(summary["gap_controllable"]), told)
    least = money(float(summary["bound"]), summary["policy"]["currency"])
    return Figure(
        label,
        "Not known",
        f"The solve ended before it had proven more than that no plan costs less than {least}. Re-plan, and "
        "leave it longer, to know.",
    )


def bent(rules: int, status: str) -> str:
    """That the plan bends rules and why, in two sentences."""
    return f"This plan bends {count(rules, 'rule')}: {why_bent(status)}. It needs approval."


def why_bent(status: str) -> str:
    """Why a plan bends rules: only the proven best shows that none that keeps them is cheaper."""
    if status != "optimal":
        return "the solve ended before it had a plan that keeps them all, if there is one"
    return "no plan keeps them all"


def basis(assumptions: int, rows_aside: int) -> str:
    """What the plan rests on, counted."""
    return f"{count(assumptions, 'assumption')}, {count(rows_aside, 'row')} kept aside"


def commitment(summary: Mapping[str, Any]) -> str:
    """What the rule for long rentals costs and saves, in one sentence; empty where it is not known."""
    kpis, currency = summary["kpis"], summary["policy"]["currency"]
    costs, saves = kpis.get("commitment_cost_if_all"), kpis.get("commitment_saving_if_qualifying")
    if costs is None or saves is None:
        return ""
    if max(abs(costs), abs(saves)) < 0.5:
        return "Long rentals follow only demand that is as good as sold; in this plan that changes nothing."
    return (
        "Long rentals follow only demand that is as good as sold: if everything expected comes, that costs "
        f"{money(costs, currency)} more; if only the sure part comes, it saves {money(saves, currency)}."
    )


def deals_left_out(summary: Mapping[str, Any]) -> list[str]:
    """Open deals that count nothing in the plan, one sentence a kind: lumpy ones and those out of date."""
    kinds = (
        ("rent_or_wait", "too large to count by its probability and not sure enough to count whole"),
        ("stale", "expected before the plan starts: give it a new date, or close it"),
    )
    return [
        f"{count(len(summary[kind]), 'open deal')} left out, {why}: {_deals(summary[kind])}."
        for kind, why in kinds
        if summary.get(kind)
    ]


def _deals(deals: Sequence[Mapping[str, Any]]) -> str:
    named = [f"{d['opportunity_id']} ({d['quantity']:g} of {d['product']} in {d['market']})" for d in deals]
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return ", ".join(named[:5]) + more


def left_out(summary: Mapping[str, Any]) -> str:
    """Order lines due after the horizon, in one sentence; empty when there are none."""
    lines = int(summary["kpis"].get("orders_beyond_horizon", 0))
    return f"{count(lines, 'order line')} due after the last planned week left out." if lines else ""


def progress(
    stage: str, gap: float | None, objective: float | None, currency: str, bound: float | None = None
) -> str:
    """How far a solve is, in one line."""
    parts = [stage[:1].upper() + stage[1:]]
    if objective is not None:
        parts.append(f"best plan so far {money(objective, currency)}")
    if objective is not None and gap is not None and gap > TELLS_LITTLE:
        return " · ".join([*parts, "how far from the best is not known yet"])
    if bound is not None and bound > 0:
        parts.append(f"no plan costs less than {money(bound, currency)}")
    if gap is not None and math.isfinite(gap):
        parts.append(f"at most {share(gap)} could still be saved")
    return " · ".join(parts)
