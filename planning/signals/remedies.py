"""What to do about a row that was kept aside, in words."""

import re
from collections.abc import Mapping

import polars as pl

from planning.domain.schema import INPUT
from planning.signals.nearest import nearest

#: What occurs in a reason → what to do about it; the first that occurs counts.
_REMEDIES = (
    ("is empty and has to be given", "Fill it in."),
    ("has a decimal comma", "Write a dot instead of the comma."),
    ("is not a number", "Write digits with a decimal dot, without a unit."),
    ("is not a whole number", "Write a whole number, such as 3."),
    ("is neither true nor false", "Write true or false."),
    ("has a time of day", "Leave the time of day out."),
    ("is not a date", "Write it as year-month-day, such as 2026-12-18."),
    ("is not a time", "Write it as hours:minutes, such as 06:30."),
    ("is too large", "Check the unit: it is more than anything Takt can plan."),
    ("is more than five years from", "Check the year, or as_of in settings.csv."),
    (
        "history is demand that has come",
        "Correct the day, or as_of in settings.csv; what is to come is no history.",
    ),
    ("end_date is before start_date", "Correct one of the two days."),
    ("is the same as line", "Nothing to do: it counts once."),
    ("and differ: keep the right one", "Keep the right one, delete the others."),
    ("cells are missing", "Give every column a cell, empty ones too."),
    ("with a comma in it", 'Put the cell with the comma in quotation marks "…".'),
    ("in it needs quotation marks", 'Put that cell in quotation marks "…".'),
    ("quotation marks do not pair", 'Put the cell in "…" and double the marks inside it.'),
    ("the row has no probability", "Give a probability, or a stage of the ladder."),
    ("has to be at", "Correct the number."),
    ("has to be above", "Correct the number."),
)
_CHOICES = re.compile(r"has to be one of (?P<choices>[^;]+)")
_UNKNOWN = re.compile(r"is not in (?P<file>\w+)\.csv")
_OTHERWISE = "Correct the row and upload it again."
#: Values for which a similar one is looked for; with more it is not a typo any longer.
_GUESSED = 20


def with_remedies(rejected: pl.DataFrame, known: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Rejected rows with a column `remedy` after `reason`.

    Parameters
    ----------
    rejected : rejected_rows.
    known : table → its ids, to find the one that was meant.
    """
    cases = rejected.select("file", "column", "value", "reason").unique(maintain_order=True)
    remedies = [
        _remedy(file, column, value, reason, known if number < _GUESSED else {})
        for number, (file, column, value, reason) in enumerate(cases.iter_rows())
    ]
    told = cases.with_columns(pl.Series("remedy", remedies, dtype=pl.String))
    joined = rejected.join(
        told, on=["file", "column", "value", "reason"], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.select("file", "line", "column", "value", "reason", "remedy", "raw")


def _remedy(
    file: str, column: str | None, value: str | None, reason: str, known: Mapping[str, pl.Series]
) -> str:
    """What to do about every fault of a row, each by its column where there are several; the value is that of
    the first."""
    faults = [fault for part in reason.split("; ") if (fault := part.strip())]
    remedies = [
        (_column_of(file, fault), _remedy_of_one(file, column, value if number == 0 else None, fault, known))
        for number, fault in enumerate(faults)
    ]
    told = [(of, remedy) for of, remedy in dict.fromkeys(remedies) if remedy != _OTHERWISE]
    if len(told) > 1:
        return " ".join(f"{of}: {remedy}" if of else remedy for of, remedy in told)
    return told[0][1] if told else _OTHERWISE


def _column_of(file: str, fault: str) -> str | None:
    """The column a fault is about: its first word."""
    table, word = INPUT.get(file.removesuffix(".csv")), fault.split(" ", 1)[0]
    return word if table is not None and word in table.columns else None


def _remedy_of_one(
    file: str, column: str | None, value: str | None, reason: str, known: Mapping[str, pl.Series]
) -> str:
    choices = _CHOICES.search(reason)
    if choices is not None:
        words = choices["choices"].split(", ")
        close = nearest(value or "", words)
        return f"Did you mean {close!r}?" if close else f"Write {' or '.join(words)}."
    unknown = _UNKNOWN.search(reason)
    if unknown is not None:
        return _unknown_id(file, column, value, unknown["file"], known)
    return next((remedy for words, remedy in _REMEDIES if words in reason), _OTHERWISE)


def _unknown_id(
    file: str, column: str | None, value: str | None, among: str, known: Mapping[str, pl.Series]
) -> str:
    table = INPUT.get(file.removesuffix(".csv"))
    refers = (
        next((f.refers for f in table.fields if f.name == column and f.refers), among) if table else among
    )
    ids = known.get(refers)
    close = None if ids is None or value is None else nearest(value, ids.to_list())
    return f"Did you mean {close!r}?" if close else f"Correct it, or add it to {among}.csv first."
