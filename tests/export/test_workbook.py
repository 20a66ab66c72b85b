"""plan.xlsx: typed, complete, the same for the same plan, and nothing in it runs or is taken for a number."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime
from typing import Any

import fastexcel
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export import plan_workbook
from planning.export.front_sheet import COSTS, KPIS
from planning.export.workbook import CUT, LONGEST_TEXT
from tests.builders.plans import a_plan, export_frame
from tests.export.odd import ODD_TEXTS, odd_plan, schedule_rows

MOMENTS = ("start", "end")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(content: bytes, name: str) -> pl.DataFrame:
    """A sheet as a reader of Excel files types it by itself."""
    return pl.read_excel(io.BytesIO(content), sheet_name=name, infer_schema_length=None, raise_if_empty=False)


def table(content: bytes, name: str) -> pl.DataFrame:
    """A sheet as the export table it is: its own types, moments as the contract's text."""
    found, schema = sheet(content, name), EXPORT[name].polars_schema
    if not found.width:
        return EXPORT[name].empty()
    for column, kind in found.schema.items():
        empty = found[column].null_count() == found.height
        assert empty or kind in _families(schema[column], column), f"{name}.{column} is {kind}"
    moments = [column for column in found.columns if found[column].dtype == pl.Datetime]
    return found.with_columns(pl.col(moments).dt.strftime("%Y-%m-%dT%H:%M:%S")).cast(schema)  # type: ignore[arg-type]


def _families(kind: Any, column: str) -> tuple[Any, ...]:
    if kind in {pl.Float64, pl.Int64}:
        return (pl.Float64, pl.Int64)
    return (kind, pl.Datetime) if column in MOMENTS else (kind,)


def xml(content: bytes, name: str) -> ET.Element:
    """A sheet as it is in the file."""
    names = fastexcel.read_excel(content).sheet_names
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ET.fromstring(archive.read(f"xl/worksheets/sheet{names.index(name) + 1}.xml"))


def columns_of(sheet_xml: ET.Element) -> dict[int, ET.Element]:
    """Number of a column → how the file describes it; alike neighbours are described together."""
    return {
        index - 1: column
        for column in sheet_xml.iter(f"{MAIN}col")
        for index in range(int(column.get("min", 0)), int(column.get("max", 0)) + 1)
    }


@pytest.mark.parametrize("plan", [a_plan(), odd_plan()], ids=["a plan", "odd texts"])
def test_every_table_comes_back_as_it_was(plan: Plan) -> None:
    content = plan_workbook(plan)
    for name in EXPORT:
        assert_frame_equal(table(content, name), plan[name])


def test_what_is_no_character_is_replaced_by_the_sign_for_that() -> None:
    row = {"file": "orders.csv", "line": 1, "value": "a\uffffb\ufffec"}
    tables = dict(a_plan().tables) | {"rejected_rows": export_frame("rejected_rows", [row])}
    found = table(plan_workbook(Plan(tables, a_plan().summary)), "rejected_rows")
    assert found["value"].to_list() == ["a\ufffdb\ufffdc"]


def test_a_plan_made_for_real_comes_back_as_it_was(company_plan: Plan) -> None:
    content = plan_workbook(company_plan)
    for name in EXPORT:
        assert_frame_equal(table(content, name), company_plan[name])


TEXTS = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "number": st.floats(-1e8, 1e8).map(lambda value: round(value, 6) + 0.0),
    "whole": st.integers(-(10**15), 10**15),
    "flag": st.booleans(),
    "date": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    "week": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
}


@st.composite
def rows_of(draw: st.DrawFn, name: str) -> pl.DataFrame:
    values = st.fixed_dictionaries(
        {field.name: st.one_of(st.none(), VALUES[field.kind]) for field in EXPORT[name].fields}
    )
    return export_frame(name, draw(st.lists(values, min_size=1, max_size=8)))


