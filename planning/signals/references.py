"""Ids: does what a row speaks of exist?

Reference tables that are there decide; one that is not there is derived (`assume.reference_ids`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from planning.domain.assume import origin, reference_ids
from planning.domain.field import Field, Table
from planning.domain.schema import INPUT
from planning.errors import Fault
from planning.signals.nearest import nearest
from planning.signals.rejects import kept_aside
from planning.signals.rows import LINE, RAW

_SHOWN = 6
#: Unknown ids of a column for which a similar one is looked for; with more it is not a typo any longer.
_GUESSED = 20


@dataclass(frozen=True)
class Checked:
    """What the check of all ids leaves.

    Parameters
    ----------
    tables : the rows whose ids exist.
    rejected : the demand rows whose ids do not, as rejected_rows.
    faults : one for each unknown id of a table in which an unknown id refuses the folder.
    """

    tables: Mapping[str, pl.DataFrame]
    rejected: list[pl.DataFrame]
    faults: list[Fault]


def check_ids(
    tables: Mapping[str, pl.DataFrame], given: frozenset[str], lost: Mapping[str, Mapping[str, str]]
) -> Checked:
    """Check every id of every table.

    Parameters
    ----------
    tables : input tables with LINE and RAW.
    given : names of the tables whose file was there.
    lost : table → id → words, of ids whose own row was kept aside.
    """
    checked = dict(tables)
    rejected: list[pl.DataFrame] = []
    faults: list[Fault] = []
    # Markets may be known from the orders only, so the orders come first.
    for name in ("orders", *(name for name in INPUT if name != "orders")):
        table = INPUT[name]
        if checked[name].is_empty():
            continue
        links = [(field, _Known.of(checked, given, field.refers)) for field in _links(name, given)]
        if table.unknown_ids == "refuse":
            for field, known in links:
                faults += _refusals(checked[name], table, field, known, lost.get(known.table, {}))
            continue
        checked[name], strangers = _without_strangers(checked[name], table, links)
        rejected.append(strangers)
    return Checked(checked, rejected, faults)


def strangers(name: str, tables: Mapping[str, pl.DataFrame], given: frozenset[str]) -> pl.Expr:
    """Which rows of a demand table speak of an id that is not known, as `check_ids` has it."""
    links = [(field.name, _Known.of(tables, given, field.refers)) for field in _links(name, given)]
    return pl.any_horizontal(pl.lit(False), *(known.lacks(column) for column, known in links))


def _links(name: str, given: Iterable[str]) -> Iterator[Field]:
    """Columns with ids to look up. Where markets come from the orders, every order's market exists."""
    for field in INPUT[name].fields:
        derives = name == "orders" and field.refers == "markets" and "markets" not in given
        if field.refers and not derives:
            yield field


@dataclass(frozen=True)
class _Known:
    """The ids of a reference table and where they come from."""

    table: str
    ids: pl.Series
    origin: str

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], given: frozenset[str], name: str) -> "_Known":
        files = origin(given, name) + ("" if name in given else f" (there is no {name}.csv)")
        return cls(name, reference_ids(tables, given, name), files)

    def lacks(self, column: str) -> pl.Expr:
        """Rows with an id that is not known; an empty cell names none."""
        return (~pl.col(column).is_in(self.ids.implode())).fill_null(False)


def _without_strangers(
    rows: pl.DataFrame, table: Table, links: list[tuple[Field, _Known]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    lacking = [known.lacks(field.name) for field, known in links]
    if not lacking:
        return rows, kept_aside(rows.clear(), f"{table.name}.csv", "")
    strange = rows.select(pl.any_horizontal(lacking)).to_series()
    strangers = rows.filter(strange)
    cases = [(known.lacks(field.name), field.name, known.origin) for field, known in links]
    column = pl.coalesce(pl.when(lacks).then(pl.lit(name)) for lacks, name, _ in cases)
    value = pl.coalesce(pl.when(lacks).then(pl.col(name)) for lacks, name, _ in cases)
    words = [pl.when(lacks).then(pl.lit(f"{name} is not in {files}")) for lacks, name, files in cases]
    reason = pl.concat_str(words, separator="; ", ignore_nulls=True)
    return rows.filter(~strange), kept_aside(strangers, f"{table.name}.csv", reason, column, value)


def _refusals(
    rows: pl.DataFrame, table: Table, field: Field, known: _Known, lost: Mapping[str, str]
) -> Iterator[Fault]:
    """One fault for each unknown id, whatever the number of rows that name it."""
    strangers = rows.filter(known.lacks(field.name)).sort(LINE)
    for number, ((value,), named) in enumerate(strangers.group_by(field.name, maintain_order=True)):
        lines = named[LINE].to_list()
        reason = f"{field.name} is not in {known.origin}{_also(lines[1:])}"
        remedy = lost.get(str(value)) or _remedy(str(value), known, guess=number < _GUESSED)
        yield Fault(f"{table.name}.csv", reason, remedy, lines[0], field.name, str(value), named[RAW][0])


def _also(lines: list[int]) -> str:
    if not lines:
        return ""
    shown = ", ".join(str(line) for line in lines[:_SHOWN])
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f" (also in line {shown}{more})" if len(lines) == 1 else f" (also in lines {shown}{more})"


def _remedy(value: str, known: _Known, guess: bool) -> str:
    close = nearest(value, known.ids.to_list()) if guess else None
    return f"Did you mean {close!r}?" if close is not None else f"Add it to {known.table}.csv, or correct it."
