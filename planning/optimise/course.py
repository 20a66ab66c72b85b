"""How a solve goes: the time left, the best plan and bound so far, who is told and who stops it."""

import time
from dataclasses import dataclass, replace

import numpy as np

from planning.optimise.solvers.answer import Answer, Cancelled, Incumbent, Limits, Watch

#: What is being done, in a planner's words: a linear program has no gap to tell, only what it is for.
FIRST, LEAST, FLEET, LOTS, SHIPMENTS, SEARCH, POLISH = (
    "a first plan",
    "what any plan must cost",
    "whole robots",
    "set-ups, batches and units",
    "shipments",
    "a better plan",
    "the last touches",
)

#: Seconds between two reports that say nothing new but the time.
_BETWEEN = 0.5


@dataclass
class Course:
    """One solve in steps.

    Parameters
    ----------
    best : the best plan so far, of the whole program. bound : the best of the whole program so far.
    """

    limits: Limits
    watch: Watch | None = None
    cancelled: Cancelled | None = None
    best: Answer | None = None
    bound: float = -np.inf

    def __post_init__(self) -> None:
        self._started = time.monotonic()
        self._told = -np.inf
        self._step = ""

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._started

    def is_stopped(self) -> bool:
        """Whether a planner wants no more than there is. Asked anew each time: who solves stops meanwhile."""
        return self.cancelled is not None and self.cancelled()

    def stopped_for(self, seconds: float) -> Cancelled | None:
        """Says whether it was stopped, and was asked that for the first time so many seconds ago."""
        if self.cancelled is None:
            return None
        since: list[float] = []

        def stopped() -> bool:
            if not since and self.is_stopped():
                since.append(time.monotonic())
            return bool(since) and time.monotonic() - since[0] >= seconds

        return stopped

    def left(self, patience: float = 0.0) -> Limits:
        """What is left of the time, and `patience` of all of it in any case."""
        rest = self.limits.seconds - self.seconds
        return replace(self.limits, seconds=max(rest, patience * self.limits.seconds))

    def begin(self, step: str) -> None:
        """Tell what is done from now on."""
        self._step = step
        self._tell()

    def found(self, plan: Answer | None) -> None:
        """Keep a plan of the whole program where it is the best so far."""
        if plan is None:
            return
        self.best = better(self.best, plan)
        self._tell()

    def proven(self, bound: float) -> None:
        """Keep a bound of the whole program where it is the best so far."""
        self.bound = max(self.bound, bound)

    def listener(self, *, whole: bool = False) -> Watch | None:
        """What a solver's run reports to: of a step's own program only the time counts."""
        if self.watch is None:
            return None
        return self._of_all if whole else self._of_a_step

    def answer(self, stopped: str | None = None) -> Answer | None:
        """The best plan under the best bound; None without a plan."""
        if self.best is None:
            return None
        bound = min(max(self.bound, self.best.bound), self.best.objective)
        return replace(self.best, bound=bound, stopped=stopped or self.best.stopped, seconds=self.seconds)

    def _of_a_step(self, _incumbent: Incumbent) -> None:
        if time.monotonic() - self._told >= _BETWEEN:
            self._tell()

    def _of_all(self, incumbent: Incumbent) -> None:
        if incumbent.bound is not None:
            self.proven(incumbent.bound)
        known = None if self.best is None else self.best.objective
        costs = [one for one in (known, incumbent.objective) if one is not None]
        self._tell(min(costs, default=None))

    def _tell(self, objective: float | None = None) -> None:
        """Nothing after it was stopped: a run that has not noticed yet may still report."""
        if self.watch is None or (self.is_stopped() and self.best is None):
            return
        self._told = time.monotonic()
        answer = self.answer()
        known = objective if objective is not None or answer is None else answer.objective
        bound = self.bound if answer is None else max(self.bound, answer.bound)
        told = None if known is None or not np.isfinite(bound) else min(bound, known)
        self.watch(Incumbent(self.seconds, known, told, self._step))


def better(one: Answer | None, other: Answer | None) -> Answer | None:
    """The cheaper of two plans; the first where they cost the same."""
    if one is None or other is None:
        return one or other
    return other if other.objective < one.objective else one
