"""Rows with the same key: the same said twice loads once, a contradiction does not load at all."""

import polars as pl

from planning.domain.field import Table
from planning.signals.rejects import kept_aside
from planning.signals.rows import LINE

_SHOWN = 6


def split_duplicates(
    rows: pl.DataFrame, table: Table, file: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Take rows with the same key apart; tables without a key have no duplicates, their rows add up.

    Parameters
    ----------
    rows : LINE, RAW and the typed columns of `table`.
    file : its name.

    Returns
    -------
    The rows to load; as rejected_rows those that repeat an earlier row word for word; and as
    rejected_rows those of which several with one key differ (all of them, whichever came first).
    """
    nothing = kept_aside(rows.clear(), file, "")
    if not table.key:
        return rows, nothing, nothing
    several = rows.select(table.key).is_duplicated()
    if not several.any():
        return rows, nothing, nothing
    content = [name for name in table.columns if name not in table.key]
    judged = (
        rows.filter(several)
        .sort(LINE)
        .with_columns(
            pl.struct([*table.key, *content]).n_unique().over(table.key).alias("#contents"),
            pl.col(LINE).first().over(table.key).alias("#first"),
            pl.col(LINE).over(table.key, mapping_strategy="join").alias("#lines"),
        )
    )
    conflict, first = pl.col("#contents") > 1, pl.col(LINE) == pl.col("#first")
    same = judged.filter(~conflict & ~first)
    repeated = kept_aside(same, file, pl.format("is the same as line {}", "#first"), *_key(table))
    clash = judged.filter(conflict)
    conflicting = kept_aside(clash, file, _contradiction(table), *_key(table))
    loaded = pl.concat([rows.filter(~several), judged.filter(~conflict & first).select(rows.columns)])
    return loaded, repeated, conflicting


def _key(table: Table) -> tuple[str, pl.Expr]:
    """Names and values of the key, as a kept-aside row shows them."""
    values = [pl.col(name).cast(pl.String).fill_null("") for name in table.key]
    return ", ".join(table.key), pl.concat_str(values, separator=", ")


def _contradiction(table: Table) -> pl.Expr:
    lines = pl.col("#lines")
    shown = lines.list.head(_SHOWN).list.eval(pl.element().cast(pl.String)).list.join(", ")
    more = pl.when(lines.list.len() > _SHOWN).then(pl.lit(" …")).otherwise(pl.lit(""))
    key = " and ".join(table.key)
    return pl.format(f"lines {{}}{{}} have the same {key} and differ: keep the right one", shown, more)
