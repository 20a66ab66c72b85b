"""What a file of another system is taken for, in tables and words: its text, its columns, what is asked."""

from collections.abc import Mapping, Sequence

import polars as pl

from planning.domain.field import Field
from planning.present import words
from planning.present.view import Column, View
from planning.signals.reading.grid import Grid
from planning.signals.reading.proposal import Proposal
from planning.signals.rows import LINE, MARKS

#: Columns and rows of a file shown as text.
SHOWN_COLUMNS, SHOWN_ROWS, SHOWN_TEXT = 14, 6, 60
NOTHING = "– nothing –"
MARK_LABELS = {mark: name.capitalize() for mark, name in MARKS.items()}

CONFIRM = "To confirm: the file alone does not say"
COLUMNS_HELP = (
    "The columns of your file, as Takt takes them. What is grey is proposed by name; choose another column, "
    "or nothing, where it is not right."
)
REMEMBER_HELP = (
    "On import what you see here is kept under this name: the next file with these columns is read the same "
    "way, without asking again."
)


def as_text(grid: Grid) -> View:
    """The first rows of a file as they stand in it, with their lines."""
    names = list(grid.headings[:SHOWN_COLUMNS])
    rows = grid.rows.head(SHOWN_ROWS).select(LINE, *(pl.col(name).str.slice(0, SHOWN_TEXT) for name in names))
    return View(rows, {LINE: Column("Line", "whole")} | {name: Column(name) for name in names})


def how_read(grid: Grid, periods: Sequence[str] = ()) -> str:
    """How the file was read, in a sentence of Markdown.

    Parameters
    ----------
    periods : headings that name a period, where quantities stand side by side.
    """
    parts = [f"{words.count(grid.rows_in, 'row')}", *grid.how]
    hidden = len(grid.headings) - SHOWN_COLUMNS
    if hidden > 0:
        parts.append(f"{words.count(hidden, 'more column')} to the right")
    if periods:
        parts.append(f"{len(periods)} columns by period, {periods[0]} to {periods[-1]}")
    told = words.plain("; ".join(parts))
    if not grid.depends:
        return f"{told}."
    depends = words.plain(", ".join(grid.depends))
    return f"{told}. Are these right: {depends}? If not, choose another encoding below."


def column_label(field: Field, *, missing: bool) -> str:
    """One of our columns above the choice of the file's."""
    needed = " (needed)" if missing else ""
    return f"{field.name}{needed}"


def column_shown(proposal: Proposal, column: str) -> str:
    """What a column is taken from by itself, as the grey text of its choice."""
    taken = proposal.profile.columns[column]
    if taken.counted:
        return "counted by order"
    if proposal.periods and column in {*proposal.codes} and taken.heading is None:
        return "the columns by period"
    return taken.heading or taken.constant or NOTHING


def forms_told(proposal: Proposal) -> str:
    """How dates and numbers are read, in a line of Markdown; empty where there are none."""
    parts = [f"**{column}**: {words.plain(told)}" for column, told in proposal.forms.items()]
    return " · ".join(parts)


def file_choices(headings: tuple[str, ...]) -> Mapping[str, str]:
    """What a column of ours can be taken from: value → label."""
    return {NOTHING: NOTHING} | {name: name for name in headings}
