"""plan-full.json: the whole plan in one strict document."""

import json
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export import plan_document
from tests.builders.plans import a_plan, export_frame
from tests.export.odd import odd_plan


def refuse(constant: str) -> Any:
    raise AssertionError(f"{constant} is no JSON")


def read(content: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(content, parse_constant=refuse)
    return document


def test_summary_and_every_table_come_back_as_they_were() -> None:
    plan = odd_plan(100)
    document = read(plan_document(plan))
    assert set(document) == {"plan", "tables"}
    assert document["plan"] == json.loads(json.dumps(dict(plan.summary)))
    assert list(document["tables"]) == list(EXPORT)
    for name, table in EXPORT.items():
        schema = table.polars_schema
        as_text = {column: pl.String if kind == pl.Date else kind for column, kind in schema.items()}
        rows = pl.DataFrame(document["tables"][name], schema=as_text)
        dates = [column for column, kind in schema.items() if kind == pl.Date]
        assert_frame_equal(rows.with_columns(pl.col(dates).str.to_date("%Y-%m-%d")), plan[name])


def test_rows_are_objects_with_iso_dates_null_for_nothing_and_ids_as_text() -> None:
    row = {"order_id": "0012", "line": 1, "due_week": None, "quantity": 2.5}
    plan = Plan(dict(a_plan().tables) | {"promises": export_frame("promises", [row])}, a_plan().summary)
    document = read(plan_document(plan))
    (told,) = document["tables"]["promises"]
    assert told["order_id"] == "0012"
    assert told["due_week"] is None
    assert document["tables"]["rentals"][0]["decide_by"] == "2026-11-16"
    assert document["tables"]["schedule"] == []


@pytest.mark.parametrize("figure", [float("nan"), float("inf")])
def test_a_figure_that_is_no_number_is_refused(figure: float) -> None:
    row = {"factory": "F1", "quantity": figure}
    plan = Plan(dict(a_plan().tables) | {"inventory": export_frame("inventory", [row])}, a_plan().summary)
    with pytest.raises(ValueError, match="quantity of inventory"):
        plan_document(plan)
    with pytest.raises(ValueError, match="JSON"):
        plan_document(a_plan(gap=figure))


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert plan_document(odd_plan(20)) == plan_document(odd_plan(20))
