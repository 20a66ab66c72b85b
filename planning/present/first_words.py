"""What an empty install says: the ways in, what each needs, and how to leave the demo."""

from collections.abc import Collection, Sequence

import polars as pl

from planning.domain.schema import REQUIRED_FILES, REQUIRED_FLEET
from planning.present import words
from planning.present.view import Column, View

#: The ways in, as they stand in the address.
FOLDER_WAY, TEMPLATES_WAY = "folder", "templates"

GREETING = (
    "There is no data yet. Three ways in, each of which ends with a first plan on this page; nothing leaves "
    "this machine."
)
DEMO = (
    "A made company with four factories, more than two years of demand, deals and campaigns. Look around, "
    "try things, and come back to your own data whenever you like: the demo is kept as a backup then."
)
FOLDER = (
    "Drop your network folder, or a zip of it: the CSV files of the templates under their own names, and "
    "published/ beside them if there is a published plan."
)
TEMPLATES = (
    "Five files are enough. Take the templates, fill in a few rows each, and drop them here, in any order; "
    "files of your shop or CRM will do for the orders, too."
)
ANEW = (
    "To leave the demo, or to begin again: the workspace is emptied, and Today offers the ways in. What is "
    "there now is kept as a backup, and can be restored at any time."
)
ANEW_ASKED = (
    "Imports, plans, scenarios and the ledger of this workspace move into a backup, and everybody who has "
    "Takt open finds it empty."
)


def emptied(backup: str) -> str:
    """That the workspace was emptied, and where what was there is."""
    return (
        f"The workspace is empty. What was there is kept as {backup}, and restored on the Settings page, "
        "under Backups."
    )


def needed(tables: Collection[str]) -> str:
    """Which of the five files are there, and which are still to come."""
    there = [name for name in (*REQUIRED_FILES, *REQUIRED_FLEET) if name in tables]
    missing = [name for name in REQUIRED_FILES if name not in tables]
    missing += [] if set(REQUIRED_FLEET) & set(tables) else [" or ".join(REQUIRED_FLEET)]
    if not missing:
        return "All that is needed is there. Every further file refines the plan."
    got = f"There: {words.listed(there)}. " if there else ""
    return f"{got}Still needed: {words.listed(missing)}."


def folder_files(counted: pl.DataFrame) -> View:
    """The files of a folder: rows read, loaded and kept aside."""
    return View(
        counted,
        {
            "file": Column("File"),
            "rows_in": Column("Rows", "quantity"),
            "loaded": Column("Load", "quantity"),
            "kept_aside": Column("Kept aside", "quantity"),
        },
    )


def passed_over(names: Sequence[str]) -> str:
    """Which files of a folder are none of Takt's; empty where all are."""
    if not names:
        return ""
    shown = words.plain(words.listed(list(names[:6])))
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (
        f"Passed over: {shown}{more}. Files of other systems can be dropped on the Signals page afterwards."
    )
