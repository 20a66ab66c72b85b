"""The tables of the data contract, kept equal to the Field rows of the schema.

`raw` holds every input table with the batch and line each row came from, `plan` every export table with its
run and line; the views of `core` show the rows of active batches. Numbered migrations carry everything else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from planning.domain.field import DUCKDB, POLARS, Field, Kind, Table
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.schema import EXPORT, INPUT
from planning.errors import ConfigurationError
from planning.store.database import Session, quoted


@dataclass(frozen=True)
class StoredTable:
    """A table of the contract as the workspace keeps it.

    Parameters
    ----------
    schema : raw or plan.
    owner : what its rows come with: a batch, a run or a forecast.
    table : its name and columns.
    """

    schema: str
    owner: str
    table: Table

    @property
    def line(self) -> str:
        """Column that keeps the rows of one owner in order."""
        return f"{self.owner}_line"

    @property
    def columns(self) -> dict[str, str]:
        """Column → DuckDB type, in order.

        Nothing more than the type: what a cell may hold is checked on the way in.
        """
        own = {field.name: DUCKDB[field.kind] for field in self.table.fields}
        return {self.owner: "bigint", self.line: "bigint"} | own

    @property
    def create(self) -> str:
        """Statement that creates it."""
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in self.columns.items())
        return f"create table {self.schema}.{quoted(self.table.name)} ({columns})"

    def add(self, column: str) -> str:
        """Statement that adds a column, null in the rows that are there already."""
        return (
            f"alter table {self.schema}.{quoted(self.table.name)} "
            f"add column {quoted(column)} {self.columns[column]}"
        )

    def save(self, session: Session, owner: int, rows: pl.DataFrame, lines: pl.Series | None = None) -> None:
        """Add the rows of one owner.

        Parameters
        ----------
        rows : the table's columns; their order is kept.
        lines : where each row stood in its file; counted from 1 where nothing is said.
        """
        numbers = pl.int_range(1, rows.height + 1, eager=True) if lines is None else lines
        session.append(self.schema, self.table.name, self._owned(owner, rows, numbers))

    def save_pieces(self, session: Session, owner: int, pieces: Iterable[pl.DataFrame], line: str) -> None:
        """Add the rows of one owner piece by piece; `line` is the column that says where each row stood."""
        columns = self._owned(owner, self.table.empty(), pl.Series(dtype=pl.Int64))
        owned = (self._owned(owner, rows, rows[line]) for rows in pieces)
        session.append_pieces(self.schema, self.table.name, columns, owned)

    def _owned(self, owner: int, rows: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
        whose = pl.lit(owner, dtype=pl.Int64).alias(self.owner)
        return rows.select(lines.alias(self.line), *self.table.columns).with_columns(whose)

    def load(self, session: Session, owner: int) -> pl.DataFrame:
        """The rows of one owner in the order they were saved in, with the table's columns and types."""
        names = {"schema": self.schema, "table": self.table.name, "owner": self.owner, "line": self.line}
        return self.typed(session.read("rows_of_owner", names, owner=owner))

    def typed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Exactly the columns and types of the table."""
        return rows.select(self.table.columns).cast(pl.Schema(self.table.polars_schema))


RAW = {name: StoredTable("raw", "batch", table) for name, table in INPUT.items()}
PLAN = {name: StoredTable("plan", "run", table) for name, table in EXPORT.items()}
FORECAST = StoredTable("plan", "forecast", INPUT["forecast"])

_KINDS: dict[type[pl.DataType], Kind] = {
    POLARS[kind]: kind for kind in ("text", "number", "whole", "flag", "date")
}
FORECAST_METHODS = StoredTable(
    "plan",
    "forecast",
    Table(
        "forecast_methods",
        "Which models served each series, and their record.",
        tuple(Field(name, _KINDS[dtype]) for name, dtype in METHODS_SCHEMA.items()),
    ),
)

STORED: tuple[StoredTable, ...] = (*RAW.values(), *PLAN.values(), FORECAST, FORECAST_METHODS)


def keep_contract(session: Session) -> bool:
    """Make the tables hold every column of the schema, and the views of `core` follow.

    What comes back is whether anything had to change.

    Raises
    ------
    ConfigurationError
        A column holds another type than the schema says: the file is of another version of Takt.
    """
    there = _columns(session)
    changes = [change for stored in STORED for change in _changes(stored, there)]
    for change in changes:
        session.script(change)
    if changes:
        for name in INPUT:
            session.write("create_core_view", {"table": name})
    return bool(changes)


def _columns(session: Session) -> dict[tuple[str, str], dict[str, str]]:
    there: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in session.read("stored_columns").iter_rows():
        there.setdefault((schema, table), {})[column] = kind
    return there


def _changes(stored: StoredTable, there: dict[tuple[str, str], dict[str, str]]) -> Iterator[str]:
    columns = there.get((stored.schema, stored.table.name))
    if columns is None:
        yield stored.create
        return
    for name, kind in stored.columns.items():
        if name not in columns:
            yield stored.add(name)
        elif columns[name] != kind:
            raise ConfigurationError(
                f"The workspace was written by another version of Takt: {stored.schema}.{stored.table.name}, "
                f"column {name} holds {columns[name]}, this version needs {kind}. "
                "Use the version that wrote it, or move the file away and import again."
            )
