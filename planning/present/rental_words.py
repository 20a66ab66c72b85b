"""Rentals to order, in words: one line a lot, and what they commit together."""

import polars as pl

from planning.present import words


def lots(rows: pl.DataFrame, currency: str) -> dict[str, str]:
    """Contract → its robots, place, dates and money in one line.

    Parameters
    ----------
    rows : as `rentals.orderable` gives them.
    """
    return {
        row["contract"]: (
            f"{row['units']} × {row['robot_model']} at {row['factory']} on {row['offer']}, "
            f"{words.short_day(row['on_rent_date'])} to {words.short_day(row['min_end_date'])}, decide by "
            f"{words.short_day(row['decide_by'])}: {words.exact_money(row['committed_cost'], currency)}"
        )
        for row in rows.iter_rows(named=True)
    }


def total(rows: pl.DataFrame, currency: str) -> str:
    """Robots and money of the rows chosen, in one sentence."""
    robots, money = int(rows["units"].sum()), float(rows["committed_cost"].sum())
    return f"{words.count(robots, 'robot')}, committing {words.exact_money(money, currency)}."
