"""Tables as planners see them: a frame, its columns under their headings, and what it is narrowed to."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan

Width = Literal["", "small", "medium", "large"]
Kind = Literal[
    "text",
    "fate",
    "money",
    "cents",
    "quantity",
    "rate",
    "whole",
    "share",
    "percent",
    "date",
    "deadline",
    "week",
    "month",
    "time",
]


@dataclass(frozen=True)
class Column:
    """A column as it is shown: its heading with its unit, how cells are written, a longer explanation.

    Parameters
    ----------
    kind : how cells are written: money in whole units and cents to the cent; quantity in whole units, rate
        with a decimal; share as a bar from 0 to 1,
        percent as a number that may be negative or above 1.
    width : as wide as its cells need where nothing is said; else at least so wide.
    """

    label: str
    kind: Kind = "text"
    help: str = ""
    width: Width = ""


@dataclass(frozen=True)
class View:
    """A table as it is shown: the columns of `frame` named in `columns`, in that order."""

    frame: pl.DataFrame
    columns: Mapping[str, Column]

    @property
    def is_empty(self) -> bool:
        """Whether there is no row to show."""
        return self.frame.is_empty()


@dataclass(frozen=True)
class Choice:
    """What a planner filters by; nothing chosen means everything."""

    factories: Collection[str] = ()
    products: Collection[str] = ()
    markets: Collection[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen, which means everything."""
        return not (self.factories or self.products or self.markets)

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are about what is chosen, as far as `frame` tells it apart."""
        narrowed = (("factory", self.factories), ("product", self.products), ("market", self.markets))
        for column, chosen in narrowed:
            if chosen and column in frame.columns:
                frame = frame.filter(pl.col(column).is_in(list(chosen)))
        return frame


def names(network: Network | None, table: str, key: str) -> dict[str, str]:
    """Id → name people use, of the rows of `table` that have one."""
    if network is None:
        return {}
    named = network[table].filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
    return dict(named.select(key, "name").iter_rows())


def ids(plan: Plan, key: str) -> list[str]:
    """The factories, products or markets (`key`) the plan says something about."""
    found = [frame[key] for frame in plan.tables.values() if key in frame.columns]
    return pl.concat(found).drop_nulls().unique().sort().to_list()


def labels(network: Network | None, table: str, key: str, of: Iterable[str]) -> dict[str, str]:
    """Id → what a planner picks it by: its name, with the id behind it where several share the name."""
    named = names(network, table, key)
    shown = {id: named.get(id, id) for id in of}
    times = Counter(shown.values())
    return {id: label if times[label] == 1 else f"{label} ({id})" for id, label in shown.items()}
