"""plan.xlsx opened in LibreOffice and saved as CSV: every id, text, date and number is what it was."""

import csv
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export import plan_workbook
from setup.office import REMEDY, convert, find_office
from tests.export.odd import ODD_TEXTS, odd_plan

#: Comma, double quotes, UTF-8, all rows, content as it is in the cells and not as shown, all sheets.
EVERY_SHEET_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,UTF8,1,,0,false,true,false,false,false,-1"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan with a schedule of 1,000 rows, and texts that spreadsheets like to spoil."""
    return odd_plan(1000)


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What LibreOffice makes of its workbook: plan-<sheet>.csv for each sheet."""
    office = find_office()
    if office is None:
        pytest.skip(REMEDY)
    place = tmp_path_factory.mktemp("office")
    (place / "plan.xlsx").write_bytes(plan_workbook(plan))
    assert convert(office, place / "plan.xlsx", EVERY_SHEET_AS_CSV, place / "csv")
    return place / "csv"


def sheet(folder: Path, name: str) -> pl.DataFrame:
    """A sheet as LibreOffice wrote it, its cells taken for what the contract says they are."""
    frame = pl.read_csv((folder / f"plan-{name}.csv").read_bytes(), infer_schema=False)
    kinds = {field.name: field.kind for field in EXPORT[name].fields}
    assert frame.columns == list(kinds)
    return frame.with_columns(
        pl.col([n for n, kind in kinds.items() if kind in {"date", "week"}]).str.to_date("%Y-%m-%d"),
        pl.col([n for n, kind in kinds.items() if kind in {"number", "whole"}]).cast(pl.Float64),
        pl.col([n for n, kind in kinds.items() if kind == "flag"]).replace_strict(
            {"TRUE": True, "FALSE": False}, return_dtype=pl.Boolean
        ),
    ).cast(EXPORT[name].polars_schema)  # type: ignore[arg-type]


def test_every_table_comes_back_with_its_ids_dates_and_numbers(folder: Path, plan: Plan) -> None:
    for name in EXPORT:
        expected = plan[name]
        if name == "schedule":
            expected = expected.with_columns(pl.col("start", "end").str.replace("T", " "))
        assert_frame_equal(sheet(folder, name), expected, check_exact=False, rel_tol=1e-14, abs_tol=0)


def test_a_schedule_of_a_thousand_rows_is_there_to_the_last(folder: Path, plan: Plan) -> None:
    found = sheet(folder, "schedule")
    assert found.height == 1000
    assert found["work_order"].to_list() == plan["schedule"]["work_order"].to_list()


@pytest.mark.parametrize("text", ["0012", "12E5", "=1+1", "-5", "@x", "1/2", "TRUE", "2026-11-30"])
def test_a_text_that_looks_like_something_else_is_that_text(text: str, folder: Path) -> None:
    with (folder / "plan-promises.csv").open(encoding="utf-8", newline="") as file:
        orders = [row["order_id"] for row in csv.DictReader(file)]
    assert orders[ODD_TEXTS.index(text)] == text


def test_the_first_sheet_is_there_with_the_version(folder: Path, plan: Plan) -> None:
    with (folder / "plan-plan.csv").open(encoding="utf-8", newline="") as file:
        rows = {row[0]: row[1] for row in csv.reader(file)}
    assert rows["version"] == str(plan.summary["version"])
    assert rows["as_of"] == "2026-11-23"
