"""How long it takes to duplicate, change and open a scenario of a network with a million rows of demand."""

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from bench.shared import ROOT
from planning.domain.scenario import DemandScaled, own_robots
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder

ROWS = 1_000_000
TODAY = date(2026, 11, 23)


def main() -> None:
    """Print one table: what a planner does, and seconds until it is done."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = _company(Path(scratch) / "network")
        with Workspace.open(Path(scratch) / "takt.duckdb") as workspace:
            rows = import_folder(workspace, folder, TODAY).rows_loaded
            desk = Desk(workspace)
            changes = [own_robots("leeds", "fdm_xl", 9), DemandScaled(0.1)]
            steps: dict[str, Callable[[], object]] = {
                "duplicate the base": lambda: desk.scenarios.duplicate("first"),
                "change it": lambda: desk.scenarios.change("first", changes, on=0),
                "duplicate a scenario": lambda: desk.scenarios.duplicate("second", of="first"),
                "list the scenarios": desk.scenarios.open,
                "discard one": lambda: desk.scenarios.discard("first", desk.scenarios.find("first").revision),
            }
            found = [
                {"rows loaded": rows, "step": step, "seconds": _seconds(do)} for step, do in steps.items()
            ]
    with pl.Config(tbl_width_chars=160, tbl_cols=-1, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(found))


def _company(folder: Path) -> Path:
    """The demo company with a history of a million rows."""
    folder.mkdir()
    for file in (ROOT / "data" / "demo").glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    history = pl.read_csv(folder / "history.csv", infer_schema=False)
    times = -(-ROWS // history.height)
    pl.concat([history] * times).head(ROWS).write_csv(folder / "history.csv")
    return folder


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return round(time.perf_counter() - began, 3)


if __name__ == "__main__":
    main()
