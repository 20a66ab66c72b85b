"""Web-shop invoices and order lines: small files, and the real ones with counts taken by other means."""

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.signals import Folder, validate
from planning.signals.sources import SourceSettings, handed_over
from tests.builders.company import FILES
from tests.signals.sources.exports import SETTINGS, aside, collapsed, meaning, rows

INVOICES = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = (
    "ORDERNUMBER,QUANTITYORDERED,PRICEEACH,ORDERLINENUMBER,ORDERDATE,STATUS,PRODUCTCODE,CUSTOMERNAME,"
    "COUNTRY\n"
)


def test_an_invoice_line_is_demand_and_a_credit_note_is_a_return() -> None:
    text = INVOICES + (
        "536365,85123A,LIGHT,6,2026-09-01 08:26:00,2.55,17850,Germany\n"
        "C536379,85123A,LIGHT,-2,2026-09-02 09:41:00,2.55,17850,Germany\n"
    )
    told = meaning(text)
    assert rows(told, "history", "date", "product", "market", "quantity") == [
        ("2026-09-01", "85123A", "de", "6")
    ]
    assert rows(told, "returns", "date", "product", "market", "quantity") == [
        ("2026-09-02", "85123A", "de", "2")
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,POST,POSTAGE,1,2026-09-01 08:26:00,18,1,Germany\n", "POST is no product: postage, a fee"),
        ("C1,D,Discount,-1,2026-09-01 08:26:00,27.5,1,Germany\n", "D is no product"),
        ("1,85123A,crushed,-8,2026-09-01 08:26:00,0.0,,Germany\n", "units were written off"),
        ("1,85123A,,8,2026-09-01 08:26:00,0.0,,Germany\n", "has no price: a correction of stock"),
        ("1,85123A,LIGHT,8,01/09/2026 08:26,2.5,,Germany\n", "could be two days"),
        ("1,85123A,LIGHT,x,2026-09-01,2.5,,Germany\n", "quantity is not a number"),
        ("C1,85123A,LIGHT,0,2026-09-01,2.5,,Germany\n", "quantity is 0"),
        ("1,85123A,LIGHT,8,,2.5,,Germany\n", "has no day"),
        ("1,85123A,LIGHT,8,2026-09-01,2.5,,\n", "says no market"),
        ("1,85123A,LIGHT,8,2026-09-01,free,,Germany\n", "price is not a number"),
        (",85123A,LIGHT,8,2026-09-01,2.5,,Germany\n", "has no invoice number"),
        ("1,,LIGHT,8,2026-09-01,2.5,,Germany\n", "has no product code"),
    ],
)
def test_what_is_neither_sold_nor_returned_is_kept_aside(row: str, why: str) -> None:
    told = meaning(INVOICES + row)
    assert aside(told)[2].startswith(why)


def test_the_same_invoice_line_twice_counts_once() -> None:
    row = "536365,85123A,LIGHT,6,2026-09-01 08:26:00,2.55,17850,Germany\n"
    told = meaning(INVOICES + row + row)
    assert collapsed(told) == {3: "the same as line 2"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",30,95.7,1,2/24/2026 0:00,Shipped,S10,Toys,Germany\n", "has no order number"),
        ("1,30,95.7,1,,Shipped,S10,Toys,Germany\n", "has neither order day nor delivery day"),
        ("1,30,95.7,1,2/24/2026 noon,Shipped,S10,Toys,Germany\n", "is not a day"),
        (
            "1,30,95.7,1,2/24/2026 9:05:30 PM,Lost at sea,S10,Toys,Germany\n",
            "nobody knows what status 'Lost at sea'",
        ),
        ("1,-30,95.7,1,2/24/2026,Shipped,S10,Toys,Germany\n", "quantity is not a number of units"),
    ],
)
def test_an_order_line_nobody_could_plan_with_is_kept_aside(row: str, why: str) -> None:
    assert aside(meaning(LINES + row))[2].startswith(why)


def test_a_delivery_day_beats_the_days_after_the_order() -> None:
    header = LINES.replace("STATUS", "REQUIREDDATE,STATUS")
    told = meaning(
        header + "1,30,95.7,1,,24.12.2026,In Process,S10,Toys,Germany\n", replace(SETTINGS, due_days=9)
    )
    assert rows(told, "orders", "order_date", "due_date") == [(None, "2026-12-24")]
    assert told.notes == ()


def test_one_date_of_a_file_shows_the_order_of_all_and_two_that_differ_show_none() -> None:
    def line(number: int, day: str) -> str:
        return f"{number},30,95.7,1,{day} 0:00,Shipped,S10_1678,Land of Toys,Germany\n"

    shown = meaning(LINES + line(1, "5/7/2026") + line(2, "2/24/2026"))
    assert rows(shown, "orders", "order_date") == [("2026-05-07",), ("2026-02-24",)]
    torn = meaning(LINES + line(1, "5/7/2026") + line(2, "2/24/2026") + line(3, "24/2/2026"))
    assert aside(torn) == {2: "could be two days: the file writes days both ways round"}
    said = meaning(LINES + line(1, "5/7/2026"), replace(SETTINGS, date_order="day first"))
    assert rows(said, "orders", "order_date") == [("2026-07-05",)]
    against = meaning(LINES + line(1, "2/24/2026"), replace(SETTINGS, date_order="day first"))
    assert aside(against) == {2: "is not a day"}


