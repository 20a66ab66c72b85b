"""Ideas that solve a plan's program part by part: weeks, factories and products, beside today's way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bench.cases import Case
from planning.optimise.course import Course
from planning.optimise.holding import LOTS, columns, holding
from planning.optimise.lot_step import IDLE, plan_around
from planning.optimise.model.algebra import Model
from planning.optimise.model.rent import FLEET
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

#: Of a window's or part's search.
_GAP, _NODES = 1e-3, 50


def numbers(model: Model, *letters: str) -> Numbers:
    """Of each column its number under the first of some index letters it has; −1 where it has none."""
    found = np.full(len(model.upper), -1, dtype=np.int64)
    for family in filter(len, model.families.values()):
        letter = next((one for one in letters if one in family.frame.columns), None)
        if letter is not None:
            found[family.frame["col"].to_numpy()] = family.frame[letter].to_numpy()
    return found


def windows(of: Numbers, width: int, step: int) -> Iterator[Mask]:
    """Columns whose number lies in each of the windows of a width that begin every `step`, in order."""
    for first in range(0, max(int(of.max()) + 1 - (width - step), 1), step):
        yield (of >= first) & (of < first + width)


def relax_and_fix(model: Model, width: int, step: int, limits: Limits) -> Answer | None:
    """Whole numbers window of weeks after window: those before held, those after divisible.

    Of each window's `width` weeks `step` are held. None where a window has no answer.
    """
    answer, weeks = None, numbers(model, "t", "s")
    last = int(weeks.max()) + 1
    for first in range(0, max(last - (width - step), 1), step):
        end = first + width if first + step < last - (width - step) else last
        program = replace(model, integer=model.integer & (weeks < end))
        if answer is not None:
            program = holding(program, answer, weeks < first)
        if end == last or (program.integer & (program.lower < program.upper)).any():
            answer = attempt(program, replace(limits, gap=_GAP, nodes=_NODES))
            if answer is None:
                return None
    return (
        None if answer is None else replace(answer, x=np.where(model.integer, np.round(answer.x), answer.x))
    )


def fix_and_optimise(model: Model, plan: Answer, parts: Sequence[Mask], limits: Limits) -> Answer:
    """`plan` with the whole numbers of one part after the other decided anew, all others held."""
    for part in parts:
        held = holding(model, plan, ~part)
        if (held.integer & (held.lower < held.upper)).any():
            found = attempt(held, replace(limits, gap=_GAP, nodes=_NODES), start=plan.x)
            plan = found if found is not None and found.objective < plan.objective else plan
    return plan


def _fleet_by_weeks(case: Case) -> Answer | None:
    fleet = replace(case.model, integer=case.model.integer & columns(case.model, FLEET))
    width = max(case.problem.weeks // 3, 2)
    return relax_and_fix(fleet, width, width - 1, case.limits)


def _around(case: Case) -> Model:
    return holding(case.model, case.fleet, columns(case.model, FLEET))


def _today(case: Case) -> Answer | None:
    return plan_around(case.model, case.fleet, Course(case.limits))


def _searched(case: Case) -> Answer | None:
    """As it was before: idle lots idle, the others searched to a fifth of the gap; then shipments."""
    held = _around(case)
    idle = columns(held, LOTS) & held.integer & (case.fleet.x < IDLE)
    few = replace(held, upper=np.where(idle, held.lower, held.upper))
    divided = replace(few, integer=held.integer & ~columns(held, ("ship",)))
    lots = attempt(divided, replace(case.limits, gap=max(0.2 * case.limits.gap, _GAP)))
    return None if lots is None else attempt(holding(held, lots, columns(held, LOTS)), case.limits)


def _lots_by_weeks(case: Case) -> Answer | None:
    return relax_and_fix(_around(case), 3, 2, case.limits)


def _then(case: Case, letters: tuple[str, ...], width: int, step: int) -> Answer | None:
    plan = _today(case)
    parts = list(windows(numbers(case.model, *letters), width, step))
    return None if plan is None else fix_and_optimise(case.model, plan, parts, case.limits)


def _everything(case: Case) -> Answer | None:
    plan = _today(case)
    return None if plan is None else attempt(case.model, case.limits, start=plan.x)


IDEAS = (
    ("fleet: relax and fix over weeks", _fleet_by_weeks, False),
    ("lots: a short search, then products group by group", _today, True),
    ("lots: searched to a fifth of the gap", _searched, False),
    ("lots: relax and fix over weeks", _lots_by_weeks, False),
    ("plan, then fix and optimise over weeks", lambda case: _then(case, ("t", "s"), 4, 2), False),
    ("plan, then fix and optimise over factories", lambda case: _then(case, ("f",), 1, 1), False),
    ("plan, then everything at once", _everything, True),
)
