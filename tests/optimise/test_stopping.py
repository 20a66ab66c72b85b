"""Work that does not notice at once that it is to stop is left to itself."""

import os
import queue
import sys
import threading
import time

import pytest

from planning.optimise.solvers.stopping import Left, started, stoppable, within


def test_what_is_not_stopped_gives_what_it_finds() -> None:
    assert stoppable(lambda _left: 7, None) == 7
    assert stoppable(lambda _left: 7, lambda: False) == 7


def test_what_ends_a_moment_after_it_was_stopped_still_gives_what_it_found() -> None:
    stopped = threading.Event()

    def work(_left: Left) -> str:
        stopped.set()
        time.sleep(0.1)
        return "the best by then"

    assert stoppable(work, stopped.is_set) == "the best by then"


def test_what_does_not_notice_is_left_within_a_second() -> None:
    ended = threading.Event()
    began = time.monotonic()
    assert stoppable(lambda _left: ended.wait(30), lambda: True) is None
    assert time.monotonic() - began < 1.5
    ended.set()


def test_what_is_left_is_told_so() -> None:
    ended = threading.Event()

    def work(left: Left) -> None:
        while not left():
            time.sleep(0.01)
        ended.set()

    assert stoppable(work, lambda: True) is None
    assert ended.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_what_is_left_runs_behind_everything_else() -> None:
    told: queue.Queue[int] = queue.Queue()

    def work(left: Left) -> None:
        while not left():
            time.sleep(0.01)
        time.sleep(0.1)
        told.put(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    assert stoppable(work, lambda: True) is None
    assert told.get(timeout=10) == 19
    assert os.getpriority(os.PRIO_PROCESS, 0) < 19


def test_what_goes_wrong_goes_wrong_for_the_caller() -> None:
    def work(_left: Left) -> None:
        raise ValueError("no such column")

    with pytest.raises(ValueError, match="no such column"):
        stoppable(work, lambda: False)


def test_what_was_started_is_waited_for_as_long_as_was_said_and_no_longer() -> None:
    ended = threading.Event()
    assert within(started(lambda: 7), 10.0) == 7
    waiting = started(lambda: ended.wait(30))
    assert within(waiting, 0.1) is None
    assert within(waiting, 30.0, lambda: True) is None
    ended.set()
    assert within(waiting, 10.0) is True
