"""Solvers other than HiGHS: any that PuLP finds, fed by PuLP itself and believed no more than HiGHS is."""

import inspect
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray
from pulp import LpSolveStats
from pulp import _rustcore as rust

from planning.errors import ConfigurationError, NoPlanError

HIGHS = "HiGHS"

#: What people call a solver, where PuLP calls it something else.
_CALLED = {"COIN_CMD": "CBC"}


@dataclass(frozen=True)
class Run:
    """How a solve ended: PuLP's statistics, point and bound where there are any, solver and modeller.

    `basis` is HiGHS' own of a linear program.
    """

    stats: LpSolveStats
    x: NDArray[np.float64] | None
    bound: float | None
    solver: str
    basis: highspy.HighsBasis | None = None


def solver_called(name: str) -> str:
    """PuLP's name of the solver that a setting names; capitals do not matter, and CBC is known as CBC.

    Raises
    ------
    ConfigurationError : it is not there; says which are.
    """
    if name == HIGHS:
        return HIGHS
    there = pulp.listSolvers(onlyAvailable=True)
    names = {one.lower(): one for one in there} | {
        called.lower(): one for one, called in _CALLED.items() if one in there
    }
    if name.lower() not in names:
        choices = ", ".join(_CALLED.get(one, one) for one in there)
        raise ConfigurationError(
            f"solver = {name!r}: there is no such solver here. There are {choices}. "
            "Name one of them in takt.toml or TAKT_SOLVER, or install what PuLP needs for it."
        )
    return names[name.lower()]


def solve_with(
    name: str,
    problem: pulp.LpProblem,
    options: Mapping[str, float],
    start: NDArray[np.float64] | None,
    idle: NDArray[np.float64],
) -> Run:
    """Solve a PuLP problem with the solver PuLP calls `name`.

    Parameters
    ----------
    problem : without a constant in its objective: some solvers leave it out of the bounds they report.
    options : for the solver, as PuLP calls them; those it does not take are left out. start : a feasible
        point to begin from. idle : values of variables that stand in no row and cost nothing.

    Raises
    ------
    NoPlanError : the solver failed.
    """
    variables = problem.toRustModel().list_variables()
    if start is not None:
        deque(map(rust.Variable.set_value, variables, start.tolist()), maxlen=0)
    kind = type(pulp.getSolver(name, msg=False))
    wanted: dict[str, Any] = {**options, "msg": False, "warmStart": start is not None}
    taken = inspect.signature(kind.__init__).parameters
    try:
        stats = problem.solve(kind(**{key: value for key, value in wanted.items() if key in taken}))
    except pulp.PulpSolverError as error:
        raise NoPlanError(f"The solver {_CALLED.get(name, name)} failed: {error}") from error
    words = [_CALLED.get(name, name), stats.solver_version, "through PuLP", version("PuLP")]
    said = " ".join(word for word in words if word)
    if not stats.has_solution:
        return Run(stats, None, None, said)
    found = np.array([np.nan if one.value is None else one.value for one in variables])
    bound = _proven(stats, float(options["gapRel"]))
    return Run(stats, np.where(_unused(problem, len(found)), idle, found), bound, said)


def _proven(stats: LpSolveStats, gap: float) -> float | None:
    """The bound a run has proven: what its stop on the gap says, else what PuLP read in its log.

    CBC's log tells the plan's own objective as its bound when it stops on the gap.
    """
    if stats.status in (pulp.const.LpSolveStatus.Optimal, pulp.const.LpSolveStatus.GapLimit):
        if stats.objective is None or gap >= 1:
            return None
        # below zero the gap may be a share of the bound, which is the larger there
        share = gap if stats.objective >= 0 else gap / (1 - gap)
        return stats.objective - share * abs(stats.objective)
    return stats.best_bound


def _unused(problem: pulp.LpProblem, count: int) -> NDArray[np.bool_]:
    """Variables PuLP does not hand to a solver, as they stand in no row and cost nothing."""
    unused = np.ones(count, dtype=bool)
    unused[problem.toRustModel().used_variable_ids()] = False
    return unused
