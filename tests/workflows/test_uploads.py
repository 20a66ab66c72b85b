"""Uploads: what a file would do is told before it does it, and what it did can be taken back."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals import Folder, validate
from planning.store import ChangedMeanwhileError, HeldFiles, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview, preview_upload
from planning.workflows.uploads import KEPT, Uploads, templates_zip
from tests.builders.company import FILES
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
HEADER = "order_id,due_date,product,market,quantity\n"
NEW = "SO-9,2026-12-18,0003,pt,10\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The small company holds, as import 1."""
    with Workspace.open(write_imported(tmp_path, TODAY)) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "empty" / "takt.duckdb") as opened:
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def orders(*rows: str, name: str = "orders.csv", **more: str) -> Incoming:
    text = HEADER + "".join(f"{row}\n" for row in rows)
    return Incoming(name, text.encode(), **more)  # type: ignore[arg-type]


def counts(preview: Preview) -> list[tuple[int, int, int, int, int]]:
    """New, changed, same, removed and kept aside of each file."""
    return [(r.new, r.changed, r.same, r.removed, r.kept_aside) for r in preview.files]


def whole(workspace: Workspace) -> Network:
    network = workspace.load_network(TODAY)
    assert network is not None
    return network


def test_a_preview_tells_what_each_row_would_do_and_changes_nothing(
    uploads: Uploads, workspace: Workspace
) -> None:
    preview = uploads.preview(
        [orders(NEW.strip(), "SO-1,2026-11-27,0001,uk,160", "SO-2,2026-12-11,0002,uk,30")]
    )
    assert counts(preview) == [(1, 1, 1, 0, 0)]
    assert preview.files[0].rows["change"].to_list() == ["changed", "new", "same"]
    assert preview.loads
    assert whole(workspace)["orders"].height == 5


def test_bad_rows_are_told_by_file_line_column_value_and_remedy_and_good_ones_load(
    uploads: Uploads, workspace: Workspace
) -> None:
    file = orders(NEW.strip(), "SO-8,18.12.2026,0003,pt,1", "SO-7,2026-12-18,0O03,pt,1", name="my orders.csv")
    preview = uploads.preview([file])
    assert preview.aside.select("file", "line", "column", "value", "remedy").rows() == [
        ("my orders.csv", 3, "due_date", "18.12.2026", "Write it as year-month-day, such as 2026-12-18."),
        ("my orders.csv", 4, "product", "0O03", "Did you mean '0003'?"),
    ]
    uploads.load(preview)
    assert whole(workspace)["orders"].height == 6
    assert whole(workspace).rejected.height == 2
    assert_frame_equal(uploads.aside(2), preview.aside)


def test_the_receipt_adds_up_and_the_list_of_imports_tells_it(uploads: Uploads) -> None:
    preview = uploads.preview([orders(NEW.strip(), "SO-1,2026-11-27,0001,uk,160", "SO-8,x,0003,pt,1")])
    receipt = uploads.load(preview)
    assert (receipt.outcome, receipt.batch) == ("imported", 2)
    row = uploads.history().row(0, named=True)
    assert row["rows_in"] == row["rows_new"] + row["rows_changed"] + row["rows_same"] + row["rows_kept_aside"]
    assert (row["rows_in"], row["rows_new"], row["rows_changed"], row["rows_kept_aside"]) == (3, 1, 1, 1)


def test_the_same_file_twice_changes_nothing(uploads: Uploads, workspace: Workspace) -> None:
    file = orders(NEW.strip(), "SO-8,x,0003,pt,1")
    uploads.load(uploads.preview([file]))
    held = workspace.network_hash()
    again = uploads.preview([file])
    assert counts(again) == [(0, 0, 1, 0, 1)]
    assert not again.loads
    assert uploads.load(again).outcome == "unchanged"
    assert workspace.network_hash() == held


