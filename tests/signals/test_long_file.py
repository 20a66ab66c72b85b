"""A file read in pieces says what it says as a whole: every value, every rejected row, every word."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals import Folder, validate
from planning.signals.folder import Contents
from planning.signals.long_file import LongFile
from planning.signals.long_folder import LongFolder
from planning.signals.rows import LINE
from tests.signals.mini import FIVE, TODAY, csv, files, orders

MARKETS = csv("market", "DE", "FR")
CELL = st.sampled_from(
    [
        "",
        " ",
        "SO1",
        "0012",
        "XX",
        "DE",
        "done",
        " 7 ",
        "+2",
        "1.0",
        "-3",
        "inf",
        "1e999",
        '"1,5"',
        '"a"b',
        "é",
    ]
)
ORDER = st.tuples(
    st.sampled_from(["SO1", "SO2", "SO3", " SO4", "", '"SO,5"']),
    st.sampled_from(["1", "2", "", "1.0"]),
    st.sampled_from(["2026-12-18", "2026-12-25", " 2026-12-25", "1970-01-01", "18.12.2026"]),
    st.sampled_from(["0012", "0013", "XX", ""]),
    st.sampled_from(["DE", "FR", "UK"]),
    st.sampled_from(["1", "2.0", "+2", "-1", ""]),
    st.sampled_from(["confirmed", "shipped", "done", ""]),
    st.sampled_from(["", "2"]),
).map(",".join)
ROW = st.one_of(ORDER, ORDER, ORDER, st.just(""), st.just("  "), st.lists(CELL, max_size=9).map(",".join))
END = st.sampled_from(["\n", "\n", "\r\n"])


def in_pieces(contents: Mapping[str, bytes], piece: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, int]:
    """Tables and rejected rows of a folder whose orders and history are read `piece` bytes at a time."""
    reading = LongFolder.of(Contents(contents, {}), TODAY, long=1, piece_bytes=piece)
    sure = {}
    for name, sieve in reading.sieves.items():
        rows = pl.concat(
            [INPUT[name].empty().with_columns(pl.lit(0).cast(pl.Int64).alias(LINE)), *sieve.sure()],
            how="diagonal",
        )
        sure[name] = rows.filter(~pl.col(LINE).is_in(sieve.repeated.implode())).drop(LINE)
    stand_ins = {"orders": sure["orders"].unique(["product", "market"])} if "orders" in sure else {}
    folder, network = reading.understood(stand_ins)
    tables = dict(network.tables)
    for name, rows in sure.items():
        key = list(INPUT[name].key) or INPUT[name].columns
        tables[name] = pl.concat([tables[name], rows]).sort(key, nulls_last=False)
    assert network.input_hash == Folder.from_files(contents).input_hash
    return tables, network.rejected, sum(source.rows_in for source in folder.files.values())


def assert_same(contents: Mapping[str, bytes], piece: int) -> None:
    try:
        read = Folder.from_files(contents)
        whole = validate(read, TODAY)
    except InputError as error:
        refused = error.faults
    else:
        refused = ()
    if refused:
        with pytest.raises(InputError) as told:
            in_pieces(contents, piece)
        assert told.value.faults == refused
        return
    tables, rejected, rows_in = in_pieces(contents, piece)
    assert rows_in == sum(source.rows_in for source in read.files.values())
    assert_frame_equal(rejected, whole.rejected)
    for name, frame in whole.tables.items():
        assert_frame_equal(tables[name], frame)


@settings(max_examples=20)
@given(st.lists(ROW, max_size=12), st.integers(1, 400), END, st.booleans(), st.booleans())
def test_orders_in_pieces_say_what_they_say_as_a_whole(
    rows: list[str], piece: int, end: str, last: bool, markets: bool
) -> None:
    text = orders(*rows).replace("\n", end)
    given = files(orders=text if last else text.removesuffix(end), markets=MARKETS if markets else None)
    assert_same(given, piece)


@settings(max_examples=8)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2026-11-02", "2026-11-27", "2031-01-01", "x"]),
            st.sampled_from(["0012", "XX"]),
            st.sampled_from(["DE", "UK"]),
            st.sampled_from(["1", "-1"]),
        ).map(",".join),
        max_size=10,
    ),
    st.integers(1, 200),
    st.booleans(),
)
def test_history_in_pieces_says_what_it_says_as_a_whole(rows: list[str], piece: int, markets: bool) -> None:
    history = csv("date,product,market,quantity", *rows)
    assert_same(files(history=history, markets=MARKETS if markets else None), piece)


def test_rows_of_one_key_find_each_other_across_pieces() -> None:
    far = [f"SO{n},1,2026-12-18,0012,DE,4,," for n in range(10, 60)]
    rows = ["SO1,1,2026-12-18,0012,DE,4,,", "SO2,1,2026-12-18,0012,DE,4,,", *far]
    text = orders(*rows, "SO1,1,2026-12-18,0012,DE,5,,", "SO2,1,2026-12-18,0012,DE,4.0,,")
    tables, rejected, _ = in_pieces(files(orders=text), piece=100)
    assert tables["orders"].height == 51
    assert rejected["line"].to_list() == [2, 54, 55]
    assert rejected["reason"].to_list()[2] == "is the same as line 3"


def test_most_rows_of_a_clean_file_are_sure() -> None:
    text = orders(*(f"SO{n},1,2026-12-18,0012,DE,4,," for n in range(50)), "SO99,1,2026-12-18,XX,DE,4,,")
    reading = LongFolder.of(Contents(files(orders=text), {}), TODAY, long=1, piece_bytes=200)
    assert sum(rows.height for rows in reading.sieves["orders"].sure()) == 50
    assert reading.sieves["orders"].doubtful().cells[LINE].to_list() == [52]


def test_a_cell_with_line_breaks_stays_whole_where_pieces_end() -> None:
    rows = [f'SO{n},1,2026-12-18,0012,"D\nE",4,,' for n in range(9)]
    for piece in (1, 20, 33, 70):
        assert_same(files(orders=orders(*rows)), piece)


@pytest.mark.parametrize(
    "spoilt", [b"SO9,1,2026-12-18,0012,M\xfcnchen,4,,\n", b"SO9,1,\x002026-12-18,0012,DE,4,,\n", b'"SO9,1\n']
)
def test_what_is_no_text_is_told_in_the_same_words(spoilt: bytes) -> None:
    assert_same(files(orders=FIVE["orders"].encode() + spoilt + FIVE["orders"].encode()), piece=64)


def test_a_file_that_cannot_be_cut_is_no_long_file() -> None:
    table = INPUT["orders"]
    for data in (b"", b"\n \n", b"order_id\rSO1\r", b"\xff\xfeo\x00", b'"order_id",line\nSO1,1\n'):
        assert LongFile.of(table, data, 10) is None


NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@given(
    st.lists(st.text(st.sampled_from("0123456789+-.eE_ xinfNa,'\t٣"), max_size=7), min_size=1, max_size=200)
)
def test_a_number_is_what_is_written_as_one(texts: list[str]) -> None:
    """Polars reads numbers; what it takes for one is exactly digits, one dot and an exponent."""
    told = pl.DataFrame({"text": texts}).select(
        reads=pl.col("text").cast(pl.Float64, strict=False).is_finite().fill_null(False),
        plain=pl.col("text").str.contains(NUMBER),
        large=pl.col("text").cast(pl.Float64, strict=False).is_infinite().fill_null(False),
    )
    assert told.filter(pl.col("reads") & ~pl.col("plain")).is_empty()
    assert told.filter(pl.col("plain") & ~pl.col("reads") & ~pl.col("large")).is_empty()


def test_days_after_as_of_are_looked_at_closer() -> None:
    history = csv("date,product,market,quantity", "2026-11-02,0012,DE,1", "2026-11-27,0012,DE,1")
    reading = LongFolder.of(Contents(files(history=history, markets=MARKETS), {}), TODAY, long=1)
    assert [rows["date"].to_list() for rows in reading.sieves["history"].sure()] == [[date(2026, 11, 2)]]
