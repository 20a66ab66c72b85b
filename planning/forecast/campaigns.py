"""The campaign calendar as weekly signals of every series it touches, past and planned."""

from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import monday_expr, week_index_expr
from planning.forecast.series import Weekly

PRICE, COMPETITOR_PRICE = "price ratio", "competitor price ratio"

Pair = tuple[str, str]
Signals = dict[Pair, dict[str, Weekly]]

_COLUMNS = {
    "campaign": pl.String,
    "channel": pl.String,
    "product": pl.String,
    "family": pl.String,
    "market": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "spend": pl.Float64,
    "price": pl.Float64,
    "competitor_price": pl.Float64,
    "promotion": pl.Float64,
}


def weekly_signals(
    campaigns: pl.DataFrame,
    products: pl.DataFrame | None,
    pairs: pl.DataFrame,
    first_week: date,
    weeks: int,
    *,
    due_cutoff_weekday: int = 1,
) -> Signals:
    """Signals per product and market, one array over `weeks` weeks from first_week.

    One signal per channel: how strongly it runs, times the share of the week it covers. The strength
    is `promotion` where given; else, for rows without a price, log₂(1 + spend a day over the
    channel's median), so that the usual spend counts 1; else 1. Prices make two signals more: the log of
    price over the product's list price (where products has none: over its median campaign price)
    and of competitor_price over its median, again times the share of the week.

    Parameters
    ----------
    campaigns : rows of campaigns.csv; a family's row counts for all its products, a null market for all.
    products : product, family, price; null: rows of a family touch nothing.
    pairs : product, market to find signals for.
    due_cutoff_weekday : dates before this weekday belong to the week before (1: none do).
    """
    rows = _rows(campaigns, products, pairs)
    weekly = _by_week(rows, due_cutoff_weekday).filter(
        week_index_expr("week", first_week).is_between(0, weeks - 1)  # dates far away stay out of the arrays
    )
    frame = pl.concat(
        [
            _strengths(weekly),
            _prices(weekly, "price_log", PRICE),
            _prices(weekly, "rival_log", COMPETITOR_PRICE),
        ]
    )
    signals: Signals = {}
    cells = frame.with_columns(t=week_index_expr("week", first_week)).sort("product", "market", "signal", "t")
    for (product, market, signal), group in cells.group_by(
        "product", "market", "signal", maintain_order=True
    ):
        array = np.zeros(weeks)
        array[group["t"].to_numpy()] = group["value"].to_numpy()
        signals.setdefault((str(product), str(market)), {})[str(signal)] = array
    return signals


def _rows(campaigns: pl.DataFrame, products: pl.DataFrame | None, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign row and series it touches, with strength and log price ratios."""
    present = [
        pl.col(name).cast(kind) if name in campaigns.columns else pl.lit(None, kind).alias(name)
        for name, kind in _COLUMNS.items()
    ]
    rows = campaigns.select(present).drop_nulls(["channel", "start_date", "end_date"]).sort(list(_COLUMNS))
    spend_a_day = pl.col("spend") / ((pl.col("end_date") - pl.col("start_date")).dt.total_days() + 1)
    rows = rows.with_columns(relative=spend_a_day / spend_a_day.median().over("channel"))
    unpriced = pl.col("price").is_null() & pl.col("competitor_price").is_null()
    by_spend = pl.when(pl.col("relative").is_finite()).then((1 + pl.col("relative")).log(2))
    rows = rows.with_columns(
        strength=pl.coalesce("promotion", pl.when(unpriced).then(pl.coalesce(by_spend, pl.lit(1.0))))
    )
    known = _catalogue(products)
    named = rows.filter(pl.col("product").is_not_null()).drop("family")
    family = rows.filter(pl.col("product").is_null()).drop("product")
    by_product = pl.concat(
        [named, family.join(known.select("product", "family"), on="family").select(named.columns)]
    )
    touched = by_product.rename({"market": "only_market"}).join(
        pairs.select("product", "market"), on="product"
    )
    touched = touched.filter(pl.col("only_market").is_null() | (pl.col("only_market") == pl.col("market")))
    listed = touched.join(known.select("product", "list_price"), on="product", how="left")
    reference = pl.coalesce("list_price", pl.col("price").median().over("product"))
    return listed.with_columns(
        price_log=_log_ratio(pl.col("price"), reference),
        rival_log=_log_ratio(pl.col("competitor_price"), pl.col("competitor_price").median().over("product")),
    )


def _catalogue(products: pl.DataFrame | None) -> pl.DataFrame:
    """product, family, list_price (null where there is none)."""
    if products is None:
        return pl.DataFrame(schema={"product": pl.String, "family": pl.String, "list_price": pl.Float64})
    price = pl.col("price").cast(pl.Float64) if "price" in products.columns else pl.lit(None, pl.Float64)
    return products.select(
        "product", pl.col("family").cast(pl.String), list_price=pl.when(price > 0).then(price)
    ).unique("product", keep="first", maintain_order=True)


def _log_ratio(price: pl.Expr, reference: pl.Expr) -> pl.Expr:
    return pl.when((price > 0) & (reference > 0)).then((price / reference).log())


def _by_week(rows: pl.DataFrame, due_cutoff_weekday: int) -> pl.DataFrame:
    """One row per row and week it touches, with the share of the week's days it covers."""
    shifted = rows.filter(pl.col("start_date") <= pl.col("end_date")).with_columns(
        pl.col("start_date", "end_date").dt.offset_by(f"-{due_cutoff_weekday - 1}d")
    )
    weeks = shifted.with_columns(week=pl.date_ranges(monday_expr("start_date"), "end_date", "1w"))
    sunday = pl.col("week").dt.offset_by("6d")
    days = pl.min_horizontal("end_date", sunday) - pl.max_horizontal("start_date", "week")
    return weeks.explode("week").with_columns(share=(days.dt.total_days() + 1) / 7)


def _strengths(weekly: pl.DataFrame) -> pl.DataFrame:
    keys = ["product", "market", "week", "channel"]
    summed = weekly.drop_nulls("strength").group_by(keys, maintain_order=True)
    return summed.agg(value=(pl.col("share") * pl.col("strength")).sum()).rename({"channel": "signal"})


def _prices(weekly: pl.DataFrame, column: str, signal: str) -> pl.DataFrame:
    """Mean log ratio of the rows in the week (several channels repeat one price), times the share covered."""
    priced = weekly.drop_nulls(column).group_by(["product", "market", "week"], maintain_order=True)
    mean = (pl.col(column) * pl.col("share")).sum() / pl.col("share").sum()
    covered = pl.col("share").sum().clip(0, 1)
    return priced.agg(value=mean * covered).select(
        "product", "market", "week", pl.lit(signal).alias("signal"), "value"
    )
