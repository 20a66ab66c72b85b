"""One factory, robot model and week: jobs onto numbered robots, day shifts, overtime and nights in turn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from planning.errors import RefusedPlanError
from planning.schedule.capacity import Key, RobotWeek
from planning.schedule.jobs import MICRO, Job, slack
from planning.schedule.packing import Run, pack
from planning.schedule.shifts import Place, Places
from planning.schedule.stretch import share_work, stretch
from planning.schedule.windows import HOUR, total

Kind = Literal["attended", "overtime", "unattended"]


@dataclass(frozen=True)
class Task:
    """The work of a job in hours of one kind: micro-hours of set-up and run; not before second `ready`."""

    job: Job
    kind: Kind
    setup: int
    run: int
    ready: int = 0


@dataclass(frozen=True)
class Part:
    """A row of the schedule: part of a task on a robot, seconds since Monday 00:00, micro-hours."""

    task: Task
    robot: int
    start: int
    end: int
    setup: int
    run: int


def lay_week(key: Key, jobs: Sequence[Job], robots: RobotWeek, places: Places, overtime: int) -> list[Part]:
    """Lay the jobs of one factory, robot model and week out, in the order given.

    Work with people there fills the shifts first; the last `overtime` micro-hours of it lie in
    overtime. What runs unattended follows its set-up, on the robot that was set up, wherever enough
    nights are left after it.

    Raises
    ------
    RefusedPlanError
        When the hours of a kind do not fit by more than rounding.
    """
    day = list(_with_people(jobs, overtime))
    parts: list[Part] = []
    for kind, place in (("attended", places.attended), ("overtime", places.overtime)):
        tasks = [task for task in day if task.kind == kind]
        parts += _lay(key, tasks, robots, place, _homes(parts))
    ready = _set_up(parts)
    nights = [
        Task(job, "unattended", 0, job.unattended, ready.get(job.row, 0)) for job in jobs if job.unattended
    ]
    nights.sort(key=lambda task: task.ready)
    return parts + _lay(key, nights, robots, places.unattended, _homes(parts))


def _with_people(jobs: Sequence[Job], overtime: int) -> Iterator[Task]:
    """Everything but the unattended hours; the last `overtime` micro-hours of it are overtime."""
    regular = sum(job.setup + job.run - job.unattended for job in jobs) - overtime
    for job in jobs:
        task = Task(job, "attended", job.setup, job.run - job.unattended)
        work = task.setup + task.run
        if work == 0:
            continue
        inside = max(0, min(work, regular))
        regular -= inside
        setup = job.setup * inside // work if job.spread else min(job.setup, inside)
        if inside > 0:
            yield replace(task, setup=setup, run=inside - setup)
        if inside < work:
            yield Task(job, "overtime", task.setup - setup, task.run - (inside - setup))


def _lay(
    key: Key, tasks: Sequence[Task], robots: RobotWeek, place: Place, homes: Mapping[int, int]
) -> list[Part]:
    """Lay the tasks of one kind out: inside the shifts if the bare work fits there, else beyond them too."""
    if not tasks:
        return []
    work = [task.setup + task.run for task in tasks]
    windows = place.inside
    allowed = 0.0 if place.beyond else slack(sum(work) / MICRO) * HOUR
    lengths = stretch(work, robots.availability, robots.robots * total(windows), allowed)
    if lengths is None and place.beyond:
        windows = place.windows
        allowed = slack(sum(work) / MICRO) * HOUR
        lengths = stretch(work, robots.availability, robots.robots * total(windows), allowed)
    if lengths is None:
        raise RefusedPlanError(
            [_too_much(key, tasks[0].kind, sum(work) / MICRO, robots.robots, total(windows))]
        )
    runs = [_run(task, length) for task, length in zip(tasks, lengths, strict=True)]
    laid: dict[int, list[tuple[int, int, int]]] = {}
    for piece in pack(runs, windows, robots.robots, homes):
        laid.setdefault(piece.run, []).append((piece.start, piece.robot, piece.end))
    return [part for number, pieces in laid.items() for part in _parts(tasks[number], sorted(pieces))]


def _run(task: Task, length: int) -> Run:
    setup = 0 if task.job.spread else -(-length * task.setup // (task.setup + task.run))
    return Run(length, setup, task.ready, task.job.row)


def _parts(task: Task, pieces: Sequence[tuple[int, int, int]]) -> Iterator[Part]:
    seconds = [end - start for start, _, end in pieces]
    held = share_work(task.setup, task.run, seconds, task.job.spread)
    for (start, robot, end), (setup, run) in zip(pieces, held, strict=True):
        yield Part(task, robot, start, end, setup, run)


def _homes(parts: Sequence[Part]) -> dict[int, int]:
    """The robot of each production row: the one set up last, else the one used last."""
    homes: dict[int, int] = {}
    for part in sorted(parts, key=lambda part: (part.setup > 0 and not part.task.job.spread, part.start)):
        homes[part.task.job.row] = part.robot
    return homes


def _set_up(parts: Sequence[Part]) -> dict[int, int]:
    """Second at which each production row with a set-up is set up."""
    ready: dict[int, int] = {}
    for part in parts:
        if part.setup == 0 or part.task.job.spread:
            continue
        row = part.task.job.row
        done = part.start - (-(part.end - part.start) * part.setup // (part.setup + part.run))
        ready[row] = max(ready.get(row, 0), done)
    return ready


def _too_much(key: Key, kind: Kind, hours: float, robots: int, seconds: int) -> str:
    factory, model, week = key
    return (
        f"{factory}, {model}, week {week}: {hours:.3f} {kind} hours of work do not fit "
        f"{robots} robot{'' if robots == 1 else 's'} of {seconds / HOUR:.3f} hours"
    )
