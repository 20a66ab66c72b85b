"""A thread: from one thing to everything it comes from and goes to, link by link."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

#: The links of the chain, in the order of the goods and of what is known: signals first, delivery last.
Stage = Literal[
    "import", "campaign", "opportunity", "order", "forecast", "plan", "contract", "work order", "shipment"
]
STAGES: tuple[Stage, ...] = (
    "import",
    "campaign",
    "opportunity",
    "order",
    "forecast",
    "plan",
    "contract",
    "work order",
    "shipment",
)

#: What can be looked up: a stage, or a product, which has all of them.
Kind = Stage | Literal["product", "forecast run"]

#: A thing on a thread.
#:
#: Parameters
#: ----------
#: kind, id : what can be looked up in its turn; without id where there is no more to it.
#: what : in words.
#: on : its day.
#: units : those of this thread; `whole` those of the thing.
#: money : what the units are worth, or what it costs.
#: source : file, line and import it came in with.
#: who : who did it, by the ledger.
LINKS = {
    "kind": pl.String,
    "id": pl.String,
    "what": pl.String,
    "on": pl.Date,
    "units": pl.Float64,
    "whole": pl.Float64,
    "money": pl.Float64,
    "source": pl.String,
    "who": pl.String,
}


@dataclass(frozen=True)
class Step:
    """A stage of a thread.

    Parameters
    ----------
    stage : which.
    links : LINKS, in the order they are read.
    told : what has to be said of it beside the table.
    address, shows : the page it is decided on, and what that is narrowed to (filter → what is chosen).
    """

    stage: Stage
    links: pl.DataFrame
    told: str = ""
    address: str = ""
    shows: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Thread:
    """Everything one thing comes from and goes to.

    Parameters
    ----------
    kind, id : the thing.
    title : what it is, in words.
    stage : where it stands in the chain; None for a product, which is everywhere.
    steps : the stages that have something, in the order of STAGES.
    balance : what becomes of an order's units (ordered = all the others), or of a work order's or shipment's
        (made or sent = all the others).
    told : what has to be said of how it is followed.
    """

    kind: Kind
    id: str
    title: str
    stage: Stage | None
    steps: tuple[Step, ...]
    balance: Mapping[str, float] = field(default_factory=dict)
    told: str = ""

    def side(self, step: Step) -> Literal["before", "here", "after"]:
        """Whether a stage comes before the thing, is its own, or comes after it."""
        if self.stage is None or step.stage == self.stage:
            return "here"
        return "before" if STAGES.index(step.stage) < STAGES.index(self.stage) else "after"
