"""The network that holds: the rows of active batches, as one value."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.schema import EXPORT, INPUT, SETTINGS
from planning.signals import Folder, SourceFile
from planning.signals.published import read_published
from planning.store.contract import PLAN, RAW
from planning.store.database import Session
from planning.store.lines import sort_key
from planning.store.payload import unpacked

_DAYS = frozenset(field.name for field in SETTINGS if field.kind == "date")
_PUBLISHED = "published/"


def load(session: Session, today: date | None = None, batch: int | None = None) -> Network | None:
    """The network as `validate` gave it; None before the first import.

    Parameters
    ----------
    today : as_of where settings.csv gives none; the day of the import when None.
    batch : the import it is of; the one that holds when None.
    """
    head = session.read("active_network") if batch is None else session.read("network_of_batch", batch=batch)
    if head.is_empty():
        return None
    number, network = head.row(0)
    said = json.loads(network)
    tables = {name: _table(session, name, number) for name in INPUT}
    aside = session.read("quarantine_of_batch", batch=number)
    return Network(
        tables=tables,
        policy=_policy(said["policy"], tables["settings"], today),
        given=frozenset(said["given"]),
        rejected=PLAN["rejected_rows"].typed(aside),
        assumed=tuple(said["assumed"]),
        published=_published(session, number),
        input_hash=said["input_hash"],
        file_hashes=dict(session.read("file_hashes", batch=head["batch"][0]).iter_rows()),
    )


def rejected(session: Session) -> pl.DataFrame:
    """Rows kept aside of active batches, as the export table rejected_rows."""
    return PLAN["rejected_rows"].typed(session.read("quarantined_rows"))


def network_hash(session: Session) -> str | None:
    """`input_hash` of the network that holds; None before the first import."""
    head = session.read("active_network")
    return None if head.is_empty() else json.loads(head["network"][0])["input_hash"]


def _table(session: Session, name: str, batch: int) -> pl.DataFrame:
    rows = RAW[name].load(session, batch)
    return rows.sort(sort_key(INPUT[name]), nulls_last=False)


def _policy(said: Mapping[str, Any], settings: pl.DataFrame, today: date | None) -> Policy:
    """The policy as it was read; what hangs on today is derived again."""
    values = {key: _typed(key, value) for key, value in said.items()}
    given = settings.filter(pl.col("value").is_not_null())["key"]
    return Policy.from_settings({key: values[key] for key in given}, today or values["as_of"])


def _typed(key: str, value: Any) -> Any:
    return date.fromisoformat(value) if key in _DAYS and value is not None else value


def _published(session: Session, batch: int) -> dict[str, pl.DataFrame]:
    """The published plan of a batch, read from its files again."""
    rows = session.read("payload_of", batch=batch, folder=_PUBLISHED).iter_rows(named=True)
    files = {row["file"].removeprefix(_PUBLISHED): unpacked(row["compressed"], row["bytes"]) for row in rows}
    plan = json.loads(files.pop("plan.json", b"{}"))
    sources = {
        name: SourceFile.read(EXPORT[name], data, _PUBLISHED)
        for file, data in files.items()
        for name in (file.removesuffix(".csv"),)
    }
    tables, _ = read_published(Folder({}, sources, plan))
    return tables
