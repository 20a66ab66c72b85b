"""Uploads: the files of the network that holds, and what each uploaded file did to them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from planning.domain.network import Network
from planning.errors import TaktError
from planning.signals import Folder
from planning.store.database import Session
from planning.store.imports import ImportReceipt, record_network, redo, undo
from planning.store.payload import unpacked

PUBLISHED = "published/"


class ChangedMeanwhileError(TaktError):
    """Another import, an undo or a redo came between a preview and its import."""


@dataclass(frozen=True)
class HeldFiles:
    """The files of the network that holds.

    Parameters
    ----------
    batch : the import that holds; None before the first one.
    files, published : name → bytes, of the folder and of its published plan.
    lost : file → lines of it that are kept aside.
    """

    batch: int | None
    files: Mapping[str, bytes]
    published: Mapping[str, bytes]
    lost: Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class UploadRecord:
    """What uploaded files did.

    Parameters
    ----------
    files : a row a file: file, table, mode, rows_in, rows_new, rows_changed, rows_same, rows_removed,
        rows_kept_aside.
    aside : rows of them kept aside: file, line, column, value, reason, remedy, raw.
    """

    files: pl.DataFrame
    aside: pl.DataFrame


def holding(session: Session) -> int | None:
    """The import that holds; None before the first one."""
    head = session.read("active_network")
    return None if head.is_empty() else int(head["batch"][0])


def held_files(session: Session) -> HeldFiles:
    """The files of the network that holds; none before the first import."""
    batch = holding(session)
    if batch is None:
        return HeldFiles(None, {}, {}, {})
    rows = session.read("payload_of", batch=batch, folder="").iter_rows(named=True)
    files = {row["file"]: unpacked(row["compressed"], row["bytes"]) for row in rows}
    lost = session.read("quarantined_rows").drop_nulls("line").group_by("file").agg("line")
    return HeldFiles(
        batch,
        {name: data for name, data in files.items() if not name.startswith(PUBLISHED)},
        {n.removeprefix(PUBLISHED): data for n, data in files.items() if n.startswith(PUBLISHED)},
        {file: frozenset(lines) for file, lines in lost.iter_rows()},
    )


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
            "preview on the data as they are now: check it and import again."
        )
    receipt = record_network(session, ", ".join(upload.files["file"]), folder, network, actor)
    if receipt.outcome == "imported":
        number = pl.lit(receipt.batch).alias("batch")
        session.append("raw", "upload", upload.files.with_columns(number))
        session.append("raw", "upload_aside", upload.aside.with_columns(number))
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
