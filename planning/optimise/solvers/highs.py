"""The program handed to HiGHS: options, progress, stopping, where it begins."""

import time
from collections import deque
from importlib.metadata import version

import highspy
import numpy as np
import pulp
from pulp import _rustcore as rust

from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Cancelled, Incumbent, Limits, Vector, Watch
from planning.optimise.solvers.stopping import Left, LeftError

_Callback = highspy.cb.HighsCallbackType


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
        self.left: Left = lambda: False
        self._limits = limits

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Pass the program as one sparse matrix.

        Raises
        ------
        LeftError : nobody waits for it any more; nor is its point read then.
        """
        self._go_on()
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
        listen(highs, self.watch, self.cancelled)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, bool]:  # noqa: N802 (PuLP's name)
        """Status and point."""
        self._go_on()
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

    def _go_on(self) -> None:
        if self.left():
            raise LeftError

    @staticmethod
    def highs(lp: pulp.LpProblem) -> highspy.Highs:
        """HiGHS' own model, which PuLP keeps on the problem, untyped."""
        if not isinstance(lp.solverModel, highspy.Highs):
            raise TypeError("PuLP holds no HiGHS model")
        return lp.solverModel


def listen(highs: highspy.Highs, watch: Watch | None, cancelled: Cancelled | None) -> None:
    """Have `highs` tell `watch` of its progress from now on, and stop when `cancelled` says so."""
    if watch is None and cancelled is None:
        return
    began = time.monotonic()

    def on_event(
        kind: highspy.cb.HighsCallbackType,
        _message: str,
        out: highspy.cb.HighsCallbackOutput,
        answer: highspy.cb.HighsCallbackInput,
        _user: object,
    ) -> None:
        if cancelled is not None and cancelled():
            answer.user_interrupt = True
        elif watch is not None and kind == _Callback.kCallbackSimplexInterrupt:
            watch(Incumbent(time.monotonic() - began, None, None))
        elif watch is not None and kind == _Callback.kCallbackMipLogging:
            objective, bound = out.mip_primal_bound, out.mip_dual_bound
            watch(
                Incumbent(
                    time.monotonic() - began,
                    objective if abs(objective) < highspy.kHighsInf else None,
                    bound if abs(bound) < highspy.kHighsInf else None,
                )
            )

    highs.setCallback(on_event, None)
    for kind in (
        _Callback.kCallbackMipInterrupt,
        _Callback.kCallbackSimplexInterrupt,
        _Callback.kCallbackMipLogging,
    ):
        highs.startCallback(kind)


def quiet(limits: Limits) -> highspy.Highs:
    """HiGHS for a linear program that is no plan's, only a help to solve one, within the same limits."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float] = {
        "output_flag": False,
        "threads": limits.threads,
        "random_seed": limits.seed,
        "time_limit": max(limits.seconds, 0.1),
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs


def highs_called() -> str:
    """HiGHS and the modeller with their versions, as an answer names them."""
    return f"HiGHS {version('highspy')} through PuLP {version('PuLP')}"


def with_rows(basis: highspy.HighsBasis, model: Model) -> highspy.HighsBasis:
    """A basis of the program without the last rows of `model` as one of `model`; it may break those."""
    extended = highspy.HighsBasis()
    more = sum(map(len, model.rows.values())) - len(basis.row_status)
    extended.col_status = basis.col_status
    extended.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * more]
    extended.valid = True
    return extended


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
