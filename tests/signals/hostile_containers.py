"""Packed files, workbooks, files of another kind, and quantities side by side."""

import gzip
from datetime import date, datetime

from tests.signals.hostile import (
    GOOD,
    HEAD,
    ROW,
    Case,
    bomb_in_gzip,
    bomb_in_workbook,
    book,
    csv,
    formula,
    quantity,
    saved_by_excel,
    workbook_with_a_far_cell,
)

CONTAINERS = (
    # Packed files and workbooks
    Case(".gz", gzip.compress(csv(ROW)), (GOOD,), file="orders export.csv.gz", told="was packed"),
    Case(".gz that is cut off", gzip.compress(csv(ROW))[:-12], refused="cut off"),
    Case(
        ".gz with something behind it", gzip.compress(csv(ROW)) + b"behind", refused="something else behind"
    ),
    Case("a bomb in .gz", bomb_in_gzip, refused="which no table does"),
    Case("a bomb in .xlsx", bomb_in_workbook, refused="no workbook of a table does", file="orders.xlsx"),
    Case(
        "a workbook",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", 5]),
        (GOOD,),
        file="orders.xlsx",
    ),
    Case(
        "a workbook named .csv",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", 5]),
        (GOOD,),
        told="is an Excel workbook, whatever its name says",
    ),
    Case("text named .xlsx", csv(ROW), (GOOD,), file="orders.xlsx", told="is text, not a workbook"),
    Case(
        "a sheet with titles, gaps and a margin",
        book(
            ["Orders of November"],
            [],
            [None, *HEAD.split(",")],
            [],
            [None, "SO1", datetime(2026, 12, 18, 23, 30), "0012", "DE", 5],
        ),
        (GOOD,),
        file="orders.xlsx",
        told="header in line 3",
    ),
    Case(
        "a hidden sheet first",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", 5], hidden=["a", "b"]),
        (GOOD,),
        file="orders.xlsx",
        told="sheet Orders",
    ),
    Case(
        "numbers in a workbook are not read two ways",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", 1.234]),
        (quantity("1.234"),),
        file="orders.xlsx",
    ),
    Case(
        "numbers among texts that look like numbers",
        book(
            HEAD.split(","),
            ["SO1", date(2026, 12, 18), "0012", "DE", 1.234],
            ["SO2", date(2026, 12, 18), "0012", "DE", "1.234,5"],
        ),
        (quantity("1.234"), ("SO2", *quantity("1234.5")[1:])),
        file="orders.xlsx",
    ),
    Case(
        "an error in a cell",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), formula("=1/0", "#DIV/0!"), "DE", 5]),
        aside=((2, "SKU", "#DIV/0!"),),
        file="orders.xlsx",
    ),
    Case(
        "a formula whose value nobody has worked out",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", formula("=2+3")]),
        aside=((2, "Qty", "=2+3"),),
        file="orders.xlsx",
    ),
    Case(
        "a formula with Excel's value",
        saved_by_excel(book(HEAD.split(","), ["SO1", date(2026, 12, 18), "0012", "DE", formula("=2+3", 5)])),
        (GOOD,),
        file="orders.xlsx",
        told="1 formulas read with the values Excel stored",
    ),
    Case(
        "an id of more digits than Excel keeps",
        book(HEAD.split(","), ["SO1", date(2026, 12, 18), 12345678901234567890, "DE", 5]),
        aside=((2, "SKU", "1.234567890123457E+19"),),
        file="orders.xlsx",
    ),
    Case(
        "a text that looks like a formula in a workbook",
        book(HEAD.split(","), ["=1+1", date(2026, 12, 18), "0012", "DE", 5]),
        (("=1+1", *GOOD[1:]),),
        file="orders.xlsx",
    ),
    Case("an empty workbook", book(), refused="is empty", file="orders.xlsx"),
    Case(
        "a cell in the last corner of a sheet",
        workbook_with_a_far_cell,
        refused="more memory than any table",
        file="orders.xlsx",
    ),
    Case(
        "a damaged workbook", b"PK\x03\x04 and no more", refused="is a damaged workbook", file="orders.xlsx"
    ),
    Case(
        "an old workbook that is none",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more",
        refused="cannot be read as a workbook",
        file="orders.xls",
    ),
    # Files of another kind
    Case("a PDF", b"%PDF-1.7 ...", refused="is a PDF"),
    Case("a picture", b"\x89PNG\r\n\x1a\n\0\0", refused="is a picture", file="orders.csv"),
    Case(
        "a web page named .xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        refused="is a web page",
        file="orders.xls",
    ),
    Case("bytes", bytes(range(256)) * 10, refused="is a binary file"),
    # Quantities side by side
    Case(
        "a column a week",
        csv("0012,DE,5,,7", "0013,DE,,,", "Total,,5,0,7", header="SKU,Country,2026-W45,2026-W46,2026-W47"),
        (("2026-11-02", "0012", "DE", "5"), ("2026-11-16", "0012", "DE", "7")),
        ((4, None, None),),
        file="history.csv",
        told="header in line 1",
    ),
    Case(
        "a column a month",
        csv("0012;DE;5;1,5;7", header="Artikel;Land;Nov 2026;Dez 2026;Jan 2027"),
        (
            ("2026-11-01", "0012", "DE", "5"),
            ("2026-12-01", "0012", "DE", "1.5"),
            ("2027-01-01", "0012", "DE", "7"),
        ),
        file="Absatz.csv",
    ),
    Case(
        "weeks beside the month they add up to",
        csv("0012,DE,5,6,11,1", header="SKU,Country,2026-W45,2026-W46,Nov 2026,2026-W49"),
        asks=("date", "quantity"),
        file="history.csv",
    ),
    Case(
        "columns whose dates can be read two ways",
        csv("0012,DE,5,6,7", header="SKU,Country,01/02/2026,02/02/2026,03/02/2026"),
        asks=("date",),
        file="history.csv",
    ),
)
