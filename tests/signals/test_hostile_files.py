"""No file is read wrongly without a word: it loads right, is asked about, or it is told why not."""

import csv as csv_module
import gzip
import io
import tracemalloc
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl
import pytest

from planning.errors import InputError
from planning.signals.reading.grid import Hints, read_grid
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import House, Proposal, answered, propose
from planning.signals.reading.translate import translate
from planning.signals.rows import LINE, RAW
from tests.signals.hostile import (
    bomb_in_gzip,
    bomb_in_workbook,
    book,
    csv,
    formula,
    saved_by_excel,
    workbook_with_a_far_cell,
)

HOUSE = House("Europe/Berlin", "EUR")
COLUMNS = ("order_id", "due_date", "product", "market", "quantity")
GOOD = ("SO1", "2026-12-18", "0012", "DE", "5")
ROW = ",".join(GOOD)
HEAD = "Order ID,Due,SKU,Country,Qty"
GERMAN = "Auftrag;Liefertermin;Artikel;Land;Menge"


@dataclass(frozen=True)
class Case:
    """A file and what has to become of it.

    `rows` are the cells that load, in the order of COLUMNS; `aside` line, column and value of what does not;
    `asks` the columns a planner is asked about; `answers` what is answered; `refused` words of the refusal.
    """

    name: str
    data: bytes
    rows: tuple[tuple[str, ...], ...] = ()
    aside: tuple[tuple[int, str | None, str | None], ...] = ()
    asks: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    file: str = "orders export.csv"
    told: str = ""


def day(text: str) -> tuple[str, ...]:
    return (GOOD[0], text, *GOOD[2:])


def quantity(text: str) -> tuple[str, ...]:
    return (*GOOD[:4], text)


def dated(*texts: str) -> bytes:
    return csv(*(f'SO1,"{text}",0012,DE,5' for text in texts))


def counted(*texts: str) -> bytes:
    return csv(*(f'SO1,2026-12-18,0012,DE,"{text}"' for text in texts))


PAIR = {"line": "counted"}

