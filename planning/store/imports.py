"""Imports: what a network folder said, from the bytes to the typed rows, in one batch."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals import Folder
from planning.store import ledger
from planning.store.clock import utc_now
from planning.store.contract import RAW
from planning.store.database import Session
from planning.store.lines import loaded_lines
from planning.store.payload import packed

Outcome = Literal["imported", "restored", "unchanged"]


@dataclass(frozen=True)
class ImportReceipt:
    """What became of an import.

    Parameters
    ----------
    batch : its number.
    source : what it was called when it came first.
    outcome : imported; restored, when the same content had been undone or superseded and holds again;
        unchanged, when the same content holds already.
    rows_in, rows_loaded, rows_kept_aside : rows below the headers; the first is the sum of the others.
    superseded : batches that held until now.
    """

    batch: int
    source: str
    outcome: Outcome
    rows_in: int
    rows_loaded: int
    rows_kept_aside: int
    superseded: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the workspace speaks of anything new."""
        return self.outcome != "unchanged"


def record_network(
    session: Session, source: str, folder: Folder, network: Network, actor: str
) -> ImportReceipt:
    """Store a network folder and let it hold in place of the one before.

    A folder is the whole statement of a network: the batch of any earlier folder is superseded. The same
    content is stored once; said again it changes nothing, or holds again if it did not hold any more.

    Parameters
    ----------
    source : what a planner calls it, such as the folder's name.
    folder : the files as they were read.
    network : what `validate` made of them, before anything is assumed.
    actor : who imports.

    Raises
    ------
    ValueError
        Rows of the folder are neither loaded nor kept aside.
    """
    payload = _payload(folder)
    content_hash = _content_hash(folder, payload)
    known = session.read("batch_of_content", content_hash=content_hash)
    if known.is_empty():
        batch = session.read("next_batch")["batch"][0]
        lines = _lines(folder, network)
        named = {"batch": batch, "source": source, "content_hash": content_hash}
        _save_batch(session, named, folder, network)
        _save_payload(session, batch, payload)
        session.append("raw", "quarantine", network.rejected.with_columns(pl.lit(batch).alias("batch")))
        for name, numbers in lines.items():
            RAW[name].save(session, batch, network[name], numbers)
        return _state(session, batch, "imported", actor)
    batch, status = known.row(0)
    if status == "active":
        return _receipt(session, batch, "unchanged")
    return _state(session, batch, "restored", actor)


def undo(session: Session, batch: int, actor: str) -> bool:
    """Take a batch out; the network before it holds again.

    What comes back is whether anything changed: what is undone stays undone.

    Raises
    ------
    InputError
        There is no such batch.
    """
    return _flip(session, batch, "undone", actor)


def redo(session: Session, batch: int, actor: str) -> bool:
    """Take an undone batch back in; the reverse of `undo`."""
    return _flip(session, batch, "redone", actor)


def _flip(session: Session, batch: int, done: Literal["undone", "redone"], actor: str) -> bool:
    found = session.read("batch", batch=batch)
    if found.is_empty():
        raise InputError([Fault(f"import {batch}", "is not in the workspace", "See the list of imports.")])
    if (found["status"][0] == "undone") == (done == "undone"):
        return False
    status = "undone" if done == "undone" else "superseded"
    session.write("set_batch_status", batch=batch, status=status)
    session.write("settle_batches")
    ledger.note(session, f"import {done}", actor, {"batch": batch})
    return True


def _state(session: Session, batch: int, outcome: Outcome, actor: str) -> ImportReceipt:
    """Let a batch be what was said last, and note it."""
    before = session.read("active_batches")["batch"]
    session.write("state_batch", batch=batch)
    session.write("settle_batches")
    after = session.read("active_batches")["batch"]
    receipt = _receipt(session, batch, outcome, tuple(sorted(set(before) - set(after))))
    detail = {
        "batch": batch,
        "source": receipt.source,
        "content_hash": session.read("batch", batch=batch)["content_hash"][0],
        "rows_in": receipt.rows_in,
        "rows_kept_aside": receipt.rows_kept_aside,
        "superseded": list(receipt.superseded),
    }
    ledger.note(session, f"import {outcome}", actor, detail)
    return receipt


def _receipt(
    session: Session, batch: int, outcome: Outcome, superseded: tuple[int, ...] = ()
) -> ImportReceipt:
    row = session.read("batch", batch=batch).row(0, named=True)
    counts = (row["rows_in"], row["rows_loaded"], row["rows_kept_aside"])
    return ImportReceipt(batch, row["source"], outcome, *counts, superseded)


def _lines(folder: Folder, network: Network) -> dict[str, pl.Series]:
    """Table → lines of its rows, of the tables the folder gives."""
    return {
        name: loaded_lines(folder.files[name], INPUT[name], network[name], network.rejected)
        for name in INPUT
        if name in network.given
    }


def _save_batch(session: Session, named: Mapping[str, Any], folder: Folder, network: Network) -> None:
    rows_in = sum(file.rows_in for file in folder.files.values())
    loaded = sum(network[name].height for name in network.given)
    if rows_in != loaded + network.rejected.height:
        raise ValueError(f"{rows_in} rows in, {loaded} loaded and {network.rejected.height} kept aside")
    session.write(
        "save_batch",
        **named,
        imported_at=utc_now(),
        rows_in=rows_in,
        rows_loaded=loaded,
        rows_kept_aside=network.rejected.height,
        network=json.dumps(_network_head(network), ensure_ascii=False, allow_nan=False),
    )


def _network_head(network: Network) -> dict[str, Any]:
    """What a network says beside its tables."""
    return {
        "input_hash": network.input_hash,
        "given": sorted(network.given),
        "assumed": list(network.assumed),
        "policy": network.policy.as_settings(),
    }


def _payload(folder: Folder) -> dict[str, bytes]:
    """Name → bytes of every file that was read."""
    sources = [*folder.files.values(), *folder.published.values()]
    files = {source.name: source.data for source in sources}
    if folder.published_plan:
        files["published/plan.json"] = json.dumps(dict(folder.published_plan)).encode()
    return files


def _content_hash(folder: Folder, payload: Mapping[str, bytes]) -> str:
    """sha256 over the names and hashes of the files read, and over the hash of the whole folder."""
    lines = [f"{name} {hashlib.sha256(payload[name]).hexdigest()}" for name in sorted(payload)]
    return hashlib.sha256("\n".join([*lines, folder.input_hash]).encode()).hexdigest()


def _save_payload(session: Session, batch: int, payload: Mapping[str, bytes]) -> None:
    files = {
        "batch": [batch] * len(payload),
        "file": list(payload),
        "sha256": [hashlib.sha256(data).hexdigest() for data in payload.values()],
        "bytes": [len(data) for data in payload.values()],
        "compressed": [packed(data) for data in payload.values()],
    }
    session.append("raw", "payload", pl.DataFrame(files, schema_overrides={"compressed": pl.Binary}))
