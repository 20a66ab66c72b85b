"""The column as data: one `Field` row says what a column means; checks, DDL, templates and docs follow."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

Kind = Literal["text", "number", "whole", "flag", "date", "week", "time"]
Value = str | float | int | bool | date | None

#: Storage of each kind, in polars and in DuckDB. A week is the Monday it is named by.
POLARS: dict[Kind, type[pl.DataType]] = {
    "text": pl.String,
    "number": pl.Float64,
    "whole": pl.Int64,
    "flag": pl.Boolean,
    "date": pl.Date,
    "week": pl.Date,
    "time": pl.String,
}
DUCKDB: dict[Kind, str] = {
    "text": "varchar",
    "number": "double",
    "whole": "bigint",
    "flag": "boolean",
    "date": "date",
    "week": "date",
    "time": "varchar",
}


@dataclass(frozen=True)
class Field:
    """One column of a table of the data contract.

    Parameters
    ----------
    name : the header.
    kind : what the cells hold.
    doc : what it means, in a planner's words.
    required : the header must be there and no cell may be empty.
    default : what an empty cell means, where that is one value.
    default_doc : what an empty cell means, where that is derived.
    minimum, above, maximum : limits of numbers; `above` is exclusive.
    choices : the words allowed.
    refers : table in which the id must occur.
    without : characters the text may not hold, because exports use them to separate ids.
    """

    name: str
    kind: Kind
    doc: str = ""
    required: bool = False
    default: Value = None
    default_doc: str = ""
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    without: str = ""

    def limits(self) -> str:
        """The values allowed, in words; empty when every value of the kind is."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        parts = [f"without {self.without}"] if self.without else []
        if self.above is not None:
            parts.append(f"above {self.above:g}")
        elif self.minimum is not None:
            parts.append(f"at least {self.minimum:g}")
        if self.maximum is not None:
            parts.append(f"at most {self.maximum:g}")
        return " and ".join(parts)


@dataclass(frozen=True)
class Table:
    """One file of the data contract.

    Parameters
    ----------
    name : the file is `name`.csv.
    doc : what it holds.
    fields : its columns, in order.
    key : columns that together name a row; empty where rows simply add up.
    side : network (what the company is), demand (what came in) or export (what Takt gives back).
    unknown_ids : what an id that is not in the table it refers to does to a row or to the folder.
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    side: Literal["network", "demand", "export"] = "network"
    unknown_ids: Literal["refuse", "keep aside"] = "refuse"

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [field.name for field in self.fields]

    @property
    def polars_schema(self) -> dict[str, type[pl.DataType]]:
        """Column name → polars type."""
        return {field.name: POLARS[field.kind] for field in self.fields}

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.polars_schema)
