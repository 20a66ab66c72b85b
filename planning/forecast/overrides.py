"""What a planner says instead of the forecast."""

from datetime import date

import polars as pl

_KEY = ["product", "market", "week"]


def apply_overrides(forecast: pl.DataFrame, overrides: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The forecast with the overrides that hold on `as_of` in place of its quantities.

    The quantiles keep their distance to the mean; where the forecast was zero there is none to keep and
    they are null, which qualifies nothing for long rent.

    Parameters
    ----------
    forecast : product, market, week, quantity, p10, p50, p90.
    overrides : table `overrides`; a null `expires` never ends.
    """
    holding = overrides.filter(pl.col("expires").is_null() | (pl.col("expires") >= as_of))
    said = holding.select(*_KEY, said="quantity")
    joined = forecast.join(said, on=_KEY, how="full", coalesce=True)
    scale = pl.when(pl.col("quantity") > 0).then(pl.col("said") / pl.col("quantity"))
    overridden = pl.col("said").is_not_null()
    return (
        joined.with_columns(
            pl.coalesce("said", "quantity").alias("quantity"),
            *(
                pl.when(overridden).then(pl.col(name) * scale).otherwise(pl.col(name)).alias(name)
                for name in ("p10", "p50", "p90")
            ),
        )
        .select(forecast.columns)
        .sort(_KEY)
    )
