"""Which stored plan came before which."""

import polars as pl


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
