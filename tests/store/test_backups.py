"""Backups: whole copies while planners work, checked as they are written, and the way back to one."""

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest

from planning.errors import ConfigurationError, InputError, WorkspaceBusyError
from planning.store import ChangedMeanwhileError, Workspace
from planning.store.backups import NEWEST, Backups, recover
from planning.store.database import Database, looking_at, rows_of_tables
from tests.builders.plans import a_plan
from tests.store.company import stocked


@pytest.fixture
def backups(workspace: Workspace) -> Backups:
    return workspace.backups(workspace.path.parent / "backups", 10)


def stock(workspace: Workspace) -> float | None:
    network = workspace.load_network()
    return None if network is None else network["stock"]["quantity"].item()


def test_a_backup_is_the_workspace_row_by_row_and_says_when_why_and_where_the_ledger_ended(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.save_plan(a_plan(), "a" * 64)
    made = backups.back_up()
    assert (made.why, made.imports, made.plans, made.fault) == ("by hand", 1, 1, "")
    assert made.ledger == workspace.ledger_head()
    assert made.size == made.path.stat().st_size
    assert [one.name for one in backups.every()] == [made.name]
    with looking_at(made.path) as session:
        copied = rows_of_tables(session)
        ledger = session.read("ledger")
    assert ledger.equals(workspace.ledger())
    assert copied["plan", "production"] == a_plan()["production"].height
    assert sorted(path.name for path in made.path.parent.iterdir()) == [made.name], "nothing is left beside"


def test_what_is_written_meanwhile_is_in_the_backup_whole_or_not_at_all(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    begun = threading.Event()

    def write() -> None:
        for number in range(6):
            workspace.record_import(str(number), *stocked(2 + number))
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    made = [backups.back_up() for _ in range(3)]
    writer.join()
    for backup in made:
        with looking_at(backup.path) as session:
            assert session.read("ledger").height == session.read("imports").height == backup.ledger.count
    assert [backup.ledger.count for backup in made] == sorted(backup.ledger.count for backup in made)


def test_the_owner_keeps_the_file_while_it_is_backed_up(workspace: Workspace, backups: Backups) -> None:
    backups.back_up()
    look = f"import duckdb; duckdb.connect({str(workspace.path)!r})"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert "lock" in done.stderr.lower()


def test_a_restore_brings_the_backup_back_and_keeps_what_was_there(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    first = backups.back_up()
    workspace.record_import("more", *stocked(2))
    plan = workspace.save_plan(a_plan(), "a" * 64)
    lost = backups.lost_by(first.name)
    assert lost["kind"].to_list() == ["import imported", "plan saved"]
    done = backups.restore(first.name, workspace.ledger_head())
    assert (stock(workspace), workspace.load_plan(plan.version)) == (1, None)
    assert workspace.ledger()["kind"].to_list() == ["import imported", "workspace restored"]
    assert workspace.verify_ledger().is_empty()
    assert (done.before.why, done.before.plans) == ("before a restore", 1)

    backups.restore(done.before.name)
    assert stock(workspace) == 2
    assert workspace.load_plan(plan.version) is not None
    assert workspace.verify_ledger().is_empty()


def test_a_restored_workspace_goes_on_and_opens_again(database: Path) -> None:
    with Workspace.open(database) as workspace:
        backups = workspace.backups(database.parent / "backups", 10)
        workspace.record_import("company", *stocked(1))
        backups.restore(backups.back_up().name)
        workspace.record_import("more", *stocked(3))
        with pytest.raises(WorkspaceBusyError):
            Database.open(database)
    with Workspace.open(database) as workspace:
        assert stock(workspace) == 3
        assert workspace.verify_ledger().is_empty()


def test_a_restore_waits_for_who_reads_and_who_reads_then_sees_the_restored(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    backups.back_up()
    workspace.record_import("more", *stocked(2))
    stop, seen = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            seen.append(stock(workspace))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    backups.restore(NEWEST)
    assert stock(workspace) == 1
    stop.set()
    for reader in readers:
        reader.join()
    assert set(seen) <= {1, 2}


def test_a_restore_is_refused_when_more_was_done_than_was_told(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    made, told = backups.back_up(), workspace.ledger_head()
    workspace.decisions.put_off("rows", date(2026, 12, 1))
    with pytest.raises(ChangedMeanwhileError, match="More was done"):
        backups.restore(made.name, told)
    assert len(backups.every()) == 1


def test_starting_anew_empties_the_workspace_and_says_so_in_its_ledger(
    workspace: Workspace, backups: Backups
) -> None:
    workspace.record_import("company", *stocked(1))
    before = backups.start_anew()
    assert (stock(workspace), before.why, before.imports) == (None, "before starting anew", 1)
    assert workspace.ledger()["kind"].to_list() == ["workspace started anew"]
    backups.restore(before.name)
    assert stock(workspace) == 1


def test_the_last_ones_are_kept(workspace: Workspace) -> None:
    backups = workspace.backups(workspace.path.parent / "backups", 2)
    made = [backups.back_up().name for _ in range(4)]
    assert [one.name for one in backups.every()] == made[:1:-1]


def test_what_is_no_backup_is_told_and_never_restored(workspace: Workspace, backups: Backups) -> None:
    made = backups.back_up()
    torn = made.path.with_name("takt-20260101T000000-000.duckdb")
    torn.write_bytes(made.path.read_bytes()[:100_000])
    faults = {one.name: one.fault for one in backups.every()}
    assert faults[made.name] == ""
    assert "cannot be" in faults[torn.name]
    for name, words in ((torn.name, "cannot be"), ("takt-nothing.duckdb", made.name)):
        with pytest.raises(InputError, match=words):
            backups.restore(name)


def test_a_backup_of_an_edited_ledger_is_refused(database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.record_import("company", *stocked(1))
    with duckdb.connect(str(database)) as connection:
        connection.execute("update audit.ledger set actor = 'eve'")
    with Workspace.open(database) as workspace:
        backups = workspace.backups(database.parent / "backups", 10)
        with pytest.raises(ConfigurationError, match="ledger entry 1: it was edited"):
            backups.back_up()
        assert backups.every() == []
        assert list((database.parent / "backups").iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="right to write"):
        workspace.backups(tmp_path / "file", 3).back_up()


def test_a_workspace_that_cannot_be_opened_is_put_aside_for_a_backup(database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.record_import("company", *stocked(1))
        made = workspace.backups(database.parent / "backups", 10).back_up()
    database.write_bytes(b"gone" * 1000)
    with pytest.raises(ConfigurationError):
        Workspace.open(database)
    damaged = recover(database, made, "Ana")
    assert damaged.read_bytes() == b"gone" * 1000
    with Workspace.open(database) as workspace:
        assert stock(workspace) == 1
        assert workspace.ledger()["kind"].to_list()[-1] == "workspace restored"
