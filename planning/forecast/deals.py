"""When open deals will be confirmed: learned from those that were, and from how long others have waited."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.forecast.series import Weekly

WINS_NEEDED = 8
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

Days = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ConfirmTimes:
    """How long deals that are confirmed took.

    Parameters
    ----------
    days : from being seen to the order, ascending.
    waiting : share of them that is not confirmed yet after so many days; 0 at the last.
    wins : deals it was learned from.
    """

    days: Days
    waiting: Weekly
    wins: int

    def after(self, age: int, level: float) -> int | None:
        """Days after being seen by which a deal is confirmed with probability `level`, if it ever is.

        Parameters
        ----------
        age : days it has waited already; null beyond the longest wait that was ever confirmed.
        """
        passed = self.days <= age
        left = float(self.waiting[passed][-1]) if passed.any() else 1.0
        if left <= 0:
            return None
        return int(self.days[np.argmax(self.waiting <= (1 - level) * left + 1e-12)])


def confirm_times(opportunities: pl.DataFrame, orders: pl.DataFrame, as_of: date) -> ConfirmTimes | None:
    """Learn from won deals and their orders; None with fewer than eight of them.

    Product-limit estimate (Kaplan and Meier 1958, "Nonparametric estimation from incomplete observations"):
    open deals have waited so long without being confirmed, and count until their age. Without them a
    young list of deals would know quick ones only. What is left waiting at the last win is cut off, so the
    answer is for deals that are confirmed at all; whether they are is their probability. Lost deals do
    not say when they were lost, and count for that alone.

    Parameters
    ----------
    opportunities : opportunity_id, observed_date, status, order_id.
    orders : order_id, order_date.
    """
    came = orders.drop_nulls("order_date").group_by("order_id").agg(pl.col("order_date").min())
    seen = opportunities.drop_nulls("observed_date").filter(pl.col("observed_date") <= as_of)
    won = seen.filter(pl.col("status") == "won").join(came, on="order_id")
    waited = (won["order_date"] - won["observed_date"]).dt.total_days().clip(0).to_numpy()
    if waited.size < WINS_NEEDED:
        return None
    ages = _ages(seen.filter(pl.col("status") == "open"), as_of)
    days = np.unique(waited)
    confirmed = np.array([np.sum(waited == day) for day in days])
    at_risk = np.array([np.sum(waited >= day) + np.sum(ages >= day) for day in days])
    waiting = np.cumprod(1 - confirmed / at_risk)
    return ConfirmTimes(days, (waiting - waiting[-1]) / (1 - waiting[-1]), waited.size)


def confirm_dates(opportunities: pl.DataFrame, times: ConfirmTimes, as_of: date) -> pl.DataFrame:
    """When each open deal will be confirmed, if it is, given that it has not been yet.

    Returns
    -------
    opportunity_id, p10, p50, p90 (dates; null for a deal older than any that was ever confirmed), sorted.
    """
    deals = opportunities.drop_nulls("observed_date").filter(pl.col("status") == "open")
    deals = deals.sort("opportunity_id")
    ages = _ages(deals, as_of)
    dates = {
        name: pl.Series([times.after(int(age), level) for age in ages], dtype=pl.Int64)
        for name, level in LEVELS.items()
    }
    return deals.select(
        "opportunity_id",
        *(
            (pl.col("observed_date") + pl.duration(days=pl.lit(days))).alias(name)
            for name, days in dates.items()
        ),
    )


def _ages(deals: pl.DataFrame, as_of: date) -> Days:
    ages: Days = (
        deals.select((pl.lit(as_of) - pl.col("observed_date")).dt.total_days()).to_series().to_numpy()
    )
    return ages
