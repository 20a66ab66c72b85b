"""Decisions about rows kept aside on import: what demand they hold that is in no plan."""

from collections.abc import Mapping, Sequence

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.present import words
from planning.present.action import Action, Basis

#: A row that only repeats another one holds nothing that is not loaded.
_REPEATED = "is the same as line"


def aside_actions(basis: Basis, rows: pl.DataFrame) -> list[Action]:
    """One decision a file with rows kept aside, with the value of the demand they hold where it can be told.

    Parameters
    ----------
    rows : the export table `rejected_rows`.
    """
    lost = rows.filter(~pl.col("reason").fill_null("").str.starts_with(_REPEATED))
    files = lost.partition_by("file", maintain_order=True)
    return [_fix_rows(basis, str(part["file"][0]), part) for part in files]


def _fix_rows(basis: Basis, file: str, rows: pl.DataFrame) -> Action:
    priced = demand_value(basis.network, file, rows)
    value = float(priced.sum()) if len(priced) else None
    reasons = rows["reason"].fill_null("no reason given").value_counts(sort=True).sort("count", "reason")
    others = f"; {words.count(reasons.height - 1, 'other reason')}" if reasons.height > 1 else ""
    lines = words.count(rows.height, "row")
    held = "what they say" if value is None else f"demand worth {basis.money(value)}"
    told = (
        f"{words.count(len(priced), 'demand')} in {lines}: quantity × price, open deals at their probability."
    )
    return Action(
        key=f"fix_rows:{file}",
        what=f"Fix {lines} of {file}",
        deadline=basis.starts,
        money=value,
        stake="unknown" if value is None else "of demand",
        cause=f"kept aside on import: {reasons['reason'][-1]}{others}",
        inaction=f"{held} is in no plan",
        traced="What these rows are worth cannot be told." if value is None else told,
        verb="See rows",
        address="signals",
    )


def demand_value(network: Network | None, file: str, rows: pl.DataFrame) -> pl.Series:
    """Quantity · price of each demand among rows kept aside; of rows that contradict one another the dearest.

    A row's header is not kept with it. It is taken for the template's where the row has as many cells, and
    the cell that was found wrong stands where it should; other rows have no value that could be told.
    """
    name = file.removesuffix(".csv")
    if name not in {"orders", "opportunities"} or network is None:
        return pl.Series("value", [], pl.Float64)
    cells = _cells(rows, INPUT[name].columns)
    quantity = _open_units() if name == "orders" else _likely_units(network)
    listed = _looked_up("product", network["products"], "price")
    price = pl.coalesce(_number("unit_price"), listed) if name == "orders" else listed
    worth = cells.select(*INPUT[name].key, value=quantity.clip(0) * price).drop_nulls("value")
    return worth.group_by(*INPUT[name].key, maintain_order=True).agg(pl.col("value").max())["value"]


def _open_units() -> pl.Expr:
    gone = pl.col("status").is_in(["shipped", "cancelled"]).fill_null(value=False)
    left = _number("quantity") - _number("quantity_shipped").fill_null(0.0)
    return pl.when(gone).then(None).otherwise(left)


def _likely_units(network: Network) -> pl.Expr:
    closed = pl.col("status").is_in(["lost", "won"]).fill_null(value=False)
    chance = pl.coalesce(_number("probability"), _looked_up("stage", network["stages"], "probability"))
    return pl.when(closed).then(None).otherwise(_number("quantity") * chance)


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _looked_up(key: str, table: pl.DataFrame, value: str) -> pl.Expr:
    known: Mapping[str, float] = dict(table.select(key, value).iter_rows())
    return pl.col(key).replace_strict(known, default=None, return_dtype=pl.Float64)


def _cells(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Cells of the rows that fit the template's header, as text under its names; empty ones null."""
    raw = pl.col("raw").fill_null("")
    fits = (raw.str.count_matches(",", literal=True) == len(columns) - 1) & ~raw.str.contains(
        '"', literal=True
    )
    parts = rows.filter(fits).select(
        pl.col("column").alias("#column"), pl.col("value").fill_null("").alias("#value"), raw.str.split(",")
    )
    cells = parts.with_columns(
        pl.col("raw").list.get(n).str.strip_chars().replace("", None).alias(name)
        for n, name in enumerate(columns)
    )
    agrees = [
        (pl.col("#column") == name) & (pl.col(name).fill_null("") == pl.col("#value").str.strip_chars())
        for name in columns
    ]
    # Of a whole row, or of a key of several columns, no single cell can be compared.
    no_cell = ~pl.col("#column").is_in(list(columns)).fill_null(value=False)
    return cells.filter(pl.any_horizontal(no_cell, *agrees)).select(columns)
