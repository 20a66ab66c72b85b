"""Laws of reading: however a system writes its rows, what it said comes out, or is kept aside."""

import csv
import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import InputError
from planning.signals.reading.grid import read_grid
from planning.signals.reading.profile import Profile, Taken
from planning.signals.reading.proposal import House, propose
from planning.signals.reading.translate import translate
from planning.signals.rows import LINE

HOUSE = House("UTC", "EUR")
IDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
CENTS = st.integers(-10_000_000, 10_000_000)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
ROWS = st.lists(st.tuples(IDS, DAYS, IDS, CENTS), min_size=1, max_size=6)
PATTERNS = {"dmy": "{d.day}.{d.month}.{d.year}", "mdy": "{d:%m/%d/%Y}", "iso": "{d:%Y-%m-%d}"}


def amount(cents: int, decimal: str) -> str:
    whole, part = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", "." if decimal == "," else ",")
    return f"{'-' if cents < 0 else ''}{grouped}{decimal}{part:02}"


@settings(max_examples=40, deadline=None)
@given(
    rows=ROWS,
    mark=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    order=st.sampled_from(list(PATTERNS)),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_system_wrote_comes_out_whatever_its_dialect(
    rows: list[tuple[str, date, str, int]], mark: str, decimal: str, order: str, encoding: str, end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["Order ID", "Due", "SKU", "Quantity", "Country"])
    for id, day, product, cents in rows:
        writer.writerow([id, PATTERNS[order].format(d=day), product, amount(cents, decimal), "DE"])
    grid = read_grid("orders.csv", out.getvalue().encode(encoding))
    said = Profile(
        table="orders",
        columns={
            "due_date": Taken("Due", order),
            "quantity": Taken("Quantity", f"1234{decimal}56"),
            "line": Taken(counted=True),
        },
    )
    made = translate(propose(grid, HOUSE, said), HOUSE)
    read = list(csv.DictReader(io.StringIO(made.data.decode(), newline="")))
    assert made.aside.is_empty()
    told = [
        (row["order_id"], row["due_date"], row["product"], round(float(row["quantity"]) * 100))
        for row in read
    ]
    assert told == [(id, day.isoformat(), product, cents) for id, day, product, cents in rows]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode()))
def test_bytes_of_any_kind_are_read_or_refused_in_words(data: bytes) -> None:
    refused = InputError([])
    grid = None
    try:
        grid = read_grid("orders.csv", data)
    except InputError as refusal:
        refused = refusal
    assert all(fault.reason and fault.remedy for fault in refused.faults)
    assert (grid is None) == bool(refused.faults)
    if grid is not None:
        lines = [*grid.rows[LINE], *grid.aside[LINE]]
        assert len(lines) == len(set(lines)) == grid.rows_in
        propose(grid, HOUSE)
