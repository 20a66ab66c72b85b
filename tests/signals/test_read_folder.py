"""Reading a folder: what no row can be read from is told in words, all of it at once."""

import csv as csv_module
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.errors import InputError
from planning.signals import Folder, read_folder
from planning.signals.rows import LINE, RAW, cut
from tests.signals.mini import FIVE, ORDERS, csv, files, folder, orders, places, refusal


def put(place: Path, **changes: str | bytes | None) -> Path:
    for name, content in files(**changes).items():
        (place / name).write_bytes(content)
    return place


def told(place: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_folder(place)
    return str(refused.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "there is no such folder" in told(tmp_path / "nowhere")


def test_a_file_instead_of_a_folder_is_told(tmp_path: Path) -> None:
    assert "is a file, not a folder" in told(put(tmp_path) / "orders.csv")


def test_an_empty_folder_is_told_with_every_missing_file_in_one_message(tmp_path: Path) -> None:
    message = told(tmp_path)
    for file in ("orders.csv", "routings.csv", "factories.csv", "offers.csv", "contracts.csv or owned.csv"):
        assert file in message


def test_missing_files_and_headers_are_told_together() -> None:
    faults = refusal(owned=None, offers=None, orders="order_id,due_dat,product,market,quantity\n")
    assert [fault.file for fault in faults] == ["offers.csv", "contracts.csv or owned.csv", "orders.csv"]


def test_a_file_with_almost_the_right_name_is_named() -> None:
    with pytest.raises(InputError, match=r"Rename 'Orders\.csv'"):
        Folder.from_files({"Orders.csv": b"x"} | {k: v for k, v in files().items() if k != "orders.csv"})


def test_contracts_instead_of_owned_robots_are_enough() -> None:
    contracts = "contract,offer,factory,units,on_rent_date,min_end_date\n"
    assert set(folder(owned=None, contracts=contracts).files) == set(FIVE) - {"owned"} | {"contracts"}


def test_a_header_typo_names_line_column_and_the_nearest_name() -> None:
    (fault,) = refusal(orders="order_id,due_date,prodct,market,quantity\nSO1,2026-12-18,0012,DE,40\n")
    assert (fault.file, fault.line, fault.column, fault.value) == ("orders.csv", 1, "product", "prodct")
    assert fault.remedy == "Rename 'prodct' to 'product'."


def test_every_missing_column_is_told() -> None:
    faults = refusal(orders="order_id,notes\nSO1,hello\n")
    assert [fault.column for fault in faults] == ["due_date", "product", "market", "quantity"]
    assert "notes" in faults[0].remedy


def test_a_column_that_occurs_twice_is_refused() -> None:
    (fault,) = refusal(owned="factory,robot_model,units,units\nF1,ADD,1,2\n")
    assert fault.column == "units"
    assert "more than once" in fault.reason


def test_other_separators_are_told_as_such() -> None:
    (fault,) = refusal(orders="order_id;due_date;product;market;quantity\nSO1;2026-12-18;0012;DE;40\n")
    assert "not separated by commas" in fault.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary file"),
        (b"PK\x03\x04 whatever", "Excel workbook"),
        ("order_id".encode("utf-16"), "UTF-16"),
        (b"order_id,due_date\nSO1,M\xe4rz\n", "byte 0xE4 is no UTF-8 text"),
        (b"", "is empty"),
        (b"\n  \n", "is empty"),
    ],
)
def test_what_is_no_csv_text_is_told_in_words(content: bytes, words: str) -> None:
    (fault,) = refusal(orders=content)
    assert fault.file == "orders.csv"
    assert words in fault.reason


def test_an_undecodable_byte_is_told_with_its_line() -> None:
    (fault,) = refusal(orders=FIVE["orders"].encode() + b"SO3,2026-12-18,0012,M\xfcnchen,4\n")
    assert (fault.line, fault.value) == (4, "0xFC")


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    plain, dressed = FIVE["orders"], "\ufeff" + FIVE["orders"].replace("\n", "\r\n")
    assert folder(orders=dressed).files["orders"].cells.equals(folder(orders=plain).files["orders"].cells)


def test_files_and_columns_nobody_knows_are_passed_over() -> None:
    read = folder(wishes=b"\x00\x01", owned="colour,factory,robot_model,units\nred,F1,ADD,1\n")
    assert set(read.files) == set(FIVE)
    assert read.files["owned"].cells.columns == [LINE, RAW, "factory", "robot_model", "units"]
    assert read.files["owned"].cells[RAW].to_list() == ["red,F1,ADD,1"]


def test_lines_are_those_of_the_file_whatever_a_cell_holds() -> None:
    read = folder(
        orders=orders(
            'SO1,1,2026-12-18,"0012",DE,40,,',
            "",
            'SO2,1,2026-12-18,"two\nlines",DE,40,,',
            'SO3,1,2026-12-18,"say ""yes"", please",DE,40,,',
        )
    )
    cells = read.files["orders"].cells
    assert cells[LINE].to_list() == [2, 4, 6]
    assert cells["product"].to_list() == ["0012", "two\nlines", 'say "yes", please']


