"""Long files into the workspace piece by piece: the same workspace, the same content once, no halves."""

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from planning.errors import InputError
from planning.signals import Folder, validate
from planning.signals.folder import Contents, read_contents
from planning.signals.long_folder import LongFolder
from planning.store import Workspace
from planning.store.payload import unpacked
from tests.store.company import FILES, PUBLISHED, TODAY

ROWS = 2000
#: More than DuckDB keeps in one row group.
DOUBTFUL = 130_000
LINES = "".join(f"O{n},{n % 3 + 1},2026-12-04,{('BRK', '0012')[n % 2]},DE,{n % 9}.5,\n" for n in range(ROWS))
BAD = "A-2,1,2026-12-18,NOBODY,PT,3,\nO7,2,2026-12-04,0012,DE,7.5,\nO8,3,2026-12-04,BRK,DE,1,\nO9,1\n"
LONG = {name: text.encode() for name, text in FILES.items()} | {
    "orders.csv": (FILES["orders.csv"] + LINES + BAD).encode()
}
CONTENTS = Contents(LONG, {name: text.encode() for name, text in PUBLISHED.items()})

KILLED = """
import sys
from pathlib import Path
from tests.store.test_long_import import TODAY, in_pieces, variant
from planning.signals.long_folder import LongFolder
from planning.store import Workspace
LongFolder.of = in_pieces(20_000)
with Workspace.open(Path(sys.argv[1])) as workspace:
    for number in range(int(sys.argv[2]), 1000):
        print("import", flush=True)
        workspace.record_folder(str(number), variant(number), TODAY)
        print("stored", flush=True)
"""


def in_pieces(piece: int) -> object:
    """`LongFolder.of` for which every file is long, read `piece` bytes at a time."""
    whole = LongFolder.of
    return lambda contents, today: whole(contents, today, long=1, piece_bytes=piece)


def variant(number: int) -> Contents:
    """One of endlessly many long folders, told apart by one order."""
    orders = LONG["orders.csv"] + f"V{number},1,2026-12-04,BRK,DE,1,\n".encode()
    return Contents(LONG | {"orders.csv": orders}, {})


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LongFolder, "of", in_pieces(30_000))


@pytest.mark.usefixtures("small_pieces")
def test_a_folder_read_in_pieces_is_the_network_it_is_as_a_whole(workspace: Workspace) -> None:
    network = validate(Folder.from_files(CONTENTS.files, CONTENTS.published), TODAY)
    receipt = workspace.record_folder("company", CONTENTS, TODAY)
    held = workspace.load_network()
    assert held is not None
    assert (receipt.rows_kept_aside, receipt.outcome) == (5, "imported")
    assert receipt.rows_in == receipt.rows_loaded + receipt.rows_kept_aside
    assert_frame_equal(held.rejected, network.rejected)
    for name, frame in network.tables.items():
        assert_frame_equal(held[name], frame)
    assert (held.input_hash, held.given, held.policy) == (network.input_hash, network.given, network.policy)
    assert workspace.held_files().files == LONG


@pytest.mark.usefixtures("small_pieces")
def test_a_long_history_of_which_every_row_is_in_doubt_is_there_after_it_was_stored(
    workspace: Workspace,
) -> None:
    """Its market is that of an order that came twice, so that it is known at the end only."""
    rows = "".join(f"2026-{n % 9 + 1:02}-01,BRK,FR,{n}\n" for n in range(DOUBTFUL))
    files = {name: data for name, data in LONG.items() if name not in {"markets.csv", "lanes.csv"}}
    files["orders.csv"] += b"F1,1,2026-12-04,BRK,FR,1,\n" * 2
    history = f"date,product,market,quantity\n{rows}".encode()
    workspace.record_folder("company", Contents(files | {"history.csv": history}, {}), TODAY)
    held = workspace.load_network()
    assert held is not None
    assert held["history"].height == DOUBTFUL
    assert held["history"]["quantity"].sum() == DOUBTFUL * (DOUBTFUL - 1) / 2


