"""Kill a process in the middle of its backups and restores, and look at the workspace and the backups left.

`run_kills` kills `count` processes, one after the other, on one workspace that lives through all of them.
Run as `python -m tests.store.kill_backup DATABASE` this file is the process to be killed.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from planning.store import Workspace
from planning.store.backups import NEWEST, Backups
from planning.store.database import looking_at
from planning.store.ledger import broken_entries
from tests.store.kill_import import Kill, kill, say, torn, variant

#: What the processes are at when they are killed, over and over.
MOMENTS = ("backup", "restore", "backup", "restore", "restore")
ROUNDS = 20
KEPT = 1000
#: How long they take, more or less, where none was passed.
FIRST_SECONDS = 0.5


def run_kills(count: int, seed: int, folder: Path) -> list[Kill]:
    """Kill `count` processes at random moments.

    Parameters
    ----------
    count : processes to start and kill.
    seed : of the moments; when a process is killed within them still depends on the machine.
    folder : where the workspace and its backups are put.

    Returns
    -------
    Of each kill the backups acknowledged and those found, of all processes so far.
    """
    chance = random.Random(seed)
    database = folder / "takt.duckdb"
    with Workspace.open(database) as workspace:
        workspace.record_import("0", *variant("0"))
        sure = workspace.ledger_head().head
    kills, names = [], set[str]()
    for number in range(count):
        moment = MOMENTS[number % len(MOMENTS)]
        told, seconds = kill(
            "tests.store.kill_backup", database, moment, chance.randint(0, 1), chance.random(), FIRST_SECONDS
        )
        said = [line.split("@") for line in told]
        acknowledged = {name for name, _ in said if name.startswith("takt-")}
        sure = said[-1][1] if said else sure
        names |= acknowledged
        found, sure, faults = _inspect(database, names, sure)
        kills.append(Kill(moment, seconds, len(acknowledged), found, tuple(faults)))
    return kills


def _inspect(database: Path, names: set[str], sure: str) -> tuple[int, str, list[str]]:
    """Backups found, where the ledger ends, and everything that is not as it has to be."""
    with Workspace.open(database) as workspace:
        faults = [f"ledger entry {seq}: {fault}" for seq, fault in workspace.verify_ledger().iter_rows()]
        history, holds = workspace.import_history(), workspace.load_network()
        ledger, head = workspace.ledger(), workspace.ledger_head().head
        backups = _backups(workspace).every()
    source = history.filter(status="active")["source"].item()
    if holds is None or holds.input_hash != variant(source)[1].input_hash:
        faults.append(f"the network that holds is not import {source}")
    if not ledger["hash"].is_in([sure]).any() and sure not in _left_behind(ledger.rows(named=True)):
        faults.append("what was acknowledged last is neither there nor what a restore left behind")
    faults += [f"backup {name} was acknowledged and is gone" for name in names - {b.name for b in backups}]
    for backup in backups:
        faults += [f"{backup.name}: {fault}" for fault in _not_whole(backup.path)]
    return len(backups), head, faults + list(torn(database))


def _left_behind(entries: list[dict[str, str]]) -> set[str]:
    """Where the ledger ended before each restore."""
    restores = (entry for entry in entries if entry["kind"] == "workspace restored")
    return {json.loads(entry["detail"])["head"] for entry in restores}


def _not_whole(path: Path) -> Iterator[str]:
    with looking_at(path) as session:
        yield from (f"ledger entry {seq}: {fault}" for seq, fault in broken_entries(session).iter_rows())
    yield from torn(path)


def _backups(workspace: Workspace) -> Backups:
    return workspace.backups(workspace.path.parent / "backups", KEPT)


def main(database: Path) -> None:
    """Back up, import and restore in turn, saying what is begun, what is done, and where the ledger ends."""
    with Workspace.open(database) as workspace:
        backups = _backups(workspace)
        first = workspace.ledger_head().count * 1000
        for number in range(first, first + ROUNDS):
            say("backup")
            made = backups.back_up()
            say(f"stored {made.name}@{workspace.ledger_head().head}")
            workspace.record_import(str(number), *variant(str(number)))
            say(f"stored import@{workspace.ledger_head().head}")
            say("restore")
            before = backups.restore(NEWEST).before
            say(f"stored {before.name}@{workspace.ledger_head().head}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
