"""What a planner says instead of the forecast, and whether it came closer."""

from datetime import date

import polars as pl

from planning.forecast.series import History, actual_weeks

_KEY = ["product", "market", "week"]

#: Decimals a spread override is written with.
DECIMALS = 6

VALUE_ADDED_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "week": pl.Date,
    "override": pl.Float64,
    "model": pl.Float64,
    "actual": pl.Float64,
    "gain": pl.Float64,
    "reason": pl.String,
    "author": pl.String,
}


def in_force(on: date | pl.Expr) -> pl.Expr:
    """Whether an override holds on a day, or on each row's own: its last day is not over, or it has none."""
    return pl.col("expires").is_null() | (pl.col("expires") >= on)


def apply_overrides(forecast: pl.DataFrame, overrides: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The forecast with the overrides that hold on `as_of` in place of its quantities.

    The quantiles keep their distance to the mean; where the forecast was zero there is none to keep and
    they are null, which qualifies nothing for long rent.

    Parameters
    ----------
    forecast : product, market, week, quantity, p10, p50, p90.
    overrides : table `overrides`; a null `expires` never ends.
    """
    said = overrides.filter(in_force(as_of)).select(*_KEY, said="quantity")
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


def spread(forecast: pl.DataFrame, units: float) -> pl.DataFrame:
    """The rows of a forecast with quantities that add up to `units`, in the shares the forecast has.

    Where the forecast is zero in every row it says nothing of shares: all get the same.

    Parameters
    ----------
    forecast : product, market, week, quantity (≥ 0): the series and weeks said of, before overrides.
    units : what all of them come to, ≥ 0.
    """
    total = float(forecast["quantity"].sum())
    nth = pl.int_range(1, pl.len() + 1)
    share = pl.col("quantity").cum_sum() / total if total > 0 else nth / pl.len()
    # Rounding the running sum, not the parts, lets no unit get lost.
    running = (share * units).clip(0, units).round(DECIMALS)
    closed = pl.when(nth == pl.len()).then(units).otherwise(running)
    parts = (closed - closed.shift(1, fill_value=0.0)).round(DECIMALS).clip(0)
    return forecast.with_columns(quantity=parts)


def changed_by(forecast: pl.DataFrame, share: float) -> pl.DataFrame:
    """The rows of a forecast with each quantity changed by `share`: 0.2 for a fifth more, ≥ −1."""
    return forecast.with_columns(quantity=(pl.col("quantity") * (1 + share)).round(DECIMALS))


def value_added(overrides: pl.DataFrame, model: pl.DataFrame, came: History) -> pl.DataFrame:
    """Whether overrides were closer to what came than the model they stood in place of.

    Only what held when its week began is judged, and only once the week is known. The gain is that of
    forecast value added (Gilliland 2010, The Business Forecasting Deal): the error spared, week by week.

    Parameters
    ----------
    overrides : table `overrides`.
    model : product, market, week, quantity: what the forecast said without them.
    came : the demand of at least their series; a week before the first demand came to nothing.

    Returns
    -------
    product, market, week, override, model, actual and gain (|model − actual| − |override − actual|,
    positive when it helped), all in units, reason and author; the latest week first.
    """
    return (
        overrides.filter(in_force(pl.col("week")), pl.col("week") <= came.last_week)
        .join(model.select(*_KEY, model="quantity"), on=_KEY)
        .join(actual_weeks(came), on=_KEY, how="left")
        .with_columns(pl.col("actual").fill_null(0.0), override="quantity")
        .with_columns(
            gain=(pl.col("model") - pl.col("actual")).abs() - (pl.col("override") - pl.col("actual")).abs()
        )
        .select(list(VALUE_ADDED_SCHEMA))
        .sort("week", "product", "market", descending=[True, False, False])
    )
