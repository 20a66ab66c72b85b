"""When a robot's hours of the week lie: inside the factory's shifts, or where they fit best without."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import polars as pl

from planning.schedule.windows import DAY, HOUR, WEEK, Window, first, spread, total, union, within, without

_MORNING = 6 * HOUR


@dataclass(frozen=True)
class Pattern:
    """A factory's shifts of one week, attended and unattended, apart from one another."""

    attended: tuple[Window, ...] = ()
    unattended: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where hours of one kind lie: `inside` the shifts, and `beyond` them what the shifts do not hold."""

    inside: tuple[Window, ...] = ()
    beyond: tuple[Window, ...] = ()

    @property
    def windows(self) -> tuple[Window, ...]:
        """Both together, in order of time; where they touch they stay apart."""
        return tuple(sorted([*self.inside, *self.beyond]))


@dataclass(frozen=True)
class Places:
    """Where the attended, unattended and overtime hours of a robot's week lie."""

    attended: Place
    unattended: Place
    overtime: Place


def patterns(shifts: pl.DataFrame) -> dict[str, Pattern]:
    """The shift pattern of every factory in shifts.csv. People there win where both kinds overlap."""
    kinds: dict[str, dict[bool, list[Window]]] = {}
    for row in shifts.iter_rows(named=True):
        lists = kinds.setdefault(row["factory"], {True: [], False: []})
        lists[bool(row["attended"])].append(_window(row["weekday"], row["start"], row["end"]))
    found = {}
    for factory, lists in kinds.items():
        attended = _once_a_week(lists[True])
        next_week = [Window(window.start + WEEK, window.end + WEEK) for window in attended]
        taken = [*attended, *_image(attended), *within(next_week, WEEK, 2 * WEEK)]
        unattended = without(_once_a_week(lists[False]), taken)
        found[factory] = Pattern(tuple(attended), tuple(unattended))
    return found


def places(pattern: Pattern | None, attended: float, unattended: float, overtime: float) -> Places:
    """Windows for a robot's hours of one week (hours a robot, each ≥ 0).

    With shifts, hours lie in the first shifts of their kind. What the shifts do not hold lies
    outside all shifts: evenly on Monday to Friday after the people have left, then from Saturday
    06:00, then early on Monday, and only then in shifts this week does not use. Without shifts,
    attended hours lie evenly on Monday to Friday from 06:00 and unattended ones after them.
    Overtime lies outside the shifts: where people can stay on after theirs, evenly on Monday to
    Friday, then on the weekend, then anywhere. No hour is given twice; hours beyond the 168 of a
    week, overtime first, have no place.

    Returns
    -------
    One `Place` a kind; without shifts nothing counts as beyond.
    """
    known = pattern or Pattern()
    day, night = _seconds(attended), _seconds(unattended)
    late = max(0, min(_seconds(overtime), WEEK - day - night))
    by_day, by_night = first(known.attended, day), first(known.unattended, night)
    free = _FreeTime(known, [*by_day, *by_night])
    late_day = free.take(day - total(by_day), known.attended)
    people = known.attended or late_day
    if pattern is None:
        late_night = free.take(night, people)
        extra = free.take(late, people, stay_on=True)
        return Places(Place(tuple(late_day)), Place(tuple(late_night)), Place(tuple(extra)))
    # People choose before machines: Saturday morning is theirs.
    extra = free.take(late, people, stay_on=True)
    late_night = free.take(night - total(by_night), people)
    return Places(
        Place(tuple(by_day), tuple(late_day)),
        Place(tuple(by_night), tuple(late_night)),
        Place(tuple(extra)),
    )


class _FreeTime:
    """What the used shifts leave of a week, given out piece by piece."""

    def __init__(self, pattern: Pattern, used: Sequence[Window]) -> None:
        self._shifts = union([*pattern.attended, *pattern.unattended])
        # A shift that runs into next Monday also stands in this Monday's first hours: last week's does.
        week = without([Window(0, WEEK)], _image(self._shifts))
        self._week = [*week, *within(self._shifts, WEEK, 2 * WEEK)]
        self._taken = list(used)

    def take(self, seconds: int, people: Sequence[Window], stay_on: bool = False) -> list[Window]:
        """Give out `seconds`, outside the shifts as long as there is room, after the people have left.

        With `stay_on` a weekday's time counts first only where it follows the people's directly.
        """
        given: list[Window] = []
        for closed in (self._shifts, []):
            free = without(self._week, [*closed, *self._taken])
            for days in _turns(free, people, stay_on):
                taken = spread(seconds - total(given), days)
                given += taken
                self._taken += taken
        return union(given)


def _turns(free: Sequence[Window], people: Sequence[Window], stay_on: bool) -> list[list[list[Window]]]:
    """Free windows of the days in turn: Monday to Friday, the weekend, Monday's first hours.

    A day lasts from 06:00 to 06:00. In each the time after the people have left comes first.
    """
    days, near = [], []
    for start in range(_MORNING, WEEK, DAY):
        end = start + DAY if start + DAY < WEEK else 2 * WEEK
        gone = max((window.end for window in within(people, start, end)), default=start)
        day = [*within(free, gone, end), *within(free, start, gone)]
        weekday = start < 5 * DAY
        near.append([window for window in day[:1] if stay_on and weekday and window.start == gone])
        days.append([window for window in day if window not in near[-1]])
    turns = [days[:5], [[*days[5], *days[6]]]]
    return [near, *(reversed(turns) if stay_on else turns), [within(free, 0, _MORNING)]]


def _seconds(hours: float) -> int:
    """Whole seconds, rounded up: the hours of a plan must fit."""
    return ceil(hours * HOUR - 1e-6)


def _window(weekday: int, start: str, end: str) -> Window:
    opens, closes = _clock(start), _clock(end)
    if closes <= opens:
        closes += DAY
    midnight = (weekday - 1) * DAY
    return Window(midnight + opens, midnight + closes)


def _clock(text: str) -> int:
    hours, minutes = text.split(":")[:2]
    return int(hours) * HOUR + int(minutes) * 60


def _image(windows: list[Window]) -> list[Window]:
    """Where shifts that run into next Monday stand in this Monday: last week's end there."""
    return [Window(window.start - WEEK, window.end - WEEK) for window in within(windows, WEEK, 2 * WEEK)]


def _once_a_week(windows: list[Window]) -> list[Window]:
    """The windows joined; where Sunday's runs into Monday's own shift, it ends there."""
    joined = union(windows)
    monday = [Window(window.start + WEEK, window.end + WEEK) for window in within(joined, 0, DAY)]
    return union([*within(joined, 0, WEEK), *without(within(joined, WEEK, 2 * WEEK), monday)])
