"""What was edited in a plan outside Takt, as a table and in a sentence."""

import polars as pl

from planning.present import words
from planning.present.view import Column, View


def differences(rows: pl.DataFrame) -> View:
    """Every run that was edited: planned, edited, and by how much."""
    shown = rows.with_columns(by=pl.col("edited") - pl.col("planned"))
    return View(
        shown,
        {
            "week": Column("Week", "week"),
            "factory": Column("Factory"),
            "product": Column("Product"),
            "routing": Column("Routing"),
            "planned": Column("Planned", "quantity"),
            "edited": Column("Edited", "quantity"),
            "by": Column("Differs by", "quantity"),
        },
    )


def told(rows: pl.DataFrame, pinned: int) -> str:
    """How much was edited, and what of it becomes pins."""
    if rows.is_empty():
        return "Nothing was edited: it is the plan as it is."
    less = rows.filter(pl.col("edited") < pl.col("planned")).height
    left = (
        f" {words.count(less, 'run')} edited to less cannot be pinned: the solve decides on them."
        if less
        else ""
    )
    return (
        f"{words.count(rows.height, 'run')} edited; {pinned} would be pinned. As a scenario it is solved and "
        f"checked beside the plan; nothing holds before you promote it.{left}"
    )
