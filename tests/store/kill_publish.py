"""Kill a process in the middle of publishing one plan after the other, and look at what is published.

`run_kills` kills `count` processes, one after the other, on one workspace that lives through all of them.
Run as `python -m tests.store.kill_publish DATABASE` this file is the process to be killed.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planning.domain.schema import EXPORT
from planning.store import Step, Workspace
from tests.builders.killing import kill, say
from tests.export.kill_export import numbered

#: What the processes are at when they are killed, over and over.
MOMENTS = ("publish", "publish", "save", "approve", "publish")
BEFORE: tuple[Step, ...] = ("proposed", "approved")
PLANS = 40
FIRST_SECONDS = 0.05


@dataclass(frozen=True)
class Kill:
    """What a killed process left.

    Parameters
    ----------
    moment : what it was at: save, approve or publish.
    seconds : from the beginning of that to the kill, up to what it took the time before.
    acknowledged : publications the process had been told are done.
    found : version that is published; None where none is.
    publications : the workspace holds after it, of all processes so far.
    faults : what was lost or half there, in words; empty when all is well.
    """

    moment: str
    seconds: float
    acknowledged: int
    found: int | None
    publications: int
    faults: tuple[str, ...]


def run_kills(count: int, seed: int, folder: Path) -> list[Kill]:
    """Kill `count` processes at random moments.

    Parameters
    ----------
    count : processes to start and kill.
    seed : of the moments; when a process is killed within them still depends on the machine.
    folder : where the workspace is put.
    """
    chance = random.Random(seed)
    database = folder / "takt.duckdb"
    Workspace.open(database).close()
    published: int | None = None
    kills = []
    for number in range(count):
        moment = MOMENTS[number % len(MOMENTS)]
        rounds = chance.randint(0, 2)
        done, seconds = kill(
            "tests.store.kill_publish", database, moment, rounds, chance.random(), FIRST_SECONDS
        )
        told = [int(version) for version in done]
        found, publications, faults = _inspect(database, told[-1] if told else published)
        published = found
        kills.append(Kill(moment, seconds, len(told), found, publications, tuple(faults)))
    return kills


def _inspect(database: Path, sure: int | None) -> tuple[int | None, int, list[str]]:
    """The version published, publications in all, and everything that is not as it has to be."""
    with Workspace.open(database) as workspace:
        found = workspace.published_version()
        faults = [f"ledger entry {seq}: {fault}" for seq, fault in workspace.verify_ledger().iter_rows()]
        versions = workspace.plans()["version"].to_list()
        steps = workspace.plan_steps()
        if found is not None:
            faults += _torn(workspace, found)
    saved = set(steps.filter(step="saved")["version"])
    if saved != set(versions):
        faults.append(f"plans {versions}, the ledger tells of {sorted(saved)}")
    if found not in {sure, *(version for version in versions if version > (sure or 0))}:
        faults.append(f"plan v{sure} was acknowledged as published, v{found} is")
    done = set(steps.filter(step="published")["version"])
    if len([version for version in done if version > (sure or 0)]) > 1:
        faults.append("more than one publication was not acknowledged")
    return found, len(done), faults


def _torn(workspace: Workspace, version: int) -> Iterator[str]:
    plan, whole = workspace.load_plan(version), numbered(version)
    for name in EXPORT:
        if plan is None or not plan[name].equals(whole[name]):
            yield f"{name} of plan v{version} is not what was published"


def main(database: Path) -> None:
    """Save, propose, approve and publish one plan after the other, saying what is begun and what is done."""
    with Workspace.open(database) as workspace:
        first = (workspace.plans()["version"].max() or 0) + 1  # type: ignore[operator]
        for number in range(first, first + PLANS):
            say("save")
            workspace.save_plan(numbered(number), "n" * 64)
            say("approve")
            for step in BEFORE:
                workspace.take_step(number, step, "in turn")
            say("publish")
            workspace.take_step(number, "published", "in turn")
            say(f"done {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
