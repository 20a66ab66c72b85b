"""Kill a process in the middle of its exports, and look at what is left.

`run_kills` kills `count` processes, one after the other, all of them writing the same export folder.
Run as `python -m tests.export.kill_export OUT` this file is the process to be killed.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from planning.domain.field import Field
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.errors import InputError
from planning.export import read_folder, write_folder
from tests.builders.killing import kill, say

ROWS = 5000
EXPORTS = 40
#: How long the first export takes, more or less: the first process is killed while it does that.
FIRST_SECONDS = 0.06


@dataclass(frozen=True)
class Kill:
    """What a killed process left.

    Parameters
    ----------
    seconds : from the beginning of an export to the kill, up to what the export before took.
    acknowledged : exports the process had been told are written.
    found : number of the export at the folder; None where there is none yet.
    left : names beside the folder that the process did not clear any more.
    faults : what was lost or half there, in words; empty when all is well.
    """

    seconds: float
    acknowledged: int
    found: int | None
    left: tuple[str, ...]
    faults: tuple[str, ...]


def run_kills(count: int, seed: int, folder: Path) -> list[Kill]:
    """Kill `count` processes at random moments, and export once more undisturbed.

    Parameters
    ----------
    count : processes to start and kill.
    seed : of the moments; when a process is killed within them still depends on the machine.
    folder : where the export folder is put; there is none at first.
    """
    chance = random.Random(seed)
    out = folder / "out"
    held: int | None = None
    kills = []
    for one in range(count):
        rounds = chance.randint(1, 3) if one else 0
        done, seconds = kill(
            "tests.export.kill_export", out, "export", rounds, chance.random(), FIRST_SECONDS
        )
        acknowledged = [int(number) for number in done]
        left = tuple(sorted(path.name for path in folder.iterdir() if path.name != "out"))
        found, faults = _inspect(out, held, acknowledged)
        held = found
        kills.append(Kill(seconds, len(acknowledged), found, left, tuple(faults)))
    write_folder(numbered((held or 0) + 1), out)
    beside = sorted(path.name for path in folder.iterdir())
    if beside != ["out"]:
        last = kills.pop()
        fault = f"the next export left {', '.join(beside)}"
        kills.append(Kill(last.seconds, last.acknowledged, last.found, last.left, (*last.faults, fault)))
    return kills


def _inspect(out: Path, before: int | None, acknowledged: list[int]) -> tuple[int | None, list[str]]:
    """The export found, and everything that is not as it has to be."""
    sure = acknowledged[-1] if acknowledged else before
    try:
        plan = read_folder(out)
    except InputError as error:
        return (None, []) if sure is None and not out.exists() else (None, [str(error)])
    found = int(plan.summary["version"])
    faults = list(_torn(plan, found))
    if found not in {sure or 1, (sure or 0) + 1}:
        faults.append(f"export {sure} was acknowledged, {found} is there")
    return found, faults


def _torn(plan: Plan, number: int) -> Iterator[str]:
    whole = numbered(number)
    for name in EXPORT:
        if not plan[name].equals(whole[name]):
            yield f"{name}.csv is not that of export {number}"


def numbered(number: int) -> Plan:
    """One of endlessly many plans, no file of which is that of another."""
    tables = {
        name: pl.DataFrame(
            {field.name: pl.Series([_cell(field, number)] * ROWS) for field in table.fields},
            schema=table.polars_schema,
        )
        for name, table in EXPORT.items()
    }
    return Plan(tables, {"version": number})


def _cell(field: Field, number: int) -> object:
    values: dict[str, object] = {
        "number": number + 0.5,
        "whole": number,
        "flag": number % 2 == 0,
        "date": date(2026, 11, 30),
        "week": date(2026, 11, 30),
    }
    return values.get(field.kind, f"export {number}")


def main(out: Path) -> None:
    """Write one export after the other, saying what is begun and what is written."""
    first = int(read_folder(out).summary["version"]) + 1 if out.exists() else 1
    for number in range(first, first + EXPORTS):
        plan = numbered(number)
        say("export")
        write_folder(plan, out)
        say(f"done {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