def real(shared_data: Path, name: str) -> str:
    data = (shared_data / name).read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return text.replace("\r\n", "\n")


def test_the_real_order_lines_load_by_their_status(shared_data: Path) -> None:
    """Counts taken from the file with the csv module: 1,859 Shipped, 38 Cancelled, 34 In Process, 28 each
    On Hold and Resolved, 12 Disputed."""
    text = real(shared_data, "sales_data_sample.csv")
    told = meaning(text, SourceSettings())
    statuses = Counter(row["STATUS"] for row in csv.DictReader(io.StringIO(text)))
    assert statuses == {
        "Shipped": 1859,
        "Cancelled": 38,
        "In Process": 34,
        "On Hold": 28,
        "Resolved": 28,
        "Disputed": 12,
    }
    assert (told.rows_in, told.rows("loaded"), told.rows("kept aside"), told.rows("collapsed")) == (
        1999,
        1971,
        28,
        0,
    )
    orders = told.tables["orders"]
    assert dict(orders["status"].value_counts().iter_rows()) == {
        "shipped": 1899,
        "cancelled": 38,
        "confirmed": 34,
    }
    units = orders.group_by("status").agg(pl.col("quantity").cast(pl.Int64).sum())
    assert dict(units.iter_rows()) == {"shipped": 65043 + 523 + 952, "cancelled": 1257, "confirmed": 1287}
    assert orders.select("order_id", "line").is_unique().all()


def test_the_real_invoices_load_with_nothing_lost(shared_data: Path) -> None:
    """Counts taken from the file with the csv module: 37,516 lines, 262 of them exact duplicates, 609 of
    credit notes, 78 negative on invoices, 193 of no product, 51 at price 0 and above 0 units."""
    text = real(shared_data, "online_retail_2011-09_raw.csv")
    told = meaning(text, SourceSettings())
    assert (told.rows_in, told.rows("loaded"), told.rows("kept aside"), told.rows("collapsed")) == (
        37_516,
        36_933,
        321,
        262,
    )
    unlike = {tuple(row.values()): row for row in csv.DictReader(io.StringIO(text))}.values()
    products = [row for row in unlike if row["StockCode"][:5].isdigit()]
    credited = [row for row in products if row["InvoiceNo"].startswith("C")]
    sold = [row for row in products if float(row["Quantity"]) > 0 < float(row["UnitPrice"])]
    history, returns = told.tables["history"], told.tables["returns"]
    assert (history.height, returns.height) == (len(sold), len(credited)) == (36_361, 572)
    assert history["quantity"].cast(pl.Int64).sum() == sum(int(row["Quantity"]) for row in sold)
    assert returns["quantity"].cast(pl.Int64).sum() == -sum(int(row["Quantity"]) for row in credited)
    words = told.aside["reason"].str.extract(r"(is no product|written off|no price)").value_counts()
    assert dict(words.iter_rows()) == {"is no product": 193, "written off": 78, "no price": 50}


@pytest.mark.parametrize(
    ("name", "as_of", "loads"),
    [
        ("sales_data_sample.csv", date(2005, 6, 1), {"orders": 1971}),
        ("online_retail_2011-09_raw.csv", date(2011, 9, 26), {"history": 36_361, "returns": 572}),
    ],
)
def test_the_real_files_pass_the_check_of_every_row(
    shared_data: Path, name: str, as_of: date, loads: dict[str, int]
) -> None:
    """Handed over to a company that makes their products and sells in their countries."""
    told = meaning(real(shared_data, name), SourceSettings())
    rows = pl.concat([table.select("product", "market") for table in told.tables.values()])
    routings = "".join(f"{product},printer,0.1\n" for product in sorted(set(rows["product"])))
    markets = "".join(f"{market}\n" for market in sorted(set(rows["market"])))
    files = {f"{name}.csv": text.encode() for name, text in FILES.items()}
    files |= {
        "routings.csv": f"product,robot_model,hours_per_unit\n{routings}".encode(),
        "markets.csv": f"market\n{markets}".encode(),
        "orders.csv": b"order_id,due_date,product,market,quantity\n",
        "settings.csv": f"key,value\nas_of,{as_of}\n".encode(),
    }
    files |= {f"{handover.table}.csv": handover.data for handover in handed_over(told, {})}
    network = validate(Folder.from_files(files), as_of)
    assert network.rejected.is_empty()
    assert {table: network[table].height for table in loads} == loads