CASES = (
    # Encodings and line ends
    Case("UTF-8", csv(ROW), (GOOD,)),
    Case("UTF-8 with a mark", b"\xef\xbb\xbf" + csv(ROW), (GOOD,)),
    Case("UTF-16 little endian", csv(ROW).decode().encode("utf-16"), (GOOD,)),
    Case("UTF-16 little endian without a mark", csv(ROW).decode().encode("utf-16-le"), (GOOD,)),
    Case("UTF-16 big endian without a mark", csv(ROW).decode().encode("utf-16-be"), (GOOD,)),
    Case("UTF-16 big endian", b"\xfe\xff" + csv(ROW).decode().encode("utf-16-be"), (GOOD,)),
    Case(
        "cp1252",
        csv("SO1,2026-12-18,Größe €,DE,5").decode().encode("cp1252"),
        (("SO1", "2026-12-18", "Größe €", "DE", "5"),),
        told="cp1252), as it seems",
    ),
    Case(
        "latin-1",
        "Order ID,Due,SKU,Country,Qty\nSO1,2026-12-18,Ær\x81ø,DE,5\n".encode("latin-1"),
        (("SO1", "2026-12-18", "Ær\x81ø", "DE", "5"),),
        told="latin-1), as it seems",
    ),
    Case(
        "UTF-8 with a cp1252 line in it",
        csv("SO1,2026-12-18,Größe,DE,5") + "SO2,2026-12-18,Größe,DE,5\n".encode("cp1252"),
        refused="line 3 = '0xF6': is UTF-8, but for byte 0xF6",
    ),
    Case("CRLF", csv(ROW, end="\r\n"), (GOOD,)),
    Case("CR alone", csv(ROW, end="\r"), (GOOD,)),
    Case("no end of line at the end", csv(ROW).rstrip(), (GOOD,)),
    Case(
        "a form feed in a heading is no new line",
        csv(ROW, header=HEAD + ",Note\x0cs"),
        aside=((2, None, None),),
    ),
    Case(
        "a line separator in a cell",
        csv("SO1,2026-12-18,a\u2028b,DE,5"),
        (("SO1", "2026-12-18", "a\u2028b", "DE", "5"),),
    ),
    Case(
        "a zero byte spoils its row alone", csv("S\0,2026-12-18,0012,DE,5", ROW), (GOOD,), ((2, None, None),)
    ),
    # Separators and shape
    Case("semicolons", csv(";".join(GOOD), header=GERMAN), (GOOD,)),
    Case("tabs", csv("\t".join(GOOD), header=HEAD.replace(",", "\t")), (GOOD,)),
    Case("bars", csv("|".join(GOOD), header=HEAD.replace(",", "|")), (GOOD,)),
    Case(
        "Excel's sep= line",
        b"sep=;\n" + csv(";".join(GOOD), header=GERMAN),
        (GOOD,),
        told="line 1 passed over",
    ),
    Case(
        "title rows",
        b"Report,,,,\n\nof November,,,,\n" + csv(ROW),
        (GOOD,),
        told="header in line 4; above it lines 1, 3",
    ),
    Case(
        "blank rows",
        csv(ROW, "", ",,,,", ROW.replace("SO1", "SO2")),
        (GOOD, ("SO2", *GOOD[1:])),
        told="blank lines 3, 4",
    ),
    Case("a total below", csv(ROW, "Total,,,,5"), (GOOD,), ((3, None, None),)),
    Case(
        "a German total", csv(";".join(GOOD), "Gesamtsumme:;;;;5", header=GERMAN), (GOOD,), ((3, None, None),)
    ),
    Case(
        "a product called Total",
        csv("SO1,2026-12-18,Total,DE,5"),
        (("SO1", "2026-12-18", "Total", "DE", "5"),),
    ),
    Case("too few cells", csv("SO1,2026-12-18,0012"), aside=((2, None, None),)),
    Case("too many cells", csv(ROW + ",9"), aside=((2, None, None),)),
    Case("too many empty cells", csv(ROW + ",,"), (GOOD,)),
    Case(
        "an unquoted decimal comma between commas",
        csv("SO1,2026-12-18,0012,DE,1,5"),
        aside=((2, None, None),),
    ),
    Case(
        "quoted line breaks",
        csv('SO1,2026-12-18,"00\n12",DE,5', "SO2,x,0012,DE,5", ROW),
        (("SO1", "2026-12-18", "00\n12", "DE", "5"), GOOD),
        ((4, "Due", "x"),),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "a quotation mark never closed",
        csv('SO1,2026-12-18,"0012,DE,5', ROW),
        refused="line 2: a quotation mark is opened here and never closed",
    ),
    Case(
        "a quotation mark inside a cell",
        csv('SO1,2026-12-18,5" pipe,DE,5', ROW),
        (GOOD,),
        ((2, None, None),),
    ),
    Case("a heading twice", csv(ROW + ",6", header=HEAD + ",Qty"), asks=("quantity",)),
    Case("a heading without a name", csv(ROW + ",6", header=HEAD + ","), (GOOD,)),
    Case("a header and no rows", csv(), ()),
    Case("nothing at all", b"", refused="is empty"),
    Case("blank lines only", b"\n\n \n", refused="is empty"),
    Case(
        "5,000 columns", csv(ROW + ",1" * 4995, header=HEAD + "".join(f",c{n}" for n in range(4995))), (GOOD,)
    ),
    Case(
        "a field of 10 MB",
        csv(f"SO1,2026-12-18,{'x' * 10_000_000},DE,5", ROW),
        (GOOD,),
        ((2, None, None),),
        answers=PAIR,
    ),
    Case(
        "a quoted field of 10 MB with line breaks",
        csv('SO1,2026-12-18,"' + "x" * 5_000_000 + "\n" + "x" * 5_000_000 + '",DE,5'),
        aside=((2, None, None),),
    ),
    # Ids
    Case("ids keep zeros and exponents", csv("12E5,2026-12-18,0012,DE,5"), (("12E5", *GOOD[1:]),)),
    Case(
        "ids that look like formulas",
        csv("=1+1,2026-12-18,@x,-DE,5"),
        (("=1+1", "2026-12-18", "@x", "-DE", "5"),),
    ),
    # Dates
    Case("day or month first", dated("03/04/2026"), asks=("due_date",)),
    Case(
        "day first, answered",
        dated("03/04/2026"),
        (day("2026-04-03"),),
        asks=("due_date",),
        answers={"due_date": "dmy"},
    ),
    Case(
        "month first, answered",
        dated("03/04/2026"),
        (day("2026-03-04"),),
        asks=("due_date",),
        answers={"due_date": "mdy"},
    ),
    Case(
        "the others say day first",
        dated("03/04/2026", "13/04/2026"),
        (day("2026-04-03"), day("2026-04-13")),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "the others say month first",
        dated("03/04/2026", "04/13/2026"),
        (day("2026-03-04"), day("2026-04-13")),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "both orders in one column",
        dated("13/04/2026", "04/14/2026"),
        (day("2026-04-13"),),
        ((3, "Due", "04/14/2026"),),
        asks=("due_date", "line"),
        answers={"due_date": "dmy", **PAIR},
    ),
    Case("two digits of a year", dated("18.12.26", "19.12.26"), asks=("due_date", "line")),
    Case(
        "two digits of a year, answered",
        dated("18.12.26"),
        (day("2026-12-18"),),
        asks=("due_date",),
        answers={"due_date": "dmy"},
    ),
    Case(
        "a day there is not",
        dated("31.02.2026", "18.12.2026"),
        (day("2026-12-18"),),
        ((2, "Due", "31.02.2026"),),
        answers=PAIR,
        asks=("line",),
    ),
    Case("ISO weeks", dated("2026-W51"), (day("2026-12-14"),)),
    Case("German weeks", dated("KW 51/2026"), (day("2026-12-14"),)),
    Case("a week 53 there is not", dated("2025-W53"), aside=((2, "Due", "2025-W53"),)),
    Case(
        "month names",
        dated("18. Dezember 2026", "18 déc. 2026", "Dec 18, 2026"),
        (day("2026-12-18"),) * 3,
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "a time with an offset falls on the plan's day",
        dated("2026-12-18T23:30:00-05:00"),
        (day("2026-12-19"),),
    ),
    Case("midnight in UTC is the plan's next morning", dated("2026-12-18T23:30:00Z"), (day("2026-12-19"),)),
    Case("Shopify's times", dated("2026-12-18 14:22:10 +0100"), (day("2026-12-18"),)),
    Case("US dates with times", dated("12/18/2026 0:00"), (day("2026-12-18"),)),
    Case("HubSpot's milliseconds", dated("1797548400000"), (day("2026-12-18"),)),
    Case("days counted by Excel are asked", dated("46374"), asks=("due_date",)),
    Case(
        "days counted by Excel, answered",
        dated("46374"),
        (day("2026-12-18"),),
        asks=("due_date",),
        answers={"due_date": "excel-1900"},
    ),
    Case("eight digits", dated("20261218"), (day("2026-12-18"),)),
    # Numbers
    Case("thousands or decimals", counted("1.234"), asks=("quantity",)),
    Case(
        "thousands, answered",
        counted("1.234"),
        (quantity("1234"),),
        asks=("quantity",),
        answers={"quantity": "1234,56"},
    ),
    Case(
        "decimals, answered",
        counted("1.234"),
        (quantity("1.234"),),
        asks=("quantity",),
        answers={"quantity": "1234.56"},
    ),
    Case("a comma for thousands or decimals", counted("1,234"), asks=("quantity",)),
    Case(
        "the others say decimal comma",
        counted("1.234", "1,5"),
        (quantity("1234"), quantity("1.5")),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "both marks in one column",
        counted("1.5", "1,5"),
        (quantity("1.5"),),
        ((3, "Qty", "1,5"),),
        asks=("quantity", "line"),
        answers={"quantity": "1234.56", **PAIR},
    ),
    Case(
        "spaces and apostrophes for thousands",
        counted("1 234,5", "1'234,5", "1\u202f234,5"),
        (quantity("1234.5"),) * 3,
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "minus signs of all kinds",
        counted("5-", "(5)", "\u22125"),
        (quantity("-5"),) * 3,
        answers=PAIR,
        asks=("line",),
    ),
    Case("a unit", counted("5 kg"), aside=((2, "Qty", "5 kg"),)),
    Case("money of another currency", counted("$5"), aside=((2, "Qty", "$5"),)),
    Case("the plan's own currency", counted("€ 5,50"), (quantity("5.50"),)),
    Case(
        "no number",
        counted("NaN", "inf", "1.2.3", "0x1F"),
        aside=((2, "Qty", "NaN"), (3, "Qty", "inf"), (4, "Qty", "1.2.3"), (5, "Qty", "0x1F")),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "money is exact",
        counted("0.1", "123456789.123456789"),
        (quantity("0.1"), quantity("123456789.123456789")),
        answers=PAIR,
        asks=("line",),
    ),
    # Packed files and workbooks
    Case(".gz", gzip.compress(csv(ROW)), (GOOD,), file="orders export.csv.gz", told="was packed"),
    Case(".gz that is cut off", gzip.compress(csv(ROW))[:-12], refused="cut off"),
    Case(
        ".gz with something behind it", gzip.compress(csv(ROW)) + b"behind", refused="something else behind"
    ),
    Case("a bomb in .gz", bomb_in_gzip(), refused="which no table does"),
    Case("a bomb in .xlsx", bomb_in_workbook(), refused="no workbook of a table does", file="orders.xlsx"),
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
        workbook_with_a_far_cell(),
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
        "columns whose dates can be read two ways",
        csv("0012,DE,5,6,7", header="SKU,Country,01/02/2026,02/02/2026,03/02/2026"),
        asks=("date",),
        file="history.csv",
    ),
)


