"""Plans at real size: first plan, gap over time, memory, beside HiGHS left alone on the same program.

Each solve runs in a process of its own, one at a time, with one thread; Takt's plan with a process beside
it where there is a second core. Seconds are of the wall clock, since limits are; CPU seconds stand beside
them, since a busy machine makes both differ.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from bench.companies import SIZES, START, write_company
from bench.overhead import modelling
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.errors import NoPlanError
from planning.netting import net_demand
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Incumbent, Limits, relative_gap
from planning.optimise.solvers.runs import attempt
from planning.signals import read_folder, validate
from planning.workflows.planning_run import PlanPayload, make_plan
from planning.workflows.progress import Progress

#: What is asked of each size, plain and full: gap within seconds. Nothing is asked of L full; it is shown.
ASKED = {
    "S": {"plain": ((0.005, 10),), "full": ((0.015, 30),)},
    "M": {"plain": ((0.01, 60), (0.005, 300)), "full": ((0.03, 120), (0.015, 600))},
    "ML": {"plain": ((0.015, 120),), "full": ((0.04, 600),)},
    "L": {"plain": ((0.02, 600),), "full": ()},
}

#: Gap and seconds where nothing is asked.
UNASKED = ((0.04, 1_800),)

Asked = tuple[tuple[float, int], ...]

#: Seconds at which the gap is printed.
MOMENTS = (10, 30, 60, 120, 300, 600)


@dataclass(frozen=True)
class Solved:
    """What one solve tells: (seconds, objective, bound) as time went, both times, peak memory in MB.

    CPU seconds and memory are of its process and of the one beside it together, as if both peaked at once.
    `set_up` is the CPU seconds of building the program and of handing it over.
    """

    trace: list[tuple[float, float, float | None]]
    seconds: float
    cpu: float
    memory: float
    word: str
    set_up: tuple[float, float]


def main(*sizes: str) -> None:
    """Print one table: a row for each size, company and way to solve it; S and M where none is named."""
    rows = [row for size in sizes or ("S", "M") for company in ASKED[size] for row in measured(size, company)]
    with pl.Config(
        tbl_width_chars=220,
        tbl_cols=-1,
        tbl_rows=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        print(pl.DataFrame(rows))


def measured(size: str, company: str) -> list[dict[str, object]]:
    """Takt's plan of a company, pressed to the least gap asked for in the longest time, and HiGHS' alone."""
    asked = ASKED[size][company]
    gap = min(gap for gap, _ in asked or UNASKED)
    seconds = max(seconds for _, seconds in asked or UNASKED)
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_company(Path(scratch) / "network", SIZES[size], full=company == "full")
        found = {way.__name__: _alone(way, folder, gap, seconds) for way in (takt, highs)}
    return [
        {"company": f"{size} {company}", "by": name} | row_of(solved, asked) for name, solved in found.items()
    ]


def takt(folder: Path, gap: float, seconds: float) -> Solved:
    """The whole way from a read network to a checked plan; seconds count from its beginning.

    `word` is what the independent check says: a plan that breaks a rule raises.
    """
    network = made_network(folder, gap, seconds)
    set_up = _set_up(network)
    began, trace = time.monotonic(), []

    def report(progress: Progress) -> None:
        if progress.objective is not None:
            trace.append((time.monotonic() - began, progress.objective, progress.bound))

    plan = make_plan(PlanPayload(network, None), report).plan
    summary = plan.summary
    word = f"{summary['status']}, {summary['checker']['violations']} violations"
    return _told([*trace, (trace[-1][0], summary["objective"], summary["bound"])], began, word, set_up)


def highs(folder: Path, gap: float, seconds: float) -> Solved:
    """HiGHS on the same program at once, all demand and no caps of rule 8 on long rent."""
    network = complete(made_network(folder, gap, seconds))
    set_up = _set_up(network)
    net = net_demand(network)
    began, trace = time.monotonic(), []
    problem = formulate(network, net.orders, net.expected)
    model = build(problem, eligible(problem), problem.expected, caps=None)

    def watch(incumbent: Incumbent) -> None:
        if incumbent.objective is not None:
            trace.append((time.monotonic() - began, incumbent.objective, incumbent.bound))

    try:
        answer = attempt(model, Limits(gap, seconds), watch)
    except NoPlanError as error:
        return _told(trace, began, str(error), set_up)
    if answer is None:
        return _told([], began, "no plan", set_up)
    trace.append((time.monotonic() - began, answer.objective, answer.bound))
    return _told(trace, began, answer.stopped, set_up)


def made_network(folder: Path, gap: float, seconds: float) -> Network:
    """The network of a made company, with the gap and time limit asked for."""
    network = validate(read_folder(folder), START)
    return replace(network, policy=replace(network.policy, gap=gap, time_limit_seconds=seconds))


def _set_up(network: Network) -> tuple[float, float]:
    """CPU seconds to build the program of all demand, and to hand it over through PuLP and read it back."""
    network = complete(network)
    net = net_demand(network)
    parts = modelling(formulate(network, net.orders, net.expected))
    return parts.pop("build"), sum(parts.values())


def _told(
    trace: list[tuple[float, float, float | None]], began: float, word: str, set_up: tuple[float, float]
) -> Solved:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    peak = sum(one.ru_maxrss for one in used) / 1024
    return Solved(trace, time.monotonic() - began, cpu, peak, word, set_up)


def _alone(way: Callable[[Path, float, float], Solved], folder: Path, gap: float, seconds: float) -> Solved:
    """One solve in a new process, whose peak memory is then its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(way, folder, gap, seconds).result()


def row_of(solved: Solved, asked: Asked) -> dict[str, object]:
    """A row of the table; what was asked for is answered with the second it was reached in."""
    gaps = [
        (at, relative_gap(objective, bound)) for at, objective, bound in solved.trace if bound is not None
    ]
    over_time = {
        f"{moment} s": _share([gap for at, gap in gaps if at <= moment]) if moment < solved.seconds else ""
        for moment in MOMENTS
    }
    return {
        "asked": ", ".join(
            f"{gap:.1%} in {seconds} s: {_reached(gaps, gap, seconds)}" for gap, seconds in asked
        ),
        "build": round(solved.set_up[0], 2),
        "hand-over": round(solved.set_up[1], 2),
        "first plan": f"{solved.trace[0][0]:.1f} s" if solved.trace else "none",
        **over_time,
        "last": _share([gap for _, gap in gaps]),
        "seconds": round(solved.seconds, 1),
        "CPU": round(solved.cpu, 1),
        "MB": round(solved.memory),
        "ended": solved.word,
    }


def _reached(gaps: list[tuple[float, float]], asked: float, seconds: float) -> str:
    """When the gap was first as small as asked; "no" where that was not in time."""
    at = next((at for at, gap in gaps if gap <= asked), None)
    return f"{at:.0f} s" if at is not None and at <= seconds else "no"


def _share(gaps: list[float]) -> str:
    return f"{gaps[-1]:.2%}" if gaps else "none"
