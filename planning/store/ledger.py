"""The ledger: what was done, when and by whom; every entry carries the hash of the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from planning.store.clock import utc_now
from planning.store.database import Session


@dataclass(frozen=True)
class LedgerHead:
    """Where the ledger ends.

    Parameters
    ----------
    count : entries so far.
    head : hash of the last one; empty while there is none.
    """

    count: int
    head: str


def note(session: Session, kind: str, actor: str, detail: Mapping[str, Any]) -> LedgerHead:
    """Add an entry in the transaction of what it tells of; what comes back is the new end of the ledger.

    Parameters
    ----------
    kind : what was done, one word.
    actor : who did it.
    detail : what it was done to.
    """
    session.write(
        "append_ledger",
        happened_at=utc_now(),
        kind=kind,
        actor=actor,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, allow_nan=False),
    )
    return head(session)


def head(session: Session) -> LedgerHead:
    """Where the ledger ends now."""
    count, last = session.read("ledger_head").row(0)
    return LedgerHead(count, last)


def broken_entries(session: Session) -> pl.DataFrame:
    """Entries (seq, fault) that do not follow from the one before them; none when the ledger is whole."""
    return session.read("verify_ledger")
