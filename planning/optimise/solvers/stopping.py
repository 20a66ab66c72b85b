"""Work in a thread of its own: left to itself when it is stopped and does not notice at once."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from time import monotonic

#: Seconds between two looks whether it is to stop, and what it has to end in by itself then.
_LOOK, _PATIENCE = 0.05, 0.4

#: Priority of what was left: the lowest there is.
_LAST = 19

Left = Callable[[], bool]


class LeftError(Exception):
    """Work that nobody waits for any more ends with it."""


def stoppable[T](work: Callable[[Left], T], stopped: Callable[[], bool] | None) -> T | None:
    """What `work` gives; None where it was stopped before, or has not ended a moment after.

    A solver asks whether to go on between its steps, and a presolve of a large program is one step of
    seconds. The planner who stops it does not wait for that: it ends in its own thread when it asks next,
    behind everything else this process does.

    Parameters
    ----------
    work : told how to ask whether it was left, in which case it can save itself the rest.
    """
    if stopped is None:
        return work(lambda: False)
    if stopped():
        return None
    left = threading.Event()
    thread, result = _begun(lambda: work(left.is_set))
    asked = None
    while not wait([result], _LOOK).done:
        if asked is None and stopped():
            asked = monotonic()
        if asked is not None and monotonic() - asked > _PATIENCE:
            left.set()
            _last(thread)
            return None
    return result.result()


def started[T](work: Callable[[], T]) -> Future[T]:
    """`work` begun in its own thread, which does not keep the process from ending."""
    return _begun(work)[1]


def within[T](result: Future[T], seconds: float, stopped: Callable[[], bool] | None = None) -> T | None:
    """What work that was started gives; None where it takes longer than these seconds, or is stopped."""
    end = monotonic() + seconds
    while not wait([result], min(_LOOK, max(end - monotonic(), 0.0))).done:
        if monotonic() >= end or (stopped is not None and stopped()):
            return None
    return result.result()


def _begun[T](work: Callable[[], T]) -> tuple[threading.Thread, Future[T]]:
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            result.set_exception(error)

    thread = threading.Thread(target=run, name="takt-solver", daemon=True)
    thread.start()
    return thread, result


def _last(thread: threading.Thread) -> None:
    """Let `thread` run behind all others: only Linux has a priority for each thread."""
    if sys.platform == "linux" and thread.native_id is not None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, thread.native_id, _LAST)
