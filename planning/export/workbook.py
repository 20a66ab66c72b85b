"""plan.xlsx: the plan's tables for people, one sheet each, typed so that spreadsheets leave them alone.

Texts stay texts: nothing in a cell is taken for a formula, a number, a date, a link or markup, however it
looks. A character that XML cannot hold is written as Excel itself writes it (`_x000B_` for a vertical tab),
and readers turn it back; U+FFFE and U+FFFF, which are no characters, become U+FFFD. Excel holds 32,767
characters a cell: a longer text ends in a note, the CSV has all of it.
"""

import io
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax.saxutils import escape

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from planning.domain.field import Kind, Table
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export.front_sheet import A4, write_front_sheet

#: Rows of a sheet below its header: Excel has 1,048,576 in all.
MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
CUT = " … (cut: Excel holds 32,767 characters a cell, the CSV has all)"

#: Texts of the contract that are moments; people sort and reckon with them.
MOMENTS = {("schedule", "start"), ("schedule", "end")}
ISO_MOMENT = "%Y-%m-%dT%H:%M:%S"

#: Characters a column is wide, its header's filter arrow included.
NARROWEST, WIDEST, ARROW = 9, 56, 3
DATE_WIDTH, MOMENT_WIDTH = 12, 20

#: Excel's own format "Text": what is typed into such a cell stays what it is.
TEXT = 49

Cells = Kind | Literal["moment"]
#: A step to the right, so that words do not touch the number on their left.
LEFT = {"align": "left", "indent": 1}
FORMATS: dict[Cells, dict[str, Any]] = {
    "text": {"num_format": TEXT} | LEFT,
    "time": {"num_format": TEXT} | LEFT,
    "date": {"num_format": "yyyy-mm-dd"} | LEFT,
    "week": {"num_format": "yyyy-mm-dd"} | LEFT,
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"} | LEFT,
    "number": {},
    "whole": {},
    # LibreOffice shows some truths as 1 where the format does not say otherwise.
    "flag": {"num_format": '"TRUE";"TRUE";"FALSE"'} | LEFT,
}
HEADER = {"bold": True, "bottom": 1, "bg_color": "#E7EEF0"}


def plan_workbook(plan: Plan, rows_per_sheet: int = MOST_ROWS) -> bytes:
    """The plan as an Excel workbook: a sheet `plan` with its figures, then every export table.

    The same plan gives the same bytes.

    Parameters
    ----------
    rows_per_sheet : a longer table goes on in a sheet `name (2)`, and so on.
    """
    buffer = io.BytesIO()
    # Written row by row through temporary files: memory stays flat however long the plan.
    with Workbook(buffer, {"constant_memory": True}) as book:
        made = datetime.fromisoformat(plan.summary["created_at"]).astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": f"Plan v{plan.summary['version']}", "author": "Takt", "created": made})
        write_front_sheet(book, plan)
        looks = _Looks(book)
        for table in EXPORT.values():
            _write_table(book, looks, table, plan[table.name], rows_per_sheet)
    return buffer.getvalue()


class _Looks:
    """The formats of cells and of the headers above them."""

    def __init__(self, book: Workbook) -> None:
        self.cells = {cells: book.add_format(asked) for cells, asked in FORMATS.items()}
        self.headers = {
            cells: book.add_format(HEADER | (LEFT if asked.get("indent") else {"align": "right"}))
            for cells, asked in FORMATS.items()
        }


def _write_table(
    book: Workbook, looks: _Looks, table: Table, frame: pl.DataFrame, rows_per_sheet: int
) -> None:
    kinds = _kinds(table, frame)
    shown = _prepared(frame, kinds)
    widths = [_width(shown[name], kind) for name, kind in kinds.items()]
    for number, start in enumerate(range(0, max(1, frame.height), rows_per_sheet), start=1):
        sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} ({number})")
        for column, (kind, width) in enumerate(zip(kinds.values(), widths, strict=True)):
            sheet.set_column(column, column, width, looks.cells[kind])
        part = shown.slice(start, rows_per_sheet)
        _write_header(sheet, looks, table, kinds)
        _write_rows(sheet, part, list(kinds.values()))
        sheet.autofilter(0, 0, part.height, len(kinds) - 1)