def test_ragged_rows_are_neither_padded_nor_cut() -> None:
    source = folder(orders=orders("SO1,1,2026-12-18,0012,DE,40", "SO2,1,2026-12-18,0012,DE,1,5,,")).files[
        "orders"
    ]
    assert source.cells.is_empty()
    assert source.broken[LINE].to_list() == [2, 3]
    few, many = source.broken["reason"].to_list()
    assert "6 cells where the header has 8" in few
    assert "9 cells where the header has 8" in many


def test_a_quotation_mark_in_the_wrong_place_spoils_its_row_only() -> None:
    source = folder(
        orders=orders(
            'SO1,1,2026-12-18,5" disc,DE,40,,',
            'SO2,1,2026-12-18,"a" b,DE,1,,',
            'SO3,1,2026-12-18,"x\ny",DE,1,,',
        )
    ).files["orders"]
    assert source.broken[LINE].to_list() == [2, 3]
    assert source.cells[LINE].to_list() == [4]


def test_a_quotation_mark_that_is_never_closed_is_refused() -> None:
    (fault,) = refusal(
        orders=orders("SO1,1,2026-12-18,0012,DE,40,,", 'SO2,1,2026-12-18,"0012,DE,40,,', "SO3")
    )
    assert (fault.line, fault.raw) == (3, 'SO2,1,2026-12-18,"0012,DE,40,,')


CELL = st.text(st.sampled_from('ab0, "\n;é\t'), max_size=6)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)
    )
)
def test_what_a_csv_writer_wrote_is_read_cell_for_cell(rows: list[list[str]]) -> None:
    """Against Python's own reader: same cells, same lines. Blank cells are the business of typing."""
    names = [f"n{n}" for n in range(len(rows[0]))]
    stream = io.StringIO()
    csv_module.writer(stream, lineterminator="\n", quoting=csv_module.QUOTE_ALL).writerows([names, *rows])
    cells, broken = cut("any.csv", stream.getvalue()).cells(set(names))
    reader = csv_module.reader(io.StringIO(stream.getvalue(), newline=""))
    starts, expected = [], []
    next(reader)
    while (line := reader.line_num) is not None and (row := next(reader, None)) is not None:
        starts.append(line + 1)
        expected.append(row)
    assert broken.is_empty()
    assert cells[LINE].to_list() == starts
    assert [[cell or "" for cell in row] for row in cells.select(names).rows()] == expected


@given(st.lists(st.text(st.sampled_from('ab,"\n'), max_size=12), max_size=6))
def test_every_line_that_is_not_blank_is_part_of_one_row(lines: list[str]) -> None:
    try:
        records = cut("any.csv", csv("a,b", *lines))
    except InputError:  # a quotation mark that is never closed
        return
    cells, broken = records.cells({"a", "b"})
    raws = sorted([*cells.select(LINE, RAW).rows(), *broken.select(LINE, RAW).rows()])
    text = csv("a,b", *lines).split("\n")
    covered = [n for line, raw in raws for n in range(line, line + raw.count("\n") + 1)]
    assert len(covered) == len(set(covered))
    assert {n for n, line in enumerate(text, start=1) if line.strip() and n > 1} <= set(covered)


def test_the_input_hash_is_the_one_anybody_can_compute(tmp_path: Path) -> None:
    put(tmp_path, wishes="not,ours\n")
    (tmp_path / "notes.txt").write_text("passed over")
    names = sorted(path.name for path in tmp_path.glob("*.csv"))
    lines = [f"{name} {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}\n" for name in names]
    assert read_folder(tmp_path).input_hash == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_input_hash_changes_with_any_file() -> None:
    assert folder().input_hash != folder(wishes="not,ours\n").input_hash
    assert folder().input_hash == folder().input_hash


def test_the_published_plan_lies_beside(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "production.csv").write_text("factory,product,routing,week,quantity\n")
    (tmp_path / "published" / "plan.json").write_text('{"plan_id": "P1"}')
    read = read_folder(tmp_path)
    assert set(read.published) == {"production"}
    assert read.published_plan == {"plan_id": "P1"}


def test_a_published_plan_that_cannot_be_read_is_told_with_the_rest() -> None:
    beside = {"production.csv": b"factory,product,routing,week,quantty\n", "plan.json": b"{"}
    with pytest.raises(InputError) as refused:
        Folder.from_files(files(owned=None), beside)
    assert places(refused.value.faults) == [
        ("contracts.csv or owned.csv", None, None),
        ("published/production.csv", 1, "quantity"),
        ("published/plan.json", None, None),
    ]


def test_the_header_may_come_in_any_order() -> None:
    turned = ",".join(reversed(ORDERS.split(",")))
    cells = folder(orders=csv(turned, "2,confirmed,40,DE,0012,2026-12-18,1,SO1")).files["orders"].cells
    assert cells.select("order_id", "priority").row(0) == ("SO1", "2")
