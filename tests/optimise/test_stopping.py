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
    begun, ended = threading.Event(), threading.Event()

    def work(_left: Left) -> bool:
        begun.set()
        return ended.wait(30)

    began = time.monotonic()
    assert stoppable(work, begun.is_set) is None
    assert time.monotonic() - began < 1.5
    ended.set()


def test_what_was_stopped_before_is_not_begun() -> None:
    begun = threading.Event()
    assert stoppable(lambda _left: begun.set(), lambda: True) is None
    assert not begun.wait(0.2)


def test_what_is_left_is_told_so() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(left: Left) -> None:
        begun.set()
        while not left():
            time.sleep(0.01)
        ended.set()

    assert stoppable(work, begun.is_set) is None
    assert ended.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_what_is_left_runs_behind_everything_else() -> None:
    begun, told = threading.Event(), queue.Queue[int]()

    def work(left: Left) -> None:
        begun.set()
        while not left():
            time.sleep(0.01)
        time.sleep(0.1)
        told.put(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    assert stoppable(work, begun.is_set) is None
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
