"""What the web, the shop and the ads saw, as weekly signals that lead demand by the whole horizon."""

from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import due_week_expr, week_index_expr
from planning.forecast.campaigns import Signals

#: Nearest to an order first: a channel's signal is the first of them it has.
MEASURES = ("leads", "carts", "visits", "clicks", "impressions", "spend")


def leading_signals(
    activity: pl.DataFrame | None,
    products: pl.DataFrame | None,
    pairs: pl.DataFrame,
    first_week: date,
    weeks: int,
    *,
    lag: int,
    due_cutoff_weekday: int = 1,
) -> Signals:
    """Signals per product and market, one array over `weeks` weeks, each as of `lag` weeks before.

    log(1 + activity of the channel) less its mean, 0 where nothing is known. It is what was seen `lag`
    weeks earlier, so that every week to forecast rests on what has been seen already: nothing has to be
    forecast or guessed first.

    Parameters
    ----------
    activity : rows of activity.csv; a family's row counts for all its products, a null market for all.
    products : product, family; null: rows of a family touch nothing.
    lag : weeks, the horizon from the end of the history on.
    """
    if activity is None or activity.is_empty():
        return {}
    dated = _touched(activity, products, pairs).with_columns(week=due_week_expr("date", due_cutoff_weekday))
    rows = dated.with_columns(t=week_index_expr("week", first_week) + lag)
    known = rows.filter(pl.col("t").is_between(0, weeks - 1))
    cells = known.group_by("product", "market", "channel", "t").agg(pl.col(MEASURES).sum())
    signals: Signals = {}
    for (product, market, channel), group in cells.sort("product", "market", "channel", "t").group_by(
        "product", "market", "channel", maintain_order=True
    ):
        measure = next((name for name in MEASURES if group[name].sum() > 0), None)
        if measure is None:
            continue
        seen = np.log1p(group[measure].to_numpy())
        array = np.zeros(weeks)
        array[group["t"].to_numpy()] = seen - seen.mean()
        name = f"{channel} {measure} {lag} weeks before"
        signals.setdefault((str(product), str(market)), {})[name] = array
    return signals


def _touched(activity: pl.DataFrame, products: pl.DataFrame | None, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per row of activity and series it touches: product, market, channel, date, measures."""
    absent = [pl.lit(None, pl.Float64).alias(name) for name in MEASURES if name not in activity.columns]
    optional = [
        pl.lit(None, pl.String).alias(name)
        for name in ("product", "family", "market")
        if name not in activity.columns
    ]
    rows = activity.with_columns(*absent, *optional).with_columns(pl.col(MEASURES).cast(pl.Float64))
    catalogue = pl.DataFrame(schema={"product": pl.String, "family": pl.String})
    if products is not None:
        catalogue = products.select("product", pl.col("family").cast(pl.String)).unique("product")
    named = rows.filter(pl.col("product").is_not_null()).drop("family")
    family = rows.filter(pl.col("product").is_null()).drop("product")
    by_product = pl.concat(
        [named, family.join(catalogue, on="family").select(named.columns)], how="vertical_relaxed"
    )
    touched = by_product.rename({"market": "only_market"}).join(
        pairs.select("product", "market"), on="product"
    )
    return touched.filter(pl.col("only_market").is_null() | (pl.col("only_market") == pl.col("market")))
