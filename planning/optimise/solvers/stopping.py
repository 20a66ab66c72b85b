"""Work in a thread of its own: left to itself when it is stopped and does not notice at once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from time import monotonic

#: Seconds between two looks whether it is to stop, and what it has to end in by itself then.
_LOOK, _PATIENCE = 0.05, 0.4


def stoppable[T](work: Callable[[], T], stopped: Callable[[], bool] | None) -> T | None:
    """What `work` gives; None where it was stopped and has not ended a moment later.

    A solver asks whether to go on between its steps, and a presolve of a large program is one step of
    seconds. The planner who stops it does not wait for that: it ends in its own thread when it asks next.
    """
    if stopped is None:
        return work()
    result = started(work)
    asked = None
    while not wait([result], _LOOK).done:
        if asked is None and stopped():
            asked = monotonic()
        if asked is not None and monotonic() - asked > _PATIENCE:
            return None
    return result.result()


def started[T](work: Callable[[], T]) -> Future[T]:
    """`work` begun in its own thread, which does not keep the process from ending."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            result.set_exception(error)

    threading.Thread(target=run, name="takt-solver", daemon=True).start()
    return result


def within[T](result: Future[T], seconds: float, stopped: Callable[[], bool] | None = None) -> T | None:
    """What work that was started gives; None where it takes longer than these seconds, or is stopped."""
    end = monotonic() + seconds
    while not wait([result], min(_LOOK, max(end - monotonic(), 0.0))).done:
        if monotonic() >= end or (stopped is not None and stopped()):
            return None
    return result.result()
