"""Rows kept aside: one row each, as the export table rejected_rows."""

from collections.abc import Sequence

import polars as pl

from planning.domain.schema import EXPORT
from planning.signals.rows import LINE, RAW

REJECTED = EXPORT["rejected_rows"]


def kept_aside(
    rows: pl.DataFrame,
    file: str,
    reason: str | pl.Expr,
    column: str | pl.Expr | None = None,
    value: pl.Expr | None = None,
) -> pl.DataFrame:
    """Rows of `file` as rejected_rows.

    Parameters
    ----------
    rows : LINE, RAW and whatever the expressions need.
    file : its name.
    reason : why, in words: one text, or an expression over `rows`.
    column : the first column that is wrong, or an expression for it; None when it is the row as a whole.
    value : what stands there.
    """
    nothing = pl.lit(None, dtype=pl.String)
    return rows.select(
        pl.lit(file).alias("file"),
        pl.col(LINE).cast(pl.Int64).alias("line"),
        (pl.lit(column) if isinstance(column, str) else nothing if column is None else column).alias(
            "column"
        ),
        (nothing if value is None else value.cast(pl.String)).alias("value"),
        (pl.lit(reason) if isinstance(reason, str) else reason).alias("reason"),
        pl.col(RAW).alias("raw"),
    )


def joined(rejects: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rejected rows, by file and line."""
    return pl.concat([REJECTED.empty(), *rejects]).sort("file", "line")
