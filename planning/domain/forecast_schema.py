"""What is kept of how a forecast was made."""

import polars as pl

#: How each series was forecast, and its record (`forecast.Forecast.methods`).
METHODS_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "series_class": pl.String,
    "method": pl.String,
    "fallback": pl.String,
    "signals": pl.String,
    "unusual": pl.String,
    "weeks_of_history": pl.Int64,
    "first_week": pl.Date,
    "last_week": pl.Date,
    "mean_weekly": pl.Float64,
    "wape": pl.Float64,
    "naive_wape": pl.Float64,
    "bias": pl.Float64,
    "better_than_naive": pl.Boolean,
    "mase": pl.Float64,
    "pinball": pl.Float64,
    "coverage": pl.Float64,
    "value_added": pl.Float64,
    "lead_weeks": pl.Int64,
    "origins": pl.Int64,
    "weeks_judged": pl.Int64,
}
