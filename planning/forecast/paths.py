"""Sample paths: a thousand ways demand may come, so that totals of weeks and series have a band."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.calendar import week_index_expr
from planning.forecast.distribution import NORMAL_TAIL, Quantiles
from planning.forecast.series import SeriesClass, Weekly

PATHS = 1000
_DENSITY_0, _DENSITY_TAIL, _BEYOND_TAIL = 0.398942, 0.175498, 0.047345

Normals = NDArray[np.float64]


@dataclass(frozen=True)
class Dependence:
    """How errors go together, as correlations of their normal scores.

    Parameters
    ----------
    regular, seldom : of two weeks of one series, by whether it has demand in nearly every week.
    company : of two series in the same weeks, whichever they are.
    market, family, product : what two series of one market, of one family, of one product have beyond that.
    """

    regular: float = 0.6
    seldom: float = 0.2
    company: float = 0.0
    market: float = 0.0
    family: float = 0.0
    product: float = 0.0

    def weeks(self, series_class: str | None) -> float:
        """Correlation of two weeks of a series of this class; of an unknown one as if regular."""
        rare = series_class is not None and SeriesClass(series_class).rare
        return self.seldom if rare else self.regular


def demand_at(mean: Weekly, quantiles: Quantiles, scores: Normals) -> Normals:
    """Demand at given normal scores: the marginal distribution of every week.

    Piecewise linear in the score through p10, p50 and p90, which makes two half normals; beyond p90 as
    steep as it takes for the expectation to be `mean`, so that rare large demand is not lost, and no less
    steep than before it. Never below zero.

    Parameters
    ----------
    mean, quantiles : of each week, units.
    scores : (weeks, paths), standard normal.
    """
    below = (quantiles.p50 - quantiles.p10) / NORMAL_TAIL
    above = (quantiles.p90 - quantiles.p50) / NORMAL_TAIL
    rest = mean - quantiles.p50 + below * _DENSITY_0
    beyond = np.maximum((rest - above * (_DENSITY_0 - _BEYOND_TAIL)) / _BEYOND_TAIL, above)
    demand = quantiles.p50[:, None] + below[:, None] * np.minimum(scores, 0.0)
    demand += above[:, None] * np.clip(scores, 0.0, NORMAL_TAIL)
    demand += beyond[:, None] * np.maximum(scores - NORMAL_TAIL, 0.0)
    positive: Normals = np.maximum(demand, 0.0)
    return positive


def together(scores: Normals, correlation: float) -> Normals:
    """Scores of weeks that go together: the first row counts in every week, each further row in its own."""
    found: Normals = np.sqrt(correlation) * scores[:1] + np.sqrt(1 - correlation) * scores[1:]
    return found


def total_bands(
    quantiles: pl.DataFrame,
    by: Sequence[str],
    dependence: Dependence,
    start_week: date,
    *,
    classes: Mapping[tuple[str, str], str] | None = None,
    families: Mapping[str, str] | None = None,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
) -> pl.DataFrame:
    """How sure totals are: mean and quantiles of the sum of the rows of each group.

    Every series has one set of sample paths, drawn by its name and not by chance, so any total is the
    sum of its parts path by path: the totals of families add up to the company's, those of markets too,
    and weeks to lead times, whatever is asked for and in what order. A group of a single row keeps
    that row's quantiles.

    Parameters
    ----------
    quantiles : product, market, week, quantity, p10, p50, p90 and the columns of `by`; rows without
        quantiles count as certain.
    by : columns that name a group, e.g. family and week, or product and market for a lead-time total.
    start_week : Monday paths are drawn from; week is that one or later.
    classes : class of each product and market, as `Forecast.methods` has it.
    families : family of each product; one without has none in common with others.
    levels : quantiles to return, the default as p10, p50 and p90.

    Returns
    -------
    The columns of `by`, quantity (sum of the means), a column p<percent> per level; sorted by `by`.
    """
    rows = quantiles.with_columns(
        *(pl.coalesce(name, "quantity").alias(name) for name in ("p10", "p50", "p90")),
        _t=week_index_expr("week", start_week),
    ).sort("product", "market", "week")
    groups = rows.select(by).unique().sort(by).with_row_index("_group")
    rows = rows.join(groups, on=list(by), how="left", nulls_equal=True, maintain_order="left")
    weeks = int(rows.select((pl.col("_t") + 1).max()).item() or 0)
    sums = np.zeros((groups.height, PATHS))
    draw = _Draws(weeks, families or {})
    for (product, market), part in rows.group_by("product", "market", maintain_order=True):
        pair = str(product), str(market)
        correlation = dependence.weeks((classes or {}).get(pair))
        scores = together(draw.of(pair, dependence), correlation)[part["_t"].to_numpy()]
        found = Quantiles(*(part[name].to_numpy() for name in ("p10", "p50", "p90")))
        np.add.at(sums, part["_group"].to_numpy(), demand_at(part["quantity"].to_numpy(), found, scores))
    names = [f"p{100 * level:.0f}" for level in levels]
    found_levels = np.quantile(sums, levels, axis=1) if groups.height else np.zeros((len(levels), 0))
    summed = rows.group_by("_group").agg(
        pl.col("quantity").sum(),
        pl.len().alias("_rows"),
        *(pl.col(name).first().alias(f"_{name}") for name in ("p10", "p50", "p90")),
    )
    out = groups.with_columns(
        pl.Series(name, values) for name, values in zip(names, found_levels, strict=True)
    ).join(summed, on="_group", maintain_order="left")
    alone = [name for name in names if name in {"p10", "p50", "p90"}]
    return out.with_columns(
        pl.when(pl.col("_rows") == 1).then(f"_{name}").otherwise(name).alias(name) for name in alone
    ).select(*by, "quantity", *names)


class _Draws:
    """Normal scores by name: the same name always draws the same, however many weeks are asked for."""

    def __init__(self, weeks: int, families: Mapping[str, str]) -> None:
        self._weeks = weeks
        self._families = families
        self._shared: dict[str, Normals] = {}

    def of(self, pair: tuple[str, str], dependence: Dependence) -> Normals:
        """(1 + weeks, paths) scores of a series: what all share, what its groups share, and its own."""
        product, market = pair
        shares = {
            "company": dependence.company,
            f"market {market}": dependence.market,
            f"family {self._families.get(product, product)}": dependence.family,
            f"product {product}": dependence.product,
        }
        scores: Normals = np.sqrt(max(1 - sum(shares.values()), 0.0)) * self._drawn(
            f"series {product} {market}"
        )
        for name, share in shares.items():
            if share > 0:
                if name not in self._shared:
                    self._shared[name] = self._drawn(name)
                scores += np.sqrt(share) * self._shared[name]
        return scores

    def _drawn(self, name: str) -> Normals:
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        drawn: Normals = np.random.default_rng(seed).standard_normal((1 + self._weeks, PATHS))
        return drawn
