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
from planning.signals import Folder, SourceFile, validate
from planning.signals.cells import Window, check_cells, sift_cells
from planning.signals.folder import Contents
from planning.signals.long_file import LongFile
from planning.signals.long_folder import LongFolder
from planning.signals.rows import LINE, RAW
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
        'a"b',
        '""',
        '" 7 "',
        '"a\nb"',
        "é",
        "\u00a07",
        "7\u2003",
        "\x0b7",
        "\x1c",
        "2026- 1-01",
        "+2026-1-01",
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
HOSTILE = st.lists(CELL, min_size=8, max_size=8).map(",".join)
ROW = st.one_of(ORDER, ORDER, ORDER, st.just(""), st.just("  "), st.lists(CELL, max_size=9).map(",".join))
END = st.sampled_from(["\n", "\n", "\r\n"])


def in_pieces(contents: Mapping[str, bytes], piece: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, int]:
    """Tables and rejected rows of a folder whose orders and history are read `piece` bytes at a time."""
    reading = LongFolder.of(Contents(contents, {}), TODAY, long=1, piece_bytes=piece)
    sieves, sure, stand_ins = [], {}, {}
    for name in reading.files:
        sieve = reading.sieve(name, stand_ins)
        sieves.append(sieve)
        rows = pl.concat(
            [INPUT[name].empty().with_columns(pl.lit(0).cast(pl.Int64).alias(LINE)), *sieve.sure()],
            how="diagonal",
        )
        sure[name] = rows.filter(~pl.col(LINE).is_in(sieve.repeated.implode())).drop(LINE)
        if name == "orders":
            stand_ins[name] = sure[name].unique(["product", "market"])
    folder, network = reading.understood(sieves, stand_ins)
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


@settings(max_examples=150)
@given(st.lists(st.one_of(ROW, HOSTILE), min_size=1, max_size=12), st.integers(1, 400), END, st.booleans())
def test_pieces_read_fast_have_the_cells_of_the_file_read_row_by_row(
    rows: list[str], piece: int, end: str, last: bool
) -> None:
    text = orders(*rows).replace("\n", end)
    data = (text if last else text.removesuffix(end)).encode()
    table, window = INPUT["orders"], Window.around(TODAY)
    file = LongFile.of(table, data, piece)
    if file is None:  # it is read as a whole then
        return
    whole = SourceFile.read(table, data)
    good, bad = check_cells(whole.cells, whole.name, table.fields, window)
    read = [file.read(part) for part in file.pieces]
    sifted = [sift_cells(part.cells, table.fields, window, bare=part.bare) for part in read]
    assert_frame_equal(pl.concat(typed for typed, _ in sifted).sort(LINE), good.drop(RAW))
    assert pl.concat(wrong for _, wrong in sifted).sort().to_list() == bad["line"].to_list()
    assert_frame_equal(pl.concat(part.broken for part in read).sort(LINE), whole.broken.select(LINE, RAW))
    every = pl.concat([whole.cells, whole.broken], how="diagonal").select(LINE, RAW).sort(LINE)
    assert_frame_equal(file.raw(every[LINE]).sort(LINE), every)


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
    st.lists(ORDER, max_size=5),
    st.integers(1, 200),
    st.booleans(),
)
def test_history_in_pieces_says_what_it_says_as_a_whole(
    rows: list[str], sold: list[str], piece: int, markets: bool
) -> None:
    """Without markets.csv the markets of the orders are those there are: of the orders that load."""
    history = csv("date,product,market,quantity", *rows)
    given = files(history=history, orders=orders(*sold), markets=MARKETS if markets else None)
    assert_same(given, piece)


def test_history_is_sure_where_only_the_orders_know_its_markets() -> None:
    """Those of them that load: SO2 contradicts itself, SO3 has a product nobody knows."""
    sold = ("SO1,1,2026-12-18,0012,DE,4,,", "SO2,1,2026-12-18,0012,FR,4,,", "SO2,1,2026-12-18,0012,FR,5,,")
    text = orders(*sold, "SO3,1,2026-12-18,XX,IT,4,,")
    places = ("DE", "FR", "IT", "PT") * 9
    history = csv("date,product,market,quantity", *(f"2026-11-02,0012,{place},1" for place in places))
    lanes = csv("factory,market", "F1,PT")
    contents = Contents(files(orders=text, history=history, lanes=lanes), {})
    for long, names in ((1, ["orders", "history"]), (len(history), ["history"])):
        reading = LongFolder.of(contents, TODAY, long=long, piece_bytes=100)
        assert list(reading.files) == names
        sure = {}
        if "orders" in reading.files:
            sieve = reading.sieve("orders", {})
            rows = pl.concat(sieve.sure())
            sure["orders"] = rows.filter(~pl.col(LINE).is_in(sieve.repeated.implode()))
        found = pl.concat(reading.sieve("history", sure).sure())
        assert found["market"].to_list() == ["DE", "PT"] * 9


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
    sieve = reading.sieve("orders", {})
    assert sum(rows.height for rows in sieve.sure()) == 50
    assert sieve.doubtful().cells[LINE].to_list() == [52]


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
    sure = reading.sieve("history", {}).sure()
    assert [rows["date"].to_list() for rows in sure] == [[date(2026, 11, 2)]]
