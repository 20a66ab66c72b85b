"""Work orders: the time a production row got on a robot model, cut into the row's lots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from planning.schedule.layout import Part
from planning.schedule.lots import Lot
from planning.schedule.stretch import finished, share_work


@dataclass(frozen=True)
class WorkStep:
    """A row of schedule.csv: a part of a lot, and the good units finished in it."""

    lot: Lot
    part: Part
    quantity: float


def work_steps(parts: Sequence[Part]) -> Iterator[WorkStep]:
    """Cut the parts of one production row on one robot model into its lots, in order of time.

    Started work is what is made first, then pinned work, then the rest. Every lot gets at least a
    second; where there are fewer seconds than lots, all of them count as the last one's.
    """
    in_time = sorted(parts, key=lambda part: (part.end, part.robot))
    lots = in_time[0].task.job.lots
    length = sum(part.end - part.start for part in in_time)
    if length < len(lots):
        lots = (replace(lots[-1], quantity=sum(lot.quantity for lot in lots)),)
    edges = _edges(in_time, lots, length)
    for lot, (start, end) in zip(lots, pairwise(edges), strict=True):
        own = list(_between(in_time, edges, start, end))
        units = finished(lot.quantity, [part.run for part in own])
        for part, quantity in zip(own, units, strict=True):
            yield WorkStep(lot, part, quantity)


def _edges(parts: Sequence[Part], lots: Sequence[Lot], length: int) -> list[int]:
    """Where lots begin and end, in seconds of the parts one after another: 0, …, `length`."""
    whole = sum(part.run for part in parts)
    edges, share = [0], 0.0
    for number, lot in enumerate(lots[:-1], start=1):
        share += lot.share
        edge = _second(parts, round(whole * share))
        edges.append(min(max(edge, edges[-1] + 1), length - len(lots) + number))
    return [*edges, length]


def _second(parts: Sequence[Part], run: int) -> int:
    """Second, of the parts one after another, by which so much has been run."""
    passed = 0
    for part in parts:
        clock = part.end - part.start
        if part.run >= run:
            before = part.setup * run // max(part.run, 1) if part.task.job.spread else part.setup
            return passed + clock * (before + run) // max(part.setup + part.run, 1)
        run -= part.run
        passed += clock
    return passed


def _between(parts: Sequence[Part], edges: Sequence[int], start: int, end: int) -> Iterator[Part]:
    """What of the parts lies between two edges; work follows the clock inside a part."""
    passed = 0
    for part in parts:
        clock = part.end - part.start
        cuts = [0, *(edge - passed for edge in edges if 0 < edge - passed < clock), clock]
        spans = list(pairwise(cuts))
        held = share_work(part.setup, part.run, [to - since for since, to in spans], part.task.job.spread)
        for (since, to), (setup, run) in zip(spans, held, strict=True):
            if start <= passed + since and passed + to <= end:
                yield replace(part, start=part.start + since, end=part.start + to, setup=setup, run=run)
        passed += clock
