"""The tables a planner keeps by hand: what they are called, their columns, and what edits come to."""

import polars as pl

from planning.domain.data_guide import if_empty
from planning.domain.field import Field
from planning.domain.schema import BY_HAND, INPUT
from planning.present import words
from planning.present.view import Column, View
from planning.signals.rows import LINE

#: Rows that can be edited at once.
MOST = 500

#: Parts of the page, as they stand in its address.
TABLES, POLICY, BACKUPS, EVERYTHING = "Tables", "Policy", "Backups", "Everything"
SECTIONS = (TABLES, POLICY, BACKUPS, EVERYTHING)

#: What there is to pick from; the policy has a form of its own.
EDITED = tuple(name for name in BY_HAND if name != "settings")

HOW = (
    "Type over a cell, paste from a spreadsheet, add rows at the end, tick rows and press delete. Every cell "
    "is text, taken as you write it; below you see what your edits come to before anything changes."
)
LET_GO = "Edits that are not saved are let go when you open another table or look for other rows."
REASON = "Why it is changed: it stands in the ledger with your name."


TAKE_AWAY = """\
Everything the workspace holds in one zip of plain files, as it is at this moment; it is read without Takt.

- **network**: the data that hold, overrides among them, with the published plan beside them. It is a network
  folder: `python -m planning run network --out out` plans it again to the same.
- **kept-aside**: rows that are in no plan, with file, line and reason.
- **plans**: an export folder for every version, how far each has come, and who decided what and why.
- **scenarios**: what each changes, in words and for machines.
- **forecast**, imports, decisions put off, profiles of sources, and the **ledger** with every hash.

On the command line: `python -m planning export --everything --out everything.zip`.
"""


def about(table: str, rows: int) -> str:
    """What a table holds, and how it is edited."""
    there = words.count(rows, "row") if rows else "no rows yet"
    return f"**{INPUT[table].doc}** {there[:1].upper()}{there[1:]}. {HOW}"


def rows(table: str, shown: pl.DataFrame) -> View:
    """The rows to type in, each column with what the contract says of it."""
    fields = {field.name: field for field in INPUT[table].fields}
    named = [name for name in shown.columns if name != LINE]
    columns = {LINE: Column("Line", "whole", "Where it stands in the file; a new row has none yet.")}
    return View(shown, columns | {name: _column(name, fields.get(name)) for name in named})


def _column(name: str, field: Field | None) -> Column:
    if field is None:
        return Column(name, help="A column of your own: kept, and passed over.")
    return Column(f"{name} *" if field.required else name, help=meaning(field))


def meaning(field: Field) -> str:
    """What a column means, what it may hold, and what an empty cell means."""
    parts = [f"{field.doc[:1].upper()}{field.doc[1:]}." if field.doc else ""]
    limits = f"in {field.refers}.csv" if field.refers else field.limits()
    parts += [f"{limits[:1].upper()}{limits[1:]}."] if limits else []
    empty = "Has to be given." if field.required else f"Empty: {if_empty(field) or 'not said'}."
    return " ".join([*(part for part in parts if part), empty])


def meanings(table: str) -> View:
    """Every column of a table with what it means."""
    fields = INPUT[table].fields
    told = pl.DataFrame({"column": [f.name for f in fields], "meaning": [meaning(f) for f in fields]})
    return View(told, {"column": Column("Column"), "meaning": Column("Meaning", width="large")})


def changes(edited: pl.DataFrame) -> View:
    """Every edited cell, and every row added or deleted."""
    headings = {
        "what": "What",
        "row": "Row",
        "column": "Column",
        "before": "Was",
        "after": "Becomes",
    }
    return View(edited, {name: Column(label) for name, label in headings.items()})


def faults(found: pl.DataFrame, table: str) -> View:
    """What is wrong, with the row and the column it is in, and what to do about it."""
    headings = {"row": "Row", "column": "Column", "value": "Value", "reason": "Wrong", "remedy": "What to do"}
    elsewhere = {} if set(found["file"]) <= {f"{table}.csv"} else {"file": Column("File")}
    return View(found, elsewhere | {name: Column(label) for name, label in headings.items()})


def comes_to(edited: pl.DataFrame) -> str:
    """What the edits are, in a sentence."""
    cells = edited.filter(what="Changed")
    parts = [
        (cells["row"].n_unique(), "row", "changed"),
        (edited.filter(what="Added").height, "row", "added"),
        (edited.filter(what="Deleted").height, "row", "deleted"),
    ]
    told = [f"{words.count(number, noun)} {verb}" for number, noun, verb in parts if number]
    return f"{words.listed(told)}." if told else ""


def saved(table: str, edited: pl.DataFrame) -> str:
    """What was saved."""
    return f"{table}.csv: {comes_to(edited)} It is in the data now, and plans made before are stale."


def edits(made: pl.DataFrame, zone: str) -> View:
    """Edits by hand, the latest first, in the time of `zone`."""
    told = made.with_columns(
        happened_at=pl.col("happened_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone),
        status=pl.when(pl.col("status") == "undone").then(pl.lit("Undone")).otherwise(pl.lit("")),
    ).with_columns(pl.col("happened_at").dt.replace_time_zone(None))
    return View(
        told,
        {
            "happened_at": Column("When", "time"),
            "actor": Column("Who"),
            "table": Column("Table"),
            "rows_changed": Column("Changed", "whole"),
            "rows_new": Column("New", "whole"),
            "rows_removed": Column("Removed", "whole"),
            "reason": Column("Why", width="medium"),
            "status": Column("Undone since"),
        },
    )


def more(shown: int, of: int) -> str:
    """That not every row is shown; empty where all are."""
    if shown >= of:
        return ""
    return (
        f"{shown:,} of {of:,} rows are shown: say what the others have in common under Find rows. To edit "
        "many at once, take the file away, and drop it on the Signals page again."
    )
