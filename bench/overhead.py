"""What modelling costs beside solving: the plan's program formulated, written, handed over and read back."""

import tempfile
import time
from pathlib import Path

import highspy
import numpy as np
import polars as pl
import pulp

from bench.companies import SIZES, START, write_company
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.problem import Problem
from planning.netting import net_demand
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.highs import ArrayHiGHS, pass_program
from planning.signals import read_folder, validate

RUNS = 5


def main(*sizes: str) -> None:
    """Print one table: CPU seconds of each part at plain M and L, or other sizes, the least of five runs."""
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame([overhead(name) for name in sizes or ("M", "L")]))


def overhead(name: str) -> dict[str, object]:
    """CPU seconds of modelling a plain company, beside highspy fed with the same arrays.

    `build` is eligible combinations, variables, rows and costs; `write` the PuLP problem; `hand-over` PuLP's
    solve up to the solver's run, `read-back` from there on; `PuLP's own` is hand-over and read-back by
    pulp.HiGHS, row by row. No solver runs: a point takes its place, so that only modelling is timed.
    """
    problem = company_problem(name)
    runs = [modelling(problem) for _ in range(RUNS)]
    least = {part: min(run[part] for run in runs) for part in runs[0]}
    model = build(problem, eligible(problem), problem.expected, caps=None)
    direct = min(_direct(model) for _ in range(RUNS))
    total = min(sum(run.values()) for run in runs)
    size = SIZES[name]
    return {
        "plain": f"{name} {size.products} × {size.factories} × {size.weeks}",
        "columns": len(model.upper),
        "rows": sum(len(rows) for rows in model.rows.values()),
        "whole": int(model.integer.sum()),
        **{part: round(seconds, 3) for part, seconds in least.items()},
        "without build": round(min(sum(run.values()) - run["build"] for run in runs), 3),
        "overhead": round(total, 3),
        "PuLP's own": round(_plain(model), 3),
        "direct highspy": round(direct, 3),
    }


def company_problem(name: str, *, full: bool = False, seed: int = 1) -> Problem:
    """The plan problem of a made company, through its folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_company(Path(scratch) / "network", SIZES[name], full=full, seed=seed)
        network = complete(validate(read_folder(folder), START))
    net = net_demand(network)
    return formulate(network, net.orders, net.expected)


def modelling(problem: Problem) -> dict[str, float]:
    """CPU seconds of one time through, by part: build, write, hand-over, read-back."""
    began = time.process_time()
    model = build(problem, eligible(problem), problem.expected, caps=None)
    built = time.process_time()
    written = model.to_pulp()
    solver = _NoSolve(model)
    handed = time.process_time()
    written.solve(solver)
    return {
        "build": built - began,
        "write": handed - built,
        "hand-over": solver.began - handed,
        "read-back": time.process_time() - solver.ended,
    }


def _plain(model: Model) -> float:
    """CPU seconds of hand-over and read-back by PuLP's HiGHS."""
    written, solver = model.to_pulp(), _PlainNoSolve(msg=False)
    began = time.process_time()
    written.solve(solver)
    return time.process_time() - solver.ended + solver.began - began


class _PlainNoSolve(pulp.HiGHS):
    """PuLP's HiGHS with a point of ones in the place of a solve."""

    began = ended = 0.0

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        self.began = time.process_time()
        _put_point(ArrayHiGHS.highs(lp))
        self.ended = time.process_time()


class _NoSolve(_PlainNoSolve, ArrayHiGHS):
    """Ours, likewise."""

    def __init__(self, model: Model) -> None:
        ArrayHiGHS.__init__(self, model, Limits(gap=0.0, seconds=1.0))

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, bool]:  # noqa: N802 (PuLP's name)
        self.read_values(lp)
        return int(pulp.const.LpSolveStatus.TimeLimit), True


def _put_point(highs: highspy.Highs) -> None:
    columns = highs.getNumCol()
    highs.setSolution(columns, np.arange(columns, dtype=np.int32), np.ones(columns))


def _direct(model: Model) -> float:
    """CPU seconds of highspy without PuLP: the same arrays in, an array out."""
    began = time.process_time()
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    pass_program(highs, model)
    handed = time.process_time()
    _put_point(highs)
    put = time.process_time()
    np.asarray(highs.getSolution().col_value)
    return time.process_time() - put + handed - began
