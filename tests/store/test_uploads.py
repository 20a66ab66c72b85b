"""Uploads in the workspace: the files that hold, what each upload did, back and forth."""

from pathlib import Path

import polars as pl
import pytest

from planning.store import ChangedMeanwhileError, UploadRecord, Workspace, imports
from planning.store.database import Database
from planning.store.migrate import migrate, migrations
from tests.store.company import FILES, PUBLISHED, company, stocked

NOTHING_ASIDE = pl.DataFrame(
    schema=dict.fromkeys(("file", "line", "column", "value", "reason", "remedy", "raw"), pl.String)
    | {"line": pl.Int64}
)


def record(**counts: int) -> UploadRecord:
    """What an upload of stock.csv did."""
    names = ("rows_in", "rows_new", "rows_changed", "rows_same", "rows_removed", "rows_kept_aside")
    row = {"file": "stock.csv", "table": "stock", "mode": "update"} | {n: counts.get(n, 0) for n in names}
    return UploadRecord(pl.DataFrame([row]), NOTHING_ASIDE)


def state(workspace: Workspace) -> list[tuple[int, str, bool, bool]]:
    rows = workspace.import_history().select("batch", "status", "can_undo", "can_redo")
    return list(rows.iter_rows())


def test_before_the_first_import_nothing_holds(workspace: Workspace) -> None:
    held = workspace.held_files()
    assert (held.batch, held.files, held.lost) == (None, {}, {})
    assert workspace.holding() is None
    assert workspace.import_history().is_empty()
    assert workspace.files_since().is_empty()


def test_the_files_that_hold_come_back_to_the_byte_with_the_lines_kept_aside(workspace: Workspace) -> None:
    wrong = FILES["orders.csv"] + "A-2,1,2026-12-18,NOBODY,PT,3,\n"
    workspace.record_import("company", *company(published=PUBLISHED, orders=wrong))
    held = workspace.held_files()
    assert held.files == {name: text.encode() for name, text in (FILES | {"orders.csv": wrong}).items()}
    assert set(held.published) == set(PUBLISHED)
    assert held.lost == {"orders.csv": frozenset({5})}


def test_an_upload_is_told_with_what_it_did(workspace: Workspace) -> None:
    workspace.record_import("company", *company())
    did = record(rows_in=3, rows_new=1, rows_same=1, rows_kept_aside=1)
    workspace.record_upload(*stocked(1), did, on=1, actor="ana")
    latest, first = workspace.import_history().to_dicts()
    assert (latest["source"], latest["actor"], latest["status"]) == ("stock.csv", "ana", "active")
    assert (latest["rows_in"], latest["rows_new"], latest["rows_same"]) == (3, 1, 1)
    assert latest["rows_kept_aside"] == 1
    assert (first["source"], first["status"]) == ("company", "superseded")


def test_rows_kept_aside_are_told_by_the_lines_of_the_uploaded_file(workspace: Workspace) -> None:
    workspace.record_import("company", *company())
    aside = NOTHING_ASIDE.vstack(
        pl.DataFrame(
            [["stock.csv", 7, "quantity", "x", "is not a number", "Write digits.", "PO,0012,x"]],
            schema=NOTHING_ASIDE.schema,
            orient="row",
        )
    )
    workspace.record_upload(*stocked(1), UploadRecord(record().files, aside), on=1)
    assert workspace.read_files.aside_of(2).rows() == aside.rows()
    assert workspace.read_files.aside_of(1).is_empty()


def test_an_upload_is_refused_once_something_else_holds(workspace: Workspace) -> None:
    workspace.record_import("company", *company())
    workspace.record_import("company", *stocked(5))
    with pytest.raises(ChangedMeanwhileError, match="nothing was imported"):
        workspace.record_upload(*stocked(1), record(), on=1)
    assert workspace.holding() == 2
    assert workspace.import_history().height == 2


def test_only_what_holds_is_undone_and_only_what_was_undone_last_is_redone(workspace: Workspace) -> None:
    for number in (1, 2, 3):
        workspace.record_import("company", *stocked(number))
    workspace.step_back(3)
    workspace.step_back(2)
    assert state(workspace) == [
        (3, "undone", False, False),
        (2, "undone", False, True),
        (1, "active", True, False),
    ]
    with pytest.raises(ChangedMeanwhileError, match="nothing was done"):
        workspace.step_forward(3)
    workspace.step_forward(2)
    with pytest.raises(ChangedMeanwhileError, match="nothing was done"):
        workspace.step_back(1)
    workspace.step_forward(3)
    assert workspace.holding() == 3
    assert not workspace.import_history()["can_redo"].any()


def test_after_a_new_import_what_was_undone_before_is_not_redone(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.record_import("company", *stocked(2))
    workspace.step_back(2)
    workspace.record_import("company", *stocked(3))
    assert not workspace.import_history()["can_redo"].any()


def test_the_first_import_undone_leaves_nothing_and_comes_back(workspace: Workspace) -> None:
    workspace.record_import("company", *company())
    workspace.step_back(1)
    assert workspace.holding() is None
    assert state(workspace) == [(1, "undone", False, True)]
    workspace.step_forward(1)
    assert workspace.holding() == 1


def test_a_file_is_as_old_as_the_import_it_came_with(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.record_import("company", *stocked(2))
    since = dict(workspace.files_since().iter_rows())
    when = dict(workspace.import_history().select("batch", "imported_at").iter_rows())
    assert since["orders.csv"] == when[1]
    assert since["stock.csv"] == when[2]


def test_a_workspace_from_before_uploads_opens_and_tells_its_imports(tmp_path: Path) -> None:
    database = tmp_path / "takt.duckdb"
    opened = Database.open(database)
    migrate(opened, migrations()[:2])
    with opened.writing() as session:
        imports.record_network(session, "company", *company(), actor="ana")
    opened.close()
    with Workspace.open(database) as workspace:
        workspace.record_upload(*stocked(1), record(rows_in=1, rows_new=1), on=1)
        told = workspace.import_history().select("source", "rows_in", "rows_new", "actor")
        assert told.rows() == [("stock.csv", 1, 1, "planner"), ("company", 16, 16, "ana")]
