"""Rows in = loaded + kept aside + collapsed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowSum:
    """What becomes of the rows of one file; the first is the sum of the others.

    Parameters
    ----------
    file : its name.
    loaded : rows that load in every table they are of.
    kept_aside : rows that do not load in one of them.
    collapsed : rows another row says.
    """

    file: str
    rows_in: int
    loaded: int
    kept_aside: int
    collapsed: int
