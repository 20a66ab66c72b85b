"""Imports: what a network folder said, from the bytes to the typed rows, in one batch."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import EXPORT, INPUT
from planning.errors import Fault, InputError
from planning.signals import Folder
from planning.signals.disk_file import Content
from planning.signals.folder import Contents, input_hash, published_plan
from planning.signals.long_folder import LongFolder
from planning.signals.rows import LINE
from planning.signals.sieve import Sieve
from planning.store import ledger
from planning.store.clock import utc_now
from planning.store.contract import RAW
from planning.store.database import Session
from planning.store.lines import loaded_lines
from planning.store.payload import packed

_PLAN = "published/plan.json"

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
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in payload.items()}
    content_hash = _content_hash(digests, folder.file_hashes)
    known = _said_again(session, content_hash, actor)
    if known is not None:
        return known
    batch = session.read("next_batch")["batch"][0]
    _save_payload(session, batch, payload, digests)
    named = {"batch": batch, "source": source, "content_hash": content_hash}
    _save_network(session, named, folder, network)
    return _state(session, batch, "imported", actor)


def record_folder(
    session: Session, source: str, contents: Contents, today: date, actor: str
) -> ImportReceipt:
    """Read a network folder and let it hold, as `record_network`; files of any length.

    The rows of a long file go into the workspace piece by piece, so that it is never in memory as a whole;
    what the folder is refused for takes them out again with the transaction.

    Parameters
    ----------
    contents : the bytes of the folder.
    today : as_of where settings.csv gives none.

    Raises
    ------
    InputError
        As `LongFolder.of` and `validate`; the same content again is not looked into.
    ValueError
        Rows of the folder are neither loaded nor kept aside.
    """
    digests = _digests(contents)
    content_hash = _content_hash(digests, contents.file_hashes)
    known = _said_again(session, content_hash, actor)
    if known is not None:
        return known
    reading = LongFolder.of(contents, today)
    batch = session.read("next_batch")["batch"][0]
    payload = {name: _content(contents, reading.folder, name) for name in digests}
    _save_payload(session, batch, payload, digests)
    sieves: list[Sieve] = []
    sure: dict[str, pl.DataFrame] = {}
    for name in reading.files:
        sieves.append(reading.sieve(name, sure))
        _save_sure(session, batch, sieves[-1])
        if name == "orders":
            sure[name] = _stand_ins(session, batch)
    folder, network = reading.understood(sieves, sure)
    named = {"batch": batch, "source": source, "content_hash": content_hash}
    _save_network(session, named, folder, network)
    return _state(session, batch, "imported", actor)


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
    kind: ledger.Kind = "import undone" if done == "undone" else "import redone"
    ledger.note(session, kind, actor, {"batch": batch})
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
    kind: ledger.Kind = "import imported" if outcome == "imported" else "import restored"
    ledger.note(session, kind, actor, detail)
    return receipt


def _receipt(
    session: Session, batch: int, outcome: Outcome, superseded: tuple[int, ...] = ()
) -> ImportReceipt:
    row = session.read("batch", batch=batch).row(0, named=True)
    counts = (row["rows_in"], row["rows_loaded"], row["rows_kept_aside"])
    return ImportReceipt(batch, row["source"], outcome, *counts, superseded)


def _said_again(session: Session, content_hash: str, actor: str) -> ImportReceipt | None:
    """What becomes of content that was stored before; None where it is new."""
    known = session.read("batch_of_content", content_hash=content_hash)
    if known.is_empty():
        return None
    batch, status = known.row(0)
    if status == "active":
        return _receipt(session, batch, "unchanged")
    return _state(session, batch, "restored", actor)


def _save_sure(session: Session, batch: int, sieve: Sieve) -> None:
    """Store the rows of a long file that are sure."""
    name = sieve.file.table.name
    RAW[name].save_pieces(session, batch, sieve.sure(), LINE)
    if not sieve.repeated.is_empty():
        session.write("take_back_rows", {"table": name}, batch=batch, lines=sieve.repeated.to_list())


def _stand_ins(session: Session, batch: int) -> pl.DataFrame:
    """What other tables need to know of the sure orders of a long file: markets, products and prices."""
    return pl.concat([INPUT["orders"].empty(), session.read("order_sums", batch=batch)], how="diagonal")


def _save_network(session: Session, named: Mapping[str, Any], folder: Folder, network: Network) -> None:
    batch = named["batch"]
    lines = _lines(folder, network)
    _save_batch(session, named, folder, network)
    session.append("raw", "quarantine", network.rejected.with_columns(pl.lit(batch).alias("batch")))
    for name, numbers in lines.items():
        RAW[name].save(session, batch, network[name], numbers)


def _lines(folder: Folder, network: Network) -> dict[str, pl.Series]:
    """Table → lines of its rows, of the tables the folder gives."""
    return {
        name: loaded_lines(folder.files[name], INPUT[name], network[name], network.rejected)
        for name in INPUT
        if name in network.given
    }


def _save_batch(session: Session, named: Mapping[str, Any], folder: Folder, network: Network) -> None:
    rows_in = sum(file.rows_in for file in folder.files.values())
    sure = sum(file.sure for file in folder.files.values())
    loaded = sum(network[name].height for name in network.given) + sure
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


def _content(contents: Contents, folder: Folder, name: str) -> Content:
    """What stands in a file of a folder, as `_digests` names it."""
    if name == _PLAN:
        return _written(folder.published_plan)
    place, _, file = name.rpartition("/")
    return contents.published[file] if place else contents.files[file]


def _payload(folder: Folder) -> dict[str, bytes]:
    """Name → bytes of every file that was read."""
    sources = [*folder.files.values(), *folder.published.values()]
    files = {source.name: source.data for source in sources}
    if folder.published_plan:
        files[_PLAN] = _written(folder.published_plan)
    return files


def _written(plan: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(plan)).encode()


def _digests(contents: Contents) -> dict[str, str]:
    """Name → sha256 of every file that will be read, as `_payload` names them."""
    files = {f"{name}.csv" for name in INPUT}
    beside = {f"{name}.csv" for name in EXPORT}
    published = {
        f"published/{name}": hashlib.sha256(data).hexdigest()
        for name, data in contents.published.items()
        if name in beside
    }
    faults: list[Fault] = []
    plan = published_plan(contents.published, faults)
    if faults:
        # No stored content has this name: what is wrong with the folder is told when it is read.
        return {_PLAN: ""}
    if plan:
        published[_PLAN] = hashlib.sha256(_written(plan)).hexdigest()
    return {name: digest for name, digest in contents.file_hashes.items() if name in files} | published


def _content_hash(digests: Mapping[str, str], file_hashes: Mapping[str, str]) -> str:
    """sha256 over the names and hashes of the files read, and over the hash of the whole folder."""
    lines = [f"{name} {digests[name]}" for name in sorted(digests)]
    return hashlib.sha256("\n".join([*lines, input_hash(file_hashes)]).encode()).hexdigest()


def _save_payload(
    session: Session, batch: int, payload: Mapping[str, Content], digests: Mapping[str, str]
) -> None:
    """Keep the files, one after the other: of a long one its packed bytes alone are a lot."""
    for name, content in payload.items():
        session.append("raw", "payload", _kept(batch, name, content, digests[name]))


def _kept(batch: int, name: str, content: Content, digest: str) -> pl.DataFrame:
    """A file as a row of the workspace."""
    row = {
        "batch": [batch],
        "file": [name],
        "sha256": [digest],
        "bytes": [len(content)],
        "compressed": [packed(content)],
    }
    return pl.DataFrame(row, schema_overrides={"compressed": pl.Binary})
