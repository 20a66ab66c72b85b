"""Tasks for tests of the worker process."""

import os
import sys
import time
from collections.abc import Callable

from planning.errors import JobCancelledError, NothingToPlanError
from planning.workflows.progress import Progress

Report = Callable[[Progress], None]
Cancelled = Callable[[], bool]


def doubling(payload: int, progress: Report, cancelled: Cancelled) -> tuple[int, bool]:
    """Twice the payload, and whether this is the process of the tests."""
    return 2 * payload, "pytest" in sys.modules


def sleeping(payload: float, progress: Report, cancelled: Cancelled) -> str:
    """Sleep `payload` seconds, listening."""
    progress(Progress("sleeping", 0.25, gap=0.1, bound=90.0, objective=100.0))
    end = time.monotonic() + payload
    while time.monotonic() < end:
        if cancelled():
            raise JobCancelledError("stopped")
        time.sleep(0.01)
    return "slept"


def deaf(payload: float, progress: Report, cancelled: Cancelled) -> str:
    """Sleep `payload` seconds without listening."""
    progress(Progress("deaf"))
    time.sleep(payload)
    return "slept"


def failing(payload: None, progress: Report, cancelled: Cancelled) -> str:
    """Fail with a planner's error."""
    raise NothingToPlanError("There are no orders.")


def raising(payload: None, progress: Report, cancelled: Cancelled) -> float:
    """Fail with a programmer's error."""
    return 1 / 0


def refused(payload: None, progress: Report, cancelled: Cancelled) -> str:
    """A result the store refuses."""
    return "refuse me"


def crashing(payload: int, progress: Report, cancelled: Cancelled) -> None:
    """Take the process down."""
    os._exit(payload)


def chatty(payload: str, progress: Report, cancelled: Cancelled) -> str:
    """Print like a solver's banner does, past Python."""
    os.write(1, b"Running HiGHS 1.16\n" * 50)
    print("and again")  # noqa: T201
    return payload
