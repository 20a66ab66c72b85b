"""Migrations run once each, whole or not at all."""

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from planning.errors import ConfigurationError
from planning.store import Workspace
from planning.store.database import Database
from planning.store.migrate import Migration, migrate, migrations


def catalogue(database: Path) -> pl.DataFrame:
    """Everything there is in the file, and which migrations it went through."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.sql("select schema_name, table_name, sql from duckdb_tables() order by all").pl()
        views = connection.sql("select schema_name, view_name, sql from duckdb_views() order by all").pl()
        versions = connection.sql(
            "select version, checksum, applied_at::varchar from audit.schema_version"
        ).pl()
    parts: list[pl.DataFrame] = [tables, views, versions]
    return pl.concat(
        [frame.rename(dict(zip(frame.columns, "abc", strict=True))).cast(pl.String) for frame in parts]
    )


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.version for migration in migrations()] == list(range(len(migrations())))


def test_opening_again_changes_nothing(database: Path) -> None:
    first = catalogue(database)
    Workspace.open(database).close()
    assert catalogue(database).equals(first)


def test_each_migration_is_recorded_with_the_checksum_of_its_text(database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        recorded = connection.sql(
            "select version, name, checksum from audit.schema_version order by all"
        ).fetchall()
    assert recorded == [(step.version, step.name, step.checksum) for step in migrations()]


def test_a_later_migration_reaches_a_workspace_in_use(database: Path) -> None:
    later = Migration(99, "0099_note", "create table audit.remark (words varchar)")
    opened = Database.open(database)
    migrate(opened, [*migrations(), later])
    opened.close()
    with pytest.raises(ConfigurationError, match=r"written by a later version of Takt \(migration 0099\)"):
        Workspace.open(database)


def test_a_migration_that_fails_halfway_leaves_nothing(database: Path) -> None:
    before = catalogue(database)
    torn = Migration(
        99, "0099_torn", "create table audit.remark (words varchar); insert into audit.nowhere values (1)"
    )
    opened = Database.open(database)
    with pytest.raises(duckdb.CatalogException, match="nowhere"):
        migrate(opened, [*migrations(), torn])
    opened.close()
    assert catalogue(database).equals(before)


def test_an_edited_migration_is_refused(database: Path) -> None:
    *others, last = migrations()
    opened = Database.open(database)
    with pytest.raises(ConfigurationError, match=f"{last.name} was edited after the workspace"):
        migrate(opened, [*others, replace(last, text=last.text + "-- a word more")])
    opened.close()


def test_a_migration_that_comes_late_reaches_a_workspace_that_is_past_its_number(database: Path) -> None:
    """Branches of Takt number theirs apart: what a workspace has not gone through yet is made up for."""
    last = Migration(99, "0099_note", "create table audit.remark (words varchar)")
    late = Migration(98, "0098_mark", "create table audit.mark (words varchar)")
    opened = Database.open(database)
    migrate(opened, [*migrations(), last])
    migrate(opened, [*migrations(), late, last])
    with opened.reading() as session:
        assert session.read("schema_versions")["version"].to_list()[-2:] == [98, 99]
    opened.close()
