"""Clock windows: stretches of the week in whole seconds since its Monday 00:00."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY


class Window(NamedTuple):
    """From `start` (inclusive) to `end` (exclusive), seconds since Monday 00:00."""

    start: int
    end: int


def total(windows: Iterable[Window]) -> int:
    """Seconds the windows hold together; they must not overlap."""
    return sum(window.end - window.start for window in windows)


def union(windows: Iterable[Window]) -> list[Window]:
    """The windows in order of time, overlapping and touching ones joined, empty ones left out."""
    joined: list[Window] = []
    for window in sorted(window for window in windows if window.end > window.start):
        if joined and window.start <= joined[-1].end:
            joined[-1] = Window(joined[-1].start, max(joined[-1].end, window.end))
        else:
            joined.append(window)
    return joined


def within(windows: Iterable[Window], start: int, end: int) -> list[Window]:
    """What of the windows lies between `start` and `end`, in the order given."""
    cut = (Window(max(window.start, start), min(window.end, end)) for window in windows)
    return [window for window in cut if window.end > window.start]


def without(windows: Iterable[Window], taken: Iterable[Window]) -> list[Window]:
    """What of the windows, which must not overlap, is not taken; touching windows stay apart."""
    left = sorted(windows)
    for hole in union(taken):
        left = [*within(left, -WEEK, hole.start), *within(left, hole.end, 2 * WEEK)]
    return left


def first(windows: Iterable[Window], seconds: int) -> list[Window]:
    """The first `seconds` of the windows in the order given; all of them when they hold less."""
    taken = []
    for window in windows:
        if seconds <= 0:
            break
        taken.append(Window(window.start, min(window.end, window.start + seconds)))
        seconds -= window.end - window.start
    return taken


def spread(seconds: int, days: Sequence[Sequence[Window]]) -> list[Window]:
    """`seconds` shared out evenly over the days, each day filled from its first window on.

    A day that holds less than its share is filled and the others take the rest. What all days
    together cannot hold is left out.
    """
    taken: list[Window] = []
    by_room = sorted(days, key=total)
    for number, day in enumerate(by_room):
        share = min(total(day), seconds // (len(by_room) - number))
        taken += first(day, share)
        seconds -= share
    return union(taken)
