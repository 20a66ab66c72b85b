"""The schema agrees with itself; what is generated from it agrees with it."""

from pathlib import Path

import pytest

from planning.domain.data_guide import data_guide, templates
from planning.domain.field import DUCKDB, POLARS, Field, Table
from planning.domain.schema import DEFAULT_STAGES, EXPORT, INPUT, REQUIRED_FILES, REQUIRED_FLEET, SETTINGS

TABLES = [*INPUT.values(), *EXPORT.values()]
FIELDS = [(table.name, field) for table in TABLES for field in table.fields]


def names(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("table", TABLES, ids=names)
def test_columns_have_different_names_and_keys_are_columns(table: Table) -> None:
    assert len(set(table.columns)) == len(table.columns)
    assert set(table.key) <= set(table.columns)
    assert list(table.empty().schema) == table.columns


@pytest.mark.parametrize(("table", "field"), FIELDS, ids=lambda part: getattr(part, "name", part))
def test_a_column_agrees_with_itself(table: str, field: Field) -> None:
    assert field.kind in POLARS
    assert field.kind in DUCKDB
    assert not (field.required and (field.default is not None or field.default_doc))
    assert not (field.default is not None and field.default_doc), "one value or a derived one"
    if field.choices and field.default is not None:
        assert field.default in field.choices
    if isinstance(field.default, int | float):
        assert field.minimum is None or field.default >= field.minimum
        assert field.above is None or field.default > field.above
        assert field.maximum is None or field.default <= field.maximum


@pytest.mark.parametrize("table", INPUT.values(), ids=names)
def test_ids_refer_to_a_table_by_its_first_key_column(table: Table) -> None:
    for field in table.fields:
        if field.refers:
            assert INPUT[field.refers].key[0] == field.name
            assert field.kind == "text"


def test_the_needed_files_are_input_files() -> None:
    assert {*REQUIRED_FILES, *REQUIRED_FLEET} <= set(INPUT)


def test_the_usual_ladder_is_rising() -> None:
    assert list(DEFAULT_STAGES.values()) == sorted(DEFAULT_STAGES.values())


def test_templates_are_written_from_the_schema(repo_root: Path) -> None:
    folder = repo_root / "data" / "templates"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert written == templates(), "run python -m data.make_templates"


def test_the_data_guide_is_written_from_the_schema(repo_root: Path) -> None:
    guide = (repo_root / "docs" / "data.md").read_text(encoding="utf-8")
    assert guide == data_guide(), "run python -m data.make_templates"


def test_the_data_guide_names_every_column_and_setting() -> None:
    guide = data_guide()
    for table in TABLES:
        section = guide.split(f"\n### {table.name}.csv\n")[1].split("\n### ")[0]
        for field in table.fields:
            assert f"| {field.name} |" in section, f"{table.name}.{field.name}"
    assert all(f"| {field.name} |" in guide for field in SETTINGS)
