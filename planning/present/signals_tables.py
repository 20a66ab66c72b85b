"""What came in and how fresh it is: rows kept aside, sources, imports, and what an upload would do."""

from collections.abc import Mapping

import polars as pl

from planning.domain.assume import reference_ids
from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.present.mending_tables import without_lines
from planning.present.view import Column, View
from planning.signals.remedies import with_remedies

#: Table → the column that says up to which day it speaks of what was seen or is planned.
SPEAKS_OF = {
    "orders": "order_date",
    "opportunities": "observed_date",
    "history": "date",
    "activity": "date",
    "returns": "date",
    "fx": "date",
    "campaigns": "end_date",
}

#: What becomes of an import.
STATES = {"active": "Holds", "superseded": "Replaced since", "undone": "Undone"}

#: What an upload does to a row.
CHANGES = {"new": "New", "changed": "Changed", "same": "Same"}

MODES = {"update": "Add and update", "replace": "Replace all rows"}

COLLAPSED_HELP = "Another row of the file says the same: an exact duplicate, a sum of others, a merged deal."

_LINES = r"\blines? \d"

_HOW = MODES | {"add": "Mended rows"}

_ASIDE = {
    "file": Column("File"),
    "line": Column("Line", "whole"),
    "column": Column("Column"),
    "value": Column("Value"),
    "reason": Column("Reason"),
    "remedy": Column("What to do"),
    "raw": Column("The row as it was read"),
}


def kept_aside(rows: pl.DataFrame) -> View:
    """Rows kept aside on import."""
    return View(rows, {name: column for name, column in _ASIDE.items() if name in rows.columns})


def as_came_in(rows: pl.DataFrame, origins: pl.DataFrame) -> pl.DataFrame:
    """Rows kept aside by name, line and text of the files they came in.

    Parameters
    ----------
    rows : file, line, raw and whatever else, of the network's files.
    origins : file, line, upload, upload_line and raw, of those that came in uploads.
    """
    known = origins.select("file", "line", "upload", "upload_line", pl.col("raw").alias("came"))
    told = rows.join(known, on=["file", "line"], how="left", maintain_order="left")
    # Of other rows a reason speaks by the lines of the data: that is said.
    named = pl.col("reason").str.contains(_LINES) & pl.col("upload").is_not_null()
    words = pl.format("{} (lines of {} in the data)", "reason", "file")
    return told.with_columns(
        reason=pl.when(named).then(words).otherwise("reason"),
        file=pl.coalesce("upload", "file"),
        line=pl.coalesce("upload_line", "line"),
        raw=pl.coalesce("came", "raw"),
    ).select(rows.columns)


def with_came_in(held: pl.DataFrame, came: pl.DataFrame, file: str) -> pl.DataFrame:
    """Rows kept aside of a file of the network; with the file and line they came in, where it is another one.

    Parameters
    ----------
    held, came : the same rows, by the network's files and as `as_came_in` tells them.
    """
    beside = came.select(came_in="file", came_line="line")
    told = held.hstack(beside).filter(pl.col("file") == file)
    return told if (told["came_in"] != file).any() else told.drop("came_in", "came_line")


