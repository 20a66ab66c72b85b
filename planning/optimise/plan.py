"""The plan in two solves (rule 8): first what qualifies for long rent, then everything under its caps."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.algebra import Model
from planning.optimise.build import build
from planning.optimise.commitment import caps_of, restricts
from planning.optimise.eligible import Eligible, eligible
from planning.optimise.others import HIGHS, solver_called
from planning.optimise.solver import Answer, Cancelled, Incumbent, Limits, Watch
from planning.optimise.steps import solve_in_steps

Stage = Callable[[str, Incumbent], None]

#: Share of the time limit the first solve may use.
FIRST_SOLVE_SHARE = 0.5

#: Share of it the second solve gets in any case: what was spent on the first is no plan yet.
SECOND_SOLVE_SHARE = 0.4


@dataclass(frozen=True)
class Commitment:
    """The first solve of rule 8: its answer and the long starts it allows (o, f, t, units)."""

    answer: Answer
    caps: pl.DataFrame


@dataclass(frozen=True)
class Solution:
    """A solved plan problem: program, accepted answer, and the first solve where the rule restricts."""

    problem: Problem
    can: Eligible
    model: Model
    answer: Answer
    commitment: Commitment | None

    def values(self, family: str, digits: int = 6) -> pl.DataFrame:
        """Non-zero values of a family with its index columns, rounded to what the export carries."""
        values = self.model.values(family, self.answer.x).with_columns(pl.col("value").round(digits))
        return values.filter(pl.col("value") != 0)


def solve_plan(
    problem: Problem,
    watch: Stage | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = HIGHS,
) -> Solution:
    """Solve `problem` to its policy's gap within its time limit.

    Parameters
    ----------
    watch : told the stage ("commitment" or "plan") and the incumbent. cancelled : asked whether to stop;
        the best plan by then comes back. threads : of the solver; a plan repeats for the same number.
    solver : HiGHS, or another that PuLP finds.

    Raises
    ------
    NoPlanError : no plan was found, or the answer cannot be believed.
    JobCancelledError : stopped before there was a plan.
    ConfigurationError : the solver is not there.
    """
    solver = solver_called(solver)
    policy = problem.policy
    can = eligible(problem)
    started = time.monotonic()
    commitment = None
    if restricts(problem):
        first = build(problem, can, problem.qualifying, caps=None)
        limits = Limits(policy.gap, policy.time_limit_seconds * FIRST_SOLVE_SHARE, threads, solver=solver)
        answer = solve_in_steps(first, limits, _watching(watch, "commitment"), cancelled, shown=False)
        commitment = Commitment(answer, caps_of(first, problem, can, answer.x))
    caps = None if commitment is None else commitment.caps
    model = build(problem, can, problem.expected, caps)
    left = max(
        policy.time_limit_seconds - (time.monotonic() - started),
        policy.time_limit_seconds * SECOND_SOLVE_SHARE,
    )
    limits = Limits(policy.gap, left, threads, solver=solver)
    answer = solve_in_steps(model, limits, _watching(watch, "plan"), cancelled)
    return Solution(problem, can, model, answer, commitment)


def _watching(watch: Stage | None, stage: str) -> Watch | None:
    if watch is None:
        return None
    return lambda incumbent: watch(stage, incumbent)
