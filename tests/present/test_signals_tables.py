"""What came in is told whole."""

from planning.domain.schema import EXPORT
from planning.present import signals_tables
from tests.builders.plans import (
    rejected_rows,
)


def test_kept_aside_rows_show_every_column_of_the_contract() -> None:
    view = signals_tables.kept_aside(rejected_rows(2))
    assert list(view.columns) == EXPORT["rejected_rows"].columns
    assert view.frame.height == 2
