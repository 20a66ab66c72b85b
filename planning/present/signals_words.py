"""What the Signals page says of uploads and of how fresh the data are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from planning.errors import Fault
from planning.present import words
from planning.present.view import View
from planning.signals.reading.proposal import Proposal
from planning.signals.row_sum import RowSum
from planning.signals.sources.asking import Asked

NO_NETWORK = (
    "There is no data yet. Drop your CSV files below, all at once: **orders**, **routings**, **factories**, "
    "**offers**, and **contracts** or **owned** are enough; every further file refines the plan. The "
    "templates have every column of every file. To look around first, Today loads a made company."
)
NOTHING_NEW = "Nothing to import: every row that can load holds already, word for word."
NOTHING_LOADS = "Nothing to import: no row of this can load. Mend the rows below, or drop the file corrected."
UPLOAD_HELP = (
    "CSV (comma, semicolon, tab or bar; packed as .gz, too) or Excel, with the columns of the templates or "
    "those of your shop, CRM or ads: Takt says what it takes them for and asks what it cannot know. Nothing "
    "changes before you press Import."
)
LIST_HELP = (
    "Every row kept aside with its reason, as a list. To mend rows in a spreadsheet, take them away below."
)
MODE_HELP = (
    "**Add and update**: rows take the place of those with the same key (in tables without a key, of those "
    "about the same day, product and market); all other rows stay, and so does what your file has no column "
    "for.  \n**Replace all rows**: what the file does not have is removed."
)


def nothing(some_hold: bool) -> str:
    """Why an upload has nothing to import: its rows hold already, or none of them can load."""
    return NOTHING_NEW if some_hold else NOTHING_LOADS


def left_to_say(proposal: Proposal) -> str:
    """What has to be said before a file can be read, in a sentence; empty where nothing has."""
    if proposal.table is None:
        return "Choose what it holds: neither its name nor its columns say."
    parts = [question.heading for question in proposal.questions]
    told = [f"Confirm how {words.plain(words.listed(parts))} is meant."] if parts else []
    if proposal.missing:
        needed = words.plain(words.listed(list(proposal.missing)))
        told.append(f"Choose a column for {needed}, or say one value for every row.")
    return " ".join(told)


def refused(faults: Sequence[Fault], most: int = 8) -> str:
    """Why nothing can be imported, a line for each fault, as Markdown."""
    lines = [f"- {words.plain(str(fault))}" for fault in faults[:most]]
    if len(faults) > most:
        lines.append(f"- and {len(faults) - most} more")
    return "Nothing of this can be imported until this is put right:\n" + "\n".join(lines)


def elsewhere(healed: int, fallen: int) -> str:
    """What an upload does to rows it does not bring; empty where it does nothing."""
    parts = []
    if healed:
        parts.append(f"{words.count(healed, 'row')} kept aside until now will load.")
    if fallen:
        parts.append(f"{words.count(fallen, 'row')} that load now will be kept aside.")
    return " ".join(parts)


def left_to_say_of_source(asked: Asked) -> str:
    """What has to be said before a source's file can be read, in a sentence; empty where nothing has."""
    told = ["Say whether day or month comes first."] if asked.days is not None else []
    if asked.market:
        told.append("Say which market its rows are of.")
    return " ".join(told)


def row_sums(sums: Sequence[RowSum]) -> str:
    """What becomes of the rows of each file, in sentences of Markdown."""
    return "  \n".join(
        f"{words.plain(one.file)}: {words.count(one.rows_in, 'row')} in = {one.loaded:,} loaded "
        f"+ {one.kept_aside:,} kept aside"
        + (f" + {one.collapsed:,} collapsed" if one.collapsed else "")
        + "."
        for one in sums
    )


def imported(files: pl.DataFrame, sums: Sequence[RowSum], outcome: str) -> str:
    """What became of an import, in sentences.

    Parameters
    ----------
    files : file, rows_in, rows_new, rows_changed, rows_same, rows_removed, rows_kept_aside.
    sums : what became of the rows of each file.
    outcome : imported, restored or unchanged.
    """
    if outcome == "unchanged":
        return "Nothing changed: the data hold already."
    total: dict[str, Any] = files.select(pl.exclude("file", "table", "mode").sum()).row(0, named=True)
    rows_in, loaded = sum(one.rows_in for one in sums), sum(one.loaded for one in sums)
    aside, collapsed = sum(one.kept_aside for one in sums), sum(one.collapsed for one in sums)
    beside = f", {collapsed:,} collapsed" if collapsed else ""
    names = words.plain(words.listed(list(dict.fromkeys(files["file"]))))
    removed = f" {words.count(total['rows_removed'], 'row')} removed." if total["rows_removed"] else ""
    return (
        f"Imported {names}: {words.count(rows_in, 'row')} in, {loaded:,} loaded "
        f"({total['rows_new']:,} new, {total['rows_changed']:,} changed, {total['rows_same']:,} the same), "
        f"{aside:,} kept aside{beside}.{removed}"
    )


def refused_back(faults: Sequence[Fault]) -> str:
    """Why rows that came back from a spreadsheet are not compared, in a sentence."""
    return f"Nothing was taken over: {'; '.join(str(fault) for fault in faults)}"


def emptying(batch: int) -> str:
    """What undoing the only import does."""
    return (
        f"No import holds before import {batch}: undone, there are no data and nothing to plan, "
        "until it is redone or another file comes in."
    )


def behind(fresh: View, as_of: date) -> str:
    """The day the data speak for, and how far the source furthest behind is behind it, in sentences."""
    day = f"The data speak for {words.day(as_of)}."
    told = fresh.frame.filter(pl.col("age") > 0)
    if told.is_empty():
        return day
    file, age = told.select("file", "age").row(0)
    return f"{day} Furthest behind: {file}, by {words.count(age, 'day')}."
