"""How far a piece of work is, as the worker tells it while it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One report from a task.

    Parameters
    ----------
    stage : what is being done, in a planner's words.
    fraction : share of the whole work done, 0–1; None where nobody can tell.
    gap : share by which the best plan found may still be improved; None before there is one.
    bound, objective : of the solve, in the network's currency.
    """

    stage: str
    fraction: float | None = None
    gap: float | None = None
    bound: float | None = None
    objective: float | None = None
