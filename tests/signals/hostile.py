"""Files as they come from shops, offices and mishaps, each with what a planner has to see of it."""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

COLUMNS = ("order_id", "due_date", "product", "market", "quantity")
GOOD = ("SO1", "2026-12-18", "0012", "DE", "5")
ROW = ",".join(GOOD)
HEAD = "Order ID,Due,SKU,Country,Qty"
GERMAN = "Auftrag;Liefertermin;Artikel;Land;Menge"


@dataclass(frozen=True)
class Case:
    """A file and what has to become of it. Its bytes may be made when they are asked for.

    `rows` are the cells that load, in the order of COLUMNS; `aside` line, column and value of what does not;
    `asks` the columns a planner is asked about; `answers` what is answered; `refused` words of the refusal.
    """

    name: str
    data: bytes | Callable[[], bytes]
    rows: tuple[tuple[str, ...], ...] = ()
    aside: tuple[tuple[int, str | None, str | None], ...] = ()
    asks: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    file: str = "orders export.csv"
    told: str = ""

    @property
    def content(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else self.data()


def day(text: str) -> tuple[str, ...]:
    return (GOOD[0], text, *GOOD[2:])


def quantity(text: str) -> tuple[str, ...]:
    return (*GOOD[:4], text)


def dated(*texts: str) -> bytes:
    return csv(*(f'SO1,"{text}",0012,DE,5' for text in texts))


def counted(*texts: str) -> bytes:
    return csv(*(f'SO1,2026-12-18,0012,DE,"{text}"' for text in texts))


PAIR = {"line": "counted"}


def csv(*rows: str, header: str = "Order ID,Due,SKU,Country,Qty", end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode()


def book(*rows: list[Any], sheet: str = "Orders", hidden: list[Any] | None = None) -> bytes:
    """A workbook; a cell is a value, a date, or a writer called with sheet, row, column and book."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    if hidden is not None:
        before = made.add_worksheet("Lists")
        before.write_row(0, 0, hidden)
        before.hide()
    page = made.add_worksheet(sheet)
    page.activate()
    day = made.add_format({"num_format": "dd.mm.yyyy"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if callable(cell):
                cell(page, row, column)
            elif isinstance(cell, date | datetime):
                page.write_datetime(row, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write(row, column, cell)
    made.close()
    return out.getvalue()


def formula(text: str, value: Any = 0) -> Any:
    return lambda page, row, column: page.write_formula(row, column, text, None, value)


def saved_by_excel(data: bytes) -> bytes:
    """The workbook as Excel would have saved it: the values of its formulas are Excel's."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part).replace(b' fullCalcOnLoad="1"', b"")
            new.writestr(part.filename, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bomb_in_gzip(megabytes: int = 100) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packed:
        packed.write(csv(ROW))
        for _ in range(megabytes):
            packed.write(b"0" * 1_000_000)
    return out.getvalue()


def bomb_in_workbook(megabytes: int = 100) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1_000_000)
    return out.getvalue()


def workbook_with_a_far_cell() -> bytes:
    """Two cells, the second in the last row and column there is: a table of 17 billion cells."""

    def far(page: Any, _row: int, _column: int) -> None:
        page.write_string(1_048_575, 16_383, "x")

    return book(["Order ID", far])
