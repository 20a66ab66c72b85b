"""What is unusual in a history: told to the planner, never altered."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from planning.domain.calendar import WEEK, weeks_between
from planning.forecast.series import COLD_START_WEEKS, Weekly, WeeklySeries, classify

Mask = NDArray[np.bool_]

STOCK_OUT_WEEKS = 2
AROUND_WEEKS = 13
FAR_OUT = 5.0
MAD_TO_SPREAD = 1.4826
RUNS_BY_CHANCE, SILENCE_BY_CHANCE = 0.1, 0.01
MOST_NAMED = 3


def unusual(series: WeeklySeries, base: Weekly) -> str | None:
    """Stock-outs, outliers, an end of demand and rows without a quantity, in words; null without any.

    Parameters
    ----------
    base : history without what season and signals did: a campaign week is no outlier.
    """
    first = series.first_week
    if first is None:
        return _blank(series.blank_rows)
    gaps, far = stock_outs(series.quantity), outliers(base)
    gone = silent_weeks(series.quantity)
    words = [
        f"sold out or closed? No demand in {_named(first, gaps)}" if gaps else None,
        f"outliers in {_named(first, far)}" if far else None,
        f"discontinued? No demand for {gone} weeks" if gone else None,
        _blank(series.blank_rows),
    ]
    return "; ".join(word for word in words if word) or None


def launched(series: WeeklySeries, began: date | None) -> str | None:
    """That a series began after the history did, in words; null for one that was there from the start.

    Parameters
    ----------
    began : Monday of the first week of any series.
    """
    if series.first_week is None or began is None:
        return None
    if weeks_between(began, series.first_week) < COLD_START_WEEKS:
        return None
    return f"launched in {_week(series.first_week)}"


def stock_outs(quantity: Weekly) -> list[int]:
    """Weeks of two and more without demand in a row, amid demand in nearly every week that went on after.

    Only where chance would hardly bring a run so long anywhere in the history.
    """
    if not classify(quantity).regular:
        return []
    share_without = float(np.mean(quantity == 0))
    runs = [run for run in _runs(quantity == 0) if run[1] < quantity.size and np.ptp(run) >= STOCK_OUT_WEEKS]
    long = [run for run in runs if quantity.size * share_without ** int(np.ptp(run)) < RUNS_BY_CHANCE]
    return [t for start, end in long for t in range(start, end)]


def outliers(base: Weekly) -> list[int]:
    """Weeks of regular demand five spreads off the median of the thirteen weeks around them.

    They have to be off in units and in logs: demand is skewed upwards in the one and downwards in the
    other. The spread is the median absolute deviation of all weeks, which the outliers themselves cannot
    widen (Hampel 1974, "The influence curve and its role in robust estimation"). A week without demand
    is none.
    """
    if base.size < AROUND_WEEKS or not classify(base).regular:
        return []
    return np.flatnonzero(_far_off(base) & _far_off(np.log1p(base)) & (base > 0)).tolist()


def _far_off(values: Weekly) -> Mask:
    padded = np.pad(values, AROUND_WEEKS // 2, mode="reflect")
    off = values - np.median(np.lib.stride_tricks.sliding_window_view(padded, AROUND_WEEKS), axis=1)
    spread = MAD_TO_SPREAD * float(np.median(np.abs(off)))
    return np.abs(off) > FAR_OUT * spread if spread > 0 else np.zeros(values.size, dtype=np.bool_)


def silent_weeks(quantity: Weekly) -> int:
    """Weeks without demand at the end, where chance alone would bring so many once in a hundred times."""
    sold = np.flatnonzero(quantity)
    if sold.size == 0:
        return 0
    silent = quantity.size - 1 - int(sold[-1])
    before = quantity.size - silent
    share_without = 1 - sold.size / before
    return silent if before >= COLD_START_WEEKS and share_without**silent < SILENCE_BY_CHANCE else 0


def _runs(mask: Mask) -> Iterable[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _named(first: date, weeks: Sequence[int]) -> str:
    named = ", ".join(_week(first + t * WEEK) for t in weeks[-MOST_NAMED:])
    return named if len(weeks) <= MOST_NAMED else f"{named} and {len(weeks) - MOST_NAMED} more"


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"week {week} of {year}"


def _blank(rows: int) -> str | None:
    return None if rows == 0 else f"{rows} rows without a quantity were passed over"
