"""Kill a process in the middle of importing a shop's file, and look at what is left.

Run as `python -m tests.workflows.kill_upload DATABASE` this file is the process to be killed.
"""

import random
import sys
from datetime import date
from pathlib import Path

import polars as pl

from planning.signals.reading.profile import Profile
from planning.store import Workspace
from planning.workflows.folders import import_folder
from planning.workflows.uploads import Uploads
from tests.builders.company import write_company
from tests.builders.killing import kill, say
from tests.store.kill_import import Kill

TODAY = date(2026, 11, 23)
FILE = "sales.csv"
ROWS, IMPORTS = 400, 40
#: Seconds an import takes, more or less, where none was passed.
IMPORT_SECONDS = 1.0
HEADER = "ORDERNUMBER,QUANTITYORDERED,PRICEEACH,ORDERLINENUMBER,ORDERDATE,STATUS,PRODUCTCODE,COUNTRY\n"


def run_kills(count: int, seed: int, folder: Path) -> list[Kill]:
    """Kill `count` processes at random moments of an import, on one workspace that lives through all of them.

    Parameters
    ----------
    count : processes to start and kill.
    seed : of the moments; when a process is killed within them still depends on the machine.
    folder : where the workspace is put.
    """
    chance = random.Random(seed)
    database = folder / "takt.duckdb"
    with Workspace.open(database) as workspace:
        import_folder(workspace, write_company(folder / "company"), TODAY)
    kills, stored = [], 1
    for _ in range(count):
        told, seconds = kill(
            "tests.workflows.kill_upload",
            database,
            "import",
            chance.randint(0, 2),
            chance.random(),
            IMPORT_SECONDS,
        )
        found, faults = _inspect(database, stored, told)
        stored = found
        kills.append(Kill("import", seconds, len(told), found, tuple(faults)))
    return kills


def _inspect(database: Path, before: int, told: list[str]) -> tuple[int, list[str]]:
    """Imports found, and everything that is not as it has to be."""
    faults = []
    with Workspace.open(database) as workspace:
        history = workspace.import_history()
        faults += [f"ledger entry {seq}: {fault}" for seq, fault in workspace.verify_ledger().iter_rows()]
        found, uploads = history.height, history.filter("is_upload")
        if not before + len(told) <= found <= before + len(told) + 1:
            faults.append(f"{found - before} new imports, {len(told)} acknowledged")
        if history.filter(pl.col("status") == "active")["batch"].to_list() != [found]:
            faults.append("it is not the last import that holds")
        for batch, rows_in, aside in uploads.select("batch", "rows_in", "rows_kept_aside").iter_rows():
            if (rows_in, aside, workspace.read_files.aside_of(batch).height) != (ROWS + 1, 1, 1):
                faults.append(f"import {batch}: {rows_in} rows, {aside} aside")
        if bool(workspace.read_files.profiles()) != (not uploads.is_empty()):
            faults.append("a profile without its import, or the other way round")
        held = workspace.load_network(TODAY)
        orders = pl.DataFrame() if held is None else held["orders"].filter(pl.col("order_id") == "W1")
        if not uploads.is_empty() and orders["quantity"].to_list() != [float(found - 1)] * ROWS:
            faults.append("the orders that hold are not those imported last, or not all of them")
    return found, faults


def content(number: int) -> bytes:
    """A shop's file whose lines all have this quantity; one of them is on hold."""
    line = f"{number},60,{{}},10/24/2026 0:00,{{}},0002,uk\n"
    rows = "".join(f"W1,{line.format(place, 'In Process')}" for place in range(1, ROWS + 1))
    return (HEADER + rows + f"W2,{line.format(1, 'On Hold')}").encode()


def main(database: Path) -> None:
    """Import one file after the other, saying what is begun and what is stored."""
    with Workspace.open(database) as workspace:
        uploads = Uploads(workspace, lambda: TODAY)
        first = workspace.imports().height
        for number in range(first, first + IMPORTS):
            data = content(number)
            told = uploads.understood(FILE, data, Profile())
            if told is None:
                raise ValueError("not understood")
            preview = uploads.preview([uploads.incoming(FILE, data, told)])
            say("import")
            uploads.load(preview)
            say(f"done {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
