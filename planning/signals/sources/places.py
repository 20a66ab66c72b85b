"""The source's products and markets under our names."""

from collections.abc import Mapping

import polars as pl

from planning.signals.sources.settings import SourceSettings


def with_our_names(rows: pl.DataFrame, settings: SourceSettings) -> pl.DataFrame:
    """Product and market by our ids; where the source names no market, the planner's for all of it."""
    everywhere = pl.lit(settings.market, dtype=pl.String)
    return rows.with_columns(
        _renamed("product", settings.products), _renamed("market", settings.markets).fill_null(everywhere)
    )


def _renamed(column: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace(dict(names)) if names else pl.col(column)
