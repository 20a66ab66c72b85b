"""Numbers and money in the forms English exports write them in, and money of other currencies."""

import polars as pl

from planning.signals.sources.settings import RATES, SourceSettings

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
#: What an export writes where there is nothing.
_NOTHING = ("--", "—", "-", "n/a", "(not set)")
_MICRO = 1e6


def number(column: str) -> pl.Expr:
    """The column's text as a number: 1204, 1,204.50, $172.45; null where it is none."""
    bare = pl.col(column).str.strip_chars().str.replace(r"^[A-Z]{3}\s", "").str.replace_all(r"[$€£\s]", "")
    grouped = bare.str.contains(_GROUPED)
    plain = pl.when(grouped).then(bare.str.replace_all(",", "")).when(bare.str.contains(_PLAIN)).then(bare)
    value = plain.str.strip_prefix("+").cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value + 0.0).alias(column)  # -0 is 0


def micros(column: str) -> pl.Expr:
    """Money in millionths, as the Google Ads interface gives it."""
    return number(column) / _MICRO


def chance(column: str, *, percent: bool) -> pl.Expr:
    """A probability from 0 to 1: written as 0.4 or, `percent`, as 40 or 40%."""
    text = pl.col(column).str.strip_chars()
    marked = text.str.ends_with("%")
    value = text.str.strip_suffix("%").str.strip_chars().cast(pl.Float64, strict=False)
    share = pl.when(marked | pl.lit(percent)).then(value / 100).otherwise(value)
    return pl.when(share.is_between(0, 1)).then(share).alias(column)


def is_nothing(column: str) -> pl.Expr:
    """Where the export says that there is nothing."""
    return pl.col(column).str.strip_chars().str.to_lowercase().is_in(_NOTHING)


def yes(column: str) -> pl.Expr:
    """Whether a flag says yes, however it is written; an empty one says no."""
    return (
        pl.col(column).str.strip_chars().str.to_lowercase().is_in(["true", "1", "yes", "y"]).fill_null(False)
    )


def in_plan_money(rows: pl.DataFrame, money: list[str], day: str, settings: SourceSettings) -> pl.DataFrame:
    """Money in the plan's currency, by the rate of its day or the last one before.

    Parameters
    ----------
    rows : with `currency`, `day` and the columns of `money`, numbers; an empty currency is the plan's.
    money : the columns to convert.
    day : the column with the day.

    Returns
    -------
    The rows in their order; money is null where no rate is known.
    """
    rates = settings.rates.select(list(RATES)).sort("date").rename({"date": "#rated"})
    code = pl.col("currency").str.strip_chars().str.to_uppercase()
    asked = rows.with_row_index("#at").with_columns(currency=code)
    dated = asked.filter(pl.col(day).is_not_null()).sort(day)
    rated = dated.join_asof(
        rates, left_on=day, right_on="#rated", by="currency", strategy="backward", check_sortedness=False
    )
    told = asked.join(rated.select("#at", "rate"), on="#at", how="left", maintain_order="left")
    own = pl.col("currency").is_null() | (pl.col("currency") == settings.currency)
    rate = pl.when(own).then(1.0).otherwise("rate")
    return told.with_columns((pl.col(name) * rate).alias(name) for name in money).drop("#at", "rate")


def written(column: pl.Expr) -> pl.Expr:
    """A number as the contract writes it: 20, 95.7."""
    return column.cast(pl.String).str.strip_suffix(".0")