def test_undo_brings_back_what_held_and_redo_what_came(uploads: Uploads, workspace: Workspace) -> None:
    before = whole(workspace)
    uploads.load(uploads.preview([orders(NEW.strip())]))
    after = whole(workspace)
    uploads.undo(2)
    assert whole(workspace).input_hash == before.input_hash
    assert_frame_equal(whole(workspace)["orders"], before["orders"])
    uploads.redo(2)
    for name, frame in after.tables.items():
        assert_frame_equal(whole(workspace)[name], frame)


def test_what_came_in_between_is_never_overwritten(uploads: Uploads) -> None:
    mine = uploads.preview([orders(NEW.strip())])
    uploads.load(uploads.preview([orders("SO-8,2026-12-18,0003,pt,1")]))
    with pytest.raises(ChangedMeanwhileError):
        uploads.load(mine)
    again = uploads.preview([orders(NEW.strip())])
    assert again.id != mine.id
    assert uploads.load(again).outcome == "imported"


def test_a_preview_is_made_once_and_a_forgotten_one_again(uploads: Uploads) -> None:
    file = orders(NEW.strip())
    first = uploads.preview([file])
    assert uploads.preview([file]) is first
    for number in range(KEPT):
        uploads.preview([orders(f"SO-{number + 20},2026-12-18,0003,pt,1")])
    assert uploads.preview([file]) is not first
    assert counts(uploads.preview([file])) == counts(first)


def test_an_order_that_holds_survives_a_spoilt_update_of_it(uploads: Uploads, workspace: Workspace) -> None:
    preview = uploads.preview([orders("SO-1,2026-11-27,NOBODY,uk,160", NEW.strip())])
    assert counts(preview) == [(1, 0, 0, 0, 1)]
    assert preview.aside["raw"].to_list() == ["SO-1,2026-11-27,NOBODY,uk,160"]
    uploads.load(preview)
    held = whole(workspace)["orders"].filter(pl.col("order_id") == "SO-1")
    assert held.select("product", "quantity").rows() == [("0001", 150.0)]


def test_rows_that_contradict_one_another_leave_what_holds_alone(
    uploads: Uploads, workspace: Workspace
) -> None:
    preview = uploads.preview(
        [orders("SO-1,2026-11-27,0001,uk,160", "SO-1,2026-11-27,0001,uk,170", NEW.strip())]
    )
    assert counts(preview) == [(1, 0, 0, 0, 2)]
    reason = "lines 2, 3 have the same order_id and line and differ: keep the right one; what holds stays"
    assert preview.aside["reason"].to_list() == [reason] * 2
    uploads.load(preview)
    held = whole(workspace)["orders"].filter(pl.col("order_id") == "SO-1")
    assert held["quantity"].to_list() == [150.0]


def test_rows_that_waited_for_a_product_load_once_it_comes(uploads: Uploads, workspace: Workspace) -> None:
    uploads.load(uploads.preview([orders(NEW.strip(), "SO-8,2026-12-18,0099,pt,10")]))
    routing = Incoming("routings.csv", b"product,robot_model,hours_per_unit\n0099,mill,0.5\n")
    preview = uploads.preview([routing])
    assert (preview.healed, preview.fallen) == (1, 0)
    uploads.load(preview)
    assert whole(workspace).rejected.is_empty()
    assert "SO-8" in whole(workspace)["orders"]["order_id"]


def test_rows_that_would_lose_their_product_are_counted(uploads: Uploads) -> None:
    routings = "".join(FILES["routings"].splitlines(keepends=True)[:3])
    preview = uploads.preview([Incoming("routings.csv", routings.encode(), mode="replace")])
    assert counts(preview) == [(0, 0, 2, 1, 0)]
    assert (preview.healed, preview.fallen) == (0, 1)


