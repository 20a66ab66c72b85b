"""Laws of every source: nothing is lost, the order of the rows and a second reading change nothing."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.schema import INPUT
from planning.signals.cells import ANY_DATE
from planning.signals.rows import LINE, RAW
from planning.signals.source import SourceFile
from planning.signals.sources import SOURCES, Meaning, Source, SourceSettings, handed_over
from planning.signals.update import Upload, join

CELLS = [
    "",
    "1",
    "2",
    "0",
    "-3",
    "1,204",
    "40%",
    "abc",
    "C7",
    "85123A",
    "POST",
    "paid",
    "pending",
    "fulfilled",
    "Shipped",
    "On Hold",
    "closedwon",
    "closedlost",
    "true",
    "false",
    "2026-11-02",
    "2026-11-03 10:00:00 +0100",
    "03/04/2026",
    "24/12/2026",
    "12/24/2026",
    "1797636600000",
    "20261102",
    "Grand total",
    "Germany",
    "EUR",
    "GBP",
    "--",
]
SETTINGS = SourceSettings(market="de")


@st.composite
def files(draw: st.DrawFn) -> tuple[Source, pl.DataFrame]:
    """A file of some source: any cells at all, some rows twice."""
    source = draw(st.sampled_from(list(SOURCES.values())))
    names = {ours: theirs[0] for ours, theirs in source.headers.columns.items() if theirs}
    columns = list(names.values())
    row = st.tuples(*(likely(ours) for ours in names)).map(list)
    rows = draw(st.lists(row, max_size=6))
    rows += draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    return source, framed(columns, rows)


def likely(column: str) -> st.SearchStrategy[str]:
    """Cells that make sense in a column, four times in five, so that rows load; else any."""
    usual = {"payment": ["paid", "refunded"], "status": ["Shipped"], "stage": ["contractsent", "closedlost"]}
    usual |= {name: ["2026-11-02", "2026-11-03"] for name in ("created", "close", "day", "until", "ordered")}
    usual |= {name: ["3", "40"] for name in ("quantity", "visits", "clicks", "impressions", "delivered")}
    usual |= {name: ["7", "8"] for name in ("order_id", "deal", "item", "invoice")}
    usual |= {name: ["", "A"] for name in ("campaign", "group", "ad", "channel", "variant")}
    usual |= {"product": ["85123A", "0001", ""], "price": ["2.5"], "market": ["de"]}
    sense = st.sampled_from(usual.get(column, [""]))
    return st.integers(0, 4).flatmap(lambda die: sense if die else st.sampled_from(CELLS))


def framed(columns: list[str], rows: list[list[str]]) -> pl.DataFrame:
    cells = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    raw = pl.Series(RAW, [",".join(row) for row in rows], dtype=pl.String)
    return cells.with_columns(raw, pl.Series(LINE, range(2, len(rows) + 2), dtype=pl.Int64))


def content(told: Meaning) -> dict[str, list[tuple[object, ...]]]:
    """What a meaning says, lines aside."""
    tables = {name: sorted(table.drop(LINE).rows(), key=repr) for name, table in told.tables.items()}
    fates = told.fates.with_columns(pl.col("#what").str.replace(r"line \d+", "a line"))
    return tables | {"fates": sorted(fates.drop(LINE).rows(), key=repr)}


@settings(max_examples=30)
@given(files())
def test_every_row_is_loaded_kept_aside_or_collapsed(file: tuple[Source, pl.DataFrame]) -> None:
    source, frame = file
    told = source.read(frame, SETTINGS)
    assert told.fates[LINE].sort().to_list() == frame[LINE].to_list()
    assert set(told.fates["#fate"]) <= {"loaded", "kept aside", "collapsed"}
    assert (told.aside["remedy"] != "").all()
    assert told.fates["#what"].null_count() == 0


@settings(max_examples=30)
@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(file: tuple[Source, pl.DataFrame], dice: object) -> None:
    source, frame = file
    mixed = list(range(frame.height))
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    again = frame.drop(LINE)[mixed].with_columns(frame[LINE])
    assert content(source.read(again, SETTINGS)) == content(source.read(frame, SETTINGS))


@settings(max_examples=30)
@given(files())
def test_the_same_file_twice_changes_nothing(file: tuple[Source, pl.DataFrame]) -> None:
    """Everything the first hand-over let hold still holds, to the letter."""
    source, frame = file
    told = source.read(frame, SETTINGS)
    held: dict[str, bytes] = {}
    for _ in range(2):
        before = dict(held)
        for handover in handed_over(told, held):
            table, name = INPUT[handover.table], f"{handover.table}.csv"
            given = SourceFile.read(table, held[name]) if name in held else None
            upload = Upload.of(SourceFile.read(table, handover.data), table, ANY_DATE)
            held[name] = join(table, given, upload, "update", gone=handover.left_out()).data
    assert held == before
