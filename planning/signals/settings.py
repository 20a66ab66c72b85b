"""settings.csv to Policy; nothing in it is ever quietly replaced by a default."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
from polars.exceptions import ComputeError

from planning.domain.calendar import monday
from planning.domain.policy import Policy
from planning.domain.schema import SETTINGS
from planning.errors import Fault
from planning.signals.cells import ANY_DATE, Window, check_cells
from planning.signals.faults import faults_of
from planning.signals.nearest import nearest
from planning.signals.rows import LINE, RAW

FILE = "settings.csv"
_FIELDS = {field.name: field for field in SETTINGS}
_REMEDY = "Correct it, or leave the value empty for the default."


def read_policy(rows: pl.DataFrame, today: date) -> tuple[Policy, list[Fault]]:
    """The settings of a plan.

    Parameters
    ----------
    rows : LINE, RAW, key and value of settings.csv, each key once and known.
    today : what as_of is when it is not given.

    Returns
    -------
    The policy with defaults for what is not given, and a fault for each value that cannot be used.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for row in rows.sort(LINE).iter_rows(named=True):
        field = _FIELDS[row["key"]]
        cell = pl.DataFrame({LINE: [row[LINE]], RAW: [row[RAW]], field.name: [row["value"]]}, strict=False)
        cell = cell.with_columns(pl.col(field.name).cast(pl.String))
        good, bad = check_cells(cell, FILE, [field], ANY_DATE)
        faults += faults_of(bad, _REMEDY)
        if not good.is_empty():
            values[field.name] = good[field.name].item()
    policy = Policy.from_settings(values, today)
    for key, reason in (("start_week", _start_week(policy)), ("timezone", _timezone(policy.timezone))):
        if reason is not None and values.get(key) is not None:
            line, raw = rows.filter(pl.col("key") == key).select(LINE, RAW).row(0)
            faults.append(Fault(FILE, f"{key} {reason}", _REMEDY, line, key, str(values[key]), raw))
    return policy, faults


def unusable_rows(rejected: pl.DataFrame) -> list[Fault]:
    """Rows of settings.csv that break its schema or contradict one another: they refuse the folder."""
    return [_in_words(fault) for fault in faults_of(rejected, _REMEDY)]


def _in_words(fault: Fault) -> Fault:
    if fault.column != "key" or not fault.value or fault.value in _FIELDS:
        return fault
    close = nearest(fault.value, _FIELDS)
    remedy = f"Did you mean {close!r}?" if close else f"Settings are {', '.join(_FIELDS)}."
    return replace(fault, reason="there is no such setting", remedy=remedy)


def _start_week(policy: Policy) -> str | None:
    start = policy.start_week
    if start != monday(start):
        return f"is no Monday: the plan starts on a Monday, such as {monday(start)}"
    window = Window.around(policy.as_of)
    return None if window.first <= start <= window.last else window.reason


def _timezone(name: str) -> str | None:
    """Asked of polars, which brings its own list: the same answer on every machine."""
    try:
        pl.select(pl.lit(datetime(2000, 1, 1)).dt.replace_time_zone(name))
    except ComputeError:
        return "is no time zone such as Europe/Berlin"
    return None
