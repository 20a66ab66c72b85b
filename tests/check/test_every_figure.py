"""No figure of an export changes unnoticed."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from planning.check import check
from planning.domain.schema import EXPORT
from tests.check import world
from tests.check.tables import with_table

#: What only people read; nothing else of the export says the same.
FOR_PEOPLE = {
    ("schedule", "work_order"),
    ("rentals", "reason"),
    ("promises", "cause"),
}

#: Rows of a column that are tried until one is noticed: an empty cell may have nothing to say.
TRIES = 6


def other(cell: Any, kind: pl.DataType) -> Any:
    """A cell that says something else."""
    if kind == pl.Date:
        return cell + timedelta(weeks=1) if cell else None
    if kind == pl.Boolean:
        return not cell
    if kind == pl.String:
        return "something else"
    return (cell or 0) + 1


def noticed(table: str, column: str) -> bool:
    """Whether another cell in this column is a violation, in at least one of the rows tried."""
    network, plan = world.network(), world.plan()
    frame = plan[table]
    step = max(1, frame.height // TRIES)
    for row in range(0, frame.height, step):
        changed = pl.lit(other(frame[column][row], frame.schema[column]), dtype=frame.schema[column])
        here = pl.int_range(pl.len()) == row
        spoiled = frame.with_columns(pl.when(here).then(changed).otherwise(pl.col(column)).alias(column))
        if check(network, with_table(plan, table, spoiled)):
            return True
    return False


@pytest.mark.parametrize("table", [name for name in EXPORT if name != "rejected_rows"])
def test_every_column_of_the_export_is_checked(table: str) -> None:
    unnoticed = {column for column in EXPORT[table].columns if not noticed(table, column)}
    assert unnoticed == {column for name, column in FOR_PEOPLE if name == table}
