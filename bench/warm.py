"""The relaxation of next week, or after one more order, from the basis of the last one or from nothing."""

import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import highspy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.companies import SIZES, START, write_company
from bench.shared import copy_network
from planning.domain.assume import complete
from planning.domain.calendar import WEEK
from planning.domain.formulate import formulate
from planning.domain.problem import Problem
from planning.netting import net_demand
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.highs import pass_program
from planning.signals import read_folder, validate

#: Index letters that number ids, which a new network may number anew.
_IDS = "pvfmrocg"
_WEEKS = ("t", "s", "e")

#: A basis that takes so many times as long as nothing is no help.
LONGER = 3.0

Statuses = NDArray[np.int64]
_LOWER, _BASIC = (int(one) for one in (highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic))


@dataclass(frozen=True)
class Solved:
    """A relaxation solved: CPU seconds, simplex steps, objective, basis."""

    cpu: float
    steps: int
    objective: float
    basis: highspy.HighsBasis


def solved(model: Model, basis: highspy.HighsBasis | None = None, seconds: float = 3600.0) -> Solved:
    """The relaxation of a program by HiGHS itself with one thread, from a basis or from nothing.

    Raises
    ------
    RuntimeError : it was not solved, or the basis was not taken.
    TimeoutError : not within so many seconds of the wall clock.
    """
    began = time.process_time()
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("solve_relaxation", True),
        ("time_limit", seconds),
    ):
        highs.setOptionValue(option, value)
    pass_program(highs, model)
    if basis is not None and highs.setBasis(basis) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS does not take the basis")
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        raise TimeoutError
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the relaxation was not solved: {highs.getModelStatus()}")
    info = highs.getInfo()
    cpu = time.process_time() - began
    return Solved(cpu, info.simplex_iteration_count, info.objective_function_value, highs.getBasis())


def mapped(
    basis: highspy.HighsBasis, old: tuple[Problem, Model], new: tuple[Problem, Model], weeks: int = 0
) -> highspy.HighsBasis:
    """A basis of the old program as one of the new, whose weeks begin `weeks` later.

    Columns and rows are those of the same family and ids in the same calendar week; what is new is a column
    at its bound or a row without a say. HiGHS completes what is not square.
    """
    (before, last), (after, model) = old, new
    columns = np.array([int(one) for one in basis.col_status])
    rows = np.array([int(one) for one in basis.row_status])
    found = highspy.HighsBasis()
    statuses = np.full(len(model.upper), _LOWER)
    for name, family in model.families.items():
        if len(family) and name in last.families:
            theirs = last.families[name].frame
            status = pl.Series(columns[theirs["col"].to_numpy()], dtype=pl.Int64)
            named = _named(theirs.drop("col"), before, 0).with_columns(status=status)
            mine = _named(family.frame.drop("col"), after, weeks)
            statuses[family.frame["col"].to_numpy()] = _taken(mine, named, _LOWER)
    ends = np.cumsum([len(block) for block in last.rows.values()])
    theirs_end = dict(zip(last.rows, ends.tolist(), strict=True))
    blocks: list[Statuses] = []
    for name, block in model.rows.items():
        kinds_of = np.full(len(block), _BASIC)
        if len(block) and name in last.rows and block.index.width:
            old_index, end = last.rows[name].index, theirs_end[name]
            here = pl.Series(rows[end - len(old_index) : end], dtype=pl.Int64)
            named = _named(old_index, before, 0).with_columns(status=here)
            kinds_of = _taken(_named(block.index, after, weeks), named, _BASIC)
        blocks.append(kinds_of)
    kinds = {int(one): one for one in highspy.HighsBasisStatus.__members__.values()}
    found.col_status = [kinds[one] for one in statuses.tolist()]
    found.row_status = [kinds[one] for one in np.concatenate(blocks).tolist()]
    found.valid, found.alien = True, True
    return found


def _named(index: pl.DataFrame, problem: Problem, weeks: int) -> pl.DataFrame:
    """Index columns with ids for numbers, and weeks counted from the old start."""
    frame = index
    for column in index.columns:
        letter = column[0]
        if column in _WEEKS:
            frame = frame.with_columns(pl.col(column) + weeks)
        elif letter in _IDS and column in (letter, f"{letter}2"):
            ids = pl.Series([*getattr(problem.names, letter), ""], dtype=pl.String)
            frame = frame.with_columns(ids[frame[column].to_numpy()].alias(column))
    return frame


def _taken(mine: pl.DataFrame, theirs: pl.DataFrame, new: int) -> Statuses:
    key = mine.columns
    return mine.join(theirs, on=key, how="left", maintain_order="left")["status"].fill_null(new).to_numpy()


def warm_rows(size: str) -> list[dict[str, object]]:
    """One more order, and one week later, at a plain and a full company: from nothing and from the basis.

    A company of one more week than its horizon is cut to both; a week later, what was due is delivered.
    """
    return [row for full in (False, True) for row in _company_rows(size, full=full)]


def _company_rows(size: str, *, full: bool) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        weeks = SIZES[size].weeks
        made = write_company(place / "made", replace(SIZES[size], weeks=weeks + 1), full=full)
        now = copy_network(made, place / "now", horizon_weeks=weeks)
        more = copy_network(made, place / "more", horizon_weeks=weeks)
        days = {"start_week": START + WEEK, "as_of": START + timedelta(days=3)}
        later = copy_network(made, place / "later", horizon_weeks=weeks, **days)
        orders = pl.read_csv(made / "orders.csv")
        one = orders.filter(pl.col("due_date") >= str(START + 2 * WEEK)).head(1)
        one = one.with_columns(order_id=pl.lit("ONE-MORE"))
        pl.concat([orders, one]).write_csv(more / "orders.csv")
        orders.filter(pl.col("due_date") >= str(START + WEEK)).write_csv(later / "orders.csv")
        last = _program(now)
        basis = solved(last[1]).basis
        changes = (("one order more", _program(more), 0), ("a week later", _program(later), 1))
    return [
        {"company": f"{size} {'full' if full else 'plain'}", "change": change} | _both(basis, last, new, by)
        for change, new, by in changes
    ]


def _program(folder: Path) -> tuple[Problem, Model]:
    network = complete(validate(read_folder(folder), START))
    net = net_demand(network)
    problem = formulate(network, net.orders, net.expected)
    return problem, build(problem, eligible(problem), problem.expected, caps=None)


def _both(
    basis: highspy.HighsBasis, last: tuple[Problem, Model], new: tuple[Problem, Model], weeks: int
) -> dict[str, object]:
    cold = solved(new[1])
    began = time.process_time()
    near = mapped(basis, last, new, weeks)
    mapping = time.process_time() - began
    row: dict[str, object] = {
        "CPU from nothing": round(cold.cpu, 2),
        "steps": cold.steps,
        "mapping": round(mapping, 2),
    }
    try:
        warm = solved(new[1], near, LONGER * max(cold.cpu, 1.0))
    except TimeoutError:
        return row | {"CPU from the basis": f"over {LONGER:.0f} times", "steps from it": None}
    return row | {"CPU from the basis": str(round(warm.cpu, 2)), "steps from it": warm.steps}