def _kinds(table: Table, frame: pl.DataFrame) -> dict[str, Cells]:
    """Column → what its cells hold; a moment only where every text of the column is one."""
    kinds: dict[str, Cells] = {field.name: field.kind for field in table.fields}
    for name in kinds:
        if (table.name, name) in MOMENTS and _are_moments(frame[name]):
            kinds[name] = "moment"
    return kinds


def _are_moments(texts: pl.Series) -> bool:
    parsed = texts.str.to_datetime(ISO_MOMENT, strict=False)
    return bool((parsed.dt.strftime(ISO_MOMENT) == texts).fill_null(value=True).all()) and (
        parsed.null_count() == texts.null_count()
    )


def _prepared(frame: pl.DataFrame, kinds: dict[str, Cells]) -> pl.DataFrame:
    """The columns as they go into cells: moments parsed, texts within what a cell can hold."""
    texts = [name for name, kind in kinds.items() if kind in {"text", "time"}]
    moments = [name for name, kind in kinds.items() if kind == "moment"]
    return frame.select(list(kinds)).with_columns(
        pl.col(moments).str.to_datetime(ISO_MOMENT),
        *(_fitting(frame[name]) for name in texts),
    )


def _fitting(texts: pl.Series) -> pl.Series:
    texts = texts.str.replace_all("[\ufffe\uffff]", "\ufffd")
    # Excel counts UTF-16 units: never more than bytes in UTF-8.
    long = texts.str.len_bytes() > LONGEST_TEXT
    markup = texts.str.starts_with("<r>") & texts.str.ends_with("</r>")
    if not (long | markup).any():
        return texts
    return pl.Series(texts.name, [None if text is None else _fit(text) for text in texts], dtype=pl.String)


def _fit(text: str) -> str:
    """What to hand the writer so that the cell holds `text`, or its beginning and a note."""
    # The writer takes <r>…</r> for a rich string it has made itself, and passes it through as XML.
    written = f'<r><t xml:space="preserve">{escape(text)}</t></r>' if _is_markup(text) else text
    units = written.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return written
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(CUT))]
    return kept.decode("utf-16-le", errors="ignore") + CUT


def _is_markup(text: str) -> bool:
    return text.startswith("<r>") and text.endswith("</r>")


def _width(values: pl.Series, kind: Cells) -> int:
    """Wide enough for the header and what stands below it, within limits."""
    heading = len(values.name) + ARROW
    if kind in {"date", "week"}:
        return max(heading, DATE_WIDTH)
    if kind == "moment":
        return max(heading, MOMENT_WIDTH)
    longest = values.cast(pl.String).str.len_chars().max()
    content = longest + 1 if isinstance(longest, int) else 0
    return max(NARROWEST, heading, min(content, WIDEST))


def _write_header(sheet: Worksheet, looks: _Looks, table: Table, kinds: dict[str, Cells]) -> None:
    for column, field in enumerate(table.fields):
        sheet.write_string(0, column, field.name, looks.headers[kinds[field.name]])
        if field.doc:
            sheet.write_comment(0, column, field.doc, {"author": "Takt", "x_scale": 1.4, "y_scale": 0.6})
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_rows(sheet: Worksheet, rows: pl.DataFrame, kinds: list[Cells]) -> None:
    write = [_writer(sheet, kind) for kind in kinds]
    for number, row in enumerate(rows.iter_rows(), start=1):
        for column, value in enumerate(row):
            if value is not None:
                write[column](number, column, value)


def _writer(sheet: Worksheet, kind: Cells) -> Any:
    match kind:
        case "number" | "whole":
            return sheet.write_number
        case "flag":
            return sheet.write_boolean
        case "date" | "week" | "moment":
            return sheet.write_datetime
        case _:
            return sheet.write_string