def with_what_to_do(rows: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Rows kept aside with a column `remedy`."""
    names = {field.refers for table in INPUT.values() for field in table.fields if field.refers}
    known = {name: reference_ids(network.tables, network.given, name) for name in sorted(names)}
    return with_remedies(rows, known)


def aside_reasons(rows: pl.DataFrame) -> View:
    """Why rows were kept aside: how many for each file and reason, the most frequent first."""
    counted = rows.group_by("file", without_lines("reason")).agg(
        pl.len().alias("rows"), pl.col("line").min().alias("first"), pl.col("remedy").mode().sort().first()
    )
    return View(
        counted.sort("rows", "file", "reason", descending=[True, False, False]),
        {
            "file": Column("File"),
            "rows": Column("Rows", "quantity"),
            "reason": Column("Reason"),
            "remedy": Column("What to do"),
            "first": Column("First line", "whole"),
        },
    )


def freshness(network: Network, since: pl.DataFrame) -> View:
    """Each file that holds: its rows, the newest day it speaks of, and when it came in; the oldest first.

    Parameters
    ----------
    since : file and imported_at (UTC).
    """
    aside = network.rejected.group_by("file").len("aside")
    rows = [_newest(network, name) for name in INPUT if name in network.given]
    told = (
        pl.DataFrame(rows, schema={"file": pl.String, "rows": pl.Int64, "newest": pl.Date}, orient="row")
        .join(since, on="file", how="left", maintain_order="left")
        .join(aside, on="file", how="left", maintain_order="left")
    )
    days = (pl.lit(network.policy.as_of) - pl.col("newest")).dt.total_days()
    zone = network.policy.timezone
    return View(
        told.with_columns(
            age=pl.when(days >= 0).then(days),
            imported_at=in_zone("imported_at", zone),
            aside=pl.col("aside").fill_null(0),
        ).sort(pl.col("newest").is_null(), -pl.col("age"), nulls_last=True, maintain_order=True),
        {
            "file": Column("File"),
            "age": Column("Days behind", "whole", "From the newest day it speaks of to the day of the data."),
            "newest": Column("Newest day", "date"),
            "rows": Column("Rows", "quantity"),
            "aside": Column("Kept aside", "quantity"),
            "imported_at": Column(f"Came in ({zone})", "time", "The import since which it is as it is."),
        },
    )


def imports(history: pl.DataFrame, zone: str) -> View:
    """Every import, the latest first: what it did, and whether it holds."""
    return View(
        history.with_columns(
            state=pl.col("status").replace(STATES), imported_at=in_zone("imported_at", zone)
        ),
        {
            "batch": Column("Import", "whole"),
            "imported_at": Column(f"When ({zone})", "time"),
            "source": Column("What"),
            "state": Column("State"),
            "rows_in": Column("Rows in", "quantity"),
            "rows_new": Column("New", "quantity"),
            "rows_changed": Column("Changed", "quantity"),
            "rows_same": Column("Same", "quantity"),
            "rows_removed": Column("Removed", "quantity"),
            "rows_kept_aside": Column("Kept aside", "quantity"),
            "rows_collapsed": Column("Collapsed", "quantity", COLLAPSED_HELP),
            "actor": Column("Who"),
        },
    )


def empties(history: pl.DataFrame) -> bool:
    """Whether no import holds once the one that holds is undone."""
    return history.filter(pl.col("status") == "superseded").is_empty()


def upload_files(files: pl.DataFrame) -> View:
    """What each uploaded file would do.

    Parameters
    ----------
    files : file, table, mode, rows_in, rows_new, rows_changed, rows_same, rows_removed, rows_kept_aside,
        rows_collapsed.
    """
    return View(
        files.with_columns(pl.format("{}.csv", "table").alias("table"), pl.col("mode").replace(_HOW)),
        {
            "file": Column("File"),
            "table": Column("Taken for"),
            "rows_in": Column("Rows in", "quantity"),
            "rows_new": Column("New", "quantity"),
            "rows_changed": Column("Changed", "quantity"),
            "rows_same": Column("Same", "quantity", "They hold already, word for word."),
            "rows_kept_aside": Column("Kept aside", "quantity", "They cannot load; below is why."),
            "rows_collapsed": Column("Collapsed", "quantity", COLLAPSED_HELP),
            "rows_removed": Column("Removed", "quantity", "Rows that hold now and would be no more."),
            "mode": Column("How"),
        },
    )


def upload_rows(table: str, rows: pl.DataFrame) -> View:
    """The first rows of an uploaded file as they will load."""
    kinds = {"number": "rate", "whole": "whole", "date": "date", "week": "week"}
    columns = {"change": Column("")}
    for field in INPUT[table].fields:
        if field.name in rows.columns:
            columns[field.name] = Column(field.name, kinds.get(field.kind, "text"), field.doc)  # type: ignore[arg-type]
    return View(rows.with_columns(pl.col("change").replace(CHANGES)), columns)


def in_zone(column: str, zone: str) -> pl.Expr:
    """A UTC moment without a zone as the clock of `zone` shows it."""
    moment = pl.col(column).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return moment.dt.replace_time_zone(None)


def _newest(network: Network, name: str) -> tuple[str, int, object]:
    table = network[name]
    newest = table[SPEAKS_OF[name]].max() if name in SPEAKS_OF else None
    return f"{name}.csv", table.height, newest


def file_labels() -> Mapping[str, str]:
    """Table → the file it comes in, with what it holds."""
    return {name: f"{name}.csv: {table.doc}" for name, table in INPUT.items()}
