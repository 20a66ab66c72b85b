"""How far demand strays from its forecast: P10, P50 and P90 of every week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.forecast.series import SeriesClass, Weekly

TAIL = 0.1
NORMAL_TAIL = 1.2816
SKEW = 0.398942 / NORMAL_TAIL
PRIOR = NORMAL_TAIL**2 * np.array([1.0, 0.09])
PRIOR_SERIES = 10.0
CLASS_SERIES = 30.0
WIDEST_TAIL = 4.0
NARROWEST_SIDE = 0.5
RECENT_WEEKS = 52

Growth = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bands:
    """Squared half widths of the 80 % interval, in squared spreads, below and above the forecast.

    Parameters
    ----------
    lower, upper : (a, b): the squared half width h weeks after the first is a + b · h.
    """

    lower: Growth
    upper: Growth


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the held-out weeks of all series say about the width of the intervals.

    Parameters
    ----------
    bands : of the regular classes.
    tail : factor on the P90 of intermittent, lumpy and declining demand.
    """

    bands: Mapping[SeriesClass, Bands]
    tail: float


@dataclass(frozen=True, eq=False)
class Quantiles:
    """P10, P50 and P90 in units, one value per week; 0 ≤ p10 ≤ p50 ≤ p90."""

    p10: Weekly
    p50: Weekly
    p90: Weekly


def calibrate(errors: Sequence[tuple[SeriesClass, Weekly]]) -> Calibration:
    """Learn the width of the intervals from the held-out errors of all series.

    Smooth and erratic demand have bands of their own, blended with those of both together at the
    weight of thirty series; new demand takes those of both. P90 of rare demand is stretched so that
    nine held-out weeks in ten lie below it.

    Parameters
    ----------
    errors : per series its class and, week by week held out, `excess` or `tail_ratio`.
    """
    by_class = {c: [e for series_class, e in errors if series_class is c] for c in SeriesClass}
    regular = {c: by_class[c] for c in SeriesClass if c.regular}
    both = _bands([e for found in regular.values() for e in found], Bands(PRIOR, PRIOR), PRIOR_SERIES)
    bands = {c: _bands(found, both, CLASS_SERIES) for c, found in regular.items()}
    seldom = [e for c in SeriesClass if c.rare for e in by_class[c] if e.size]
    return Calibration({**bands, SeriesClass.NEW: both}, _tail(seldom))


def excess(actual: Weekly, mean: Weekly, spread: float) -> Weekly:
    """(actual − forecast) / spread of regular demand per week; empty for a series without noise."""
    return (actual - mean) / spread if spread > 0 else np.zeros(0)


def tail_ratio(actual: Weekly, mean: Weekly, shape: Weekly) -> Weekly:
    """actual / P90 of intermittent demand per week, for the weeks that have a P90 above zero."""
    p90 = as_last_year(mean, shape, tail=1.0).p90
    return actual[p90 > 0] / p90[p90 > 0]


def _tail(ratios: Sequence[Weekly]) -> float:
    """Factor on P90 that nine weeks in ten stay below, at most 4; few series are blended with 1."""
    if not ratios:
        return 1.0
    stretch = min(float(np.quantile(np.concatenate(ratios), 1 - TAIL)), WIDEST_TAIL)
    return (len(ratios) * stretch + PRIOR_SERIES) / (len(ratios) + PRIOR_SERIES)


