"""What the checker reports, and from what difference on two figures are not the same."""

from dataclasses import dataclass
from datetime import date
from math import isnan
from string import Formatter
from typing import Any

import polars as pl

#: Balances hold within ABSOLUTE + RELATIVE · |x| (2-data, the export folder).
ABSOLUTE = 0.001
RELATIVE = 1e-6

#: Columns that say where something is, in the order in which a planner reads them.
PLACES = (
    "order_id",
    "line",
    "offer",
    "source",
    "id",
    "material",
    "factory",
    "to_factory",
    "market",
    "product",
    "routing",
    "process",
    "robot_model",
    "robot",
    "work_order",
    "start",
    "week",
)


class Words(Formatter):
    """Messages from rows in which cells may be empty."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return "nothing" if value is None else str(super().format_field(value, format_spec))


WORDS = Words()


@dataclass(frozen=True)
class Violation:
    """One thing in a plan that breaks a rule.

    Parameters
    ----------
    rule : the rule of the plan model (or table of the export) it breaks, as `4 hours` or `schedule`.
    where : factory, product, week …, as far as it concerns one.
    amount : by how much, in the unit of the message.
    message : what is wrong, with its numbers, in a planner's words.
    """

    rule: str
    where: str
    amount: float
    message: str

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.rule}{place}: {self.message}"


def tolerance(figure: pl.Expr) -> pl.Expr:
    """Difference up to which a balance with this figure still holds."""
    return ABSOLUTE + RELATIVE * figure.abs()


def found(rule: str, frame: pl.DataFrame, amount: str, say: str) -> list[Violation]:
    """Every row of `frame` as a violation.

    Parameters
    ----------
    rule : the rule broken.
    frame : the rows at fault; columns named in `PLACES` tell where.
    amount : column with the amount.
    say : message, with the columns of the frame in braces.
    """
    return [
        Violation(rule, place_of(row), _amount(row[amount]), WORDS.format(say, **row))
        for row in frame.iter_rows(named=True)
    ]


def _amount(cell: float | None) -> float:
    """A figure that is empty or no number has no amount."""
    return 0.0 if cell is None or isnan(cell) else float(cell)


def place_of(row: dict[str, Any]) -> str:
    """The cells of `row` that say where it is, as `factory F1, week 2026-11-30`."""
    cells = ((name, row.get(name)) for name in PLACES)
    return ", ".join(f"{name} {shown(value)}" for name, value in cells if value not in (None, ""))


def shown(value: object) -> str:
    """A cell as a planner reads it."""
    return value.isoformat() if isinstance(value, date) else str(value)


def differs(rule: str, frame: pl.DataFrame, given: str, right: str, say: str) -> list[Violation]:
    """Rows whose column `given` is not what `right` says, beyond the tolerance of balances."""
    gap = (pl.col(given) - pl.col(right)).abs()
    rows = frame.with_columns(amount=gap).filter(gap > tolerance(pl.col(right)))
    return found(rule, rows, "amount", say)


def exceeds(rule: str, frame: pl.DataFrame, given: str, limit: str, say: str) -> list[Violation]:
    """Rows whose column `given` is above the column `limit`; an empty limit is none."""
    beyond = pl.col(given) - pl.col(limit)
    rows = frame.with_columns(amount=beyond).filter(beyond > tolerance(pl.col(limit)))
    return found(rule, rows, "amount", say)