def test_replacing_all_rows_removes_what_the_file_does_not_have(
    uploads: Uploads, workspace: Workspace
) -> None:
    preview = uploads.preview([orders(NEW.strip(), mode="replace")])
    assert counts(preview) == [(1, 0, 0, 5, 0)]
    uploads.load(preview)
    assert whole(workspace)["orders"]["order_id"].to_list() == ["SO-9"]


def test_what_refuses_the_whole_network_is_told_by_the_uploaded_file(uploads: Uploads) -> None:
    text = "offer,robot_model,weekly_rate\nflex,printer,90\nnew,prnter,80\nnewer,prnter,85\n"
    preview = uploads.preview([Incoming("terms.csv", text.encode(), table="offers")])
    assert preview.loads
    text = "contract,offer,factory,units,on_rent_date,min_end_date\nC1,flax,leeds,1,2026-01-05,2026-12-28\n"
    refused = uploads.preview(
        [Incoming("rent.csv", (text + text.splitlines()[1].replace("C1", "C2")).encode())]
    )
    assert not refused.loads
    assert [(f.file, f.line, f.column) for f in refused.faults] == [("rent.csv", 2, "offer")]
    assert "also in line 3" in refused.faults[0].reason
    assert refused.faults[0].remedy == "Did you mean 'flex'?"
    with pytest.raises(InputError, match=r"rent\.csv line 2"):
        uploads.load(refused)


def test_lines_are_those_of_the_upload_also_where_its_rows_come_last(uploads: Uploads) -> None:
    rows = "factory,robot_model,units\nporto,printer,1\nleds,printer,1\nleds,mill,1\n"
    preview = uploads.preview([Incoming("owned.csv", rows.encode())])
    assert [(f.file, f.line) for f in preview.faults] == [("owned.csv", 3)]
    assert "also in line 4" in preview.faults[0].reason


def test_dates_are_judged_by_the_settings_that_come_along(uploads: Uploads) -> None:
    settings = Incoming("settings.csv", b"key,value\nas_of,2040-11-26\n")
    preview = uploads.preview([orders("SO-9,2040-12-18,0003,pt,10"), settings])
    assert counts(preview)[0] == (1, 0, 0, 0, 0)
    assert preview.fallen == 5


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("orders.xlsx", b"PK\x03\x04rest", "is an Excel workbook"),
        ("orders.csv", b"\x89PNG\0\1", "binary"),
        ("orders.csv", b"", "is empty: not even a header"),
        ("orders.csv", b"order_id;due_date\n", "not separated by commas"),
        ("orders.csv", b"order,due\n1,2\n", "required column is missing"),
        ("orders.csv", "order_id,due_date,product,market,quantity\nÖ,1".encode("cp1252"), "no UTF-8 text"),
        ("something.csv", b"a,b\n1,2\n", "neither its name nor its columns (a, b)"),
    ],
)
def test_what_is_no_file_of_takt_is_refused_in_words(
    uploads: Uploads, name: str, data: bytes, words: str
) -> None:
    preview = uploads.preview([Incoming(name, data)])
    assert not preview.loads
    assert any(fault.file == name and words in fault.reason for fault in preview.faults)
    assert all(fault.remedy for fault in preview.faults)


def test_one_bad_file_holds_the_others_back(uploads: Uploads) -> None:
    preview = uploads.preview([orders(NEW.strip()), Incoming("photo.csv", b"\x89PNG\0")])
    assert not preview.loads
    assert {fault.file for fault in preview.faults} == {"photo.csv"}


def test_two_files_taken_for_the_same_are_told(uploads: Uploads) -> None:
    preview = uploads.preview([orders(NEW.strip()), orders(NEW.strip(), name="orders (2).csv")])
    assert {fault.file for fault in preview.faults} == {"orders.csv", "orders (2).csv"}
    assert "one of several files taken for orders.csv" in preview.faults[0].reason


