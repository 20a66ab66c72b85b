"""The ledger: what was done, when and by whom; every entry carries the hash of the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from planning.store.clock import utc_now
from planning.store.database import Session

#: Everything the ledger tells of.
Kind = Literal[
    "import imported",
    "import restored",
    "import undone",
    "import redone",
    "overrides saved",
    "table edited",
    "forecast saved",
    "plan saved",
    "plan proposed",
    "plan approved",
    "plan published",
    "plan reproduced",
    "rentals ordered",
    "week rolled",
    "scenario made",
    "scenario changed",
    "scenario promoted",
    "scenario discarded",
    "action accepted",
    "action assigned",
    "action snoozed",
    "profile saved",
    "workspace restored",
    "workspace started anew",
]


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


def note(session: Session, kind: Kind, actor: str, detail: Mapping[str, Any]) -> LedgerHead:
    """Add an entry in the transaction of what it tells of; what comes back is the new end of the ledger.

    Parameters
    ----------
    kind : what was done.
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


def broken_entries(session: Session, end: LedgerHead | None = None) -> pl.DataFrame:
    """Entries (seq, fault) that are not what was written, found by one statement; none where all are.

    An entry that was edited, deleted or moved breaks the chain of hashes. What was cut off at the end is
    missed where a stored plan, or `end`, says the ledger once reached further.

    Parameters
    ----------
    end : where an export says the ledger ended when its plan was stored.
    """
    known = {"count": None, "head": None} if end is None else {"count": end.count, "head": end.head}
    return session.read("verify_ledger", **known)
