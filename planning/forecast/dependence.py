"""How errors of weeks and of series go together, learned from the trials of all series."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from planning.forecast.backtest import Trial
from planning.forecast.distribution import NORMAL_TAIL, TAIL, Calibration, quantiles_of
from planning.forecast.paths import Dependence, demand_at, together
from planning.forecast.series import Weekly

PRIOR_TRIALS = 20.0
MOST_TRIALS = 150
LEARNING_PATHS = 600
CORRELATIONS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
WIDEST_SCORE = 4.0
MOST_SHARED = 0.9

Pair = tuple[str, str]


def learn_dependence(
    trials: Mapping[Pair, Sequence[Trial]],
    calibration: Calibration,
    families: Mapping[str, str],
    lead_weeks: int,
) -> Dependence:
    """Correlations of weeks so that totals over weeks hold eight times in ten, and of series as they were.

    Parameters
    ----------
    trials : of each product and market.
    families : family of each product.
    lead_weeks : weeks whose sum tells how far series go together.
    """
    known = Dependence()
    everyone = [t for of_series in trials.values() for t in of_series if t.back > 1]
    regular = _week_correlation([t for t in everyone if t.series_class.regular], calibration, known.regular)
    seldom = _week_correlation([t for t in everyone if not t.series_class.regular], calibration, known.seldom)
    shared = _shared(_scores(trials, calibration, lead_weeks, (regular, seldom)), families)
    return Dependence(regular, seldom, *shared)


def _week_correlation(trials: Sequence[Trial], calibration: Calibration, prior: float) -> float:
    """The correlation at which the totals of four trials in five lie inside their P10–P90.

    Equally large between any two weeks: that is how the errors of 286 M3 series were (0.5 to 0.7 at any
    length of the total), for the level a forecast starts from is wrong in all weeks alike. Few trials
    are blended with `prior` at the weight of twenty.
    """
    if not trials:
        return prior
    some = [trials[n] for n in np.unique(np.linspace(0, len(trials) - 1, MOST_TRIALS).astype(int))]
    half = np.random.default_rng(1).standard_normal((1 + max(t.back for t in some), LEARNING_PATHS // 2))
    draws = np.concatenate([half, -half], axis=1)  # as many above as below: few paths are enough
    inside = np.array([_inside(trial, calibration, draws) for trial in some]).mean(axis=0)
    covered = np.maximum.accumulate(inside)
    found = float(np.interp(1 - 2 * TAIL, covered, CORRELATIONS))
    weight = len(trials) / (len(trials) + PRIOR_TRIALS)
    return weight * found + (1 - weight) * prior


def _inside(trial: Trial, calibration: Calibration, draws: NDArray[np.float64]) -> list[bool]:
    """Whether the total of a trial lay inside its P10–P90, for every correlation tried."""
    told = quantiles_of(trial.series_class, trial.mean, trial.spread, trial.shape, calibration)
    actual = float(trial.plain.sum())
    found = []
    for correlation in CORRELATIONS:
        scores = together(draws[: 1 + trial.back], correlation)
        totals = demand_at(trial.mean, told, scores).sum(axis=0)
        low, high = np.quantile(totals, [TAIL, 1 - TAIL])
        found.append(bool(low <= actual <= high))
    return found


def _scores(
    trials: Mapping[Pair, Sequence[Trial]],
    calibration: Calibration,
    lead_weeks: int,
    correlations: tuple[float, float],
) -> dict[int, dict[Pair, float]]:
    """Per week trials started in, the error of each series' lead time in standard deviations."""
    found: dict[int, dict[Pair, float]] = {}
    for pair, of_series in trials.items():
        for t in of_series:
            told = quantiles_of(t.series_class, t.mean, t.spread, t.shape, calibration)
            widths = ((told.p90 - told.p10) / (2 * NORMAL_TAIL))[:lead_weeks]
            deviation = _deviation(widths, correlations[0 if t.series_class.regular else 1])
            error = float((t.plain - t.mean)[:lead_weeks].sum())
            if deviation > 0:
                score = float(np.clip(error / deviation, -WIDEST_SCORE, WIDEST_SCORE))
                found.setdefault(t.back, {})[pair] = score
    return found


def _deviation(widths: Weekly, correlation: float) -> float:
    alone, all_alike = float(np.square(widths).sum()), float(widths.sum()) ** 2
    return float(np.sqrt((1 - correlation) * alone + correlation * all_alike))


def _shared(scores: Mapping[int, Mapping[Pair, float]], families: Mapping[str, str]) -> list[float]:
    """Shares of company, market, family and product, by least squares over all pairs of series.

    The product of two series' scores is regressed on what they have in common; the sums over pairs follow
    from group sums, Σ_{i≠j} z_i z_j = (Σ z)² − Σ z². Each origin is one draw of what all share: a few origins
    say little, yet without bias.
    """
    has: list[Callable[[Pair], tuple[str, ...]]] = [
        lambda _pair: (),
        lambda pair: (pair[1],),
        lambda pair: (families.get(pair[0], pair[0]),),
        lambda pair: (pair[0],),
    ]
    counts, products, square, series = np.zeros((4, 4)), np.zeros(4), 0.0, 0
    for of_origin in scores.values():
        z = np.array(list(of_origin.values()))
        square, series = square + float(np.square(z).sum()), series + z.size
        for a in range(4):
            for b in range(a, 4):
                pairs, crossed = _over_pairs([(*has[a](p), *has[b](p)) for p in of_origin], z)
                counts[a, b] = counts[b, a] = counts[a, b] + pairs
                products[a] += crossed if a == b else 0.0
    if counts[0, 0] == 0 or square == 0:
        return [0.0] * 4
    found = np.linalg.lstsq(counts, products / (square / series), rcond=None)[0]
    shares = np.maximum(found, 0.0)
    return [float(share) for share in shares * min(1.0, MOST_SHARED / max(shares.sum(), 1e-9))]


def _over_pairs(keys: Sequence[tuple[str, ...]], z: Weekly) -> tuple[float, float]:
    """Ordered pairs of different series with one key, and the sum of the products of their scores."""
    _, group = np.unique(np.array(["\x1f".join(key) for key in keys]), return_inverse=True)
    sums, squares, sizes = (np.bincount(group, w) for w in (z, np.square(z), np.ones(z.size)))
    return float((sizes * (sizes - 1)).sum()), float((np.square(sums) - squares).sum())
