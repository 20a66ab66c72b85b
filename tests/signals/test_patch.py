"""Rows mended as they were read: in a workbook a number of Excel's stays one, whatever is typed beside it."""

import polars as pl
import pytest

from planning.signals.reading.grid import Grid, read_grid
from planning.signals.reading.patch import cells_to_mend, mended
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import House, propose
from planning.signals.reading.translate import translate
from planning.signals.rows import LINE
from tests.signals.hostile import HEAD, book, formula

HOUSE = House("Europe/Berlin", "EUR")
ROWS = [
    ["SO1", "2026-12-18", "0012", "DE", 1.234],
    ["SO2", "2026-12-18", "0012", "DE", "many"],
    ["SO3", "2026-12-18", formula("=1/0", "#DIV/0!"), "DE", 2.345],
]


def quantities(grid: Grid) -> dict[str, float]:
    made = translate(propose(grid, HOUSE, Profile(table="orders")), HOUSE)
    read = pl.read_csv(made.data, infer_schema=False)
    return {order: float(units) for order, units in read.select("order_id", "quantity").iter_rows()}


@pytest.fixture(scope="module")
def sheet() -> Grid:
    return read_grid("orders.xlsx", book(HEAD.split(","), *ROWS))


def test_a_mended_row_of_a_workbook_is_read_as_any_other(sheet: Grid) -> None:
    assert cells_to_mend(sheet, [3, 4]).rows() == [
        (3, "SO2", "2026-12-18", "0012", "DE", "many"),
        (4, "SO3", "2026-12-18", "", "DE", "2.345"),
    ]
    now = mended(sheet, {3: ("SO2", "2026-12-18", "0012", "DE", "3")})
    assert quantities(now) == {"SO1": 1.234, "SO2": 3}


@pytest.mark.parametrize(("typed", "units"), [("1,5", 1.5), ("1.5", 1.5), ("1.234,5", 1234.5)])
def test_numbers_of_a_workbook_stay_what_they_are_beside_one_that_is_typed(
    sheet: Grid, typed: str, units: float
) -> None:
    rows = {
        3: ("SO2", "2026-12-18", "0012", "DE", typed),
        4: ("SO3", "2026-12-18", "0012", "DE", "2.345"),
    }
    now = mended(sheet, rows)
    assert quantities(now) == {"SO1": 1.234, "SO2": units, "SO3": 2.345}
    assert cells_to_mend(now, [2])["Qty"].to_list() == ["1.234"]
    again = mended(now, {2: ("SO1", "2026-12-18", "0013", "DE", "1.234")})
    assert quantities(again) == {"SO1": 1.234, "SO2": units, "SO3": 2.345}


def test_a_number_typed_so_that_it_can_be_read_two_ways_is_asked(sheet: Grid) -> None:
    now = mended(sheet, {3: ("SO2", "2026-12-18", "0012", "DE", "5.678")})
    asked = propose(now, HOUSE, Profile(table="orders")).questions
    assert [question.column for question in asked] == ["quantity"]


def test_a_row_that_is_still_too_wide_stays_as_it_was() -> None:
    grid = read_grid("orders.csv", f"{HEAD}\nSO1,2026-12-18,0012,DE,1,5\nSO2,2026-12-18,0012,DE,2\n".encode())
    assert cells_to_mend(grid, [2]).rows() == [(2, "SO1", "2026-12-18", "0012", "DE", "1", "5")]
    assert mended(grid, {2: ("SO1", "2026-12-18", "0012", "DE", "1", "6")}).aside.equals(grid.aside)
    now = mended(grid, {2: ("SO1", "2026-12-18", "0012", "DE", "1.5", "")})
    assert now.aside.is_empty()
    assert now.rows[LINE].to_list() == [2, 3]
    assert quantities(now) == {"SO1": 1.5, "SO2": 2}
