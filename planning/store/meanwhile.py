"""What others did since a planner looked, in words for the second of two who change the same thing."""

from collections.abc import Mapping
from typing import Any

from planning.store.database import Session

#: So many changes are told, the latest; more are counted.
MOST_TOLD = 3

_DONE = {
    "import imported": "imported",
    "import restored": "imported again",
    "import undone": "undid the import of",
    "import redone": "brought back the import of",
}


def data_changes(session: Session, on: int | None = None, of: str | None = None) -> str:
    """Who changed the data since import `on`, or the network with the hash `of`, held, and how.

    A sentence to stand behind another one, with a space before it; empty where nobody did.
    """
    rows = list(session.read("data_changes", on=on, of=of).iter_rows(named=True))
    if not rows:
        return ""
    told = [_told(row) for row in rows[:MOST_TOLD]]
    more = f", and {len(rows) - MOST_TOLD} changes before" if len(rows) > MOST_TOLD else ""
    return f" Since then: {'; '.join(told)}{more}."


def _told(row: Mapping[str, Any]) -> str:
    counts = [
        f"{row[f'rows_{name}']:,} {name}" for name in ("new", "changed", "removed") if row[f"rows_{name}"]
    ]
    rows = f" (rows: {', '.join(counts)})" if counts else ""
    return f"{row['actor']} {_DONE[row['kind']]} {row['source']}{rows}"
