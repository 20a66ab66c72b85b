"""An upload joins what holds: laws, and the cases a planner meets."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.schema import INPUT
from planning.signals import SourceFile
from planning.signals.cells import Window
from planning.signals.update import HELD, UPLOADED, Joined, Mode, Upload, changes, join
from tests.signals.mini import TODAY, csv

WINDOW = Window.around(TODAY)
ORDERS = "order_id,line,due_date,product,market,quantity,customer"
HISTORY = "date,product,market,quantity"

ORDER = st.tuples(
    st.sampled_from(["SO1", "SO2", "SO3", ""]),
    st.sampled_from(["1", "2", "", "1.0"]),
    st.sampled_from(["2026-12-18", "2027-01-15", "18.12.2026", "1970-01-01"]),
    st.sampled_from(["0012", "12"]),
    st.sampled_from(["DE", '"D, E"', '"two\nlines"']),
    st.sampled_from(["1", "2.0", "many", "1,5"]),
    st.sampled_from(["", "Ada", '"=1+1"', 'say "hi']),
).map(",".join)
PAST = st.tuples(
    st.sampled_from(["2026-11-02", "2026-11-09", "soon"]),
    st.sampled_from(["0012", "0013"]),
    st.sampled_from(["DE", "FR"]),
    st.sampled_from(["1", "2", "2", "-3"]),
).map(",".join)
TABLES = st.sampled_from(["orders", "history"])
HEADERS = {"orders": ORDERS, "history": HISTORY}
ROWS = {"orders": ORDER, "history": PAST}


def source(table: str, text: str) -> SourceFile:
    return SourceFile.read(INPUT[table], text.encode())


def upload(table: str, text: str) -> Upload:
    return Upload.of(source(table, text), INPUT[table], WINDOW)


def lost(table: str, held: SourceFile) -> list[int]:
    """Lines of a file that are kept aside for what stands in it."""
    return Upload.of(held, INPUT[table], WINDOW).rejected["line"].to_list()


def joined(table: str, held: str, new: str, mode: Mode = "update") -> Joined:
    file = source(table, held)
    return join(INPUT[table], file, upload(table, new), mode, lost(table, file))


def body(after: Joined) -> list[str]:
    return after.data.decode().splitlines()[1:]


def did(table: str, held: str, new: str, mode: Mode = "update") -> tuple[dict[int, str], int]:
    """What the upload does: its line → new, changed or same; and how many rows are removed."""
    after, mine = joined(table, held, new, mode), upload(table, new)
    told, removed = changes(after, lost(table, source(table, held)), mine.rejected["line"].to_list())
    return dict(told.iter_rows()), removed


@st.composite
def two_files(draw: st.DrawFn) -> tuple[str, str, str]:
    """A table, a file of it that holds and one that is uploaded; the columns of the second in any order."""
    table = draw(TABLES)
    held = csv(HEADERS[table], *draw(st.lists(ROWS[table], max_size=6)))
    rows = draw(st.lists(ROWS[table], max_size=6))
    new = csv(HEADERS[table], *rows)
    if draw(st.booleans()):
        new = csv(HEADERS[table] + ",remark", *(f"{row},x" for row in rows))
    return table, held, new


@settings(max_examples=40)
@given(two_files(), st.sampled_from(["update", "replace"]))
def test_the_same_file_twice_changes_nothing(files: tuple[str, str, str], mode: Mode) -> None:
    table, held, new = files
    once = joined(table, held, new, mode)
    again = source(table, once.data.decode())
    twice = join(INPUT[table], again, upload(table, new), mode, lost(table, again))
    assert not twice.changed
    assert twice.data == once.data


@settings(max_examples=40)
@given(two_files(), st.sampled_from(["update", "replace"]))
def test_every_uploaded_row_is_in_the_file_or_told_as_left_out(
    files: tuple[str, str, str], mode: Mode
) -> None:
    table, held, new = files
    after, mine = joined(table, held, new, mode), upload(table, new)
    lines = [*mine.source.cells["#line"], *mine.source.broken["#line"]]
    there = after.rows[UPLOADED].drop_nulls().to_list()
    assert sorted([*there, *after.left_out]) == sorted(lines)
    assert source(table, after.data.decode()).rows_in == after.rows.height


@settings(max_examples=40)
@given(two_files())
def test_what_an_upload_says_nothing_of_stays_to_the_letter(files: tuple[str, str, str]) -> None:
    table, held, new = files
    after = joined(table, held, new)
    told = set(joined(table, csv(HEADERS[table]), new).rows["#about"])
    untouched = after.before.filter(~pl.col("#about").is_in(list(told)))[HELD].to_list()
    assert set(untouched) <= set(after.rows[HELD].drop_nulls())


@settings(max_examples=40)
@given(two_files())
def test_a_row_that_cannot_load_never_drives_out_one_that_does(files: tuple[str, str, str]) -> None:
    table, held, new = files
    before, mine = source(table, held), upload(table, new)
    aside, bad = lost(table, before), mine.rejected["line"].to_list()
    after = join(INPUT[table], before, mine, "update", aside)
    loads = after.rows.filter(pl.col(UPLOADED).is_not_null() & ~pl.col(UPLOADED).is_in(bad))["#about"]
    served = after.before.filter(~pl.col(HELD).is_in(aside))["#about"]
    left = source(table, after.data.decode())
    good = joined(table, csv(HEADERS[table]), after.data.decode()).rows
    loading = set(good.filter(~pl.col(UPLOADED).is_in(lost(table, left)))["#about"])
    assert set(served) | set(loads) <= loading


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=6),
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=6, unique_by=lambda row: row[0]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_uploaded_rows_with_keys_of_their_own_makes_no_difference(
    holds: list[tuple[int, int]], comes: list[tuple[int, int]], dice: random.Random
) -> None:
    held, rows = (
        [f"SO{number},1,2026-12-18,0012,DE,{units}," for number, units in said] for said in (holds, comes)
    )
    shuffled = dice.sample(rows, len(rows))
    first, second = (joined("orders", csv(ORDERS, *held), csv(ORDERS, *new)) for new in (rows, shuffled))
    assert sorted(body(first)) == sorted(body(second))


@settings(max_examples=40)
@given(two_files())
def test_after_replacing_all_rows_the_upload_is_what_holds(files: tuple[str, str, str]) -> None:
    table, held, new = files
    after = joined(table, held, new, "replace")
    assert after.data == (new.encode() if after.changed else held.encode())
    assert not joined(table, after.data.decode(), new, "replace").changed


def test_a_changed_order_takes_its_place_and_a_new_one_comes_last() -> None:
    held = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,4,Ada", "SO2,1,2026-12-18,0012,DE,5,Bea")
    new = csv(ORDERS, "SO3,1,2026-12-18,0012,DE,6,Cy", "SO1,1,2026-12-18,0012,DE,7,Ada")
    assert body(joined("orders", held, new)) == [
        "SO1,1,2026-12-18,0012,DE,7,Ada",
        "SO2,1,2026-12-18,0012,DE,5,Bea",
        "SO3,1,2026-12-18,0012,DE,6,Cy",
    ]
    assert did("orders", held, new) == ({2: "new", 3: "changed"}, 0)


def test_a_line_that_is_not_given_is_the_first_and_2_0_is_2() -> None:
    held = csv(ORDERS, "SO1,,2026-12-18,0012,DE,2,Ada")
    new = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,2.0,Ada")
    after = joined("orders", held, new)
    assert not after.changed
    assert after.data == held.encode()


def test_ids_are_text_0012_is_not_12() -> None:
    held = csv(HISTORY, "2026-11-02,0012,DE,4")
    assert did("history", held, csv(HISTORY, "2026-11-02,12,DE,4")) == ({2: "new"}, 0)


def test_a_corrected_day_replaces_that_day_instead_of_adding_to_it() -> None:
    held = csv(HISTORY, "2026-11-02,0012,DE,4", "2026-11-02,0012,DE,1", "2026-11-09,0012,DE,3")
    new = csv(HISTORY, "2026-11-02,0012,DE,6")
    assert body(joined("history", held, new)) == ["2026-11-02,0012,DE,6", "2026-11-09,0012,DE,3"]
    assert did("history", held, new) == ({2: "changed"}, 1)


def test_what_the_upload_has_no_column_for_stays() -> None:
    held = csv(ORDERS, 'SO1,1,2026-12-18,0012,DE,4,"Ada, Ltd"')
    new = csv("order_id,due_date,product,market,quantity", "SO1,2027-01-15,0012,DE,4")
    assert body(joined("orders", held, new)) == ['SO1,1,2027-01-15,0012,DE,4,"Ada, Ltd"']


def test_a_column_nobody_knows_is_kept() -> None:
    held = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,4,Ada")
    new = csv(ORDERS + ",remark", "SO2,1,2026-12-18,0012,DE,4,Bea,call first")
    after = joined("orders", held, new).data.decode()
    assert after == csv(
        ORDERS + ",remark", "SO1,1,2026-12-18,0012,DE,4,Ada,", "SO2,1,2026-12-18,0012,DE,4,Bea,call first"
    )


@pytest.mark.parametrize(
    "bad",
    [
        "SO1,1,2026-12-18,0012,DE,many,Ada",
        "SO1,1,2026-12-18,0012,DE,1,5,Ada",
        "SO1,1,1970-01-01,0012,DE,4,Ada",
    ],
)
def test_a_row_kept_aside_is_replaced_once_it_is_corrected(bad: str) -> None:
    good = "SO1,1,2026-12-18,0012,DE,4,Ada"
    assert body(joined("orders", csv(ORDERS, bad), csv(ORDERS, good))) == [good]
    assert did("orders", csv(ORDERS, bad), csv(ORDERS, good)) == ({2: "new"}, 0)


def test_a_spoilt_row_stands_beside_the_order_that_holds_until_it_is_corrected() -> None:
    good, bad = "SO1,1,2026-12-18,0012,DE,4,Ada", "SO1,1,2026-12-18,0012,DE,many,Ada"
    spoilt = joined("orders", csv(ORDERS, good), csv(ORDERS, bad))
    assert body(spoilt) == [good, bad]
    better = good.replace(",4,", ",5,")
    assert body(joined("orders", spoilt.data.decode(), csv(ORDERS, better))) == [better]


def test_rows_that_contradict_one_another_leave_the_order_that_holds_alone() -> None:
    good = "SO1,1,2026-12-18,0012,DE,4,Ada"
    after = joined("orders", csv(ORDERS, good), csv(ORDERS, good.replace("4", "5"), good.replace("4", "6")))
    assert body(after) == [good]
    assert after.left_out == {2, 3}


def test_a_row_other_files_refuse_leaves_the_order_that_holds_alone() -> None:
    held = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,4,Ada")
    new = upload("orders", csv(ORDERS, "SO1,1,2026-12-18,NOBODY,DE,4,Ada"))
    after = join(INPUT["orders"], source("orders", held), new, "update", refused=[2])
    assert not after.changed
    assert after.left_out == {2}


def test_a_routing_without_an_id_is_known_by_product_and_robot_model() -> None:
    held = csv("product,robot_model,hours_per_unit", "0012,ADD,1.5", "0013,ADD,2")
    new = csv("routing,product,robot_model,hours_per_unit", "0012/ADD,0012,ADD,1.25")
    assert did("routings", held, new) == ({2: "changed"}, 0)


def test_replacing_all_rows_tells_what_is_gone() -> None:
    held = csv(ORDERS, *(f"SO{n},1,2026-12-18,0012,DE,{n},Ada" for n in range(1, 6)))
    new = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,1,Ada", "SO2,1,2026-12-18,0012,DE,9,Ada")
    assert did("orders", held, new, "replace") == ({2: "same", 3: "changed"}, 3)


def test_rows_in_another_order_are_the_same_rows() -> None:
    rows = [f"SO{n},1,2026-12-18,0012,DE,{n},Ada" for n in range(1, 4)]
    after = joined("orders", csv(ORDERS, *rows), csv(ORDERS, *reversed(rows)), "replace")
    assert not after.changed


def test_text_that_looks_like_a_formula_is_text() -> None:
    row = 'SO1,1,2026-12-18,0012,DE,4,"=HYPERLINK(""x"",1)"'
    new = csv(
        "customer," + ORDERS.removesuffix(",customer"), '"=HYPERLINK(""x"",1)",SO1,1,2026-12-18,0012,DE,4'
    )
    assert not joined("orders", csv(ORDERS, row), new).changed


def test_a_file_without_rows_changes_nothing_or_removes_everything() -> None:
    held = csv(ORDERS, "SO1,1,2026-12-18,0012,DE,4,Ada")
    assert not joined("orders", held, csv(ORDERS)).changed
    assert did("orders", held, csv(ORDERS), "replace") == ({}, 1)
