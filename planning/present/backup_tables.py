"""Backups as a table, and what a restore would lose, in words."""

import polars as pl

from planning.present import words
from planning.present.signals_tables import in_zone
from planning.present.view import Column, View

MADE = "Backed up, and looked at again: the ledger and every row are in it."
NO_BACKUP = "No backup yet. Planners go on working while one is made."
NOTHING_LOST = "Nothing would be lost: all that was done is in it."
KEPT = "What is there now is kept as a backup itself, so that a restore can be taken back."

#: What is counted of the ledger, in a planner's words.
_COUNTED = {
    "import imported": "import",
    "plan saved": "plan",
    "plan published": "publication",
    "rentals ordered": "order of rentals",
    "week rolled": "rolled week",
    "scenario made": "scenario",
}
_PLURAL = {"order of rentals": "orders of rentals"}
#: Where in an entry it says what it is about, the first that is there.
_ABOUT = ("source", "table", "scenario", "version", "profile", "action", "backup", "batch")


def backups(rows: pl.DataFrame, zone: str) -> View:
    """Every backup, the latest first, in the time of `zone`.

    Parameters
    ----------
    rows : as `Safekeeping.table`.
    """
    told = rows.with_columns(
        made_at=in_zone("made_at", zone),
        megabytes=pl.col("size") / 1e6,
        head=pl.col("head").str.head(12),
        why=pl.when(pl.col("fault") != "").then("fault").otherwise("why"),
    )
    return View(
        told,
        {
            "made_at": Column("When", "time"),
            "why": Column("Why", width="medium"),
            "imports": Column("Imports", "whole"),
            "plans": Column("Plans", "whole"),
            "count": Column("Ledger entries", "whole"),
            "head": Column("Last hash", help="How the hash of its last ledger entry begins."),
            "megabytes": Column("MB", "rate"),
            "name": Column("File"),
        },
    )


def picked_by(row: dict[str, object], zone: str) -> str:
    """What a backup is picked by: when it was made and why."""
    made = pl.DataFrame([row]).select(in_zone("made_at", zone))["made_at"][0]
    return f"{made:%a %d %b %Y, %H:%M:%S}, {row['why']}"


def lost(entries: pl.DataFrame) -> str:
    """What a restore would lose, in a sentence.

    Parameters
    ----------
    entries : of the ledger: kind.
    """
    if entries.is_empty():
        return NOTHING_LOST
    parts = []
    counts = dict(entries.group_by("kind").len().iter_rows())
    for kind, noun in _COUNTED.items():
        if kind in counts:
            parts.append(words.count(counts.pop(kind), noun, _PLURAL.get(noun)))
    if counts:
        other = "other entry" if parts else "entry"
        others = "other entries" if parts else "entries"
        parts.append(f"{words.count(sum(counts.values()), other, others)} of the ledger")
    return f"Would be lost: {words.listed(parts)}, made since."


def lost_entries(entries: pl.DataFrame, zone: str) -> View:
    """What a restore would lose, entry by entry, in the time of `zone`."""
    about = [pl.col("detail").str.json_path_match(f"$.{name}") for name in _ABOUT]
    told = entries.with_columns(happened_at=in_zone("happened_at", zone), about=pl.coalesce(about))
    return View(
        told,
        {
            "happened_at": Column("When", "time"),
            "actor": Column("Who"),
            "kind": Column("What"),
            "about": Column("About"),
        },
    )
