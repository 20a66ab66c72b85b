"""Cancel: how long a planner waits for the best plan after stopping a solve at any moment.

From the moment of the click on, in the worker: the solver is left, what it has found is exported, laid out
and checked. What the app adds is a message each way and the saving of the plan.
"""

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

import polars as pl

from bench.companies import SIZES, write_company
from bench.plan import made_network
from planning.errors import JobCancelledError
from planning.workflows.planning_run import PlanPayload, make_plan
from planning.workflows.progress import Progress

#: Company, and up to which second it is stopped: about as long as its solve takes.
STOPPED = (("S", "full", 6.0), ("M", "plain", 12.0), ("M", "full", 60.0))
CLICKS, SEED = 5, 7


def main(*sizes: str) -> None:
    """Print one row for each click: when, what was being done, seconds until solve and plan were back."""
    rows = []
    for size, company, longest in STOPPED:
        if sizes and size not in sizes:
            continue
        chance = Random(SEED)
        with tempfile.TemporaryDirectory() as scratch:
            folder = write_company(Path(scratch) / "network", SIZES[size], full=company == "full")
            for moment in sorted(chance.uniform(0.1, longest) for _ in range(CLICKS)):
                rows.append({"company": f"{size} {company}"} | _alone(folder, moment))
    with pl.Config(tbl_width_chars=200, tbl_cols=-1, tbl_rows=-1, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(rows))


def _alone(folder: Path, moment: float) -> dict[str, object]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(stopped_at, folder, moment).result()


def stopped_at(folder: Path, moment: float) -> dict[str, object]:
    """Make a plan and stop it `moment` seconds after its beginning."""
    network = made_network(folder, 1e-4, 600.0)
    click = time.monotonic() + moment
    told: list[tuple[float, float, Progress]] = []

    def report(progress: Progress) -> None:
        told.append((time.monotonic(), time.process_time(), progress))

    try:
        ended = make_plan(PlanPayload(network, None), report, lambda: time.monotonic() > click).plan.summary
        status, gap = str(ended["status"]), f"{ended['gap']:.2%}"
    except JobCancelledError:
        status, gap = "no plan yet", ""
    back, cpu = time.monotonic(), time.process_time()
    before = [one for one in told if one[0] <= click]
    solved = [one for one in told if one[2].stage == "Laying the schedule out"]
    return {
        "stopped at": f"{moment:.1f} s",
        "while": before[-1][2].stage if before else "",
        "solver left after": round(solved[0][0] - click, 2) if solved else None,
        "plan back after": round(back - click, 2),
        "CPU of the rest": round(cpu - solved[0][1], 2) if solved else None,
        "status": status,
        "gap": gap,
    }
