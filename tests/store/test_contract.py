"""The tables of the workspace are the Field rows of the schema, and keep every value as it was."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from planning.domain.field import DUCKDB
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.schema import EXPORT, INPUT
from planning.errors import ConfigurationError
from planning.store import Workspace
from planning.store.contract import STORED, StoredTable
from planning.store.database import Database
from tests.store.company import stocked

VALUES: dict[Any, list[Any]] = {
    pl.String: ["0012", None, "12E5", ' =1+1, "quoted"\nsecond line', "Zażółć 工場 🏭", ""],
    pl.Float64: [0.1, None, -0.0, 1e-300, 12345678901.234567, float("inf")],
    pl.Int64: [0, None, -(2**63), 2**63 - 1, 7, 1],
    pl.Boolean: [True, None, False, True, False, None],
    pl.Date: [
        date(2026, 11, 23),
        None,
        date(1970, 1, 1),
        date(1, 1, 1),
        date(9999, 12, 31),
        date(2024, 2, 29),
    ],
}


@pytest.fixture(scope="module")
def opened(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An open database with every table and no rows, for tests that use a table each."""
    empty = Database.open(Path(shutil.copy(empty_database, tmp_path_factory.mktemp("tables"))))
    yield empty
    empty.close()


def columns(database: Path, schema: str, table: str) -> dict[str, str]:
    """Column → type as DuckDB has them, in order."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.sql(
            "select column_name, lower(data_type) from duckdb_columns() "
            "where schema_name = $schema and table_name = $table order by column_index",
            params={"schema": schema, "table": table},
        ).fetchall()
    return dict(found)


def run(database: Path, statement: str) -> None:
    """Do something to the file behind Takt's back."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("name", INPUT)
def test_raw_tables_and_core_views_have_the_columns_of_the_field_rows(
    empty_database: Path, name: str
) -> None:
    fields = {field.name: DUCKDB[field.kind] for field in INPUT[name].fields}
    owned = {"batch": "bigint", "batch_line": "bigint"} | fields
    assert list(columns(empty_database, "raw", name).items()) == list(owned.items())
    assert list(columns(empty_database, "core", name).items()) == list(owned.items())


@pytest.mark.parametrize("name", EXPORT)
def test_plan_tables_have_the_columns_of_the_field_rows(empty_database: Path, name: str) -> None:
    fields = {field.name: DUCKDB[field.kind] for field in EXPORT[name].fields}
    owned = {"run": "bigint", "run_line": "bigint"} | fields
    assert list(columns(empty_database, "plan", name).items()) == list(owned.items())


def test_a_forecast_keeps_every_column_the_forecaster_gives(empty_database: Path) -> None:
    kept = list(columns(empty_database, "plan", "forecast_methods"))
    assert kept == ["forecast", "forecast_line", *METHODS_SCHEMA]


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: f"{stored.schema}.{stored.table.name}")
def test_every_value_of_every_table_comes_back_as_it_was(opened: Database, stored: StoredTable) -> None:
    schema = stored.table.polars_schema
    rows = pl.DataFrame({name: VALUES[dtype] for name, dtype in schema.items()}, schema=schema)
    with opened.writing() as session:
        stored.save(session, 1, rows)
        stored.save(session, 2, rows.head(2))
        stored.save(session, 3, stored.table.empty())
    with opened.reading() as session:
        assert_frame_equal(stored.load(session, 1), rows)
        assert_frame_equal(stored.load(session, 2), rows.head(2))
        assert_frame_equal(stored.load(session, 3), stored.table.empty())


def test_a_column_added_to_the_schema_is_added_to_a_workspace_in_use(database: Path) -> None:
    folder, network = stocked(5)
    with Workspace.open(database) as before:
        before.record_import("company", folder, network)
    run(database, "drop view core.stock; alter table raw.stock drop column quantity")
    with Workspace.open(database) as after:
        kept = after.load_network()
        after.record_import("company", *stocked(6))
        now = after.load_network()
    assert kept is not None
    assert kept["stock"].to_dicts() == [{"factory": "PO", "product": "0012", "quantity": None}]
    assert now is not None
    assert now["stock"]["quantity"].to_list() == [6]


def test_a_column_of_another_type_is_told_and_nothing_is_touched(database: Path) -> None:
    run(database, "drop view core.stock; alter table raw.stock alter column quantity set data type varchar")
    with pytest.raises(
        ConfigurationError, match=r"raw\.stock, column quantity holds varchar, .* needs double"
    ):
        Workspace.open(database)
    assert columns(database, "raw", "stock")["quantity"] == "varchar"
