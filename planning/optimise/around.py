"""A plan around a plan: what a change does not touch stays as it is, the rest is decided again in seconds."""

from dataclasses import replace

import numpy as np
import polars as pl

from planning.domain.decisions import Decisions
from planning.domain.problem import Problem
from planning.domain.touched import Touched
from planning.errors import NoPlanError
from planning.optimise.algebra import Model
from planning.optimise.build import build
from planning.optimise.commitment import restricts
from planning.optimise.eligible import eligible
from planning.optimise.others import HIGHS, solver_called
from planning.optimise.plan import Around, Commitment, Solution, Stage
from planning.optimise.solver import Cancelled, Incumbent, Limits, Watch, least_cost, relaxed
from planning.optimise.steps import solve_in_steps

#: Seconds for the part decided again, and for the bound of the whole; of the gap asked for, what the part may
#: leave.
PART_SECONDS, BOUND_SECONDS, PART_GAP = 10.0, 3.0, 0.5

#: Of the gap asked for, what the part may leave at most: a worse plan would only mislead until the full one
#: is there.
WORTH = 2.0

_GOODS = ("make", "gross", "batch", "run", "ship")
_ROBOTS = {"on_rent": "o", "start": "o", "move": "o", "kept": "c", "move_contract": "c"}

#: A plan's tables have six decimals: what is added up from them may be off by so much.
ROUNDED = 5e-5


def solve_around(  # noqa: PLR0917 - as `solve_plan`, with what is kept
    problem: Problem,
    kept: Decisions,
    free: Touched,
    watch: Stage | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = HIGHS,
) -> Solution:
    """Solve `problem` with the decisions `kept`, but for what is `free`.

    Long rents stay within the caps of the plan kept. The bound is of the whole problem within these caps:
    its relaxation, where that is solved in the time, else what no plan can cost less than. The gap of the
    part decided again is told apart.

    Raises
    ------
    NoPlanError : what is kept leaves no plan, or time ran out.
    JobCancelledError : stopped before there was one.
    """
    can = eligible(problem)
    caps = kept.caps if restricts(problem) else None
    model = build(problem, can, problem.expected, caps)
    limits = Limits(problem.policy.gap * PART_GAP, PART_SECONDS, threads, solver=solver_called(solver))
    loose = replace(limits, tolerance=ROUNDED)
    part = solve_in_steps(_held(model, problem, kept, free), loose, _told(watch), cancelled, shown=False)
    if part.gap > WORTH * problem.policy.gap and part.stopped != "Interrupted":
        raise NoPlanError(
            f"What has changed since plan v{kept.version} could not be planned well in the time."
        )
    bound = min(_bound(model, limits, watch, cancelled), part.objective)
    stopped = "TimeLimit" if part.stopped == "Optimal" else part.stopped
    answer = replace(part, bound=bound, stopped=stopped, relaxation=None)
    around = Around(kept.version, free, part.gap)
    return Solution(problem, can, model, answer, None if caps is None else Commitment(None, caps), around)


def _bound(model: Model, limits: Limits, watch: Stage | None, cancelled: Cancelled | None) -> float:
    """What no plan of the whole can cost less than, as far as that is found in the time."""
    try:
        return relaxed(model, replace(limits, seconds=BOUND_SECONDS), cancelled, _told(watch)).objective
    except NoPlanError:
        return least_cost(model)


def _told(watch: Stage | None) -> Watch | None:
    """Only what is done: costs and bounds are of a part."""
    if watch is None:
        return None

    def told(incumbent: Incumbent) -> None:
        watch("around", replace(incumbent, objective=None, bound=None))

    return told


def _held(model: Model, problem: Problem, kept: Decisions, free: Touched) -> Model:
    """`model` with what is not free held."""
    owner = problem.routes.select("v", "p").unique()
    lower, upper = model.lower.copy(), model.upper.copy()
    for name, letter in [*dict.fromkeys(_GOODS, "p").items(), *_ROBOTS.items()]:
        cells = model.families[name].frame
        key = [column for column in cells.columns if column != "col"]
        value = cells.join(kept.families[name], on=key, how="left", maintain_order="left")["value"]
        if letter == "p":
            owned = cells if "p" in cells.columns else cells.join(owner, on="v", maintain_order="left")
            apart = ~owned["p"].is_in(free.products["p"].to_list())
        else:
            apart = _apart(cells, letter, problem, free)
        cols = cells["col"].to_numpy()[apart.to_numpy()]
        values = value.fill_null(0.0).to_numpy()[apart.to_numpy()]
        lower[cols] = upper[cols] = np.clip(values, model.lower[cols], model.upper[cols])
    return replace(model, lower=lower, upper=upper)


def _apart(cells: pl.DataFrame, letter: str, problem: Problem, free: Touched) -> pl.Series:
    """Whether robots of an offer or contract stand where nothing is touched."""
    models = problem.offers.select("o", "r")
    if letter == "c":
        models = problem.contracts.select("c", "o").join(models, on="o").select("c", "r")
    places = free.places.with_columns(free=pl.lit(True))
    at = cells.join(models, on=letter, maintain_order="left").join(
        places, on=["r", "f"], how="left", maintain_order="left"
    )
    return at["free"].is_null()
