"""Packing: runs of whole seconds onto equal robots inside windows, so that what fits in total fits.

After McNaughton (1959): work that may be cut always fits on equal machines when its total does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planning.schedule.windows import Window, total, within, without

#: Seconds at the end of a shift that are not worth beginning in, where there is time to spare.
SLIVER = 15 * 60


@dataclass(frozen=True)
class Run:
    """Time on a robot.

    Parameters
    ----------
    length : seconds.
    setup : seconds at its beginning that had better not be interrupted.
    ready : second of the week from which it had better run.
    group : runs of one group had better share a robot.
    """

    length: int
    setup: int = 0
    ready: int = 0
    group: int | None = None


class Piece(NamedTuple):
    """Part of a run on a robot: run by its position, robot 1 … N, seconds since Monday 00:00."""

    run: int
    robot: int
    start: int
    end: int


def pack(
    runs: Sequence[Run],
    windows: Sequence[Window],
    robots: int,
    homes: Mapping[int, int] | None = None,
) -> list[Piece]:
    """Lay runs out in the order given, each as early as it goes.

    A run goes to the robot of its group, from `homes` or the group's last run, where it fits
    there, else to the robot with most time left from `ready` on; it is cut at the end of a window,
    and goes on elsewhere only when its robot is full. Before `ready` it is laid only when nothing
    later is left.

    Parameters
    ----------
    windows : when every robot may run, in order, apart from one another.
    robots : how many there are.

    Returns
    -------
    Pieces that do not overlap on a robot, lie inside the windows and add up to every run's length.

    Raises
    ------
    ValueError
        When the runs are longer than the windows of all robots together.
    """
    spare = robots * total(windows) - sum(run.length for run in runs)
    if spare < 0:
        raise ValueError(f"the runs are {-spare} seconds longer than the windows")
    week = _RobotWeek(windows, robots, spare)
    known = dict(homes or {})
    pieces: list[Piece] = []
    for number, run in enumerate(runs):
        laid = week.lay(number, run, None if run.group is None else known.get(run.group))
        if laid and run.group is not None:
            known[run.group] = laid[-1].robot
        pieces += laid
    return pieces


class _RobotWeek:
    """Free windows of every robot, and the seconds that may stay idle between runs."""

    def __init__(self, windows: Sequence[Window], robots: int, spare: int) -> None:
        self._free = {robot: list(windows) for robot in range(1, robots + 1)}
        self._spare = spare

    def lay(self, number: int, run: Run, home: int | None) -> list[Piece]:
        """Take the run's time from the free windows."""
        pieces: list[Piece] = []
        left = run.length
        for after in dict.fromkeys((run.ready, 0)):
            while left > 0 and (robot := self._choose(left, after, home)) is not None:
                # A cut may fall anywhere in a run, but its first piece holds the set-up.
                minimum = SLIVER if pieces else max(SLIVER, run.setup)
                window = self._take(robot, left, after, minimum)
                if window is None:
                    continue
                pieces.append(Piece(number, robot, *window))
                left -= window.end - window.start
                home = robot
        return pieces

    def _choose(self, length: int, after: int, home: int | None) -> int | None:
        """The home robot if the run fits there, else the one with most time left; None when all are full."""
        room = {robot: total(_after(free, after)) for robot, free in self._free.items()}
        if home is not None and room.get(home, 0) >= length:
            return home
        best = max(room, key=lambda robot: (room[robot], robot == home, -robot), default=None)
        return best if best is not None and room[best] > 0 else None

    def _take(self, robot: int, length: int, after: int, minimum: int) -> Window | None:
        """The robot's next window, at most `length` long; None when what is left of it is passed over."""
        window = _after(self._free[robot], after)[0]
        room = window.end - window.start
        passed_over = room < min(length, minimum) and room <= self._spare
        taken = Window(window.start, min(window.end, window.start + length))
        self._free[robot] = without(self._free[robot], [window if passed_over else taken])
        if passed_over:
            self._spare -= room
            return None
        return taken


def _after(windows: Sequence[Window], start: int) -> Sequence[Window]:
    return within(windows, start, windows[-1].end) if start > 0 and windows else windows
