"""A plan: the export tables and the figures of plan.json, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

#: Gap, as a share of all cost, above which the bound says nothing of how good a plan is: the solve ended, or
#: still is, before it had a bound near any plan. The figures stand in plan.json all the same.
TELLS_LITTLE = 0.25


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
