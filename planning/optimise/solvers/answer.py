"""What a solver is asked and what it answers: limits, progress, the point with its bound."""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from planning.errors import NoPlanError
from planning.optimise.solvers.others import HIGHS

Vector = NDArray[np.float64]


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


def not_solved(stopped: str) -> NoPlanError:
    """What is told of a relaxation that ended before its optimum."""
    return NoPlanError(f"The linear relaxation was not solved ({stopped}). Give it more time.")
