"""Handing the program to a solver: options, progress, cancelling, and what may be believed afterwards."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray
from pulp import LpSolveStats
from pulp import _rustcore as rust

from planning.errors import NoPlanError
from planning.optimise.algebra import Model
from planning.optimise.others import HIGHS, Run, solve_with, solver_called
from planning.optimise.stopping import stoppable
from planning.optimise.validity import refuse_invalid, rounded

Vector = NDArray[np.float64]
_Callback = highspy.cb.HighsCallbackType


@dataclass(frozen=True)
class Incumbent:
    """How far a solve is: seconds since its start, best objective so far (None: none yet), bound.

    `step` is what is being done, in words.
    """

    seconds: float
    objective: float | None
    bound: float | None
    step: str = ""


Watch = Callable[[Incumbent], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Limits:
    """When a solve may stop. The same limits on the same program give the same answer on its gap.

    HiGHS takes one number of threads per process, so every solve of a process has to name the same.
    `solver` is HiGHS or another that PuLP finds. `tolerance` is what HiGHS may leave a constraint broken by;
    its own usual one when None. `nodes` is how many HiGHS may branch into: unlike time that ends a search
    at the same place on every machine. None: as many as time allows. `enough` is an objective to stop at.
    """

    gap: float
    seconds: float
    threads: int = 1
    seed: int = 0
    solver: str = HIGHS
    tolerance: float | None = None
    nodes: int | None = None
    enough: float = -np.inf


@dataclass(frozen=True)
class Answer:
    """What a solver said: a point, its objective, the bound of the program it was given, why it stopped.

    `solver` names the solver and the modeller with their versions. `basis` is HiGHS' own of a linear program,
    from where the same rows and columns with other bounds are solved in few steps. `relaxation` is the
    answer with nothing whole, where that was solved on the way.
    """

    x: Vector
    objective: float
    bound: float
    stopped: str
    seconds: float
    solver: str
    basis: highspy.HighsBasis | None = None
    relaxation: "Answer | None" = None

    @property
    def gap(self) -> float:
        """(objective − bound) / |objective|."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """(objective − bound) / |objective|; 0 when both are 0."""
    difference = max(0.0, objective - bound)
    if difference == 0.0:
        return 0.0
    return difference / abs(objective) if objective else float("inf")


def costing(bound: float, gap: float) -> float:
    """The most a plan above `bound` may cost for its gap to be no more than `gap`."""
    if bound > 0.0:
        return bound / (1 - gap) if gap < 1.0 else float("inf")
    return bound / (1 + gap)


class ArrayHiGHS(pulp.HiGHS):
    """PuLP's HiGHS with the whole matrix handed over at once and values read back in one array."""

    def __init__(
        self,
        model: Model,
        limits: Limits,
        watch: Watch | None = None,
        cancelled: Cancelled | None = None,
        *,
        start: Vector | None = None,
        basis: highspy.HighsBasis | None = None,
    ) -> None:
        super().__init__(
            msg=False,
            gapRel=limits.gap,
            timeLimit=max(limits.seconds, 0.1),
            threads=limits.threads,
            random_seed=limits.seed,
        )
        self.model, self.watch, self.cancelled, self.start = model, watch, cancelled, start
        self.x: Vector | None = None
        self.basis = basis
        self._limits = limits
        self._started = time.monotonic()

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Pass the program as one sparse matrix."""
        highs = self.highs(lp)
        pass_program(highs, self.model)
        if self._limits.tolerance is not None:
            for option in ("primal_feasibility_tolerance", "mip_feasibility_tolerance"):
                highs.setOptionValue(option, self._limits.tolerance)
        if self._limits.nodes is not None:
            highs.setOptionValue("mip_max_nodes", self._limits.nodes)
        highs.setOptionValue("objective_target", self._limits.enough)
        if self.start is not None:
            highs.setSolution(len(self.start), np.arange(len(self.start), dtype=np.int32), self.start)
        if self.basis is not None:
            highs.setBasis(self.basis)
        if self.watch is not None or self.cancelled is not None:
            highs.setCallback(self._on_event, None)
            highs.startCallback(_Callback.kCallbackMipInterrupt)
            highs.startCallback(_Callback.kCallbackSimplexInterrupt)
            highs.startCallback(_Callback.kCallbackMipLogging)
        self._started = time.monotonic()

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, bool]:  # noqa: N802 (PuLP's name)
        """Status and point."""
        status, found = _status(self.highs(lp))
        if found:
            self.read_values(lp)
        return status, found

    def read_values(self, lp: pulp.LpProblem) -> None:
        """Read the point as one array and give it to PuLP's variables.

        One sweep over their handles costs half of PuLP's own call with pairs of id and value.
        """
        self.x = np.asarray(self.highs(lp).getSolution().col_value, dtype=np.float64)
        self.basis = self.highs(lp).getBasis()
        variables = lp.toRustModel().list_variables()
        deque(map(rust.Variable.set_value, variables, self.x.tolist()), maxlen=0)

    @staticmethod
    def highs(lp: pulp.LpProblem) -> highspy.Highs:
        """HiGHS' own model, which PuLP keeps on the problem, untyped."""
        if not isinstance(lp.solverModel, highspy.Highs):
            raise TypeError("PuLP holds no HiGHS model")
        return lp.solverModel

    def _on_event(
        self,
        kind: highspy.cb.HighsCallbackType,
        _message: str,
        out: highspy.cb.HighsCallbackOutput,
        answer: highspy.cb.HighsCallbackInput,
        _user: object,
    ) -> None:
        if self.cancelled is not None and self.cancelled():
            answer.user_interrupt = True
        elif self.watch is not None and kind == _Callback.kCallbackSimplexInterrupt:
            self.watch(Incumbent(time.monotonic() - self._started, None, None))
        elif self.watch is not None and kind == _Callback.kCallbackMipLogging:
            objective, bound = out.mip_primal_bound, out.mip_dual_bound
            self.watch(
                Incumbent(
                    time.monotonic() - self._started,
                    objective if abs(objective) < highspy.kHighsInf else None,
                    bound if abs(bound) < highspy.kHighsInf else None,
                )
            )


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
    run = _run(model, limits, watch, cancelled, start, basis=basis)
    if run is None or run.x is None:
        return None
    x = rounded(model, run.x)
    refuse_invalid(model, x)
    objective = float(model.objective() @ x) + model.constant
    bound = _bound_of(run, model, objective)
    if bound > objective + 1e-6 * max(1.0, abs(objective)) + 1e-4:
        raise NoPlanError(f"The solver's bound {bound:.2f} lies above its own plan {objective:.2f}.")
    return Answer(
        x, objective, min(bound, objective), run.stats.status_str, run.stats.time, run.solver, run.basis
    )


