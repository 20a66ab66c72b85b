"""Tables edited by hand: judged before they count, saved as imports, undone; nothing is ever clamped."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.errors import InputError, NothingToPlanError
from planning.signals.rows import LINE
from planning.store import ChangedMeanwhileError, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.network_import import import_folder
from planning.workflows.table_edits import TableEdit, TableRows, draft_edit, save_edit, table_rows
from planning.workflows.uploads import Uploads
from tests.builders.company import write_company

TODAY = date(2026, 11, 23)
NOTED = "factory,name,note\nleeds,Leeds,old hall\nporto,Porto,\n"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    with Workspace.open(folder / "takt.duckdb") as workspace:
        import_folder(workspace, write_company(folder / "network", factories=NOTED), TODAY)
    return folder / "takt.duckdb"


@pytest.fixture
def workspace(imported: Path, tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "takt.duckdb").write_bytes(imported.read_bytes())
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def rows_of(uploads: Uploads, table: str) -> TableRows:
    return table_rows(table, uploads.held_file(table))


def typed(rows: TableRows, line: int, **said: str) -> pl.DataFrame:
    """The table's cells with some of one line typed over."""
    there = pl.col(LINE) == line
    return rows.cells.with_columns(
        pl.when(there).then(pl.lit(text)).otherwise(name).alias(name) for name, text in said.items()
    )


def with_row(rows: TableRows, **said: str) -> pl.DataFrame:
    """The table's cells with one more row, as the editor gives it."""
    new: dict[str, str | None] = dict.fromkeys(rows.columns)
    return pl.concat([rows.cells, pl.DataFrame([{LINE: None} | new | said], schema=rows.cells.schema)])


def draft(uploads: Uploads, table: str, after: pl.DataFrame) -> TableEdit:
    rows = rows_of(uploads, table)
    return draft_edit(uploads, rows, rows.cells, after)


def held(workspace: Workspace, file: str) -> str:
    data = workspace.held_file(file).data
    assert data is not None
    return data.decode()


def test_a_changed_cell_is_shown_saved_as_an_import_told_in_the_ledger_and_undone(
    workspace: Workspace, uploads: Uploads
) -> None:
    before = held(workspace, "offers.csv")
    edit = draft(uploads, "offers", typed(rows_of(uploads, "offers"), 2, weekly_rate="95.5"))
    assert edit.changes.rows() == [("flex", "Changed", "weekly_rate", "90", "95.5")]
    assert edit.can_be_saved
    receipt = save_edit(uploads, edit, "")
    assert held(workspace, "offers.csv") == before.replace(",90,", ",95.5,")
    made = workspace.table_edits().row(0, named=True)
    assert (made["table"], made["rows_changed"], made["status"]) == ("offers", 1, "active")
    assert workspace.verify_ledger().is_empty()
    uploads.undo(receipt.batch)
    assert held(workspace, "offers.csv") == before
    assert workspace.table_edits()["status"].item() == "undone"


@pytest.mark.parametrize("value", ["12x", "-3", "1,5", "", "1e400"])
def test_a_value_that_will_not_do_is_told_with_row_column_and_remedy_and_never_clamped(
    value: str, workspace: Workspace, uploads: Uploads
) -> None:
    edit = draft(uploads, "offers", typed(rows_of(uploads, "offers"), 2, weekly_rate=value))
    fault = edit.faults.row(0, named=True)
    assert (fault["file"], fault["row"], fault["column"]) == ("offers.csv", "flex", "weekly_rate")
    assert fault["value"] == value
    assert fault["remedy"]
    assert not edit.can_be_saved
    with pytest.raises(InputError, match="weekly_rate"):
        save_edit(uploads, edit, "")
    assert workspace.holding() == 1


def test_what_nobody_typed_in_stays_to_the_letter_and_a_column_comes_in_once_it_is_needed(
    workspace: Workspace, uploads: Uploads
) -> None:
    edit = draft(uploads, "factories", typed(rows_of(uploads, "factories"), 3, supervisors="2"))
    save_edit(uploads, edit, "")
    assert held(workspace, "factories.csv") == (
        "factory,name,note,supervisors\nleeds,Leeds,old hall,\nporto,Porto,,2\n"
    )


def test_rows_are_added_and_deleted_and_an_empty_one_is_none(workspace: Workspace, uploads: Uploads) -> None:
    rows = rows_of(uploads, "offers")
    added = pl.concat(
        [with_row(rows, offer="LONG", robot_model="mill", weekly_rate="70"), with_row(rows)[1:]]
    )
    edit = draft(uploads, "offers", added)
    assert edit.changes.rows() == [
        ("LONG", "Added", "", "", "offer LONG, robot_model mill, weekly_rate 70"),
    ]
    save_edit(uploads, edit, "")
    network = workspace.load_network()
    assert network is not None
    assert set(network["offers"]["offer"]) == {"flex", "LONG"}
    edit = draft(uploads, "offers", rows_of(uploads, "offers").cells.filter(pl.col("offer") != "LONG"))
    assert [row[:2] for row in edit.changes.rows()] == [("LONG", "Deleted")]
    save_edit(uploads, edit, "")
    assert held(workspace, "offers.csv").count("\n") == 2


def test_a_table_there_is_no_file_of_gets_one(workspace: Workspace, uploads: Uploads) -> None:
    edit = draft(
        uploads, "stages", with_row(rows_of(uploads, "stages"), stage="lead", position="1", probability="0.1")
    )
    save_edit(uploads, edit, "")
    assert held(workspace, "stages.csv") == "stage,position,probability\nlead,1,0.1\n"