@settings(max_examples=25, deadline=None)
@given(rows_of("rejected_rows"), rows_of("rentals"), rows_of("schedule"))
def test_whatever_stands_in_a_table_comes_back(
    rejected: pl.DataFrame, rentals: pl.DataFrame, schedule: pl.DataFrame
) -> None:
    tables = {"rejected_rows": rejected, "rentals": rentals, "schedule": schedule}
    nothing = {name: described.empty() for name, described in EXPORT.items()}
    content = plan_workbook(Plan(nothing | tables, a_plan().summary))
    for name, frame in tables.items():
        # rows with nothing in them are no rows to a reader
        kept = frame.filter(~pl.all_horizontal(pl.all().is_null())).with_columns(
            pl.col(pl.String).str.replace_all("[\ufffe\uffff]", "\ufffd")
        )
        found = table(content, name).filter(~pl.all_horizontal(pl.all().is_null()))
        assert_frame_equal(found, kept, check_exact=False, rel_tol=1e-15)


def test_no_cell_holds_a_formula_and_no_sheet_a_link() -> None:
    content = plan_workbook(odd_plan(40))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = [ET.fromstring(part) for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 1 + len(EXPORT)
    for one in sheets:
        assert one.findall(f".//{MAIN}f") == []
        assert one.findall(f".//{MAIN}hyperlink") == []
    assert not [name for name in parts if "vba" in name.lower() or "externalLink" in name]


def test_ids_are_text_cells_in_text_format_so_that_an_edit_keeps_them() -> None:
    content = plan_workbook(odd_plan(40))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = ET.fromstring(archive.read("xl/styles.xml"))
    formats = [int(xf.get("numFmtId", 0)) for xf in styles.findall(f"{MAIN}cellXfs/{MAIN}xf")]
    sheet_xml = xml(content, "promises")
    columns = EXPORT["promises"].columns
    product = "ABCDEFGHIJK"[columns.index("product")]
    cells = [
        cell for cell in sheet_xml.iter(f"{MAIN}c") if re.fullmatch(f"{product}[0-9]+", cell.get("r", ""))
    ]
    assert len(cells) == 1 + len(ODD_TEXTS)
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    assert {formats[int(cell.get("s", 0))] for cell in cells[1:]} == {49}
    # a row somebody adds below is text as well
    below = {index: formats[int(column.get("style", 0))] for index, column in columns_of(sheet_xml).items()}
    for index, field in enumerate(EXPORT["promises"].fields):
        assert (below[index] == 49) == (field.kind == "text"), field.name


def test_dates_numbers_and_truths_are_typed_and_dates_read_as_iso() -> None:
    content = plan_workbook(odd_plan(40))
    rentals, schedule = sheet(content, "rentals"), sheet(content, "schedule")
    assert rentals["decide_by"].dtype == pl.Date
    assert rentals["units"].dtype.is_numeric()
    assert rentals["committed_cost"].dtype.is_numeric()
    assert schedule["unattended"].dtype == pl.Boolean
    assert schedule["start"][0] == datetime(2026, 11, 23, 6)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'formatCode="yyyy-mm-dd"' in archive.read("xl/styles.xml")


def test_a_time_that_is_none_keeps_its_column_as_text() -> None:
    rows = schedule_rows(3)
    rows[1]["start"] = "after lunch"
    content = plan_workbook(
        Plan(dict(a_plan().tables) | {"schedule": export_frame("schedule", rows)}, a_plan().summary)
    )
    assert table(content, "schedule")["start"].to_list() == [row["start"] for row in rows]


def test_the_first_sheet_tells_which_plan_it_is_what_it_costs_and_how_good_it_is(company_plan: Plan) -> None:
    rows = pl.read_excel(
        io.BytesIO(plan_workbook(company_plan)), sheet_name="plan", infer_schema_length=0, has_header=False
    )
    told = {row[0]: row[1] for row in rows.iter_rows() if row[1] not in {None, "value"}}
    summary = company_plan.summary
    assert told["version"] == str(summary["version"])
    assert told["as_of"].startswith(summary["policy"]["as_of"])
    assert told["input_hash"] == summary["input_hash"]
    assert told["violations"] == "0"
    assert float(told["objective"]) == pytest.approx(summary["objective"])
    for name, amount in (summary["costs"] | summary["kpis"]).items():
        if amount is not None:
            assert float(told[name]) == pytest.approx(amount, rel=1e-6), name
    assert {name: int(told[name]) for name in EXPORT} == {name: company_plan[name].height for name in EXPORT}


def test_every_figure_of_a_plan_has_words_on_the_first_sheet(company_plan: Plan) -> None:
    assert set(company_plan.summary["kpis"]) == set(KPIS)
    assert set(company_plan.summary["costs"]) == set(COSTS)


def test_rules_bent_and_assumptions_are_told_on_the_first_sheet() -> None:
    bent = {"rule": "floor", "factory": "F1", "week": "2026-12-07", "amount": 2.0, "unit_price": 500.0}
    content = plan_workbook(a_plan(relaxed=[bent], assumed=["Lanes: free of charge."]))
    words = pl.read_excel(io.BytesIO(content), sheet_name="plan", infer_schema_length=0, has_header=False)
    said = [cell for row in words.iter_rows() for cell in row if cell]
    assert "floor" in said
    assert "F1, 2026-12-07; priced 500 a unit" in said
    assert "Lanes: free of charge." in said


def test_sheets_open_with_the_header_in_sight_a_filter_and_sensible_widths() -> None:
    content = plan_workbook(odd_plan(200))
    for name, described in EXPORT.items():
        one = xml(content, name)
        pane = one.find(f".//{MAIN}pane")
        assert pane is not None
        assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
        assert one.find(f"{MAIN}autoFilter") is not None
        for index, field in enumerate(described.fields):
            width = float(columns_of(one)[index].get("width", 0))
            assert len(field.name) < width < 60, f"{name}.{field.name}"


def test_a_heading_tells_what_the_column_means() -> None:
    with zipfile.ZipFile(io.BytesIO(plan_workbook(a_plan()))) as archive:
        notes = b"".join(archive.read(name) for name in archive.namelist() if "comments" in name)
    assert EXPORT["rentals"]["decide_by"].doc.encode() in notes


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert plan_workbook(odd_plan(50)) == plan_workbook(odd_plan(50))


def test_a_table_longer_than_a_sheet_goes_on_in_the_next() -> None:
    plan = odd_plan(25)
    content = plan_workbook(plan, rows_per_sheet=10)
    names = fastexcel.read_excel(content).sheet_names
    assert [name for name in names if name.startswith("schedule")] == [
        "schedule",
        "schedule (2)",
        "schedule (3)",
    ]
    parts = [sheet(content, name) for name in ("schedule", "schedule (2)", "schedule (3)")]
    assert [part.height for part in parts] == [10, 10, 5]
    assert (
        pl.concat([part["work_order"] for part in parts]).to_list()
        == plan["schedule"]["work_order"].to_list()
    )


@pytest.mark.parametrize("text", ["x" * 40_000, "👍" * 20_000, "<r>" + "&" * 20_000 + "</r>"])
def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so(text: str) -> None:
    row = {"file": "orders.csv", "line": 1, "raw": text}
    tables = dict(a_plan().tables) | {"rejected_rows": export_frame("rejected_rows", [row])}
    (found,) = table(plan_workbook(Plan(tables, a_plan().summary)), "rejected_rows")["raw"]
    assert found.endswith(CUT)
    assert text.startswith(found.removesuffix(CUT))
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert len(found) > 5_000


def test_the_sheets_are_the_tables_of_the_contract_after_the_plan() -> None:
    assert fastexcel.read_excel(plan_workbook(a_plan())).sheet_names == ["plan", *EXPORT]


def test_the_file_says_when_the_plan_was_made_not_when_it_was_downloaded() -> None:
    with zipfile.ZipFile(io.BytesIO(plan_workbook(a_plan()))) as archive:
        assert b"2026-11-23T07:15:00Z" in archive.read("docProps/core.xml")
