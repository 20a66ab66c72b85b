"""Where a row of the network came from: the import that said it as it is, its file and line, who and when."""

from typing import Any

import polars as pl

from planning.domain.schema import INPUT
from planning.store.contract import RAW
from planning.store.database import Session

#: Of rows with one id, as they stand in the import that holds.
#:
#: Parameters
#: ----------
#: file_line : in the file of the import that first said them so.
#: batch, source, imported_at, actor : that import, what was uploaded, when (UTC) and by whom.
#: first_batch : the import in which the row stood first, whatever it said.
ORIGIN = {
    "file_line": pl.Int64,
    "batch": pl.Int64,
    "source": pl.String,
    "imported_at": pl.Datetime("us"),
    "actor": pl.String,
    "first_batch": pl.Int64,
}


def row_origins(session: Session, table: str, key: str, id: str) -> pl.DataFrame:
    """The rows of `table` whose column `key` is `id` as they hold now: its key columns, and ORIGIN.

    A row the holding import does not have any more has no origin.
    """
    stored = RAW[table]
    names = {"table": table, "key": key, "line": stored.line}
    every = session.read("row_origins", names, id=id)
    keys = list(INPUT[table].key)
    schema: dict[str, Any] = {name: INPUT[table].polars_schema[name] for name in keys} | ORIGIN
    holds = session.read("active_network")
    if every.is_empty() or holds.is_empty():
        return pl.DataFrame(schema=schema)
    columns = INPUT[table].columns
    history = {row["batch"]: row for row in session.read("import_history").iter_rows(named=True)}
    found: list[dict[str, Any]] = []
    for now in every.filter(pl.col("batch") == int(holds["batch"][0])).iter_rows(named=True):
        same_key = [row for row in every.iter_rows(named=True) if _same(row, now, keys)]
        # Said since without a break: a row that was other in between was said anew.
        said = now
        for row in reversed(same_key):
            if not _same(row, now, columns):
                break
            said = row
        told = history[said["batch"]]
        where = {"file_line": said[stored.line], "batch": said["batch"], "first_batch": same_key[0]["batch"]}
        by = {name: told[name] for name in ("source", "imported_at", "actor")}
        found.append({name: now[name] for name in keys} | where | by)
    return pl.DataFrame(found, schema=schema, orient="row")


def _same(one: dict[str, Any], other: dict[str, Any], columns: list[str]) -> bool:
    return all(one[name] == other[name] for name in columns)
