"""What rent of any dates is charged, invoice period by invoice period, to the cent.

One rule, whatever the vendor bills by: **periods follow one another from the first day on rent, and a
period begun is charged whole.** A period is a day, 7 days, 28 days or a calendar month. Only a calendar
month can begin part way: then the period is the rest of that month, at rate · its days / days of the month.

With 100 a day, 500 a week or 1,500 a month from the first of a month, 3 days cost 300, 500 or 1,500;
10 days 1,000, 1,000 or 1,500; 28 days 2,800, 2,000 or 1,500. A month's rate from 15 October to the end of
the month is 1,500 · 17 / 31 = 822.58.

Prices: `billing_rate` is the price of a period at the offer's list rate. Another rate (a contract's own, a
tier) changes it in proportion. Without a `billing_rate` the weekly rate holds for whole weeks, as in the
plan, and `billing` only says how these are gathered on invoices, by the day (2-data, offers).
"""

from datetime import date

import polars as pl

_DAYS = {"day": 1, "week": 7, "28_days": 28}


def charges(stays: pl.DataFrame, until: date) -> pl.DataFrame:
    """Rent of stays by invoice period: `charged_periods`, `priced`."""
    return priced(charged_periods(stays, until))


def charged_periods(stays: pl.DataFrame, until: date) -> pl.DataFrame:
    """The invoice periods of stays that begin before `until`.

    Parameters
    ----------
    stays : on_rent_date, off_rent_date (exclusive; null: runs on beyond `until`), billing, billing_rate
        (null: none), and whatever else is to be kept. No two stays need differ.

    Returns
    -------
    Every stay once for each of its periods, with period_start, period_end (exclusive) and quantity: periods
    charged (1, or the share of a month begun part way); weeks where there is no billing_rate. In the order
    of `stays`, then by period. A stay that ends on or before its first day has none.
    """
    by_week = pl.col("billing_rate").is_null()
    length = (pl.col("off_rent_date") - pl.col("on_rent_date")).dt.total_days()
    last_week_whole = pl.col("on_rent_date") + pl.duration(weeks=-(-length // 7))
    rows = (
        stays.with_row_index("_stay")
        .filter(pl.col("off_rent_date").is_null() | (length > 0))
        .with_columns(_end=pl.when(by_week).then(last_week_whole).otherwise("off_rent_date"))
    )
    monthly = pl.col("billing") == "month"
    periods = (
        pl.concat([_of_days(rows.filter(~monthly), until), _of_months(rows.filter(monthly), until)])
        .filter(pl.col("period_start") < pl.min_horizontal(pl.lit(until), "_end"))
        .sort("_stay", "period_start")
    )
    paid_to = pl.when(by_week).then(pl.min_horizontal("period_end", "_end")).otherwise("period_end")
    days = (paid_to - pl.col("period_start")).dt.total_days()
    return periods.with_columns(
        period_end=paid_to, quantity=days / pl.when(by_week).then(7).otherwise("_whole")
    ).drop("_stay", "_end", "_whole")


def priced(periods: pl.DataFrame) -> pl.DataFrame:
    """Periods with price (a unit's, per period or week) and amount = units · quantity · price, in cents.

    Parameters
    ----------
    periods : `charged_periods` with units, weekly_rate (paid for this stay) and list_rate (the offer's).
    """
    # A list rate of 0 gives no proportion: what is billed then is the billing rate.
    in_proportion = pl.when(pl.col("list_rate") > 0).then(pl.col("weekly_rate") / pl.col("list_rate"))
    price = pl.coalesce(pl.col("billing_rate") * in_proportion.fill_null(1.0), "weekly_rate")
    return periods.with_columns(price=price).with_columns(
        amount=(pl.col("units") * pl.col("quantity") * pl.col("price")).round(2)
    )


def _of_days(rows: pl.DataFrame, until: date) -> pl.DataFrame:
    """Periods of 1, 7 or 28 days from the first day on: period_start, period_end, _whole (days)."""
    length = pl.col("billing").replace_strict(_DAYS, return_dtype=pl.Int64)
    starts = pl.int_ranges(0, (pl.lit(until) - pl.col("on_rent_date")).dt.total_days().clip(0), length)
    periods = rows.with_columns(_whole=length, _from=starts).explode("_from", empty_as_null=False)
    first_day = pl.col("on_rent_date") + pl.duration(days="_from")
    return periods.with_columns(
        period_start=first_day, period_end=first_day + pl.duration(days="_whole")
    ).drop("_from")


def _of_months(rows: pl.DataFrame, until: date) -> pl.DataFrame:
    """Calendar months, the first from the first day on: period_start, period_end, _whole (days)."""
    first = pl.col("on_rent_date").dt.month_start()
    # `until` before the first day leaves one month, which begins too late to be charged.
    months = pl.date_ranges(first, pl.max_horizontal(first, pl.lit(until)), "1mo")
    periods = rows.with_columns(_month=months).explode("_month", empty_as_null=False)
    next_month = pl.col("_month").dt.offset_by("1mo")
    return periods.with_columns(
        (next_month - pl.col("_month")).dt.total_days().alias("_whole"),
        period_start=pl.max_horizontal("_month", "on_rent_date"),
        period_end=next_month,
    ).drop("_month")
