"""What a scenario changes, in a planner's words."""

from collections.abc import Mapping, Sequence

import polars as pl

from planning.domain.field import Value
from planning.domain.scenario import Change, DealConfirmed, DemandScaled, RowChange
from planning.domain.schema import SETTINGS
from planning.present import words
from planning.present.view import Column, View

NO_SCENARIO = (
    "No scenario yet. **Duplicate** the plan, say what would be different (a deal, a campaign, demand, "
    "terms, robots, hours, a setting), solve it, and compare: nothing you try changes the plan or the data."
)
NO_CHANGE = "It changes nothing yet: add a change."

#: What a scenario of an edited plan is called.
EDITED = "Edited plan v{}"

_ABOUT = {
    "opportunities": "Deal",
    "campaigns": "Campaign",
    "offers": "Offer",
    "owned": "Own robots",
    "factories": "Factory",
    "calendar": "Week",
    "settings": "Setting",
    "firm_work": "Pinned work",
}


def told(change: Change) -> str:
    """A change in one line, with the ids it names."""
    if isinstance(change, DealConfirmed):
        return _deal_confirmed(change)
    if isinstance(change, DemandScaled):
        return _demand_scaled(change)
    if change.table == "settings":
        key = str(change.key["key"])
        meaning = next(field.doc for field in SETTINGS if field.name == key)
        return f"Setting {key}: {change.values['value']} ({meaning})"
    about = " · ".join(_said(value) for value in change.key.values() if value is not None)
    return f"{_ABOUT.get(change.table, change.table)} {about}: {_values(change)}"


def told_apart(said: Sequence[Change]) -> dict[str, Change]:
    """Every change by its words; of those that say the same the later ones are numbered."""
    named: dict[str, Change] = {}
    for change in said:
        words = told(change)
        number = sum(name == words or name.startswith(f"{words} (") for name in named)
        named[f"{words} ({number + 1})" if number else words] = change
    return named


def changed_meanwhile(who: str, before: Sequence[Change], now: Sequence[Change]) -> str:
    """That somebody changed the scenario since a planner began to type, and how."""
    were, are = told_apart(before), told_apart(now)
    parts = [f"added {words}" for words in are if words not in were]
    parts += [f"took out {words}" for words in were if words not in are]
    how = f" ({'; '.join(parts)})" if parts else ""
    return (
        f"{who} changed this scenario since you began{how}, so nothing was added. What you typed is still "
        "there: look at the changes as they are now, and add it again."
    )


def changes(said: Sequence[Change]) -> View:
    """Every change, a line each, in their order."""
    rows = pl.DataFrame({"what": [told(change) for change in said]}, schema={"what": pl.String})
    return View(rows, {"what": Column("What would be different", width="large")})


def _values(change: RowChange) -> str:
    if change.values.get("status") == "lost":
        return "lost"
    new = change.table == "opportunities" and "product" in change.values
    shown: Mapping[str, Value] = {
        name: value for name, value in change.values.items() if not (new and name == "status")
    }
    parts = [f"{name.replace('_', ' ')} {_said(value)}" for name, value in shown.items()]
    return ("new, " if new else "") + ", ".join(parts)


def _deal_confirmed(change: DealConfirmed) -> str:
    parts = [f"Deal {change.opportunity_id} confirmed"]
    if change.quantity is not None:
        parts.append(f"{change.quantity:,.10g} units")
    if change.due_date is not None:
        parts.append(f"due {words.day(change.due_date)}")
    return ", ".join(parts)


def _demand_scaled(change: DemandScaled) -> str:
    about = [name for name in (change.product, change.family, change.market) if name]
    if change.first_week and change.first_week == change.last_week:
        about.append(words.week(change.first_week))
    elif change.first_week or change.last_week:
        first = words.week(change.first_week) if change.first_week else "the first week"
        last = words.week(change.last_week) if change.last_week else "the last week"
        about.append(f"{first} to {last}")
    sign = "+" if change.share > 0 else "−"
    return f"Forecast demand {sign}{abs(100 * change.share):.10g} %: {' · '.join(about) or 'all of it'}"


def _said(value: Value) -> str:
    if value is None:
        return "empty"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
