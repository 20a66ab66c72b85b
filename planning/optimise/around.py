"""A plan around a plan: what a change does not touch stays as it is, the rest is decided again in seconds."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.decisions import Decisions
from planning.domain.problem import Problem
from planning.domain.touched import Touched
from planning.errors import NoPlanError
from planning.optimise.algebra import Family, Model, Rows, Terms
from planning.optimise.build import build
from planning.optimise.commitment import restricts
from planning.optimise.eligible import eligible
from planning.optimise.others import HIGHS, solver_called
from planning.optimise.plan import Around, Commitment, Solution, Stage
from planning.optimise.solver import Cancelled, Incumbent, Limits, Watch, keeps_rules, least_cost, relaxed
from planning.optimise.steps import solve_in_steps

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Seconds for the part decided again, and for the bound of the whole; of the gap asked for, what the part may
#: leave.
PART_SECONDS, BOUND_SECONDS, PART_GAP = 2.0, 2.0, 0.25

_GOODS = ("make", "gross", "batch", "run", "ship")
_ROBOTS = {"on_rent": "o", "start": "o", "move": "o", "kept": "c", "move_contract": "c"}

#: What a row may be off because a plan's tables have six decimals, and its price for each unit: no rule is
#: bent for money.
_ROUNDED, _PRICE = 1e-4, 1e6


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
    held, mask = _held(model, problem, kept, free)
    limits = Limits(problem.policy.gap * PART_GAP, PART_SECONDS, threads, solver=solver_called(solver))
    part = solve_in_steps(_with_rounding(held, mask), limits, _told(watch), cancelled, shown=False)
    x = part.x[: len(model.upper)]
    if not keeps_rules(model, x):
        raise NoPlanError(f"Around plan v{kept.version} there is no plan; make a new one.")
    objective = float(model.objective() @ x) + model.constant
    bound = min(_bound(model, limits, watch, cancelled), objective)
    stopped = "TimeLimit" if part.stopped == "Optimal" else part.stopped
    answer = replace(part, x=x, objective=objective, bound=bound, stopped=stopped, relaxation=None)
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


def _held(model: Model, problem: Problem, kept: Decisions, free: Touched) -> tuple[Model, Mask]:
    """`model` with what is not free held, and which of its columns of goods that are."""
    owner = problem.routes.select("v", "p").unique()
    lower, upper = model.lower.copy(), model.upper.copy()
    goods = np.zeros(len(upper), dtype=bool)
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
        goods[cols] |= letter == "p"
    return replace(model, lower=lower, upper=upper), goods


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


def _with_rounding(model: Model, held: Mask) -> Model:
    """`model` whose rows of held goods may be off by what rounding explains."""
    rows: dict[str, Rows] = {}
    first = count = len(model.upper)
    for name, strict in model.rows.items():
        at = np.repeat(np.arange(len(strict)), np.diff(strict.start))
        loose = np.unique(at[held[strict.col]])
        rows[name] = strict
        for sign in {"<=": (-1.0,), ">=": (1.0,), "==": (-1.0, 1.0)}[strict.sense]:
            rows[name] = _with_column_each(rows[name], loose, count, sign)
            count += len(loose)
    more = count - first
    index = pl.DataFrame({"n": np.arange(more), "col": np.arange(first, count)})
    price = Terms(index.select("col", coef=pl.lit(_PRICE)))
    return replace(
        model,
        rows=rows,
        families=dict(model.families) | {"rounding": Family("rounding", index)},
        costs=dict(model.costs) | {"rounding": price},
        constants=dict(model.constants) | {"rounding": 0.0},
        lower=np.concatenate([model.lower, np.zeros(more)]),
        upper=np.concatenate([model.upper, np.full(more, _ROUNDED)]),
        integer=np.concatenate([model.integer, np.zeros(more, dtype=bool)]),
    )


def _with_column_each(block: Rows, loose: NDArray[np.int64], first: int, sign: float) -> Rows:
    """`block` with one more column, from `first` on, in each of its rows `loose`."""
    ends = block.start[loose + 1]
    longer = np.zeros(len(block) + 1, dtype=np.int64)
    longer[loose + 1] = 1
    return replace(
        block,
        start=block.start + np.cumsum(longer),
        col=np.insert(block.col, ends, np.arange(first, first + len(loose))),
        coef=np.insert(block.coef, ends, sign),
    )
