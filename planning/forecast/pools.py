"""Which series learn from one another what campaigns do: those of one family."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from planning.domain.calendar import weeks_between
from planning.forecast.campaigns import Signals, weekly_signals
from planning.forecast.regressors import Matrix, Member, Pool
from planning.forecast.series import History, SeriesClass, Weekly, WeeklySeries


def campaign_pools(
    known: History,
    campaigns: pl.DataFrame | None,
    products: pl.DataFrame | None,
    steps: int,
    due_cutoff_weekday: int = 1,
) -> list[Pool]:
    """Every regular or new series that a campaign touches, by family, with the signals of its campaigns.

    Parameters
    ----------
    campaigns, products : as `weekly_signals` takes them.
    steps : weeks to forecast after the history.
    due_cutoff_weekday : dates before this weekday belong to the week before.
    """
    firsts = [s.first_week for s in known.series if s.first_week is not None]
    if campaigns is None or campaigns.is_empty() or not firsts:
        return []
    pairs = pl.DataFrame(
        [(s.product, s.market) for s in known.series],
        {"product": pl.String, "market": pl.String},
        orient="row",
    )
    weeks = weeks_between(min(firsts), known.last_week) + 1 + steps
    signals = weekly_signals(
        campaigns, products, pairs, min(firsts), weeks, due_cutoff_weekday=due_cutoff_weekday
    )
    return list(_pools(known, signals, products, steps))


def _pools(known: History, signals: Signals, products: pl.DataFrame | None, steps: int) -> Iterator[Pool]:
    """The touched series of each family, or of each product that has none, with aligned signals."""
    families = dict(products.select("product", "family").iter_rows()) if products is not None else {}
    grouped: dict[tuple[bool, str], list[WeeklySeries]] = {}
    for series in known.series:
        if (series.product, series.market) in signals and _may_be_lifted(series.series_class):
            family = families.get(series.product)
            key = (family is not None, family if family is not None else series.product)
            grouped.setdefault(key, []).append(series)
    for _, members in sorted(grouped.items()):
        names = sorted({name for s in members for name in signals[s.product, s.market]})
        yield Pool(
            tuple(names),
            tuple(
                Member(s, _aligned(signals[s.product, s.market], names, s.quantity.size + steps))
                for s in members
            ),
        )


def _may_be_lifted(series_class: SeriesClass) -> bool:
    """Effects are of demand in nearly every week; new series take their family's."""
    return series_class.regular or series_class is SeriesClass.NEW


def _aligned(signals: dict[str, Weekly], names: list[str], weeks: int) -> Matrix:
    """(weeks, signals) of the last `weeks` weeks; zero where a series lacks a signal."""
    none = np.zeros(weeks)
    return np.stack([signals[name][-weeks:] if name in signals else none for name in names], axis=1)
