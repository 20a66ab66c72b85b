"""History rows become complete weekly series, each with its demand class."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.calendar import WEEK, due_week_expr, weeks_between

Weekly = NDArray[np.float64]

COLD_START_WEEKS = 8
ADI_CUT, CV2_CUT = 1.32, 0.49
SILENCE_SHARE = 0.9
DECLINE = -1.645


class SeriesClass(StrEnum):
    """How a series behaves, which decides what models serve it."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    DECLINING = "declining"
    NEW = "new"
    EMPTY = "no demand"

    @property
    def regular(self) -> bool:
        """Demand in nearly every week."""
        return self in {SeriesClass.SMOOTH, SeriesClass.ERRATIC}

    @property
    def rare(self) -> bool:
        """Demand that leaves weeks out."""
        return self in {SeriesClass.INTERMITTENT, SeriesClass.LUMPY, SeriesClass.DECLINING}


@dataclass(frozen=True, eq=False)
class Launch:
    """How the family's earlier launches went.

    Parameters
    ----------
    shape : demand in the first, second … week on the market over that once grown; 1 from then on.
    scale : units a week once grown, the median of the launches.
    launches : how many there were.
    awaited : for a product not sold so far, weeks without demand until its first order in hand is due.
    """

    shape: Weekly
    scale: float
    launches: int
    awaited: int = 0


@dataclass(frozen=True, eq=False)
class WeeklySeries:
    """Demand of one product in one market, one value per week without gaps.

    Parameters
    ----------
    product, market : whose demand.
    first_week : Monday of the first week with demand; null when there is none.
    quantity : units per week from first_week to the last week of the history, zeros filled in.
    recorded : the history has rows of this pair, be they zero.
    blank_rows : rows without a date or quantity, which were passed over.
    launch : of a new series, how earlier launches of its family went; null where there were none.
    """

    product: str
    market: str
    first_week: date | None
    quantity: Weekly
    recorded: bool
    blank_rows: int = 0
    launch: Launch | None = None

    @property
    def series_class(self) -> SeriesClass:
        """Class of the whole series, see `classify`; one not sold so far whose launch is known is new."""
        if self.quantity.size == 0 and self.launch is not None:
            return SeriesClass.NEW
        return classify(self.quantity)


@dataclass(frozen=True)
class History:
    """All series to forecast, in product and market order.

    Parameters
    ----------
    series : one per pair asked for.
    last_week : Monday of the last week every series is known for.
    """

    series: tuple[WeeklySeries, ...]
    last_week: date


