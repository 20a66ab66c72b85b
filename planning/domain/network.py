"""A network: everything a planner brings, typed and complete, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from planning.domain.policy import Policy


@dataclass(frozen=True)
class Network:
    """What the plan is made from.

    Parameters
    ----------
    tables : every input table of the schema by name (possibly empty), with exactly the schema's
        columns and types; scalar defaults are filled in, ids are text, weeks are Mondays.
    policy : the settings.
    given : names of the tables whose file was there.
    rejected : rows kept aside, as the export table `rejected_rows`.
    assumed : what was derived because it was not given, in words.
    published : export tables of the published plan by name, where there is one.
    input_hash : sha256 of the input files (2-data, plan.json).
    file_hashes : file name → sha256 of each of them.
    """

    tables: Mapping[str, pl.DataFrame]
    policy: Policy
    given: frozenset[str]
    rejected: pl.DataFrame
    assumed: tuple[str, ...] = ()
    published: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    input_hash: str = ""
    file_hashes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]

    def with_tables(self, **frames: pl.DataFrame) -> "Network":
        """The same network with some tables replaced."""
        return replace(self, tables=dict(self.tables) | frames)