def _bands(errors: Sequence[Weekly], prior: Bands, prior_series: float) -> Bands:
    """Bands of one group of regular series.

    Locally weighted split conformal prediction (Lei et al. 2018, "Distribution-free predictive
    inference for regression"), pooled over series because one hold-out of one series says little:
    the error of each step in units of the series' own one-step spread, its 10 % and 90 % quantiles
    over all series, and a straight line through their squares, for the error variance of simple
    exponential smoothing grows linearly, σ² (1 + α² h) (Hyndman and Athanasopoulos, "Forecasting:
    principles and practice", on the intervals of ETS models). A side is never
    narrower than half of the symmetric interval, because one origin sees one season. Few series are
    blended with `prior`, at first the normal interval of simple smoothing (alpha 0.3), at the weight
    of `prior_series`.

    Parameters
    ----------
    errors : per series the `excess` of the first, second … week held out.
    """
    steps = max((len(series) for series in errors), default=0)
    if steps == 0:
        return prior
    scores = [np.array([series[h] for series in errors if len(series) > h]) for h in range(steps)]
    counts = np.array([len(step) for step in scores], dtype=np.float64)
    both = _growth([np.quantile(np.abs(step), 1 - 2 * TAIL) for step in scores], counts)
    below = _growth([max(-np.quantile(step, TAIL), 0.0) for step in scores], counts)
    above = _growth([max(np.quantile(step, 1 - TAIL), 0.0) for step in scores], counts)
    least = NARROWEST_SIDE**2 * both
    weight = counts.mean() / (counts.mean() + prior_series)
    return Bands(
        weight * np.maximum(below, least) + (1 - weight) * prior.lower,
        weight * np.maximum(above, least) + (1 - weight) * prior.upper,
    )


def _growth(half_widths: Sequence[float | np.floating], counts: Weekly) -> Growth:
    """(a, b) ≥ 0 of the weighted least-squares line a + b · h through the squared half widths."""
    squares, steps = np.square(np.array(half_widths, dtype=np.float64)), np.arange(len(half_widths))
    flat = np.array([np.average(squares, weights=counts), 0.0])
    if len(squares) < 2:
        return flat
    weights = np.sqrt(counts)
    line = np.stack([np.ones(len(steps)), steps], axis=1) * weights[:, None]
    a, b = np.linalg.lstsq(line, squares * weights, rcond=None)[0]
    if b < 0:
        return flat
    return np.array([max(a, 0.0), b])


def around(mean: Weekly, spread: float, bands: Bands) -> Quantiles:
    """Quantiles of regular demand: the bands widen week by week around the forecast, which is the mean.

    The median is where it has to be for that: errors that reach further up than down have it below the
    mean. Of two half normals with these P10 and P90 the mean is median + 0.399 · (upper − lower width).

    Parameters
    ----------
    mean : units per week, from the week after the history on.
    spread : the series' one-step error, units.
    """
    step = np.arange(len(mean))
    below = spread * np.sqrt(bands.lower[0] + bands.lower[1] * step)
    above = spread * np.sqrt(bands.upper[0] + bands.upper[1] * step)
    low, high = np.maximum(mean - below, 0.0), mean + above
    middle = (mean - SKEW * (low + high)) / (1 - 2 * SKEW)
    return Quantiles(low, np.clip(middle, low, high), high)


def shape_of(quantity: Weekly) -> Weekly:
    """p10, p50 and p90 of the last 52 weeks over their mean; of all weeks if those had no demand."""
    recent = quantity[-RECENT_WEEKS:]
    if not recent.any():
        recent = quantity
    if not recent.any():
        return np.zeros(3)
    return np.quantile(recent, [TAIL, 0.5, 1 - TAIL]) / recent.mean()


def as_last_year(mean: Weekly, shape: Weekly, tail: float) -> Quantiles:
    """Quantiles of intermittent demand: those of the series' last 52 weeks, scaled to the forecast.

    The models for intermittent demand know no distribution of their own, and most weeks are zero:
    the empirical distribution keeps both the zeros and the lumps (Willemain, Smart and Schwarz 2004,
    "A new approach to forecasting intermittent demand", resample it likewise). P90 is below the mean
    where demand comes in fewer than one week in ten.

    Parameters
    ----------
    mean : forecast, units per week.
    shape : see `shape_of`.
    tail : factor on P90, see `calibrate`.
    """
    p10, p50, p90 = shape
    return Quantiles(p10 * mean, p50 * mean, max(p90 * tail, p50) * mean)


def quantiles_of(
    series_class: SeriesClass, mean: Weekly, spread: float, shape: Weekly, calibration: Calibration
) -> Quantiles:
    """Quantiles of a series of any class, see `around` and `as_last_year`."""
    bands = calibration.bands.get(series_class)
    return as_last_year(mean, shape, calibration.tail) if bands is None else around(mean, spread, bands)