def understood(case: Case) -> Proposal:
    grid = read_grid(case.file, case.data)
    proposal, draft = propose(grid, HOUSE), Profile()
    for question in proposal.questions:
        if question.column in case.answers:
            draft = answered(draft, proposal, question, case.answers[question.column])
    return propose(grid, HOUSE, draft)


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_what_is_no_table_is_refused_in_words_with_a_remedy(case: Case) -> None:
    with pytest.raises(InputError) as refusal:
        read_grid(case.file, case.data)
    assert case.refused in str(refusal.value)
    assert all(fault.remedy for fault in refusal.value.faults)


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_a_file_loads_right_or_is_asked_about_and_no_row_is_lost(case: Case) -> None:
    proposal = understood(case)
    asked = [question.column for question in propose(proposal.grid, HOUSE).questions]
    asked += proposal.missing
    assert asked == list(case.asks)
    assert case.told in "; ".join(proposal.grid.how)
    if not proposal.is_settled:
        assert not case.rows
        return
    made = translate(proposal, HOUSE)
    rows = list(csv_module.DictReader(io.StringIO(made.data.decode(), newline="")))
    columns = [name for name in ("date", *COLUMNS) if rows and name in rows[0]]
    assert [tuple(row[name] for name in columns) for row in rows] == list(case.rows)
    assert made.aside.select(LINE, "column", "value").rows() == list(case.aside)
    assert made.lines.height == len(rows)
    if not proposal.periods:
        assert proposal.grid.rows_in == len(rows) + made.aside.height
    assert made.aside["reason"].str.len_chars().min() != 0
    assert made.aside["remedy"].str.len_chars().min() != 0
    assert made.aside.filter(pl.col(RAW).str.len_chars() > 2_100).is_empty()


