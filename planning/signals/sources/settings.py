"""What no export says and a planner answers once for each source."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

from planning.domain.network import Network

DateOrder = Literal["day first", "month first"]
RATES = {"currency": pl.String, "date": pl.Date, "rate": pl.Float64}


@dataclass(frozen=True)
class Answers:
    """What a planner has said of a source so far, as its profile keeps it; see `SourceSettings`.

    `due_days` is None where nothing is said: then the network's own order lines say.
    """

    date_order: DateOrder | None = None
    due_days: int | None = None
    market: str | None = None
    markets: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    as_history: bool | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What of it says anything."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in vars(self).items()
            if value is not None and value != {}
        }

    def over(self, earlier: "Answers") -> "Answers":
        """What was said before, and over it what this says."""
        known, new = earlier.said, self.said
        merged = {
            name: known[name] | new[name] if isinstance(new[name], dict) and name in known else new[name]
            for name in new
        }
        return Answers(**(known | merged))


@dataclass(frozen=True)
class SourceSettings:
    """A planner's answers about a source.

    Parameters
    ----------
    currency : of the plan (settings.currency); other money is converted by `rates`.
    timezone : of the plan; moments with an offset become days in it.
    date_order : whether 03/04/2026 is 3 April or 4 March; None where nobody has said.
    rates : fx.csv: currency, date, rate (money of the plan per unit).
    due_days : days from order, or from the closing of a deal, to delivery, where the file gives no
        delivery date.
    market : where the demand is, for sources that do not say.
    markets, products : the source's name → ours, where they differ.
    statuses : the source's status → confirmed, shipped, cancelled or aside, where ours is not wanted.
    stages : the source's stage → ours, where it is not one of the usual.
    chances : stage, or `pipeline/stage`, → probability, where the deals do not carry one.
    as_history : order lines are demand history as well.
    """

    currency: str = "EUR"
    timezone: str = "UTC"
    date_order: DateOrder | None = None
    rates: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RATES))
    due_days: int = 0
    market: str | None = None
    markets: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    as_history: bool = False

    @classmethod
    def of(cls, network: Network) -> "SourceSettings":
        """What the network that holds answers by itself: its money, rates and time zone, and the days from
        order to delivery, as half of its order lines have more and half have less."""
        days = (pl.col("due_date") - pl.col("order_date")).dt.total_days()
        usual = network["orders"].filter(pl.col("status") != "cancelled").select(days.median()).item()
        return cls(
            currency=network.policy.currency,
            timezone=network.policy.timezone,
            rates=network["fx"].select(list(RATES)),
            due_days=max(0, round(usual or 0)),
        )

    def answered(self, answers: Answers) -> "SourceSettings":
        """The same with a planner's answers."""
        return replace(self, **answers.said)
