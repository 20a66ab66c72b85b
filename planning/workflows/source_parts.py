"""A file of a source as an upload: the tables its rows are of, each with the way back to its lines."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from planning.domain.schema import INPUT
from planning.signals.reading.grid import ASIDE
from planning.signals.rows import LINE, RAW
from planning.signals.sources import handed_over
from planning.signals.sources.handover import SCOPE, Handover
from planning.store.read_files import ReadFile
from planning.workflows.incoming import Incoming
from planning.workflows.source_files import Understood
from planning.workflows.upload_origin import Origin


def as_upload(name: str, data: bytes, understood: Understood) -> Incoming:
    """A file of a source as an upload of as many tables as its rows are of.

    Raises
    ------
    ValueError
        Something has to be said first.
    """
    if not understood.is_settled:
        raise ValueError(f"{name}: not all is said")
    profile = understood.profile
    profile = replace(profile, name=profile.name or PurePath(name).stem)
    read = ReadFile(name, data, profile, understood.grid.mended)
    return Incoming(name, data, None, "update", None, profile, understood, read=read)


def in_parts(file: Incoming, held: Mapping[str, bytes]) -> list[Incoming]:
    """The tables an uploaded file is of, each as an upload; itself where it is of one.

    What of the file is in no table, and its profile, go with the first.
    """
    meant = file.meant
    if meant is None:
        return [file]
    handovers = handed_over(meant.meaning, held) or [_nothing(meant)]
    digest, how = hashlib.sha256(file.data).hexdigest(), meant.profile.as_json()
    said = f"{digest} {how} {meant.known.id} {meant.grid.mended}"
    parts = [
        Incoming(file.name, one.data, one.table, file.mode, _origin(said, meant, one), None, None, one)
        for one in handovers
    ]
    first = parts[0]
    if first.origin is None:
        raise ValueError(f"{file.name}: no way back to its rows")
    origin = replace(first.origin, aside=meant.aside, collapsed=meant.collapsed)
    return [replace(first, origin=origin, profile=file.profile, read=file.read), *parts[1:]]


def _nothing(meant: Understood) -> Handover:
    """The file of the first table without a row, where none loads."""
    table, rows = next(iter(meant.meaning.tables.items()))
    none = pl.DataFrame(schema={"line": pl.Int64, LINE: pl.Int64, SCOPE: pl.String})
    data = rows.clear().select(INPUT[table].columns if not rows.columns else pl.exclude(LINE)).write_csv()
    return Handover(table, data.encode(), none, none.select("line", SCOPE))


def _origin(said: str, meant: Understood, one: Handover) -> Origin:
    grid = meant.grid
    lines = one.lines.select("line", LINE).join(grid.rows.select(LINE, RAW), on=LINE, maintain_order="left")
    none = pl.DataFrame(schema=ASIDE)
    mark = grid.hints.mark or ","
    return Origin(said, lines, none, meant.meaning.headings, grid.headings, mark, rows_in=grid.rows_in)