def actual_weeks(known: History) -> pl.DataFrame:
    """product, market, week, actual: the filled calendars, one row a week."""
    rows = [
        (s.product, s.market, s.first_week + t * WEEK, units)
        for s in known.series
        if s.first_week is not None
        for t, units in enumerate(s.quantity.tolist())
    ]
    schema = {"product": pl.String, "market": pl.String, "week": pl.Date, "actual": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row")


def classify(quantity: Weekly) -> SeriesClass:
    """Class by average demand interval and squared coefficient of variation of the demand sizes.

    Cut-offs 1.32 and 0.49 are those of Syntetos, Boylan and Croston (2005), "On the categorization
    of demand patterns". Fewer than eight weeks say too little: such a series is new. Demand that leaves
    weeks out and falls, as one random series in twenty does, is declining (`decline`): what serves rare
    demand smooths over years and would go on at a level that is past. Demand in nearly every week needs
    no such class, for its models follow a trend by themselves.

    Parameters
    ----------
    quantity : units per week, starting in a week with demand.
    """
    sizes = quantity[quantity > 0]
    if sizes.size == 0:
        return SeriesClass.EMPTY
    if quantity.size < COLD_START_WEEKS:
        return SeriesClass.NEW
    interval = quantity.size / sizes.size
    variation = float(sizes.var() / sizes.mean() ** 2)
    if interval < ADI_CUT:
        return SeriesClass.SMOOTH if variation < CV2_CUT else SeriesClass.ERRATIC
    if decline(quantity) < DECLINE:
        return SeriesClass.DECLINING
    return SeriesClass.INTERMITTENT if variation < CV2_CUT else SeriesClass.LUMPY


def decline(quantity: Weekly) -> float:
    """Mann and Kendall's statistic of a trend: standard normal without one, negative where demand falls.

    How many pairs of weeks rose less those that fell, over its deviation with ties counted (Kendall 1975,
    "Rank correlation methods"): sizes and zeros weigh alike, so a single lump makes no trend.

    Parameters
    ----------
    quantity : units per week.
    """
    weeks = quantity.size
    rises = sum(float(np.sign(quantity[t + 1 :] - quantity[t]).sum()) for t in range(weeks - 1))
    ties = np.unique(quantity, return_counts=True)[1].astype(np.float64)
    variance = (weeks * (weeks - 1) * (2 * weeks + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    return rises / float(np.sqrt(variance)) if variance > 0 else 0.0


def weekly_history(
    history: pl.DataFrame,
    series: pl.DataFrame,
    start_week: date,
    as_of: date | None = None,
    due_cutoff_weekday: int = 1,
) -> History:
    """Fill the weekly calendar of every pair in `series`.

    A series starts in its first week with demand and runs, zeros filled in, to the week before
    start_week. Two kinds of weeks are unknown rather than zero, and end the calendar earlier: weeks
    not over by `as_of`, and weeks after the whole history (all pairs together) fell silent, if
    before that at least nine weeks in ten had a row. What net returns make negative counts as zero.

    Parameters
    ----------
    history : date, product, market, quantity; several rows a day are added up.
    series : product, market.
    start_week : Monday; history of this week and later is passed over.
    as_of : today; null takes every week before start_week as over.
    due_cutoff_weekday : dates before this weekday belong to the week before (1: ISO weeks as they are).
    """
    rows_by_week = history.select(
        pl.col("product", "market"),
        pl.col("quantity").cast(pl.Float64).fill_nan(None),
        week=due_week_expr("date", due_cutoff_weekday),
    )
    weekly = (
        rows_by_week.filter(pl.col("week") < start_week)
        .drop_nulls()
        .sort("product", "market", "week", "quantity")  # a float sum depends on its order
        .group_by("product", "market", "week", maintain_order=True)
        .agg(pl.col("quantity").sum().clip(0))
    )
    last_week = _last_known_week(weekly, start_week, as_of, due_cutoff_weekday)
    known = weekly.filter(pl.col("week") <= last_week)
    pairs = series.select("product", "market").unique().sort("product", "market")
    rows = {(p, m): (w, q) for p, m, w, q in known.group_by("product", "market").all().iter_rows()}
    blank = rows_by_week.filter(pl.any_horizontal(pl.col("quantity", "week").is_null()))
    blanks = {(p, m): n for p, m, n in blank.group_by("product", "market").len().iter_rows()}
    filled = tuple(
        replace(_fill(p, m, rows.get((p, m)), last_week), blank_rows=blanks.get((p, m), 0))
        for p, m in pairs.iter_rows()
    )
    return History(filled, last_week)


def _last_known_week(weekly: pl.DataFrame, start_week: date, as_of: date | None, cutoff: int) -> date:
    last = start_week - WEEK
    if as_of is not None:
        while last + WEEK + timedelta(days=cutoff - 1) > as_of:
            last -= WEEK
    recorded = weekly.filter(pl.col("week") <= last)["week"].unique()
    if recorded.is_empty():
        return last
    first, end = recorded.min(), recorded.max()
    assert isinstance(first, date)
    assert isinstance(end, date)
    span = weeks_between(first, end) + 1
    kept_up = span >= COLD_START_WEEKS and recorded.len() >= SILENCE_SHARE * span
    return end if kept_up else last


def _fill(
    product: str, market: str, rows: tuple[list[date], list[float]] | None, last_week: date
) -> WeeklySeries:
    weeks, quantities = rows or ([], [])
    demanded = [week for week, quantity in zip(weeks, quantities, strict=True) if quantity > 0]
    if not demanded:
        return WeeklySeries(product, market, None, np.zeros(0), recorded=bool(weeks))
    first = min(demanded)
    filled = np.zeros(weeks_between(first, last_week) + 1)
    for week, quantity in zip(weeks, quantities, strict=True):
        if week >= first:
            filled[weeks_between(first, week)] = quantity
    return WeeklySeries(product, market, first, filled, recorded=True)