def test_two_rows_of_one_key_are_told_not_merged(uploads: Uploads) -> None:
    rows = rows_of(uploads, "offers")
    edit = draft(uploads, "offers", with_row(rows, offer="flex", robot_model="mill", weekly_rate="70"))
    assert set(edit.faults["row"]) == {"flex"}
    assert "differ" in edit.faults["reason"][0]


def test_a_row_others_speak_of_cannot_be_deleted_and_each_is_named(uploads: Uploads) -> None:
    rows = rows_of(uploads, "factories")
    edit = draft(uploads, "factories", rows.cells.filter(pl.col("factory") != "leeds"))
    assert ("owned.csv", "line 2", "factory", "leeds") in edit.faults.select(
        "file", "row", "column", "value"
    ).rows()


def test_only_rows_that_were_looked_for_are_edited_all_others_stay(
    workspace: Workspace, uploads: Uploads
) -> None:
    rows = rows_of(uploads, "routings")
    found = rows.holding("MILL")
    assert found["product"].to_list() == ["0003"]
    edit = draft_edit(uploads, rows, found, found.with_columns(hours_per_unit=pl.lit("0.45")))
    save_edit(uploads, edit, "")
    assert held(workspace, "routings.csv").endswith("0002,printer,0.8\n0003,mill,0.45\n")


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("horizon_weeks", "0", "at least 1"),
        ("gap", "1,5", "decimal comma"),
        ("timezone", "Mars", "time zone"),
    ],
)
def test_a_setting_that_will_not_do_is_told_at_its_key(
    key: str, value: str, wrong: str, uploads: Uploads
) -> None:
    edit = draft(
        uploads, "settings", with_row(_without(rows_of(uploads, "settings"), key), key=key, value=value)
    )
    fault = edit.faults.row(0, named=True)
    assert (fault["column"], fault["value"]) == (key, value)
    assert wrong in fault["reason"]


def _without(rows: TableRows, key: str) -> TableRows:
    kept = rows.rows.filter(pl.col("key") != key)
    return TableRows(rows.table, kept, rows.slots, rows.absent, rows.lost, rows.batch)


def test_the_policy_needs_a_reason_which_the_ledger_keeps(workspace: Workspace, uploads: Uploads) -> None:
    edit = draft(uploads, "settings", typed(rows_of(uploads, "settings"), 3, value="12"))
    with pytest.raises(InputError, match="needs a reason"):
        save_edit(uploads, edit, "  ")
    save_edit(uploads, edit, "the board looks a quarter ahead")
    assert workspace.table_edits()["reason"].item() == "the board looks a quarter ahead"
    network = workspace.load_network()
    assert network is not None
    assert network.policy.horizon_weeks == 12


def test_an_override_needs_its_reason_in_its_row(uploads: Uploads) -> None:
    said = {"product": "0001", "market": "uk", "week": "2026-12-07", "quantity": "20"}
    rows = rows_of(uploads, "overrides")
    edit = draft(uploads, "overrides", with_row(rows, **said))
    assert edit.faults.select("column", "reason").rows() == [("reason", "an override needs its reason")]
    assert draft(uploads, "overrides", with_row(rows, **said, reason="fair", author="Ana")).can_be_saved


def test_an_override_is_let_go_with_a_reason_its_row_takes_none_along(
    workspace: Workspace, uploads: Uploads
) -> None:
    said = {"product": "0001", "market": "uk", "week": "2026-12-07", "quantity": "20", "reason": "fair"}
    save_edit(uploads, draft(uploads, "overrides", with_row(rows_of(uploads, "overrides"), **said)), "")
    gone = draft(uploads, "overrides", rows_of(uploads, "overrides").cells.clear())
    with pytest.raises(InputError, match="needs a reason"):
        save_edit(uploads, gone, "")
    save_edit(uploads, gone, "the fair is called off")
    network = workspace.load_network()
    assert network is not None
    assert network["overrides"].is_empty()


def test_the_second_of_two_is_told_when_the_same_table_changed_and_only_then(uploads: Uploads) -> None:
    mine = draft(uploads, "offers", typed(rows_of(uploads, "offers"), 2, weekly_rate="95"))
    stock = Incoming("stock.csv", b"factory,product,quantity\nleeds,0001,5\n")
    uploads.load(uploads.preview([stock]))
    other = draft(uploads, "factories", typed(rows_of(uploads, "factories"), 2, name="Leeds North"))
    save_edit(uploads, other, "")
    # It was judged on data that hold no more, but its table is the same: a look at it anew, and it saves.
    rows = table_rows("offers", uploads.held_file("offers", mine.base))
    again = draft_edit(uploads, rows, rows.cells, typed(rows, 2, weekly_rate="95"))
    save_edit(uploads, again, "")
    with pytest.raises(ChangedMeanwhileError, match=r"Somebody changed offers\.csv"):
        save_edit(uploads, mine, "")


def test_saying_the_same_in_other_words_changes_nothing(workspace: Workspace, uploads: Uploads) -> None:
    edit = draft(uploads, "offers", typed(rows_of(uploads, "offers"), 2, weekly_rate="90.0"))
    assert edit.faults.is_empty()
    assert not edit.can_be_saved
    with pytest.raises(NothingToPlanError, match="change nothing"):
        save_edit(uploads, edit, "")
    assert workspace.holding() == 1
