"""A forecast on all cores of this machine: parts go to processes, and come back as they end."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from planning.configuration import read_configuration
from planning.forecast.engine import Part, done, in_turn
from planning.forecast.outcome import Outcome

#: Fewer series are done before the processes are up, for each of them imports statsforecast first.
WORTH_PROCESSES = 300
MOST_PROCESSES = 8


def on_cores(parts: Sequence[Part]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    """The engine of one machine: its cores, eight at most; this process alone where little is to be done.

    Outcomes are those of one process. Closing the iterator, which an error in its consumer does too,
    drops the parts not begun and waits for the others.
    """
    processes = min(read_configuration().cores, MOST_PROCESSES, len(parts))
    if processes < 2 or sum(len(part.series) for part in parts) < WORTH_PROCESSES:
        yield from in_turn(parts)
        return
    pool = ProcessPoolExecutor(
        processes,
        # A fork would copy the locks of the worker's other threads as they happen to stand.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_leave_with_the_parent,
    )
    try:
        numbers = {pool.submit(done, part): number for number, part in enumerate(parts)}
        for found in as_completed(numbers):
            yield numbers[found], found.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_with_the_parent() -> None:
    """End this process when the one that started it is gone: killed, it cannot tell."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="takt-forecast-parent", daemon=True).start()
