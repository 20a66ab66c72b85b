"""The CSV of the contract: UTF-8, commas, decimal dots, ISO dates, six decimals, ids as they are."""

import csv
import io
import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export import plan_files
from planning.export.folder import csv_bytes, csv_for_spreadsheets
from planning.export.production import conform
from tests.builders.plans import a_plan, export_frame
from tests.export.conftest import AWKWARD

NUMBER = re.compile(r"-?\d+(\.\d{1,6})?")
NUMBERS = {name: [f.name for f in table.fields if f.kind == "number"] for name, table in EXPORT.items()}
DATES = {name: [f.name for f in table.fields if f.kind in {"date", "week"}] for name, table in EXPORT.items()}


def cells(content: bytes) -> list[dict[str, str]]:
    """A CSV read by somebody else's reader."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("name", EXPORT)
def test_every_table_has_the_header_of_the_contract_even_without_rows(name: str) -> None:
    content = plan_files(a_plan())[f"{name}.csv"]
    assert content.split(b"\n")[0].decode() == ",".join(EXPORT[name].columns)
    assert content.endswith(b"\n")
    assert not content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", EXPORT)
def test_numbers_are_plain_with_six_decimals_at_most_and_dates_are_iso(name: str, company_plan: Plan) -> None:
    rows = cells(plan_files(company_plan)[f"{name}.csv"])
    numbers = [row[column] for row in rows for column in NUMBERS[name] if row[column]]
    assert [text for text in numbers if not NUMBER.fullmatch(text)] == []
    assert [text for text in numbers if text.startswith("-") and float(text) == 0] == []
    dates = [row[column] for row in rows for column in DATES[name] if row[column]]
    assert [text for text in dates if date.fromisoformat(text).isoformat() != text] == []


def test_a_plan_made_for_real_fills_most_tables(company_plan: Plan) -> None:
    """Else the tests of the format would say little."""
    filled = {name for name, frame in company_plan.tables.items() if frame.height}
    assert filled >= {
        "production",
        "schedule",
        "fleet",
        "hours",
        "shipments",
        "promises",
        "demand",
        "rejected_rows",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-9, "0"), (-1e-9, "0"), (-0.0, "0"), (1e-5, "0.00001"), (1234567.1234567, "1234567.123457"),
     (1e15, "1000000000000000"), (0.1 + 0.2, "0.3"), (2.0, "2"), (-3.5, "-3.5")],
)  # fmt: skip
def test_a_number_is_written_as_people_write_it(value: float, text: str) -> None:
    frame = export_frame("inventory", [{"factory": "F", "product": "P", "quantity": value}])
    (row,) = cells(csv_bytes(conform("inventory", frame, "factory")))
    assert row["quantity"] == text


@pytest.mark.parametrize("order_id", AWKWARD.values(), ids=AWKWARD.keys())
def test_ids_come_out_as_they_went_in(order_id: str, company_plan: Plan) -> None:
    rows = cells(plan_files(company_plan)["promises.csv"])
    assert [row["delivered_quantity"] for row in rows if row["order_id"] == order_id] == ["2.5"]


def test_the_schedule_names_its_orders_by_the_same_ids(company_plan: Plan) -> None:
    named = {part for row in cells(plan_files(company_plan)["schedule.csv"])
             for part in row["for_orders"].split(";")}  # fmt: skip
    assert named >= {f"{order_id}/1" for order_id in AWKWARD.values()}


def test_a_row_kept_aside_is_told_with_what_it_held(company_plan: Plan) -> None:
    (row,) = cells(plan_files(company_plan)["rejected_rows.csv"])
    assert (row["file"], row["column"], row["value"]) == ("orders.csv", "product", "9999")
    assert row["raw"] == "SO-9,,2026-12-04,9999,pt,1,,"


#: NUL and lone surrogates are no text; a lone carriage return is a line end to Excel and stays inside quotes.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(-1e9, 1e9).map(lambda value: round(value, 6) + 0.0)
days = st.dates(date(1970, 1, 1), date(2199, 12, 31))
inventory = st.lists(st.tuples(texts, st.none() | texts, days, st.none() | numbers), max_size=8)


@given(inventory)
def test_whatever_is_written_is_read_as_it_was(
    rows: list[tuple[str, str | None, date, float | None]],
) -> None:
    frame = pl.DataFrame(rows, schema=EXPORT["inventory"].polars_schema, orient="row")
    content = csv_bytes(frame)
    again = pl.read_csv(content, schema=EXPORT["inventory"].polars_schema)
    assert_frame_equal(again, frame)
    theirs = [tuple(row.values()) for row in cells(content)]
    assert [(factory, product) for factory, product, _, _ in theirs] == [
        (factory, product or "") for factory, product, _, _ in rows
    ]


def test_empty_text_and_nothing_are_told_apart() -> None:
    frame = export_frame("promises", [{"order_id": "A", "cause": ""}, {"order_id": "B", "cause": None}])
    assert csv_bytes(frame).count(b'""') == 1


def test_spreadsheets_with_decimal_comma_get_semicolons_and_commas_and_the_same_numbers() -> None:
    rows = pl.DataFrame(
        {"factory": ["00;12", "Åse"], "quantity": [1234.5, 2.0], "week": [date(2026, 11, 30)] * 2}
    )
    text = csv_for_spreadsheets(rows).decode("utf-8-sig")
    assert text.splitlines()[0] == "factory;quantity;week"
    assert text.splitlines()[1] == '"00;12";1234,5;2026-11-30'
    again = pl.read_csv(text.encode(), separator=";", decimal_comma=True, try_parse_dates=True)
    assert again["quantity"].to_list() == rows["quantity"].to_list()
