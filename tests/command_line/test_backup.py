"""backup and restore: copies of the workspace, and the way back, told before it is gone."""

import json
import zipfile
from pathlib import Path

import pytest

from planning.store import Workspace
from tests.command_line.commands import Takt
from tests.store.company import stocked


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        workspace.record_import("company", *stocked(1))
    return tmp_path / "takt.duckdb"


def imports(database: Path) -> int:
    with Workspace.open(database) as workspace:
        return workspace.imports().height


def test_a_backup_is_made_and_listed(takt: Takt, database: Path) -> None:
    assert takt("backup", "--list", "--workspace", database).out == "no backup yet\n"
    said = takt("backup", "--workspace", database, "--json")
    made = json.loads(said.out)[0]
    assert (said.code, made["imports"], made["count"], made["fault"]) == (0, 1, 1, "")
    listed = takt("backup", "--list", "--workspace", database).out
    assert listed.startswith(f"{made['name']}: by hand, ")
    assert made["head"] in listed


def test_a_restore_tells_what_it_loses_and_wants_a_yes(takt: Takt, database: Path) -> None:
    takt("backup", "--workspace", database)
    with Workspace.open(database) as workspace:
        workspace.record_import("more", *stocked(2))
    refused = takt("restore", "newest", "--workspace", database)
    assert refused.code == 2
    assert "Would be lost: 1 import, made since." in refused.err
    assert "--yes" in refused.err
    assert imports(database) == 2
    done = takt("restore", "newest", "--yes", "--workspace", database)
    assert (done.code, imports(database)) == (0, 1)
    assert "What was there before is kept: takt-" in done.out
    assert takt("verify", "--workspace", database).code == 0


def test_a_workspace_that_cannot_be_opened_is_restored_and_stays_beside(takt: Takt, database: Path) -> None:
    takt("backup", "--workspace", database)
    database.write_bytes(b"not a database any more")
    assert takt("verify", "--workspace", database).code == 2
    said = takt("restore", "newest", "--yes", "--workspace", database)
    assert (said.code, imports(database)) == (0, 1)
    assert "cannot be opened" in said.err
    assert [path.read_bytes() for path in database.parent.glob("*.damaged-*")] == [b"not a database any more"]


def test_a_backup_there_is_none_of_is_told(takt: Takt, database: Path) -> None:
    said = takt("restore", "takt-yesterday.duckdb", "--yes", "--workspace", database)
    assert said.code == 2
    assert "Those there are: none yet" in said.err


def test_everything_is_exported_as_one_zip(takt: Takt, database: Path, tmp_path: Path) -> None:
    out = tmp_path / "everything.zip"
    said = takt("export", "--everything", "--out", out, "--workspace", database)
    assert said.code == 0
    with zipfile.ZipFile(out) as archive:
        assert {"README.txt", "network/orders.csv", "ledger.csv"} <= set(archive.namelist())
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    assert takt("export", "--everything", "--out", tmp_path / "notes", "--workspace", database).code == 2


def test_the_demo_is_not_loaded_over_a_workspace_that_was_started_anew(takt: Takt, database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.backups(database.parent / "backups", 5).start_anew()
    said = takt("demo", "--workspace", database)
    assert (said.code, imports(database)) == (0, 0)
    assert "started anew" in said.out
