"""A tiny network planned for real, and its export tables told as a planner reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from planning.export import plan_tables
from tests.builders.networks import START, Planned, Row, planned


@dataclass(frozen=True)
class Exported:
    """The tables of a tiny plan, and the plan they tell of."""

    plan: Planned
    tables: Mapping[str, pl.DataFrame]

    def rows(self, table: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
        """The rows of a table that hold `where`, in its order: weeks as buckets, the columns named only."""
        frame = self.tables[table]
        kept = frame.filter(
            pl.all_horizontal(pl.lit(value=True), *(pl.col(k) == v for k, v in where.items()))
        )
        return [tuple(_told(value) for value in row) for row in kept.select(columns).iter_rows()]


def exported(
    settings: Mapping[str, object] | None = None,
    published: Mapping[str, Iterable[Row]] | None = None,
    **tables: Iterable[Row],
) -> Exported:
    """The export tables of a tiny network, solved to its optimum."""
    made = planned(settings, published, **tables)
    return Exported(made, plan_tables(made.network, made.net, made.solution))


def _told(value: object) -> object:
    """A Monday as its bucket, a number to the sixth decimal."""
    if isinstance(value, date):
        weeks, days = divmod((value - START).days, 7)
        return weeks if days == 0 else value
    return round(value, 6) if isinstance(value, float) else value
