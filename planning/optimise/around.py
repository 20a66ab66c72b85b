"""A plan around a plan: what a change does not touch stays as it is, the rest is decided again in seconds."""

import threading
from dataclasses import replace

import highspy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.decisions import Decisions
from planning.domain.problem import Problem
from planning.domain.touched import Touched
from planning.errors import JobCancelledError, NoPlanError
from planning.optimise.as_kept import ROBOTS, decided_again, were
from planning.optimise.corner import basis_near
from planning.optimise.course import Course
from planning.optimise.holding import products
from planning.optimise.known_bound import still_bounds
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.build import build
from planning.optimise.model.commitment import restricts
from planning.optimise.model.eligible import eligible
from planning.optimise.orders_first import orders_first
from planning.optimise.parts import alone, beside
from planning.optimise.plan import Around, Commitment, Solution, Stage
from planning.optimise.solvers.answer import Answer, Cancelled, Incumbent, Limits, Vector, Watch
from planning.optimise.solvers.others import HIGHS, solver_called
from planning.optimise.solvers.priced import solve_relaxation
from planning.optimise.solvers.runs import attempt, least_cost
from planning.optimise.solvers.stopping import started, within
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import NOTHING_YET
from planning.optimise.whole_orders import GAP, with_whole_orders

#: Seconds for the part decided again, and what the bound of the whole may take beyond them.
PART_SECONDS, BOUND_SECONDS = 20.0, 5.0

#: Of the gap asked for, what the part may leave at most: a worse plan would only mislead until the full one
#: is there.
WORTH = 2.0

_GOODS = ("make", "gross", "batch", "run", "ship")

#: Where whole units of orders nothing else hangs on are searched for to the end.
EXACT = 1e-7

#: A plan's tables have six decimals: what is added up from them may be off by so much.
ROUNDED = 5e-5

Mask = NDArray[np.bool_]


def solve_around(  # noqa: PLR0917 - as `solve_plan`, with what is kept
    problem: Problem,
    kept: Decisions,
    before: Problem,
    free: Touched,
    watch: Stage | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = HIGHS,
    corner: bytes | None = None,
) -> Solution:
    """Solve `problem` with the decisions `kept`, which a plan of `before` took, but for what is `free`.

    Long rents stay within the caps of the plan kept. The bound is of the whole problem within these caps:
    that of the plan kept where the problem only became harder, else the relaxation, solved beside the part,
    where that ends in the time, else what no plan can cost less than. The gap of the part decided again is
    told apart: it is of what that part costs.

    Parameters
    ----------
    corner : where the relaxation of the plan kept ended, from where this one is solved in few steps.

    Raises
    ------
    NoPlanError : what is kept leaves no plan, or time ran out.
    JobCancelledError : stopped before there was one.
    """
    can = eligible(problem)
    caps = kept.caps if restricts(problem) else None
    model = build(problem, can, problem.expected, caps)
    limits = Limits(problem.policy.gap, PART_SECONDS, threads, solver=solver_called(solver))
    course = Course(replace(limits, tolerance=ROUNDED), _told(watch), cancelled)
    over = threading.Event()
    known = kept.bound if still_bounds(before, problem) else None
    whole = None
    if known is None:
        whole = started(
            lambda: _relaxed(model, _near(corner, before, problem, kept, model), limits, over.is_set)
        )
    try:
        x, part = _decided(model, problem, kept, free, course)
        if part.gap > WORTH * problem.policy.gap and part.stopped != "Interrupted":
            raise NoPlanError(
                f"What has changed since plan v{kept.version} could not be planned well in the time."
            )
        relaxation = None if whole is None else within(whole, BOUND_SECONDS, cancelled)
    except NoPlanError as error:
        if course.is_stopped():
            raise JobCancelledError(NOTHING_YET) from error
        raise
    finally:
        over.set()
    answer = _answer(model, x, part, known, relaxation)
    around = Around(kept.version, free, part.gap)
    return Solution(problem, can, model, answer, None if caps is None else Commitment(None, caps), around)


def _answer(model: Model, x: Vector, part: Answer, known: float | None, relaxation: Answer | None) -> Answer:
    """The answer of the whole at `x`, under the bound that is known or what its relaxation costs."""
    objective = model.cost(x)
    proven = known if relaxation is None else relaxation.objective
    bound = min(least_cost(model) if proven is None else proven, objective)
    stopped = "TimeLimit" if part.stopped == "Optimal" else part.stopped
    return replace(
        part, x=x, objective=objective, bound=bound, stopped=stopped, basis=None, relaxation=relaxation
    )


