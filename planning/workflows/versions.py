"""Versions of the plan: which came before which, and where the ledger ended when one was exported."""

from pathlib import Path

import polars as pl

from planning.errors import Fault, InputError
from planning.export import read_folder as read_export
from planning.store import LedgerHead


def ledger_end(export_folder: Path) -> LedgerHead:
    """Where the ledger ended when the plan of this export was stored.

    Raises
    ------
    InputError
        It is no export folder, or one of a plan that was made without a workspace.
    """
    said = read_export(export_folder).summary.get("ledger")
    count, head = (said.get("count"), said.get("head")) if isinstance(said, dict) else (None, None)
    if not isinstance(count, int) or not isinstance(head, str) or count < 1:
        reason = "tells of no ledger: its plan was made without a workspace, or the file was changed"
        raise InputError([Fault("plan.json", reason, "Export a plan of the workspace.")])
    return LedgerHead(count, head)


def previous_version(plans: pl.DataFrame) -> int | None:
    """The version before the newest one of the same scenario; None when it is the only one.

    Parameters
    ----------
    plans : version and scenario of every stored plan, newest first.
    """
    if plans.is_empty():
        return None
    older = plans[1:].filter(pl.col("scenario") == plans["scenario"][0])["version"]
    return None if older.is_empty() else int(older[0])
