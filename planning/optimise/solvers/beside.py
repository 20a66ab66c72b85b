"""A linear relaxation begun before it is needed, and solved beside everything else.

Where it is solved is an executor's business: another process of this machine, a cluster, or none at all,
and then it is solved here when it is asked for. What travels are values; what comes back is the same to
the last digit, basis included (docs/adr/0017).
"""

import copyreg
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from time import monotonic

import highspy
import numpy as np

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Family, Model
from planning.optimise.solvers.answer import Answer, Cancelled, Incumbent, Limits, Watch, not_solved
from planning.optimise.solvers.highs import highs_called
from planning.optimise.solvers.others import HIGHS
from planning.optimise.solvers.priced import solve_relaxation

#: Decisions of a program below which its relaxation takes no longer than a process to start: a second.
MANY_DECISIONS = 50_000

#: Seconds between two looks whether it is there or given up.
_LOOK = 0.05

log = logging.getLogger("takt.beside")


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A linear relaxation to solve: values, all its answer depends on.

    Parameters
    ----------
    model : nothing of it is whole.
    basis : of the same columns and the same rows or the first of them, to begin from.
    """

    model: Model
    limits: Limits
    basis: highspy.HighsBasis | None = None

    @classmethod
    def of(cls, model: Model, limits: Limits, basis: highspy.HighsBasis | None = None) -> "Relaxation":
        """The relaxation of `model`, with nothing that `model` goes on filling while this one travels."""
        bare = replace(
            model,
            families={name: Family(name, family.frame) for name, family in model.families.items()},
            expressions={},
            rows={name: replace(rows) for name, rows in model.rows.items()},
            costs=dict(model.costs),
            constants=dict(model.constants),
            integer=np.zeros_like(model.integer),
        )
        return cls(bare, limits, basis)


def solved(task: Relaxation) -> Answer | NoPlanError:
    """The answer, or why there is none. The same wherever it is called."""
    try:
        return solve_relaxation(task.model, task.limits, basis=task.basis)
    except NoPlanError as error:
        return error


class Begun(AbstractContextManager["Begun"]):
    """A relaxation that is needed later. When its context ends nobody waits for it any more.

    Parameters
    ----------
    found : what is solved elsewhere; cancelling it gives that up. None: it is solved here, when it is asked
        for.
    """

    def __init__(self, task: Relaxation, found: Future[Answer | NoPlanError] | None = None) -> None:
        self._task, self._found = task, found
        self._began = monotonic()

    @classmethod
    def there(cls, task: Relaxation, answer: Answer) -> "Begun":
        """One that is solved already."""
        found: Future[Answer | NoPlanError] = Future()
        found.set_result(answer)
        return cls(task, found)

    def __exit__(self, *_raised: object) -> None:
        if self._found is not None:
            self._found.cancel()

    def answer(
        self, seconds: float, cancelled: Cancelled | None = None, watch: Watch | None = None
    ) -> Answer:
        """Wait for the answer, or solve it here.

        What was to be solved elsewhere is solved here where its process died or its cluster is gone.

        Parameters
        ----------
        seconds : from now on. cancelled : asked whether to stop. watch : told of the time.

        Raises
        ------
        NoPlanError : not solved to optimality in the time, or stopped.
        """
        end = monotonic() + seconds
        there = None if self._found is None else self._from_elsewhere(self._found, end, cancelled, watch)
        if isinstance(there, NoPlanError):
            raise there
        if there is not None:
            return there
        task = self._task
        limits = replace(task.limits, seconds=end - monotonic())
        return solve_relaxation(task.model, limits, cancelled, watch, basis=task.basis)

    def _from_elsewhere(
        self,
        found: Future[Answer | NoPlanError],
        end: float,
        cancelled: Cancelled | None,
        watch: Watch | None,
    ) -> Answer | NoPlanError | None:
        """What came of it; None, with a word in the log, where nothing did that can be believed."""
        while not wait([found], _LOOK).done:
            stopped = cancelled is not None and cancelled()
            if stopped or monotonic() > end:
                found.cancel()
                return not_solved("Interrupted" if stopped else "TimeLimit")
            if watch is not None:
                watch(Incumbent(monotonic() - self._began, None, None))
        try:
            there = found.result()
        except Exception as error:  # noqa: BLE001 - whatever a process or a cluster can die of
            log.warning("A linear program is solved here, since elsewhere it was not: %s", _told(error))
            return None
        if isinstance(there, Answer) and there.solver != highs_called():
            log.warning(
                "A linear program is solved here, since elsewhere there is %s and here %s. "
                "Install the same versions there.",
                there.solver,
                highs_called(),
            )
            return None
        return there


def begin(task: Relaxation, beside: Executor | None) -> Begun:
    """Have `task` solved by `beside`; here, when it is asked for, without one or where it is soon done.

    Solvers other than HiGHS run in processes of their own, which nobody would end: they solve here.
    """
    if beside is None or len(task.model.upper) < MANY_DECISIONS or task.limits.solver != HIGHS:
        return Begun(task)
    try:
        return Begun(task, beside.submit(solved, task))
    except Exception as error:  # noqa: BLE001 - no process can be started, the cluster is lost
        log.warning("A linear program is solved here, since it cannot be elsewhere: %s", _told(error))
        return Begun(task)


def _told(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


# HiGHS' own basis does not travel; its statuses do, which are all there is to it.


def statuses(basis: highspy.HighsBasis) -> tuple[bytes, bytes]:
    """The status of each column and of each row, one byte each."""
    return bytes(map(int, basis.col_status)), bytes(map(int, basis.row_status))


def basis_of(columns: bytes, rows: bytes) -> highspy.HighsBasis:
    """The basis with these statuses; of a program it is not one of, HiGHS makes one."""
    status = [highspy.HighsBasisStatus(number) for number in range(max(columns + rows, default=0) + 1)]
    basis = highspy.HighsBasis()
    basis.col_status = [status[number] for number in columns]
    basis.row_status = [status[number] for number in rows]
    basis.valid = True
    return basis


Packed = tuple[bytes, bytes, bool, bool, bool]


def _packed(basis: highspy.HighsBasis) -> tuple[Callable[..., highspy.HighsBasis], Packed]:
    return _unpacked, (*statuses(basis), basis.valid, basis.alien, basis.was_alien)


def _unpacked(columns: bytes, rows: bytes, valid: bool, alien: bool, was_alien: bool) -> highspy.HighsBasis:
    basis = basis_of(columns, rows)
    basis.valid, basis.alien, basis.was_alien = valid, alien, was_alien
    return basis


copyreg.pickle(highspy.HighsBasis, _packed)
