"""Rejected rows as faults, where a row that cannot be used refuses the whole folder."""

import polars as pl

from planning.errors import Fault


def faults_of(rejected: pl.DataFrame, remedy: str) -> list[Fault]:
    """One fault a row.

    Parameters
    ----------
    rejected : rejected_rows.
    remedy : what to do about every one of them.
    """
    return [
        Fault(row["file"], row["reason"], remedy, row["line"], row["column"], row["value"], row["raw"])
        for row in rejected.sort("line").iter_rows(named=True)
    ]
