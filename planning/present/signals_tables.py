"""What came in: rows kept aside."""

import polars as pl

from planning.present.view import Column, View


def kept_aside(rows: pl.DataFrame) -> View:
    """Rows kept aside on import."""
    return View(
        rows,
        {
            "file": Column("File"),
            "line": Column("Line", "whole"),
            "column": Column("Column"),
            "value": Column("Value"),
            "reason": Column("Reason"),
            "raw": Column("The row as it was read"),
        },
    )
