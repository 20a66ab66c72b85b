"""Handing the program to a solver: options, progress, cancelling, and what may be believed afterwards."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray
from pulp import LpSolveStats
from pulp import _rustcore as rust

from planning.errors import NoPlanError
from planning.optimise.algebra import Model, Rows
from planning.optimise.others import HIGHS, Run, solve_with, solver_called
from planning.optimise.stopping import stoppable

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
    its own usual one when None.
    """

    gap: float
    seconds: float
    threads: int = 1
    seed: int = 0
    solver: str = HIGHS
    tolerance: float | None = None


@dataclass(frozen=True)
class Answer:
    """What a solver said: a point, its objective, the bound of the program it was given, why it stopped.

    `solver` names the solver and the modeller with their versions. `basis` is HiGHS' own of a linear program,
    from where the same rows and columns with other bounds are solved in few steps, `duals` those of its
    constraints. `relaxation` is the answer with nothing whole, where that was solved on the way.
    """

    x: Vector
    objective: float
    bound: float
    stopped: str
    seconds: float
    solver: str
    basis: highspy.HighsBasis | None = None
    relaxation: "Answer | None" = None
    duals: Vector | None = None

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
        self.duals: Vector | None = None
        self._tolerance = limits.tolerance
        self._started = time.monotonic()

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Pass the program as one sparse matrix."""
        highs = self.highs(lp)
        pass_program(highs, self.model)
        if self._tolerance is not None:
            for option in ("primal_feasibility_tolerance", "mip_feasibility_tolerance"):
                highs.setOptionValue(option, self._tolerance)
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
        solution = self.highs(lp).getSolution()
        self.x = np.asarray(solution.col_value, dtype=np.float64)
        self.duals = np.asarray(solution.row_dual, dtype=np.float64)
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
    x = _rounded(model, run.x)
    _refuse_invalid(model, x)
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
        name = f"HiGHS {version('highspy')} through PuLP {version('PuLP')}"
        linear = None if model.integer.any() else solver
        basis, duals = (None, None) if linear is None else (linear.basis, linear.duals)
        return Run(stats, found, stats.best_bound, name, basis, duals)
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
        raise NoPlanError(f"The linear relaxation was not solved ({stopped}). Give it more time.")
    _refuse_invalid(linear, run.x)
    objective = float(model.objective() @ run.x) + model.constant
    said = run.stats.status_str
    return Answer(run.x, objective, objective, said, run.stats.time, run.solver, run.basis, duals=run.duals)


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
        highspy.HighsModelStatus.kInterrupt: pulp.const.LpSolveStatus.Interrupted,
        highspy.HighsModelStatus.kMemoryLimit: pulp.const.LpSolveStatus.MemoryLimit,
    }
    status = reasons.get(highs.getModelStatus(), pulp.const.LpSolveStatus.Undefined)
    feasible = highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return int(status), bool(feasible)


def _rounded(model: Model, x: Vector) -> Vector:
    """Whole variables made exactly whole, bounds respected exactly."""
    whole = np.where(model.integer, np.round(x), x)
    return np.clip(whole, model.lower, model.upper)


def _refuse_invalid(model: Model, x: Vector) -> None:
    """Raise when a constraint is broken at `x` beyond what rounding explains."""
    if not np.isfinite(x).all():
        raise NoPlanError("The solver's answer has decisions without a value.")
    for rows, worst, excess in _broken(model, x):
        where = rows.index.row(worst, named=True) if rows.index.width else ""
        raise NoPlanError(f"The solver's answer breaks {rows.name} {where} by {excess:.6g}.")


def keeps_rules(model: Model, x: Vector) -> bool:
    """Whether a plan of the same columns is one of `model`, whose further rows it was not made for."""
    return next(_broken(model, x), None) is None


def _broken(model: Model, x: Vector) -> Iterator[tuple[Rows, int, float]]:
    """Of each family the constraint broken most, and by how much, where rounding does not explain it."""
    for rows in filter(len, model.rows.values()):
        activity = np.add.reduceat(rows.coef * x[rows.col], rows.start[:-1])
        excess = {"<=": activity - rows.rhs, ">=": rows.rhs - activity, "==": np.abs(activity - rows.rhs)}[
            rows.sense
        ]
        worst = int(np.argmax(excess))
        scale = max(1.0, abs(rows.rhs[worst]), float(np.abs(activity[worst])))
        if excess[worst] > 1e-4 * scale:
            yield rows, worst, float(excess[worst])
