"""Files whose rows are told by those of another one, with the other one beside them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from planning.signals.reading.grid import Grid
from planning.signals.reading.profile import Profile
from planning.signals.sources import SOURCES, Source, meaning_of
from planning.signals.sources.line_items import (
    DEALS,
    ITEMS,
    is_without_items,
    said_by_items,
    with_their_deals,
)
from planning.workflows.incoming import Incoming
from planning.workflows.source_files import Understood

#: Reads a grid of a source under a profile.
Understand = Callable[[Grid, Source, Profile], Understood]


def understood_beside(
    grid: Grid, source: Source, profile: Profile, others: Sequence[Grid], understand: Understand
) -> Understood:
    """What a file means beside others: line items with their opportunities, and the other way round.

    Parameters
    ----------
    others : the files beside it, those that count more first.
    understand : what it means by itself.
    """
    if source.name == ITEMS:
        files = [other for other in others if _is_of_deals(other)]
        joined = with_their_deals(grid, files)
        told = understand(joined, SOURCES[DEALS], profile)
        return replace(told, profile=replace(told.profile, source=ITEMS, headings=grid.headings))
    told = understand(grid, source, profile)
    if not is_without_items(source.name, grid.headings):
        return told
    items = [other for other in others if is_of_items(other)]
    return replace(told, meaning=said_by_items(told.meaning, grid, items))


def is_of_items(grid: Grid) -> bool:
    """Whether a file is of line items alone."""
    source = meaning_of(grid.headings)
    return source is not None and source.name == ITEMS


def is_kept(file: Incoming) -> bool:
    """Whether a file is kept for the sake of one that may come later."""
    if file.read is None or file.profile is None:
        return False
    source = file.profile.source or ""
    return source == ITEMS or is_without_items(source, file.profile.headings)


def _is_of_deals(grid: Grid) -> bool:
    source = meaning_of(grid.headings)
    return source is not None and is_without_items(source.name, grid.headings)
