"""The record: what a series' own models would have said, from several past weeks, of the weeks after them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.forecast.distribution import Calibration, Quantiles, quantiles_of
from planning.forecast.lift import cleaned, lifted
from planning.forecast.series import COLD_START_WEEKS, SeriesClass, Weekly

LEAD_WEEKS = 4
WINDOWS, WINDOWS_FAST = 3, 2
NAIVE_WEEKS = 4
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Trial:
    """A forecast made as of a past week, and what came after it.

    Parameters
    ----------
    back : weeks from that week to the end of the history; mean, log_lift, actual and naive have as many.
    series_class : of what was known then.
    mean : forecast without season and campaigns, units per week.
    spread : one-step error known then, units.
    shape : p10, p50 and p90 of the year known then over its mean, see `shape_of`.
    log_lift : log factor on 1 + demand that season and campaigns bring to each week.
    actual, naive : what came, and what `naive` said, units per week.
    scale : mean absolute error of the one-season (else one-week) naive forecast within what was known.
    """

    back: int
    series_class: SeriesClass
    mean: Weekly
    spread: float
    shape: Weekly
    log_lift: Weekly
    actual: Weekly
    naive: Weekly
    scale: float

    @property
    def plain(self) -> Weekly:
        """What came, without what season and campaigns did."""
        return cleaned(self.actual, self.log_lift)

    def quantiles(self, calibration: Calibration) -> Quantiles:
        """P10, P50 and P90 as they would have been told."""
        plain = quantiles_of(self.series_class, self.mean, self.spread, self.shape, calibration)
        return Quantiles(*(lifted(q, self.log_lift) for q in (plain.p10, plain.p50, plain.p90)))


@dataclass(frozen=True)
class Record:
    """Errors over the first weeks of every trial, the planning lead time; null where they cannot be judged.

    Parameters
    ----------
    wape, naive_wape : Σ|error| / Σ demand of the models and of `naive`.
    bias : (Σ forecast − Σ demand) / Σ demand.
    mase : mean |error| / mean |error| of the naive forecast within the history (Hyndman and Koehler 2006,
        "Another look at measures of forecast accuracy"); null where that one never erred.
    pinball : ⅔ Σ pinball loss of P10, P50 and P90 / Σ demand; of a P50 alone it would be its WAPE.
    coverage : share of the weeks inside P10–P90.
    origins, weeks : trials, and weeks judged in all.
    """

    wape: float | None = None
    naive_wape: float | None = None
    bias: float | None = None
    mase: float | None = None
    pinball: float | None = None
    coverage: float | None = None
    origins: int = 0
    weeks: int = 0

    @property
    def value_added(self) -> float | None:
        """WAPE saved against naive; negative where naive is better, null without a record."""
        if self.wape is None or self.naive_wape is None:
            return None
        return self.naive_wape - self.wape

    @property
    def better_than_naive(self) -> bool | None:
        """The models' error is the smaller one; null without a record."""
        return None if self.value_added is None else self.value_added > 0


def hold_out_weeks(weeks: int, lead_weeks: int = LEAD_WEEKS, windows: int = WINDOWS) -> int:
    """Weeks to hold out of `weeks`: one lead time a window, at most a quarter.

    0 if too few are left to learn from.
    """
    held = min(windows * lead_weeks, weeks // 4)
    return held if weeks - held >= COLD_START_WEEKS else 0


def origins(weeks: int, lead_weeks: int, windows: int) -> tuple[int, ...]:
    """Where trials start, in weeks back from the end, the furthest back first.

    They are one lead time apart, less where the weeks held out have no room for that.
    """
    held = hold_out_weeks(weeks, lead_weeks, windows)
    return tuple(range(held, 0, -max(-(-held // windows), 1)))


def naive(quantity: Weekly, horizon: int, season_length: int) -> Weekly:
    """Seasonal naive: the same weeks a season ago; before a season is full, the last four weeks' mean."""
    if quantity.size < season_length:
        return np.full(horizon, quantity[-NAIVE_WEEKS:].mean())
    return np.resize(quantity[-season_length:], horizon)


def naive_scale(quantity: Weekly, season_length: int) -> float:
    """Mean absolute change over a season, over a week before there are two seasons: MASE's unit."""
    lag = season_length if quantity.size >= 2 * season_length else 1
    return float(np.abs(quantity[lag:] - quantity[:-lag]).mean()) if quantity.size > lag else 0.0


def record(trials: Sequence[Trial], calibration: Calibration, lead_weeks: int) -> Record:
    """Judge the first `lead_weeks` of every trial beside the naive forecast.

    Nothing is judged where no demand came in them.
    """
    counts = Record(origins=len(trials), weeks=sum(min(t.back, lead_weeks) for t in trials))
    if not trials:
        return counts
    actual = _joined([t.actual for t in trials], lead_weeks)
    total = float(actual.sum())
    if total <= 0:
        return counts
    told = [t.quantiles(calibration) for t in trials]
    low, middle, high = (
        _joined(list(found), lead_weeks) for found in zip(*((q.p10, q.p50, q.p90) for q in told), strict=True)
    )
    error = _joined([lifted(t.mean, t.log_lift) for t in trials], lead_weeks) - actual
    benchmark = _joined([t.naive for t in trials], lead_weeks)
    scales = _joined([np.full(t.back, t.scale) for t in trials], lead_weeks)
    losses = [_pinball(actual, q, level) for q, level in zip((low, middle, high), LEVELS, strict=True)]
    return Record(
        wape=float(np.abs(error).sum()) / total,
        naive_wape=float(np.abs(benchmark - actual).sum()) / total,
        bias=float(error.sum()) / total,
        mase=float(np.mean(np.abs(error) / scales)) if scales.all() else None,
        pinball=2 / 3 * sum(losses) / total,
        coverage=float(np.mean((low <= actual) & (actual <= high))),
        origins=counts.origins,
        weeks=counts.weeks,
    )


def _joined(arrays: Sequence[Weekly], lead_weeks: int) -> Weekly:
    return np.concatenate([array[:lead_weeks] for array in arrays])


def _pinball(actual: Weekly, quantile: Weekly, level: float) -> float:
    """Σ of the loss whose expectation the quantile of this level makes least (Koenker and Bassett 1978)."""
    above = actual - quantile
    return float(np.maximum(level * above, (level - 1) * above).sum())