def test_the_first_files_of_all_make_a_network_and_missing_ones_are_named(empty: Workspace) -> None:
    uploads = Uploads(empty, lambda: TODAY)
    some = [Incoming(f"{name}.csv", text.encode()) for name, text in FILES.items() if name != "offers"]
    refused = uploads.preview(some)
    assert [(fault.file, fault.reason) for fault in refused.faults] == [("offers.csv", "is missing")]
    preview = uploads.preview([*some, Incoming("offers.csv", FILES["offers"].encode())])
    assert uploads.load(preview).outcome == "imported"
    assert whole(empty)["orders"].height == 5
    row = uploads.history().row(0, named=True)
    assert (row["rows_new"], row["can_undo"]) == (17, True)


def test_the_folder_that_holds_is_taken_away_whole(uploads: Uploads, workspace: Workspace) -> None:
    uploads.load(uploads.preview([orders(NEW.strip())]))
    with zipfile.ZipFile(io.BytesIO(uploads.files_zip())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert validate(Folder.from_files(files), TODAY).input_hash == workspace.network_hash()


def test_templates_come_as_one_file_with_every_table() -> None:
    with zipfile.ZipFile(io.BytesIO(templates_zip())) as archive:
        assert {"orders.csv", "opportunities.csv", "history.csv", "campaigns.csv"} <= set(archive.namelist())


@pytest.mark.parametrize("name", ["tiny-2", "small-1"])
def test_a_reference_network_uploaded_is_the_network_imported(
    empty: Workspace, shared_data: Path, name: str
) -> None:
    uploads = Uploads(empty, lambda: TODAY)
    paths = sorted((shared_data / "networks" / name).glob("*.csv"))
    files = [Incoming(path.name, path.read_bytes()) for path in paths]
    known = [file for file in files if file.name.removesuffix(".csv") in INPUT]
    first = uploads.preview(known)
    assert first.faults == ()
    uploads.load(first)
    again = uploads.preview(known)
    assert not again.loads
    expected = validate(Folder.from_files({file.name: file.data for file in known}), TODAY)
    assert whole(empty).input_hash == expected.input_hash
    for table, frame in expected.tables.items():
        assert_frame_equal(whole(empty)[table], frame)


ROW = st.tuples(
    st.sampled_from(["SO-1", "SO-2", "SO-9", ""]),
    st.sampled_from(["2026-12-18", "2026-12-18", "2027-01-08", "18.12.2026", "1970-01-01"]),
    st.sampled_from(["0001", "0003", "0003", "XX"]),
    st.sampled_from(["uk", "pt"]),
    st.sampled_from(["1", "2", "3", "3", "-1", "1,5"]),
).map(",".join)
HELD = HeldFiles(1, {f"{name}.csv": text.encode() for name, text in FILES.items()}, {}, {})


@settings(max_examples=20)
@given(st.lists(ROW, max_size=7), st.sampled_from(["update", "replace"]))
def test_every_row_is_loaded_or_kept_aside_with_a_reason_and_a_remedy(rows: list[str], mode: str) -> None:
    preview = preview_upload("p", HELD, [orders(*rows, mode=mode)], TODAY)
    assert preview.network is not None
    assert preview.folder is not None
    report = preview.files[0]
    assert report.rows_in == len(rows) == report.new + report.changed + report.same + report.kept_aside
    assert preview.aside.height == report.kept_aside
    assert not preview.aside["line"].is_duplicated().any()
    assert preview.aside["remedy"].null_count() == 0
    assert preview.network["orders"].height == 5 + report.new - report.removed
    lost = preview.network.rejected.filter(pl.col("file") == "orders.csv")["line"]
    after = HeldFiles(
        2,
        {source.name: source.data for source in preview.folder.files.values()},
        {},
        {"orders.csv": frozenset(lost)},
    )
    again = preview_upload("q", after, [orders(*rows, mode=mode)], TODAY)
    assert (again.files[0].new, again.files[0].changed, again.files[0].removed) == (0, 0, 0)
    assert not again.loads
