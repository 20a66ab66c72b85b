"""A fleet from a smaller program, held in the whole one, beside the fleet the whole relaxation rounds to.

The smaller program has its products in groups (`groups`); moves are left out, as in today's rounding. Its
rents and returns are rounded as those of the relaxation are, or decided as whole robots there; then the
whole program is solved around them, and lots are decided. CPU seconds of one thread. Gaps are against
today's bound, which the smaller program does not give.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np
import polars as pl

from bench.cases import Case, company_case, known_cases
from bench.groups import grouped
from planning.optimise.course import Course, better
from planning.optimise.fleet_step import ROUNDED_SHARE, ROUNDINGS
from planning.optimise.holding import Mask, columns
from planning.optimise.lot_step import plan_around
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.rent import FLEET
from planning.optimise.rounding import is_whole, with_whole_robots, without_moves
from planning.optimise.solvers.answer import Answer, Vector, relative_gap
from planning.optimise.solvers.joined import Joined
from planning.optimise.solvers.runs import attempt

#: Seconds of the clock each program may take, and a search for whole robots; the gap asked of made companies,
#: and of that search.
SECONDS, SEARCH_SECONDS, GAP, SEARCH_GAP = 600.0, 60.0, 0.005, 1e-3

#: What each way is called, how many classes of value a group of products is cut into, and whether its robots
#: are decided whole there.
WAYS: tuple[tuple[str, int, bool], ...] = (
    ("groups, 1 of value", 1, False),
    ("groups, 2 of value", 2, False),
    ("groups, 2 of value, robots whole", 2, True),
)


@dataclass(frozen=True)
class Found:
    """What a way gave: what the program of the rents costs; CPU seconds to each step; fleet and plan."""

    costs: float
    rents: float
    fleet: float
    plan: float
    answers: tuple[Answer | None, Answer | None]


def main(*sizes: str) -> None:
    """Print one table: a row for each company and way; full S and the demo where no size is named."""
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_rows=-1, fmt_str_lengths=80, tbl_hide_dataframe_shape=True
    ):
        print(pl.DataFrame([row for case in _cases(*sizes) for row in measured(case)]))


def _cases(*sizes: str) -> Iterator[Case]:
    for size in sizes or ("S",):
        for full in (False, True) if sizes else (True,):
            yield company_case(size, full=full, gap=GAP, seconds=SECONDS)
    if not sizes:
        yield next(known_cases(SECONDS))


def measured(case: Case) -> Iterator[dict[str, object]]:
    """A row for today's way and one for each other."""
    known, decided = case.spent
    began = time.process_time()
    plan = plan_around(case.model, case.fleet, Course(case.limits))
    lots = time.process_time() - began
    found = Found(case.relaxation.objective, known, decided, lots, (case.fleet, plan))
    yield _row(case, "today: the whole relaxation", found)
    for words, classes, whole in WAYS:
        yield _row(case, words, _found(case, classes, whole=whole))


def _found(case: Case, classes: int, *, whole: bool) -> Found:
    began = time.process_time()
    seconds = SEARCH_SECONDS if whole else SECONDS
    small = grouped(case.problem, without_moves(case.model), classes, replace(case.limits, seconds=seconds))
    if whole:
        _decide(small, case.model.integer & columns(case.model, FLEET))
    x = _point(small)
    there = time.process_time()
    fleet = None if x is None else _whole(case, x) if whole else _rounded(case, x)
    held = time.process_time()
    plan = None if fleet is None else plan_around(case.model, fleet, Course(case.limits))
    costs = small.highs.getInfo().objective_function_value
    return Found(costs, there - began, held - there, time.process_time() - held, (fleet, plan))


def _decide(small: Joined, whole: Mask) -> None:
    """Let these columns of the whole program, each alone in its joined one, be whole numbers."""
    cols = np.unique(small.spread[whole].indices).astype(np.int32)
    kinds = np.full(len(cols), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    small.highs.changeColsIntegrality(len(cols), cols, kinds)
    small.highs.setOptionValue("mip_rel_gap", SEARCH_GAP)


def _point(small: Joined) -> Vector | None:
    """The columns of the whole program as they follow; None where nothing was found in the time."""
    small.highs.run()
    if small.highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.asarray(small.spread @ np.asarray(small.highs.getSolution().col_value))


def _rounded(case: Case, x: Vector) -> Answer | None:
    """The whole program around rents rounded as today: the first rounding near enough, or the cheapest."""
    best, basis = None, None
    program = _robots_whole(case)
    for upwards in ROUNDINGS:
        held = with_whole_robots(program, x, upwards)
        answer = attempt(divisible(held), case.limits, basis=basis)
        if answer is not None and answer.stopped == "Optimal":
            basis = answer.basis
            whole = is_whole(held, answer.x)
            best = better(best, _exactly(held, answer) if whole else attempt(held, case.limits))
        if best is not None and relative_gap(best.objective, case.bound) <= ROUNDED_SHARE * case.limits.gap:
            break
    return best


def _whole(case: Case, x: Vector) -> Answer | None:
    """The whole program around whole robots of the smaller one."""
    program = _robots_whole(case)
    there = np.where(program.integer, np.round(x), x)
    lower, upper = (
        np.where(program.integer, there, program.lower),
        np.where(program.integer, there, program.upper),
    )
    held = replace(program, lower=lower, upper=upper)
    answer = attempt(divisible(held), case.limits)
    return None if answer is None else _exactly(held, answer)


def _robots_whole(case: Case) -> Model:
    return replace(case.model, integer=case.model.integer & columns(case.model, FLEET))


def _exactly(held: Model, answer: Answer) -> Answer:
    return replace(answer, x=np.where(held.integer, np.round(answer.x), answer.x))


def _row(case: Case, way: str, found: Found) -> dict[str, object]:
    gaps = [None if one is None else relative_gap(one.objective, case.bound) for one in found.answers]
    return {
        "company": case.name,
        "rents from": way,
        "costs there": f"{found.costs / case.bound - 1:+.2%}",
        "CPU to rents": round(found.rents, 1),
        "to a fleet": round(found.fleet, 1),
        "its gap": _share(gaps[0]),
        "to a plan": round(found.plan, 1),
        "gap of it": _share(gaps[1]),
    }


def _share(gap: float | None) -> str:
    return "none" if gap is None else f"{gap:.3%}"
