"""Where the rows of a network stood in the files they came from."""

import polars as pl

from planning.domain.assume import name_routings
from planning.domain.field import Table
from planning.signals.cells import ANY_DATE, read_rows
from planning.signals.rows import LINE
from planning.signals.source import SourceFile


def sort_key(table: Table) -> list[str]:
    """Columns by which validation sorts a table, so that the order of a file's rows makes no difference."""
    return list(table.key) or table.columns


def loaded_lines(source: SourceFile, table: Table, loaded: pl.DataFrame, rejected: pl.DataFrame) -> pl.Series:
    """Line of each loaded row.

    Parameters
    ----------
    source : the file.
    table : what its columns mean.
    loaded : its rows in the network, sorted as validation leaves them.
    rejected : rejected_rows.

    Raises
    ------
    ValueError
        The rows that were not kept aside are not the rows loaded: something was lost on the way.
    """
    aside = rejected.filter(pl.col("file") == source.name)["line"].drop_nulls()
    rows, _ = read_rows(source, table, ANY_DATE)
    kept = rows.filter(~pl.col(LINE).is_in(aside.implode()))
    if table.name == "routings":
        kept = name_routings(kept)
    order = sort_key(table)
    kept = kept.sort(*order, LINE, nulls_last=False)
    if not kept.select(order).equals(loaded.select(order)):
        raise ValueError(f"{source.name}: {kept.height} rows to load, {loaded.height} loaded, or others")
    return kept[LINE].cast(pl.Int64)
