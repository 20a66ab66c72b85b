"""A fleet from a smaller program, held in the whole one, beside the fleet the whole relaxation rounds to.

The smaller program has its far weeks together in fours (`far_weeks`) or its products in groups (`groups`);
moves are left out, as in today's rounding. Its rents and returns are rounded as those of the relaxation are,
or decided as whole robots there; then the whole program is solved around them, and lots are decided. CPU
seconds of one thread. Gaps are against today's bound, which none of the smaller programs gives.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bench.cases import Case, company_case, known_cases
from bench.far_weeks import telescoped
from bench.groups import grouped
from bench.joined import Joined
from planning.optimise.course import Course, better
from planning.optimise.fleet_step import ROUNDED_SHARE, ROUNDINGS
from planning.optimise.holding import FLEET, columns, divisible
from planning.optimise.lot_step import plan_around
from planning.optimise.model.algebra import Model
from planning.optimise.rounding import is_whole, with_whole_robots, without_moves
from planning.optimise.solvers.answer import Answer, Vector, relative_gap
from planning.optimise.solvers.runs import attempt

#: Seconds of the clock each program may take, and a search for whole robots; the gap asked of made companies,
#: and of that search.
SECONDS, SEARCH_SECONDS, GAP, SEARCH_GAP = 600.0, 60.0, 0.005, 1e-3

Smaller = Callable[[Case, Model], Joined]

#: What each way is called, its program, whether its robots are decided whole there, and the weeks it leaves.
WAYS: tuple[tuple[str, Smaller, bool, int], ...] = (
    ("weeks beyond 8 in fours", lambda _case, model: telescoped(model, 8, 4), False, 8),
    ("weeks beyond 13 in fours", lambda _case, model: telescoped(model, 13, 4), False, 13),
    ("the same, only their rows", lambda _case, model: telescoped(model, 13, 4, tied=False), False, 13),
    ("groups, 1 of value", lambda case, model: grouped(case.problem, model, 1), False, 0),
    ("groups, 2 of value", lambda case, model: grouped(case.problem, model, 2), False, 0),
    ("groups, 2 of value, robots whole", lambda case, model: grouped(case.problem, model, 2), True, 0),
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
    for words, smaller, whole, least in WAYS:
        if case.problem.weeks <= least:
            continue
        yield _row(case, words, _found(case, smaller, whole=whole))


def _found(case: Case, smaller: Smaller, *, whole: bool) -> Found:
    began = time.process_time()
    small = smaller(case, without_moves(case.model))
    if whole:
        small.decide(case.model.integer & columns(case.model, FLEET), SEARCH_GAP)
    x = small.solved(SEARCH_SECONDS if whole else SECONDS)
    there = time.process_time()
    fleet = None if x is None else _whole(case, x) if whole else _rounded(case, x)
    held = time.process_time()
    plan = None if fleet is None else plan_around(case.model, fleet, Course(case.limits))
    costs = small.highs.getInfo().objective_function_value
    return Found(costs, there - began, held - there, time.process_time() - held, (fleet, plan))


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
