"""Kill a process in the middle of its imports, and look at what is left.

`run_kills` kills `count` processes, one after the other, on one workspace that lives through all of them.
Run as `python -m tests.store.kill_import DATABASE` this file is the process to be killed.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from planning.domain.network import Network
from planning.signals import Folder
from planning.store import Workspace
from planning.store.payload import unpacked
from tests.builders.killing import kill, say
from tests.store.company import company

#: What the processes are at when they are killed, over and over.
MOMENTS = ("open", "import", "import", "close", "import")
#: How long creating a workspace takes, more or less: the first process is killed while it does that.
CREATION_SECONDS = 0.3
HISTORY_ROWS = 5000
IMPORTS = 40


@dataclass(frozen=True)
class Kill:
    """What a killed process left.

    Parameters
    ----------
    moment : what it was at: open, import or close.
    seconds : from the beginning of that to the kill, up to what it took the time before.
    acknowledged : imports the process had been told are stored.
    found : imports the workspace holds after it, of all processes so far.
    faults : what was lost, doubled or half there, in words; empty when all is well.
    """

    moment: str
    seconds: float
    acknowledged: int
    found: int
    faults: tuple[str, ...]


def run_kills(count: int, seed: int, folder: Path) -> list[Kill]:
    """Kill `count` processes at random moments.

    Parameters
    ----------
    count : processes to start and kill.
    seed : of the moments; when a process is killed within them still depends on the machine.
    folder : where the workspace is put; there is none at first, so the first kill falls into its creation.
    """
    chance = random.Random(seed)
    database = folder / "takt.duckdb"
    stored = 0
    kills = []
    for number in range(count):
        moment = MOMENTS[number % len(MOMENTS)]
        rounds = chance.randint(1, 4) if number else 0
        acknowledged, seconds = kill(
            "tests.store.kill_import", database, moment, rounds, chance.random(), CREATION_SECONDS
        )
        found, faults = _inspect(database, stored, acknowledged)
        stored = found
        kills.append(Kill(moment, seconds, len(acknowledged), found, tuple(faults)))
    return kills


def _inspect(database: Path, before: int, acknowledged: list[str]) -> tuple[int, list[str]]:
    """Imports found, and everything that is not as it has to be."""
    with Workspace.open(database) as workspace:
        imports = workspace.imports()
        holds = workspace.load_network()
        ledger = workspace.ledger()
        faults = [f"ledger entry {seq}: {fault}" for seq, fault in workspace.verify_ledger().iter_rows()]
    found = imports.height
    sources = imports.sort("batch")["source"].to_list()
    if sources[before : before + len(acknowledged)] != acknowledged:
        faults.append(f"{acknowledged} were acknowledged, the workspace has {sources[before:]}")
    if found > before + len(acknowledged) + 1:
        faults.append(f"{found - before} new imports of {len(acknowledged)} acknowledged")
    if ledger.height != found:
        faults.append(f"{found} imports, {ledger.height} ledger entries")
    if imports.filter(imports["status"] == "active")["batch"].to_list() != ([found] if found else []):
        faults.append("it is not the last import that holds")
    if holds is not None and holds.input_hash != variant(sources[-1])[1].input_hash:
        faults.append("the network that holds is not the one imported last")
    return found, faults + list(torn(database))


def torn(database: Path) -> Iterator[str]:
    """Batches of which something is missing or too much."""
    with duckdb.connect(str(database), read_only=True) as connection:
        batches = connection.sql("select batch from raw.import_batch").fetchall()
        network = variant("1")[1]
        # The variants differ in one cell of one table: they load the same number of rows.
        whole = {(batch, table): network[table].height for (batch,) in batches for table in network.given}
        stored = {
            (batch, table): rows
            for table in network.given
            for batch, rows in connection.sql(
                f"select batch, count(*) from raw.{table} group by all"
            ).fetchall()
        }
        files = connection.sql("select batch, file, sha256, compressed, bytes from raw.payload").fetchall()
    for key in sorted(whole.keys() | stored.keys()):
        if whole.get(key) != stored.get(key):
            yield f"batch {key[0]}: {stored.get(key)} rows in raw.{key[1]}, {whole.get(key)} imported"
    for batch, file, digest, kept, size in files:
        if hashlib.sha256(unpacked(kept, size)).hexdigest() != digest:
            yield f"batch {batch}: {file} is not what it was"


@cache
def variant(name: str) -> tuple[Folder, Network]:
    """One of endlessly many folders, told apart by its first history row."""
    days = "".join(f"2026-{1 + n % 9:02}-{1 + n % 28:02},0012,DE,{n % 7}\n" for n in range(HISTORY_ROWS))
    return company(history=f"date,product,market,quantity\n2026-11-02,0012,DE,{name}\n{days}")


def main(database: Path) -> None:
    """Import one variant after the other, saying what is begun and what is stored."""
    say("open")
    workspace = Workspace.open(database)
    first = workspace.imports().height
    for number in range(first, first + IMPORTS):
        folder, network = variant(str(number))
        say("import")
        workspace.record_import(str(number), folder, network)
        say(f"done {number}")
        if number % 2:
            say("close")
            workspace.close()
            say("open")
            workspace = Workspace.open(database)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