def _relaxed(model: Model, near: highspy.HighsBasis | None, limits: Limits, over: Cancelled) -> Answer | None:
    """The relaxation of the whole, which no plan costs less than; None where the time is too short for it."""
    try:
        return solve_relaxation(
            model, replace(limits, seconds=PART_SECONDS + BOUND_SECONDS), over, basis=near
        )
    except NoPlanError:
        return None


def _near(
    corner: bytes | None, before: Problem, problem: Problem, kept: Decisions, model: Model
) -> highspy.HighsBasis | None:
    """Where to begin `model`: at the corner of the program of the plan kept, which has the same indices."""
    if corner is None or before.names != problem.names:
        return None
    caps = kept.caps if restricts(before) else None
    return basis_near(corner, build(before, eligible(before), before.expected, caps), model)


def _told(watch: Stage | None) -> Watch | None:
    """Only what is done: costs and bounds are of a part."""
    if watch is None:
        return None

    def told(incumbent: Incumbent) -> None:
        watch("around", replace(incumbent, objective=None, bound=None))

    return told


def _decided(
    model: Model, problem: Problem, kept: Decisions, free: Touched, course: Course
) -> tuple[Vector, Answer]:
    """A point of `model`, and the answer to the part of it that was decided again."""
    apart = _of_others(model, free)
    held = _held(model, problem, kept, free, apart)
    stays = alone(held, apart)
    follows = attempt(divisible(stays), course.limits, None, course.cancelled)
    if follows is None:
        raise NoPlanError(f"Of plan v{kept.version} not everything can stay that the change does not touch.")
    x = np.zeros(len(model.upper))
    x[apart] = _promised(stays, follows.x, course, EXACT)
    part = decided_again(beside(held, apart, x), kept, course)
    x[~apart] = part.x
    x = np.where(model.integer, np.round(x), x)
    x = _promised(held, x, course, GAP)
    if not keeps_rules(model, x):
        raise NoPlanError(f"What plan v{kept.version} holds and what was decided beside it break a rule.")
    return x, part


def _promised(model: Model, x: Vector, course: Course, gap: float) -> Vector:
    """`x` with its orders first and served in whole units, as those of the plan kept are."""
    cost = model.cost(x)
    plan = orders_first(model, Answer(x, cost, -np.inf, "Optimal", 0.0, course.limits.solver))
    if not course.is_stopped():
        whole = with_whole_orders(model, plan, course.left(), course.cancelled, gap=gap)
        plan = orders_first(model, whole)
    return plan.x


def _held(model: Model, problem: Problem, kept: Decisions, free: Touched, others: Mask) -> Model:
    """`model` with what is not free held; `others` are the columns of products that are not."""
    lower, upper = model.lower.copy(), model.upper.copy()
    for name in (*_GOODS, *ROBOTS):
        cells = model.families[name].frame
        cols = cells["col"].to_numpy()
        apart = others[cols] if name in _GOODS else _elsewhere(cells, problem, free)
        values, cols = were(cells, kept, name)[apart], cols[apart]
        lower[cols] = upper[cols] = np.clip(values, model.lower[cols], model.upper[cols])
    return replace(model, lower=lower, upper=upper)


def _of_others(model: Model, free: Touched) -> Mask:
    """Columns of products that are not free; firm work that nothing can make is of no product."""
    product = products(model)
    return (product >= 0) & ~np.isin(product, free.products["p"].to_numpy())


def _elsewhere(cells: pl.DataFrame, problem: Problem, free: Touched) -> Mask:
    """Whether robots of an offer or contract stand where nothing is touched."""
    models = problem.offers.select("o", "r")
    letter = "c" if "c" in cells.columns else "o"
    if letter == "c":
        models = problem.contracts.select("c", "o").join(models, on="o").select("c", "r")
    places = free.places.with_columns(free=pl.lit(True))
    at = cells.join(models, on=letter, maintain_order="left").join(
        places, on=["r", "f"], how="left", maintain_order="left"
    )
    return at["free"].is_null().to_numpy()
