"""A plan: the export tables and the figures of plan.json, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Plan:
    """What Takt gives back.

    Parameters
    ----------
    tables : every export table of the schema by name, with exactly the schema's columns and types.
    summary : the content of plan.json: status, objective, bound, gap, costs, kpis … (2-data).
    """

    tables: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]
