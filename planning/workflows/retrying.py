"""A file of another system read again with rows mended in it: what it says now that it did not say before.

A row means what it means among those of its file (the first row of an order has its status, its rows are
counted as lines), so the whole file is read; but what it said already is not said again, as other imports may
have come in since.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.grid import ASIDE, Grid
from planning.signals.reading.translate import Translated
from planning.signals.rows import LINE, RAW
from planning.signals.sources import said_anew
from planning.signals.sources.handover import Handover
from planning.signals.sources.meaning import FATE
from planning.store.read_files import ReadFile
from planning.workflows.incoming import Incoming
from planning.workflows.source_files import Understood
from planning.workflows.upload_origin import Origin


@dataclass(frozen=True)
class Said:
    """What a file says.

    Parameters
    ----------
    grid : the file.
    tables : table → LINE and its columns as text.
    aside : ASIDE: rows of it that are in no table.
    headings : our column → the file's.
    collapsed : LINEs of rows another row says; None where columns are mapped: then no row says another, and
        a line may be of several rows.
    """

    grid: Grid
    tables: Mapping[str, pl.DataFrame]
    aside: pl.DataFrame
    headings: Mapping[str, str]
    collapsed: frozenset[int] | None = None

    @classmethod
    def of_columns(cls, grid: Grid, made: Translated) -> "Said":
        """What a file says whose columns were mapped."""
        return cls(grid, {made.table: made.rows}, made.aside, made.headings)

    @classmethod
    def of_source(cls, meant: Understood) -> "Said":
        """What a file of a source says."""
        fates, meaning = meant.meaning.fates, meant.meaning
        collapsed = frozenset(fates.filter(pl.col(FATE) == "collapsed")[LINE])
        return cls(meant.grid, meaning.tables, meant.aside, meaning.headings, collapsed)


@dataclass(frozen=True)
class Retried:
    """Rows of a file tried again.

    Parameters
    ----------
    incoming : what it says now, an upload for each table; none where it says nothing new.
    aside : ASIDE: rows of it that were kept aside and still are.
    """

    incoming: tuple[Incoming, ...]
    aside: pl.DataFrame


def tried_again(
    read: ReadFile, before: Said, after: Said, aside: pl.DataFrame, held: Mapping[str, bytes]
) -> Retried:
    """What a file says once rows were mended in it, as uploads.

    Parameters
    ----------
    read : the file, with all that was mended in it.
    before, after : what it said and says.
    aside : line, column, value, reason, remedy, raw of its rows kept aside until now.
    held : file name (orders.csv) → bytes.
    """
    lines = frozenset(aside["line"].drop_nulls())
    handovers = said_anew(before.tables, after.tables, lines, held)
    new = frozenset(line for one in handovers for line in one.lines[LINE])
    repeats = (after.collapsed or frozenset()) & lines
    left = after.aside.filter(pl.col(LINE).is_in(list(lines)))
    silent = lines - new - repeats - frozenset(left[LINE])
    names = {"line": LINE, "raw": RAW}
    stays = aside.filter(pl.col("line").is_in(list(silent))).rename(names).select(list(ASIDE))
    still = pl.concat([left, stays]).sort(LINE)
    rows_in = None if after.collapsed is None else len(new | frozenset(still[LINE])) + len(repeats)
    uploads = [_upload(read, after, one, rows_in) for one in handovers]
    if not uploads:
        return Retried((), still)
    first = uploads[0]
    if first.origin is None:
        raise ValueError(f"{read.name}: no way back to its rows")
    origin = replace(first.origin, aside=still, collapsed=len(repeats))
    return Retried((replace(first, origin=origin, read=read), *uploads[1:]), still)


def refuse_open(name: str, words: str) -> None:
    """Edits after which something of the file has to be said first."""
    reason = f"with these edits something has to be said of the file first: {words}"
    raise InputError([Fault(name, reason, "Edit otherwise, or drop the file again and answer there.")])


def _upload(read: ReadFile, said: Said, one: Handover, rows_in: int | None) -> Incoming:
    grid = said.grid
    lines = one.lines.select("line", LINE).join(grid.rows.select(LINE, RAW), on=LINE, maintain_order="left")
    id = f"{hashlib.sha256(read.data).hexdigest()} {read.profile.as_json()} {grid.mended}"
    mark = grid.hints.mark or ","
    none = pl.DataFrame(schema=ASIDE)
    origin = Origin(id, lines, none, said.headings, grid.headings, mark, rows_in=rows_in)
    return Incoming(read.name, one.data, one.table, "add", origin, handover=one)
