"""From productive hours to clock time and back: how long work takes, and what each piece of it holds.

Work is counted in whole micro-hours, the clock in whole seconds; a piece never holds more work than
clock time.
"""

from collections.abc import Iterator, Sequence
from math import ceil

#: Micro-hours in a second, as a fraction.
_MICRO, _SECONDS = 2500, 9


def bare(work: int) -> int:
    """Whole seconds that hold so many micro-hours."""
    return -(-work * _SECONDS // _MICRO)


def stretch(
    work: Sequence[int], availability: float, capacity: int, allowed: float = 0.0
) -> list[int] | None:
    """Clock time of work, stretched by 1 / availability where the capacity allows, else evenly by less.

    Parameters
    ----------
    work : micro-hours of each task, above 0.
    availability : share of clock time that is productive, above 0, at most 1.
    capacity : seconds there are for all tasks.
    allowed : seconds of work beyond the capacity that are rounding and may be lost.

    Returns
    -------
    Whole seconds of each task, at least 1, together at most `capacity` and not less than its work;
    where work is lost, less by about a second. None when the work does not fit.
    """
    least = [bare(task) for task in work]
    full = [
        max(floor, ceil(task * _SECONDS / _MICRO / availability - 1e-6))
        for floor, task in zip(least, work, strict=True)
    ]
    if sum(full) <= capacity:
        return full
    seconds = sum(work) * _SECONDS / _MICRO
    if seconds > capacity + allowed or capacity < len(work):
        return None
    even = _share(work, capacity)
    if all(length >= floor for length, floor in zip(even, least, strict=True)):
        return even
    # A task of seconds would get less than its work: leave every task a second for rounding.
    factor = (capacity - len(work)) / seconds
    if factor >= 1:
        return [
            max(floor, int(task * _SECONDS / _MICRO * factor))
            for floor, task in zip(least, work, strict=True)
        ]
    if sum(least) <= capacity:
        return least
    return even if allowed else None


def _share(work: Sequence[int], capacity: int) -> list[int]:
    """All of the capacity shared out by work, at least a second each."""
    whole, before, done = sum(work), 0, 0
    lengths = []
    for task in work:
        done += task
        end = done * capacity // whole
        lengths.append(end - before)
        before = end
    for _ in range(lengths.count(0)):
        lengths[lengths.index(max(lengths))] -= 1
        lengths[lengths.index(0)] += 1
    return lengths


def share_work(setup: int, run: int, seconds: Sequence[int], spread: bool) -> Iterator[tuple[int, int]]:
    """Set-up and run micro-hours of the pieces of one task, in order of time.

    Work (some, there is no empty task) follows clock time; what rounding leaves over goes to the
    next piece. The set-up comes first, or is spread over all pieces.
    """
    clock, whole, laid, set_up = 0, setup + run, 0, 0
    for piece in seconds:
        clock += piece
        target = whole * clock // sum(seconds)
        work = min(target - laid, piece * _MICRO // _SECONDS)
        laid += work
        until = setup * laid // whole if spread else min(setup, laid)
        yield until - set_up, work - (until - set_up)
        set_up = until


def finished(quantity: float, runs: Sequence[int]) -> list[float]:
    """Good units of pieces in order of their ends: a unit counts in the piece in which it is finished.

    Whole units where the quantity is whole, else to the sixth decimal; the pieces add up to it.

    Parameters
    ----------
    runs : run micro-hours of each piece; without any, all units count in the last.
    """
    whole_units = abs(quantity - round(quantity)) < 1e-6
    step = 1_000_000 if whole_units else 1
    # A unit that lacks less than a second is finished: the clock is no finer than that.
    grace = _MICRO // _SECONDS if whole_units else 0
    steps, total = round(quantity * 1_000_000) // step, sum(runs)
    done, counted = 0, 0
    units = []
    for run in runs[:-1]:
        done += run
        reached = min(steps, (done + grace) * steps // total) if run > 0 else counted
        units.append((reached - counted) * step / 1_000_000)
        counted = reached
    return [*units, (steps - counted) * step / 1_000_000]