def _run(
    model: Model,
    limits: Limits,
    watch: Watch | None = None,
    cancelled: Cancelled | None = None,
    start: Vector | None = None,
    *,
    basis: highspy.HighsBasis | None = None,
) -> Run | None:
    """One run of the solver the limits name; None when it was stopped without an answer.

    Solvers other than HiGHS tell nothing while they run and cannot be stopped.
    """
    if limits.solver == HIGHS:
        solver = ArrayHiGHS(model, limits, watch, cancelled, start=start, basis=basis)
        stats: LpSolveStats | None = stoppable(lambda: model.to_pulp().solve(solver), cancelled)
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


def highs_called() -> str:
    """HiGHS and the modeller with their versions, as an answer names them."""
    return f"HiGHS {version('highspy')} through PuLP {version('PuLP')}"


def not_solved(stopped: str) -> NoPlanError:
    """What is told of a relaxation that ended before its optimum."""
    return NoPlanError(f"The linear relaxation was not solved ({stopped}). Give it more time.")


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


def with_rows(basis: highspy.HighsBasis, model: Model) -> highspy.HighsBasis:
    """A basis of the program without the last rows of `model` as one of `model`; it may break those."""
    extended = highspy.HighsBasis()
    more = sum(map(len, model.rows.values())) - len(basis.row_status)
    extended.col_status = basis.col_status
    extended.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * more]
    extended.valid = True
    return extended


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
    linear = replace(model, integer=np.zeros_like(model.integer))
    start = None if basis is None else with_rows(basis, linear)
    run = _run(linear, limits, watch, cancelled, basis=start)
    if run is None or run.x is None or run.stats.status != pulp.const.LpSolveStatus.Optimal:
        stopped = "Interrupted" if run is None else run.stats.status_str
        raise not_solved(stopped)
    refuse_invalid(linear, run.x)
    objective = float(model.objective() @ run.x) + model.constant
    said = run.stats.status_str
    return Answer(run.x, objective, objective, said, run.stats.time, run.solver, run.basis)


def pass_program(highs: highspy.Highs, model: Model) -> None:
    """The whole program as arrays in one call; HiGHS reads them where they lie."""
    rows = list(model.rows.values())
    rhs = np.concatenate([block.rhs for block in rows])
    sizes = [len(block) for block in rows]
    lengths = np.concatenate([np.diff(block.start) for block in rows])
    start = np.concatenate([[0], np.cumsum(lengths)])
    highs.passModel(
        len(model.upper),
        len(rhs),
        int(start[-1]),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        model.constant,
        model.objective(),
        model.lower,
        model.upper,
        np.where(np.repeat([block.sense == "<=" for block in rows], sizes), -highspy.kHighsInf, rhs),
        np.where(np.repeat([block.sense == ">=" for block in rows], sizes), highspy.kHighsInf, rhs),
        start.astype(np.int32),
        np.concatenate([block.col for block in rows]).astype(np.int32),
        np.concatenate([block.coef for block in rows]),
        model.integer.astype(np.int32),
    )


def _status(highs: highspy.Highs) -> tuple[int, bool]:
    """PuLP's status of a finished run, and whether it left a feasible point."""
    reasons = {
        highspy.HighsModelStatus.kOptimal: pulp.const.LpSolveStatus.Optimal,
        highspy.HighsModelStatus.kInfeasible: pulp.const.LpSolveStatus.Infeasible,
        highspy.HighsModelStatus.kUnbounded: pulp.const.LpSolveStatus.Unbounded,
        highspy.HighsModelStatus.kTimeLimit: pulp.const.LpSolveStatus.TimeLimit,
        highspy.HighsModelStatus.kSolutionLimit: pulp.const.LpSolveStatus.NodeLimit,
        highspy.HighsModelStatus.kObjectiveTarget: pulp.const.LpSolveStatus.SolutionLimit,
        highspy.HighsModelStatus.kInterrupt: pulp.const.LpSolveStatus.Interrupted,
        highspy.HighsModelStatus.kMemoryLimit: pulp.const.LpSolveStatus.MemoryLimit,
    }
    status = reasons.get(highs.getModelStatus(), pulp.const.LpSolveStatus.Undefined)
    feasible = highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return int(status), bool(feasible)
