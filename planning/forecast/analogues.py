"""New products: the first weeks of those launched before them in the family, at the scale of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK, due_week_expr, weeks_between
from planning.forecast.series import COLD_START_WEEKS, History, Launch, SeriesClass, Weekly, WeeklySeries

LEAST_WEEKS = 13
GROWN_FROM, GROWN_TO = 8, 26
WEEKS_OF_TRUST = 2


def with_analogues(
    known: History, families: Mapping[str, str], awaited: Mapping[tuple[str, str], int] | None = None
) -> History:
    """The history, its new series knowing how earlier launches of their family went.

    A launch is a series that began eight weeks or more after the history did and is thirteen weeks old;
    it is grown from its eighth week to its twenty-sixth. What was never sold is new where an order in
    hand says when it will be: nobody knows when any other is launched.

    Parameters
    ----------
    families : product → family.
    awaited : see `awaited_launches`.
    """
    firsts = [s.first_week for s in known.series if s.first_week is not None]
    if not firsts:
        return known
    launched: dict[str, list[Weekly]] = {}
    for s in known.series:
        family = families.get(s.product)
        if family is None or s.first_week is None or s.quantity.size < LEAST_WEEKS:
            continue
        if weeks_between(min(firsts), s.first_week) >= COLD_START_WEEKS:
            launched.setdefault(family, []).append(s.quantity[:GROWN_TO])
    launches = {family: _launch(histories) for family, histories in launched.items()}
    return replace(known, series=tuple(_knowing(s, families, launches, awaited or {}) for s in known.series))


def awaited_launches(
    orders: pl.DataFrame | None, last_week: date, due_cutoff_weekday: int = 1
) -> dict[tuple[str, str], int]:
    """Weeks between the end of the history and the week the first order is due, by product and market.

    Parameters
    ----------
    orders : product, market, due_date and status; what is cancelled launches nothing.
    """
    if orders is None:
        return {}
    due = orders.filter(pl.col("status") != "cancelled").select(
        "product", "market", week=due_week_expr("due_date", due_cutoff_weekday)
    )
    first = due.drop_nulls().group_by("product", "market").agg(pl.col("week").min())
    return {(p, m): max(weeks_between(last_week + WEEK, week), 0) for p, m, week in first.iter_rows()}


def _knowing(
    series: WeeklySeries,
    families: Mapping[str, str],
    launches: Mapping[str, Launch | None],
    awaited: Mapping[tuple[str, str], int],
) -> WeeklySeries:
    family = families.get(series.product)
    launch = launches.get(family) if family is not None else None
    if launch is None:
        return series
    pair = series.product, series.market
    if series.series_class is SeriesClass.EMPTY and pair in awaited:
        return replace(series, launch=replace(launch, awaited=awaited[pair]))
    return replace(series, launch=launch) if series.series_class is SeriesClass.NEW else series


def _launch(histories: Sequence[Weekly]) -> Launch | None:
    """Median shape and scale; each week of life over the launches that have come so far."""
    grown = [float(h[GROWN_FROM:].mean()) for h in histories]
    ratios = [h / level for h, level in zip(histories, grown, strict=True) if level > 0]
    if not ratios:
        return None
    shape = np.array([np.median([r[age] for r in ratios]) for age in range(GROWN_FROM)])
    return Launch(shape, float(np.median(grown)), len(ratios))


def by_analogues(quantity: Weekly, horizon: int, launch: Launch) -> Weekly:
    """Demand of the next weeks: the launches' shape at the new product's scale.

    The scale is what was sold over what the shape says of these weeks, shrunk to the launches' own as
    if two more grown weeks had sold as theirs: after the first weeks the product speaks for itself.

    Parameters
    ----------
    quantity : units per week since its first sale; empty before it.
    """
    life = np.concatenate([np.zeros(launch.awaited), launch.shape, np.ones(quantity.size + horizon)])
    so_far = float(life[: quantity.size].sum())
    scale = (float(quantity.sum()) + WEEKS_OF_TRUST * launch.scale) / (so_far + WEEKS_OF_TRUST)
    return scale * life[quantity.size : quantity.size + horizon]
