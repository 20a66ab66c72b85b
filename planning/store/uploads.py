"""Uploads: the files of the network that holds, and what each uploaded file did to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from planning.domain.network import Network
from planning.errors import MeanwhileError
from planning.signals import Folder
from planning.store import ledger, profiles, read_files
from planning.store.database import Session
from planning.store.imports import ImportReceipt, record_network, redo, undo
from planning.store.meanwhile import data_changes
from planning.store.payload import unpacked
from planning.store.read_files import ReadFile

if TYPE_CHECKING:
    from planning.signals.reading.profile import Profile

PUBLISHED = "published/"

#: Where rows kept aside stood: file and line of the network, and file, line and text of the upload.
ORIGINS = {
    "file": pl.String,
    "line": pl.Int64,
    "upload": pl.String,
    "upload_line": pl.Int64,
    "raw": pl.String,
}


def no_origins() -> pl.DataFrame:
    """Of a network no row of which came in an upload and is kept aside."""
    return pl.DataFrame(schema=ORIGINS)


class ChangedMeanwhileError(MeanwhileError):
    """Another import, an undo or a redo came between a preview and its import."""


@dataclass(frozen=True)
class HeldFiles:
    """The files of the network that holds.

    Parameters
    ----------
    batch : the import that holds; None before the first one.
    files, published : name → bytes, of the folder and of its published plan.
    lost : file → lines of it that are kept aside.
    origins : ORIGINS of those of them that came in uploads.
    """

    batch: int | None
    files: Mapping[str, bytes]
    published: Mapping[str, bytes]
    lost: Mapping[str, frozenset[int]]
    origins: pl.DataFrame = field(default_factory=no_origins)


@dataclass(frozen=True)
class HeldFile:
    """One file of the network that holds.

    Parameters
    ----------
    batch : the import it is of; None before the first one.
    data : its bytes; None where the network has no such file.
    lost : lines of it that are kept aside.
    """

    batch: int | None
    data: bytes | None
    lost: frozenset[int]


@dataclass(frozen=True)
class TableEdited:
    """That a table was edited by hand: which, and why."""

    table: str
    reason: str = ""


@dataclass(frozen=True)
class UploadRecord:
    """What uploaded files did.

    Parameters
    ----------
    files : a row a file: file, table, mode, rows_in, rows_new, rows_changed, rows_same, rows_removed,
        rows_kept_aside, rows_collapsed; of a file that is of several tables a row each.
    aside : rows of them kept aside: file, line, column, value, reason, remedy, raw.
    origins : ORIGINS of the rows kept aside of the network they make.
    profiles : how those of other systems were read.
    read : of those the ones with rows kept aside that are in no file of the network.
    edited : where nothing was uploaded, but a table edited by hand.
    """

    files: pl.DataFrame
    aside: pl.DataFrame
    origins: pl.DataFrame = field(default_factory=no_origins)
    profiles: "tuple[Profile, ...]" = ()
    read: tuple[ReadFile, ...] = ()
    edited: TableEdited | None = None


def holding(session: Session) -> int | None:
    """The import that holds; None before the first one."""
    head = session.read("active_network")
    return None if head.is_empty() else int(head["batch"][0])


def held_files(session: Session, batch: int | None = None) -> HeldFiles:
    """The files of an import, of the one that holds when None; none before the first import."""
    batch = holding(session) if batch is None else batch
    if batch is None:
        return HeldFiles(None, {}, {}, {})
    rows = session.read("payload_of", batch=batch, folder="").iter_rows(named=True)
    files = {row["file"]: unpacked(row["compressed"], row["bytes"]) for row in rows}
    aside = session.read("quarantine_of_batch", batch=batch)
    lost = aside.drop_nulls("line").group_by("file").agg("line")
    return HeldFiles(
        batch,
        {name: data for name, data in files.items() if not name.startswith(PUBLISHED)},
        {n.removeprefix(PUBLISHED): data for n, data in files.items() if n.startswith(PUBLISHED)},
        {file: frozenset(lines) for file, lines in lost.iter_rows()},
        origins(session, batch),
    )


def held_file(session: Session, file: str, batch: int | None = None) -> HeldFile:
    """One file of an import, of the one that holds when None."""
    number = holding(session) if batch is None else batch
    if number is None:
        return HeldFile(None, None, frozenset())
    rows = session.read("payload_of_file", batch=number, file=file).rows(named=True)
    aside = session.read("quarantine_of_batch", batch=number).filter(pl.col("file") == file)
    data = next((unpacked(row["compressed"], row["bytes"]) for row in rows), None)
    return HeldFile(number, data, frozenset(aside["line"].drop_nulls()))


def looks_at(session: Session, file: str) -> list[tuple[datetime, bytes]]:
    """Each content a file has had in an import that was not undone, with when it came first (UTC)."""
    rows = session.read("looks_at", file=file)
    return [(moment, unpacked(data, size)) for moment, data, size in rows.iter_rows()]


def origins(session: Session, batch: int | None = None) -> pl.DataFrame:
    """ORIGINS of the rows kept aside of an import, the one that holds when None, that came in uploads."""
    number = holding(session) if batch is None else batch
    return no_origins() if number is None else session.read("origins", batch=number)


def record_upload(  # noqa: PLR0917 - what came, what it makes, what it was previewed on, and who
    session: Session, folder: Folder, network: Network, upload: UploadRecord, on: int | None, actor: str
) -> ImportReceipt:
    """Let the network with the uploaded rows hold, and keep what each file did.

    Parameters
    ----------
    folder, network : the files that hold, joined by the upload, and what `validate` made of them.
    on : the import that held when they were joined.

    Raises
    ------
    ChangedMeanwhileError
        Another one holds by now: the upload would take back what came in between.
    """
    if holding(session) != on:
        raise ChangedMeanwhileError(
            "Somebody changed the data since this preview was made, so nothing was imported. Below is a new "
            "preview on the data as they are now: check it and import again." + data_changes(session, on)
        )
    names = ", ".join(dict.fromkeys(upload.files["file"]))
    receipt = record_network(session, names, folder, network, actor)
    if receipt.outcome == "imported":
        number = pl.lit(receipt.batch).alias("batch")
        session.append("raw", "upload", upload.files.with_columns(number))
        session.append("raw", "upload_aside", upload.aside.with_columns(number))
        overrides = upload.files.filter(table="overrides").select("rows_new", "rows_changed", "rows_removed")
        for rows in overrides.iter_rows(named=True):
            ledger.note(session, "overrides saved", actor, {"batch": receipt.batch} | rows)
        session.append("raw", "origin", upload.origins.with_columns(number))
        read_files.save(session, receipt.batch, upload.read)
    for profile in upload.profiles:
        profiles.save(session, profile, actor)
    if upload.edited is not None and receipt.changed:
        rows = upload.files.select("rows_new", "rows_changed", "rows_removed").sum().row(0, named=True)
        ledger.note(session, "table edited", actor, {"batch": receipt.batch} | vars(upload.edited) | rows)
    return receipt


def history(session: Session) -> pl.DataFrame:
    """Every import, the latest first: batch, source, imported_at (UTC), actor, status, row counts.

    `can_undo` and `can_redo`: only the import that holds can be undone, and of those undone since only the
    earliest can be redone; anything else would show data no planner has seen.
    """
    rows = session.read("import_history")
    holds = rows.filter(pl.col("status") == "active")["stated"].max()
    since = pl.col("stated") > (-1 if holds is None else holds)
    undone = (pl.col("status") == "undone") & since
    return rows.with_columns(
        can_undo=pl.col("status") == "active",
        can_redo=(undone & (pl.col("stated") == pl.col("stated").filter(undone).min())).fill_null(False),
    )


def step_back(session: Session, batch: int, actor: str) -> None:
    """Undo the import that holds.

    Raises
    ------
    ChangedMeanwhileError
        Another one holds by now.
    """
    _refuse_unless(session, batch, "can_undo")
    undo(session, batch, actor)


def step_forward(session: Session, batch: int, actor: str) -> None:
    """Redo what was undone last.

    Raises
    ------
    ChangedMeanwhileError
        It is not what was undone last any more.
    """
    _refuse_unless(session, batch, "can_redo")
    redo(session, batch, actor)


def _refuse_unless(session: Session, batch: int, allowed: str) -> None:
    if batch not in history(session).filter(allowed)["batch"]:
        raise ChangedMeanwhileError(
            "Somebody changed the data since this list was drawn, so nothing was done. Look at the list of "
            "imports as it is now."
        )
