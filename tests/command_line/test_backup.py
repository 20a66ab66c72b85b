"""backup and restore: copies of the workspace, and the way back, told before it is gone."""

import json
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
