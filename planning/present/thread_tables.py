"""A thread as tables and sentences: one table a stage, with the columns that say something."""

from collections.abc import Mapping, Sequence

import polars as pl

from planning.domain.thread import Kind, Stage, Step, Thread
from planning.present import words
from planning.present.view import Column, View

#: Stage → what it is called, and what its day is.
STAGES: dict[Stage, tuple[str, str]] = {
    "import": ("Signal: what came in", "Came"),
    "campaign": ("Campaigns", "From"),
    "opportunity": ("Opportunities", "Expected"),
    "order": ("Order lines", "Due"),
    "forecast": ("Forecast share", "Week"),
    "plan": ("Plan", "Since"),
    "contract": ("Contracts", "On rent"),
    "work order": ("Work", "Week"),
    "shipment": ("Shipments", "Leaves"),
}
#: Address of a page → what its button says.
OPENS = {
    "signals": "See data",
    "forecast": "See forecast",
    "plan": "See plan",
    "fleet": "See fleet",
    "schedule": "See schedule",
}
SIDES = {"before": "Where it comes from", "here": "The thing itself", "after": "Where it goes"}

SEARCH_HELP = (
    "An order (or order/line), opportunity, campaign, product, work order, contract, shipment, a plan such "
    "as v3, import 2 or forecast 1. Where several kinds share an id, write order:12."
)
HOW = "Tick a row (Shift+Space) to follow that one."
NOTHING_ASKED = "Type any id above, or tick a row on another page, to see what it comes from and goes to."


def step_table(step: Step, currency: str) -> View:
    """The links of a stage, without the columns none of them fills."""
    _, day = STAGES[step.stage]
    whole = _WHOLE.get(step.stage, "Units")
    columns = {
        "id": Column("Id"),
        "what": Column("What", width="large"),
        "on": Column(day, "week" if step.stage in {"forecast", "work order", "shipment"} else "date"),
        "units": Column(
            "Served" if step.stage == "forecast" else "Units on this thread",
            "rate",
            "Of all the units of the thing, those of this thread.",
        ),
        "whole": Column(whole, "rate", "All units of the thing."),
        "money": Column(f"Money ({currency})", "money", _MONEY[step.stage]),
        "source": Column("Came in with", width="medium"),
        "who": Column("Who"),
    }
    some = {
        name: column for name, column in columns.items() if step.links[name].null_count() < step.links.height
    }
    return View(step.links, some)


#: What all units of the thing are called.
_WHOLE: Mapping[Stage, str] = {
    "forecast": "Expected",
    "order": "Ordered",
    "work order": "Of",
    "shipment": "Of",
}

#: What the money of a stage is.
_MONEY: Mapping[Stage, str] = {
    "import": "",
    "campaign": "What is spent on it.",
    "opportunity": "Units × price, if it is won.",
    "order": "Units on this thread × price.",
    "forecast": "Expected units × price.",
    "plan": "Objective of the plan.",
    "contract": "Rent a week.",
    "work order": "",
    "shipment": "",
}


def balance(thread: Thread) -> str:
    """What becomes of every unit, as a sum; empty where nothing is counted."""
    if not thread.balance:
        return ""
    (whole, units), *parts = thread.balance.items()
    sums = " + ".join(f"{_units(part)} {name}" for name, part in parts) or "0"
    return f"{_units(units)} {whole} = {sums}"


def _units(units: float) -> str:
    return f"{units:,.1f}".removesuffix(".0")


def not_found(asked: str) -> str:
    """That nothing has this id, in plain Markdown."""
    return f"Nothing in this plan, the data or the records is called {words.plain(asked)}."


def called(kind: Kind, id: str) -> str:
    """What a button to another thread says."""
    return id if id.startswith(f"{kind} ") or kind == "forecast run" else f"{kind} {id}"


def log_checked(broken: pl.DataFrame, entries: int) -> str:
    """What the check of the ledger found."""
    if broken.is_empty():
        told = words.count(entries, "entry", "entries")
        return f"The ledger is what was written: {told}, each proving the one before."
    first, faults = broken.row(0, named=True), words.count(broken.height, "entry", "entries")
    where = f"first entry {first['seq']}: {first['fault']}"
    return f"The ledger is not what was written: {faults} at fault, {where}."


def sides(thread: Thread) -> dict[str, Sequence[Step]]:
    """The steps before the thing, its own, and those after it."""
    found: dict[str, list[Step]] = {side: [] for side in SIDES}
    for step in thread.steps:
        found[thread.side(step)].append(step)
    return {side: steps for side, steps in found.items() if steps}
