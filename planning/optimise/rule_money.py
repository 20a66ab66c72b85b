"""What the commitment rule costs if everything comes, and what it saves if only the certain part does."""

import time
from concurrent.futures import Executor

import numpy as np
import polars as pl

from planning.domain.problem import Problem
from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.build import build
from planning.optimise.model.commitment import long_starts
from planning.optimise.model.eligible import Eligible
from planning.optimise.plan import Solution
from planning.optimise.solvers.answer import Answer, Cancelled, Limits
from planning.optimise.solvers.beside import Relaxation, begin
from planning.optimise.solvers.others import HIGHS
from planning.optimise.solvers.priced import solve_relaxation

_TINY = 1e-6
_KEY = ["o", "f", "t"]


def rule_money(  # noqa: PLR0917 - as `solve_plan`
    solution: Solution,
    seconds: float,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = HIGHS,
    beside: Executor | None = None,
) -> dict[str, float | None]:
    """commitment_cost_if_all and commitment_saving_if_qualifying, in money of the linear relaxation.

    The relaxation has no gap, so a difference of two of them is an effect and not noise. The saving is
    that of the long rents allowed by the rule over those that would be ordered without it, when only
    qualifying demand comes. Both are 0 when the rule does not bind, None when time ran out.

    Parameters
    ----------
    seconds : for all relaxations together.
    beside : where one of the two that say what is saved may be solved beside the other.
    """
    commitment = solution.commitment
    if commitment is None:
        return _money(0.0, 0.0)
    if commitment.answer is None or (cancelled is not None and cancelled()):
        return dict(NO_MONEY)
    problem, can = solution.problem, solution.can
    certain, end = commitment.answer.relaxation, time.monotonic() + seconds

    def limits() -> Limits:
        return Limits(0.0, end - time.monotonic(), threads, solver=solver)

    def solved(model: Model, near: Answer | None = None) -> Answer:
        return solve_relaxation(model, limits(), cancelled, basis=None if near is None else near.basis)

    try:
        free = commitment.free or solved(build(problem, can, problem.expected, caps=None))
        wished = _starts(solution.model, problem, can, free.x)
        if _within(wished, commitment.caps):
            return _money(0.0, 0.0)
        within = solution.answer.relaxation or solved(solution.model, free)
        allowed = _starts(solution.model, problem, can, solution.answer.x)
        without = Relaxation.of(
            _holding(problem, can, wished), limits(), None if certain is None else certain.basis
        )
        with begin(without, beside) as meanwhile:
            with_rule = solved(_holding(problem, can, allowed), certain).objective
            saving = meanwhile.answer(limits().seconds, cancelled).objective - with_rule
    except NoPlanError:
        return dict(NO_MONEY)
    return _money(max(within.objective - free.objective, 0.0), saving)


def _money(cost: float | None, saving: float | None) -> dict[str, float | None]:
    return {"commitment_cost_if_all": cost, "commitment_saving_if_qualifying": saving}


#: Where nobody has priced the rule.
NO_MONEY = _money(None, None)


def _starts(model: Model, problem: Problem, can: Eligible, x: np.ndarray) -> pl.DataFrame:
    cells = long_starts(model, problem, can).frame
    values = cells.with_columns(units=pl.col("coef") * pl.Series(x[cells["col"].to_numpy()]))
    return values.group_by(_KEY).agg(pl.col("units").sum()).filter(pl.col("units") > _TINY).sort(_KEY)


def _within(starts: pl.DataFrame, caps: pl.DataFrame) -> bool:
    """Whether cumulative starts never exceed cumulative caps."""
    gain = pl.concat(
        [starts, caps.with_columns(units=-pl.col("units").cast(pl.Float64)).select(starts.columns)]
    )
    weekly = gain.group_by(_KEY).agg(pl.col("units").sum()).sort(_KEY)
    excess = weekly.select(pl.col("units").cum_sum().over("o", "f"))["units"]
    return bool((excess <= _TINY).all())


def _holding(problem: Problem, can: Eligible, starts: pl.DataFrame) -> Model:
    """The program for qualifying demand with the long starts held at `starts`."""
    model = build(problem, can, problem.qualifying, caps=None)
    terms = long_starts(model, problem, can)
    cells = terms.frame.select(_KEY).unique().join(starts, on=_KEY, how="left").sort(_KEY)
    model.add("held", cells.select(*_KEY, rhs=pl.col("units").fill_null(0.0)), "==", Terms(terms.frame))
    return model
