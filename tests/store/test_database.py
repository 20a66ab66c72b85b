"""One owner, many threads: a file held elsewhere is told, and nobody sees half of anything."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from planning.errors import ConfigurationError, WorkspaceBusyError
from planning.store import Job, Workspace
from planning.store.clock import loaded, utc_now
from planning.store.database import Database, Session, quoted
from tests.store.company import company, stocked

HOLD = """
import sys, time
from pathlib import Path
from planning.store import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""
CRASH = """
import os, sys
from pathlib import Path
from planning.store import Workspace
from tests.store.company import stocked
workspace = Workspace.open(Path(sys.argv[1]))
workspace.record_import("company", *stocked(7))
os._exit(1)
"""


def python(script: str, database: Path, root: Path) -> subprocess.Popen[str]:
    """Another process that runs `script` on the database."""
    return subprocess.Popen(
        [sys.executable, "-c", script, str(database)], cwd=root, stdout=subprocess.PIPE, text=True
    )


def test_a_second_process_is_told_who_holds_the_workspace(database: Path, repo_root: Path) -> None:
    with python(HOLD, database, repo_root) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusyError, match=f"process {holder.pid}") as told:
            Workspace.open(database)
        holder.kill()
    assert told.value.pid == holder.pid
    # The holder was killed and could tidy nothing up: its claim ends with it.
    Workspace.open(database).close()


def test_what_was_acknowledged_survives_a_crash_without_a_checkpoint(database: Path, repo_root: Path) -> None:
    with python(CRASH, database, repo_root) as crashed:
        assert crashed.wait() == 1
    log = database.with_name(database.name + ".wal")
    assert log.stat().st_size > 0
    with Workspace.open(database) as workspace:
        network = workspace.load_network()
        assert workspace.verify_ledger().is_empty()
    assert network is not None
    assert network["stock"]["quantity"].to_list() == [7]


def test_a_second_workspace_of_this_process_is_told_too(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceBusyError, match=f"process {os.getpid()}"):
        Workspace.open(workspace.path)
    assert workspace.imports().is_empty()


def test_a_closed_workspace_can_be_opened_again_and_closed_twice(database: Path) -> None:
    first = Workspace.open(database)
    first.close()
    first.close()
    Workspace.open(database).close()


def test_closing_an_old_workspace_again_leaves_its_successor_alone(database: Path) -> None:
    first = Workspace.open(database)
    first.close()
    with Workspace.open(database):
        first.close()
        with pytest.raises(WorkspaceBusyError):
            Workspace.open(database)


def test_missing_folders_are_created(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "data" / "workspace" / "takt.duckdb").close()
    assert (tmp_path / "data" / "workspace" / "takt.duckdb").is_file()


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "takt.duckdb"
    letter.write_text("Dear planner, " * 1000)
    with pytest.raises(ConfigurationError, match=r"cannot be opened: .*not a valid DuckDB database file"):
        Workspace.open(letter)
    assert letter.read_text() == "Dear planner, " * 1000


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"cannot be created: .* Set database, or TAKT_DATABASE"):
        Workspace.open(tmp_path / "file" / "takt.duckdb")


def test_a_workspace_that_did_not_open_can_be_opened_later(tmp_path: Path) -> None:
    letter = tmp_path / "takt.duckdb"
    letter.write_text("Dear planner, " * 1000)
    with pytest.raises(ConfigurationError):
        Workspace.open(letter)
    letter.unlink()
    Workspace.open(letter).close()


def test_a_block_left_by_an_error_writes_nothing(workspace: Workspace) -> None:
    folder, network = company()
    unwritable = network.with_tables(
        orders=network["orders"].with_columns(pl.col("quantity").cast(pl.String) + "x")
    )
    with pytest.raises(Exception, match="Could not convert string"):
        workspace.record_import("company", folder, unwritable)
    assert workspace.imports().is_empty()
    assert workspace.ledger().is_empty()
    assert workspace.record_import("company", folder, network).batch == 1


def test_readers_see_whole_networks_while_another_thread_imports(workspace: Workspace) -> None:
    variants = {network.input_hash: network for _, network in map(stocked, range(1, 4))}
    workspace.record_import("company", *stocked(1))
    done = threading.Event()
    seen: set[str] = set()

    def read() -> int:
        reads = 0
        while not done.is_set() or reads == 0:
            network = workspace.load_network()
            assert network is not None
            assert network["stock"].equals(variants[network.input_hash]["stock"])
            assert workspace.imports()["status"].to_list().count("active") == 1
            seen.add(network.input_hash)
            reads += 1
        return reads

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for units in (2, 3, 1, 2, 3, 1, 2, 3):
                workspace.record_import("company", *stocked(units))
        finally:
            done.set()
        assert sum(reader.result() for reader in readers) > 2
    assert len(seen) > 1
    assert workspace.verify_ledger().is_empty()


def test_two_writing_threads_take_turns(workspace: Workspace) -> None:
    def write(name: str) -> None:
        for number in range(15):
            workspace.save_job(Job(f"{name}{number}", "plan", "running", loaded(utc_now())))
            if number % 5 == 0:
                workspace.record_import(name, *stocked(number + (100 if name == "a" else 200)))

    with ThreadPoolExecutor(2) as pool:
        for writer in [pool.submit(write, name) for name in "ab"]:
            writer.result()
    assert len(workspace.jobs()) == 30
    assert workspace.imports().height == 6
    assert workspace.ledger()["seq"].to_list() == list(range(1, 7))
    assert workspace.verify_ledger().is_empty()


def test_a_reader_keeps_the_state_it_began_with(database: Path) -> None:
    Workspace.open(database).close()
    opened = Database.open(database)
    with opened.reading() as reader:
        assert reader.read("next_forecast")["forecast"].to_list() == [1]
        with opened.writing() as writer:
            run = {
                "forecast": 1,
                "created_at": utc_now(),
                "input_hash": "n",
                "dependence": "{}",
                "made_of": None,
                "made_by": None,
            }
            writer.write("save_forecast_run", **run)
        assert reader.read("next_forecast")["forecast"].to_list() == [1]
    with opened.reading() as reader:
        assert reader.read("next_forecast")["forecast"].to_list() == [2]
    opened.close()


def test_an_identifier_is_quoted_whatever_word_it_is() -> None:
    assert quoted("end") == '"end"'
    assert quoted('a"; drop table b; --') == '"a""; drop table b; --"'


def test_rows_in_pieces_are_written_in_full_row_groups(tmp_path: Path) -> None:
    """Others DuckDB would write a second time when the file is closed."""
    pieces = [pl.DataFrame({"amount": range(start, start + 160_000)}) for start in range(0, 640_000, 160_000)]
    with duckdb.connect(str(tmp_path / "pieces.duckdb")) as connection:
        connection.execute("create table amounts (amount bigint)")
        Session(connection).append_pieces("main", "amounts", pieces[0].clear(), iter(pieces))
        stored = connection.sql("select sum(amount), count(*) from amounts").fetchall()
        groups = connection.sql(
            "select distinct row_group_id from pragma_storage_info('amounts') order by 1"
        ).fetchall()
    assert stored == [(sum(range(640_000)), 640_000)]
    assert len(groups) == 6
