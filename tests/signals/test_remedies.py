"""Every row kept aside comes with what to do about it."""

import polars as pl
import pytest

from planning.signals.remedies import with_remedies
from tests.signals.mini import network, orders

KNOWN = {"products": pl.Series(["0012", "0013"]), "markets": pl.Series(["DE"])}


@pytest.mark.parametrize(
    ("row", "remedy"),
    [
        ("SO1,1,2026-12-18,0O12,DE,4,,", "Did you mean '0012'?"),
        ("SO1,1,2026-12-18,12,DE,4,,", "Did you mean '0012'?"),
        (
            "SO1,1,18.12.2026,0012,DE,four,,",
            "due_date: Write it as year-month-day, such as 2026-12-18. "
            "quantity: Write digits with a decimal dot, without a unit.",
        ),
        ("SO1,1,,0012,DE,,,", "due_date: Fill it in. quantity: Fill it in."),
        ("SO1,1,2026-12-18,ZZZZ,DE,4,,", "Correct it, or add it to routings.csv first."),
        ("SO1,1,2026-12-18,0012,DE,4,confirmd,", "Did you mean 'confirmed'?"),
        ("SO1,1,2026-12-18,0012,DE,4,?,", "Write confirmed or shipped or cancelled."),
        ("SO1,1,18.12.2026,0012,DE,4,,", "Write it as year-month-day, such as 2026-12-18."),
        ("SO1,1,2026-12-18 10:00,0012,DE,4,,", "Leave the time of day out."),
        ("SO1,1,1970-01-01,0012,DE,4,,", "Check the year, or as_of in settings.csv."),
        ('SO1,1,2026-12-18,0012,DE,"1,5",,', "Write a dot instead of the comma."),
        ("SO1,1,2026-12-18,0012,DE,four,,", "Write digits with a decimal dot, without a unit."),
        ("SO1,1.5,2026-12-18,0012,DE,4,,", "Write a whole number, such as 3."),
        ("SO1,1,2026-12-18,0012,DE,-4,,", "Correct the number."),
        ("SO1,1,,0012,DE,4,,", "Fill it in."),
        ("SO1,1,2026-12-18,0012,DE,1,5,,", 'Put the cell with the comma in quotation marks "…".'),
        ("SO1,1,2026-12-18", "Give every column a cell, empty ones too."),
        ("SO1,1,2026-12-18,0012,DE,2000000000,,", "Check the unit: it is more than anything Takt can plan."),
    ],
)
def test_what_to_do_is_told_by_what_is_wrong(row: str, remedy: str) -> None:
    rejected = network(orders=orders(row, "SO9,1,2026-12-18,0012,DE,1,,")).rejected
    assert with_remedies(rejected, KNOWN)["remedy"].to_list() == [remedy]


def test_rows_that_repeat_or_contradict_one_another() -> None:
    twice = ["SO1,1,2026-12-18,0012,DE,4,,"] * 2
    clash = ["SO2,1,2026-12-18,0012,DE,4,,", "SO2,1,2026-12-18,0012,DE,5,,"]
    told = with_remedies(network(orders=orders(*twice, *clash)).rejected, KNOWN)
    assert told["remedy"].to_list() == [
        "Nothing to do: it counts once.",
        "Keep the right one, delete the others.",
        "Keep the right one, delete the others.",
    ]


def test_no_row_kept_aside_means_no_remedy() -> None:
    assert with_remedies(network().rejected, KNOWN).columns == [
        "file", "line", "column", "value", "reason", "remedy", "raw",
    ]  # fmt: skip
