"""Rows kept aside go into a spreadsheet and come back as they were, but for what was mended."""

import polars as pl
import pytest

from planning.errors import InputError
from planning.signals.reading.spreadsheet import brought_back, for_spreadsheet
from planning.signals.rows import LINE
from tests.signals.hostile import book

IDS = ["=1+1", "+A1", "-x", "@SUM(A1)", "'=1+1", "''x", "\t=1", "0012", "12E5", "a;b", "c,d", ""]
ROWS = pl.DataFrame({LINE: range(2, 2 + len(IDS)), "#1#id": IDS, "Menge": ["-1,5"] * len(IDS)})
WIDE = pl.DataFrame({LINE: [7], "id": ["a"], "beyond the header 1": ["9"]})


def told(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(line=LINE, reason=pl.lit("=why"), remedy=pl.lit("what"))


def taken_away(rows: pl.DataFrame) -> str:
    return for_spreadsheet(rows, told(rows)).decode("utf-8-sig")


def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back_unchanged() -> None:
    text = taken_away(ROWS)
    cells = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert not [cell for cell in cells if cell and cell[0] in "=+-@\t"]
    back = brought_back("rows-to-mend.csv", text.encode(), ROWS)
    assert back.rows.equals(ROWS)
    assert back.notes == ()


@pytest.mark.parametrize(
    ("mark", "encoding", "end"), [(";", "cp1252", "\r\n"), ("\t", "utf-16", "\n"), (",", "utf-8-sig", "\r")]
)
def test_in_whatever_form_the_spreadsheet_was_saved_the_rows_come_back(
    mark: str, encoding: str, end: str
) -> None:
    rows = pl.DataFrame({LINE: [3, 9], "Größe": ["XL", "ö"], "Menge": ["5", "6"]})
    lines = [line.replace("XL", "M").split(",") for line in taken_away(rows).splitlines()]
    data = end.join(mark.join(cells) for cells in lines).encode(encoding)
    assert brought_back("rows.csv", data, rows).rows.rows() == [(3, "M", "5"), (9, "ö", "6")]


def test_a_workbook_with_the_rows_says_days_and_lines_as_they_were() -> None:
    rows = pl.DataFrame({LINE: [3], "Due": ["x"], "Menge": ["5"]})
    sheet = book(["Takt: line", "Due", "Menge"], [3, "2026-12-18 00:00:00", 6])
    assert brought_back("rows.xlsx", sheet, rows).rows.rows() == [(3, "2026-12-18", "6")]


def test_rows_and_columns_that_are_none_of_the_file_are_told_and_passed_over() -> None:
    rows = pl.DataFrame({LINE: [3, 4], "id": ["a", "b"], "Menge": ["5", "6"]})
    data = b"Takt: line,id,Note\n3,A,x\n99,B,x\n3,C,x\n,D,x\n4,b\n"
    back = brought_back("rows.csv", data, rows)
    assert back.rows.rows() == [(3, "C", "5")]
    assert back.notes == (
        "Rows that are none of those kept aside, or say no line: 2.",
        "Rows that come twice, of which the last counts: 1.",
        "Rows not as wide as their header: 1.",
        "Columns that are none of the file: Note.",
        "Columns left as they were, as none came back: Menge.",
    )


def test_a_row_too_wide_comes_back_as_wide_as_its_header() -> None:
    assert brought_back("rows.csv", taken_away(WIDE).encode(), WIDE).rows.rows() == [(7, "a", "")]


def test_a_file_that_does_not_say_its_lines_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="has no column 'Takt: line'"):
        brought_back("rows.csv", b"id,Menge\na,5\n", ROWS)
