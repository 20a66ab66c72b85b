"""Parts of a plan's program by week, product and factory, and the two ways to solve it part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.problem import Problem
from planning.errors import NoPlanError
from planning.optimise.algebra import Model
from planning.optimise.holding import holding
from planning.optimise.solver import Answer, Limits, attempt

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]


def numbers(model: Model, *letters: str, owner: pl.DataFrame | None = None) -> Numbers:
    """Of each column its number under the first of some index letters it has; −1 where it has none.

    Parameters
    ----------
    owner : two columns, another letter and the first of `letters`, for families that only have the other.
    """
    found = np.full(len(model.upper), -1, dtype=np.int64)
    for family in filter(len, model.families.values()):
        cells = family.frame
        if owner is not None and letters[0] not in cells.columns and owner.columns[0] in cells.columns:
            cells = cells.join(owner, on=owner.columns[0], how="left", maintain_order="left")
        letter = next((one for one in letters if one in cells.columns), None)
        if letter is not None:
            found[cells["col"].to_numpy()] = cells[letter].fill_null(-1).to_numpy()
    return found


def weeks_of(model: Model) -> Numbers:
    """The week of each column; of a lot of robots that in which it goes on rent."""
    return numbers(model, "t", "s")


def products_of(model: Model, problem: Problem) -> Numbers:
    """The product of each column of goods and work."""
    return numbers(model, "p", owner=problem.routes.select("v", "p").unique(maintain_order=True))


def windows(of: Numbers, width: int, step: int) -> Iterator[Mask]:
    """Columns whose number lies in each of the windows of a width that begin every `step`, in order."""
    for first in range(0, max(int(of.max()) + 1 - (width - step), 1), step):
        yield (of >= first) & (of < first + width)


def relax_and_fix(model: Model, weeks: Numbers, width: int, step: int, limits: Limits) -> Answer | None:
    """Whole numbers window after window: those before held, those after divisible.

    `step` weeks are held of each window's `width`. None where a window has no answer.
    """
    answer, last = None, int(weeks.max()) + 1
    for first in range(0, max(last - (width - step), 1), step):
        end = first + width if first + width < last and first + step < last - (width - step) else last
        program = replace(model, integer=model.integer & (weeks < end))
        if answer is not None:
            program = holding(program, answer, weeks < first)
        if (program.integer & (program.lower < program.upper)).any() or end == last:
            answer = attempt(program, limits)
            if answer is None:
                return None
    return answer


def fix_and_optimise(model: Model, plan: Answer, parts: Sequence[Mask], limits: Limits) -> Answer:
    """`plan` with the whole numbers of one part after the other decided anew, all others held."""
    for part in parts:
        held = holding(model, plan, ~part)
        if not (held.integer & (held.lower < held.upper)).any():
            continue
        try:
            found = attempt(held, limits, start=plan.x)
        except NoPlanError:
            continue
        if found is not None and found.objective < plan.objective:
            plan = replace(found, bound=min(plan.bound, found.objective))
    return plan