def test_every_line_kept_aside_is_the_planners_own() -> None:
    data = b"Report;;;;\n" + csv('SO1;18.12.2026;"0\n1";DE;1,5', "SO2;x;0012;DE;1,5", header=GERMAN)
    made = translate(propose(read_grid("orders.csv", data), HOUSE), HOUSE)
    assert made.lines.select("line", LINE).rows() == [(2, 3)]
    (row,) = made.aside.rows(named=True)
    assert (row[LINE], row[RAW], row["column"], row["value"]) == (5, "SO2;x;0012;DE;1,5", "Liefertermin", "x")
    assert row["reason"].startswith("Liefertermin is not a date")


@pytest.mark.parametrize("name", ["a bomb in .gz", "a field of 10 MB"])
def test_memory_stays_within_bounds(name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    tracemalloc.start()
    with suppress(InputError):
        read_grid(case.file, case.data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150_000_000


def test_a_planner_can_say_how_a_file_is_laid_out() -> None:
    data = "x;1\nOrder ID|Due\nłódź|2\n".encode("cp1250")
    grid = read_grid("orders.csv", data, Hints(encoding="cp1250", mark="|", header_line=2))
    assert grid.headings == ("Order ID", "Due")
    assert grid.rows["Order ID"].to_list() == ["łódź"]