@pytest.mark.usefixtures("small_pieces")
def test_long_files_that_stay_on_disk_make_the_same_import(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    (folder / "published").mkdir(parents=True)
    for name, data in CONTENTS.files.items():
        (folder / name).write_bytes(data[:])
    for name, data in CONTENTS.published.items():
        (folder / "published" / name).write_bytes(data)
    first = workspace.record_folder("company", read_contents(folder, 1), TODAY)
    assert workspace.held_files().files == LONG
    assert workspace.record_folder("company", CONTENTS, TODAY) == replace(first, outcome="unchanged")


@pytest.mark.usefixtures("small_pieces")
def test_a_file_that_changes_while_it_is_imported_leaves_nothing(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    for name, data in LONG.items():
        (folder / name).write_bytes(data)
    contents = read_contents(folder, 1)
    assert contents.file_hashes
    with (folder / "orders.csv").open("ab") as file:
        file.write(b"A-9,1,2026-12-18,BRK,PT,3,\n")
    with Workspace.open(database) as workspace:
        with pytest.raises(InputError, match="was changed while it was read"):
            workspace.record_folder("company", contents, TODAY)
        assert workspace.imports().is_empty()
        assert workspace.record_folder("company", read_contents(folder, 1), TODAY).outcome == "imported"


@pytest.mark.usefixtures("small_pieces")
def test_the_same_folder_again_changes_nothing_however_it_was_read(workspace: Workspace) -> None:
    first = workspace.record_folder("company", CONTENTS, TODAY)
    folder = Folder.from_files(CONTENTS.files, CONTENTS.published)
    assert workspace.record_folder("company", CONTENTS, TODAY).outcome == "unchanged"
    assert workspace.record_import("company", folder, validate(folder, TODAY)).batch == first.batch
    assert workspace.undo(first.batch)
    assert workspace.record_folder("company", CONTENTS, TODAY).outcome == "restored"


@pytest.mark.usefixtures("small_pieces")
def test_a_folder_that_is_refused_leaves_nothing_of_its_long_files(database: Path) -> None:
    refused = Contents(LONG | {"stock.csv": b"factory,product,quantity\nNOWHERE,0012,1\n"}, {})
    torn = Contents(CONTENTS.files, {"plan.json": b"{"})
    with Workspace.open(database) as workspace:
        for contents in (refused, torn):
            with pytest.raises(InputError):
                workspace.record_folder("company", contents, TODAY)
        assert workspace.imports().is_empty()
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.sql("select count(*) from raw.orders").fetchall() == [(0,)]


def test_a_killed_import_of_a_long_file_leaves_nothing_half_there(database: Path, repo_root: Path) -> None:
    chance = random.Random(20261129)
    stored = 0
    for _ in range(3):
        arguments = [sys.executable, "-c", KILLED, str(database), str(stored)]
        with subprocess.Popen(arguments, cwd=repo_root, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "import\n"
            began = time.perf_counter()
            assert process.stdout.readline() == "stored\n"
            took = time.perf_counter() - began
            time.sleep(chance.random() * took)
            process.kill()
            told = 1 + process.stdout.read().split("\n").count("stored")
        with Workspace.open(database) as workspace:
            assert workspace.imports().height in {stored + told, stored + told + 1}
            stored = workspace.imports().height
            assert workspace.verify_ledger().is_empty()
    with duckdb.connect(str(database), read_only=True) as connection:
        whole = connection.sql("select batch, rows_loaded from raw.import_batch order by batch").fetchall()
        orders = connection.sql(
            "select batch, count(*) from raw.orders group by all order by batch"
        ).fetchall()
        files = connection.sql("select file, bytes, compressed from raw.payload").fetchall()
    assert [batch for batch, _ in orders] == [batch for batch, _ in whole]
    assert len({rows for _, rows in orders}) == 1
    assert {file for file, _, _ in files} == set(LONG)
    assert {unpacked(kept, size) for file, size, kept in files if file == "orders.csv"} == {
        variant(number).files["orders.csv"] for number in range(stored)
    }
