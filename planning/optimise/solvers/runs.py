"""One run of a solver, and what may be believed afterwards."""

from dataclasses import replace

import highspy
import numpy as np
import pulp
from pulp import LpSolveStats

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector, Watch, not_solved
from planning.optimise.solvers.highs import ArrayHiGHS, highs_called, with_rows
from planning.optimise.solvers.others import HIGHS, Run, solve_with, solver_called
from planning.optimise.solvers.stopping import Left, stoppable
from planning.optimise.solvers.validity import refuse_invalid, rounded


def attempt(
    model: Model,
    limits: Limits,
    watch: Watch | None = None,
    cancelled: Cancelled | None = None,
    start: Vector | None = None,
    *,
    basis: highspy.HighsBasis | None = None,
) -> Answer | None:
    """Solve `model` through PuLP; None when the solver stopped without a feasible point.

    Parameters
    ----------
    watch : told of progress. cancelled : asked whether to stop. start : a feasible point to begin from.
    basis : of a linear program with the same rows and columns, to begin from.

    Raises
    ------
    NoPlanError : the point breaks a constraint, or its objective lies below the solver's own bound.
    """
    run = _run(model, limits, watch, cancelled, start, basis)
    if run is None or run.x is None:
        return None
    x = rounded(model, run.x)
    refuse_invalid(model, x)
    objective = model.cost(x)
    bound = _bound_of(run, model, objective)
    if bound > objective + 1e-6 * max(1.0, abs(objective)) + 1e-4:
        raise NoPlanError(f"The solver's bound {bound:.2f} lies above its own plan {objective:.2f}.")
    return Answer(
        x, objective, min(bound, objective), run.stats.status_str, run.stats.time, run.solver, run.basis
    )


def _run(  # noqa: PLR0917 - what `attempt` may be called with
    model: Model,
    limits: Limits,
    watch: Watch | None,
    cancelled: Cancelled | None,
    start: Vector | None,
    basis: highspy.HighsBasis | None,
) -> Run | None:
    """One run of the solver the limits name; None when it was stopped without an answer.

    Solvers other than HiGHS tell nothing while they run and cannot be stopped.
    """
    if limits.solver == HIGHS:
        solver = ArrayHiGHS(model, limits, watch, cancelled, start=start, basis=basis)

        def solve(left: Left) -> LpSolveStats:
            solver.left = left
            return model.to_pulp().solve(solver)

        stats = stoppable(solve, cancelled)
        if stats is None:
            return None
        found = solver.x if stats.has_solution else None
        basis = None if model.integer.any() else solver.basis
        return Run(stats, found, stats.best_bound, highs_called(), basis)
    if cancelled is not None and cancelled():
        return None
    options = {
        "timeLimit": max(limits.seconds, 0.1),
        "gapRel": limits.gap,
        "threads": limits.threads,
        "randomSeed": limits.seed,
    }
    problem = replace(model, constants={}).to_pulp()
    run = solve_with(solver_called(limits.solver), problem, options, start, model.lower)
    return run if run.bound is None else replace(run, bound=run.bound + model.constant)


def _bound_of(run: Run, model: Model, objective: float) -> float:
    """The bound a run has proven, and never less than what no plan can cost.

    A linear program proves its own optimum, or nothing.
    """
    proven = -np.inf
    if model.integer.any():
        proven = run.bound if run.bound is not None else -np.inf
    elif run.stats.status == pulp.const.LpSolveStatus.Optimal:
        proven = objective
    return max(proven, least_cost(model))


def least_cost(model: Model) -> float:
    """The objective with every column where it costs least, whatever the rules say; 0 without subsidies."""
    cost = model.objective()
    priced = cost != 0
    cheapest = np.where(cost > 0, model.lower, model.upper)
    return float(cost[priced] @ cheapest[priced]) + model.constant


def relaxed(
    model: Model,
    limits: Limits,
    cancelled: Cancelled | None = None,
    watch: Watch | None = None,
    *,
    basis: highspy.HighsBasis | None = None,
) -> Answer:
    """Solve the linear relaxation of `model`: what the plan would cost could everything be divided.

    Parameters
    ----------
    basis : of the same columns and the same rows or the first of them, to begin from.

    Raises
    ------
    NoPlanError : not solved to optimality within the limits, or the point breaks a constraint.
    """
    linear = divisible(model)
    corner = None if basis is None else with_rows(basis, linear)
    run = _run(linear, limits, watch, cancelled, None, corner)
    if run is None or run.x is None or run.stats.status != pulp.const.LpSolveStatus.Optimal:
        stopped = "Interrupted" if run is None else run.stats.status_str
        raise not_solved(stopped)
    refuse_invalid(linear, run.x)
    objective = model.cost(run.x)
    said = run.stats.status_str
    return Answer(run.x, objective, objective, said, run.stats.time, run.solver, run.basis)
