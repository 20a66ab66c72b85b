"""Which series learn from one another what moves them: those of one family."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from planning.domain.calendar import weeks_between
from planning.forecast.campaigns import Signals, weekly_signals
from planning.forecast.holiday_weeks import holiday_signals
from planning.forecast.leading import leading_signals
from planning.forecast.models import Matrix
from planning.forecast.regressors import Member, Pool
from planning.forecast.series import History, SeriesClass, Weekly, WeeklySeries

KEY_SHARE = 0.02


@dataclass(frozen=True)
class Sources:
    """Tables that say what moves demand; null ones say nothing.

    Parameters
    ----------
    campaigns, activity : rows of campaigns.csv, past and planned, and of activity.csv.
    products : product, family and price: families share effects, prices find the key products.
    markets : market and country, whose holidays count.
    """

    campaigns: pl.DataFrame | None = None
    activity: pl.DataFrame | None = None
    products: pl.DataFrame | None = None
    markets: pl.DataFrame | None = None


def signal_pools(known: History, sources: Sources, steps: int, due_cutoff_weekday: int = 1) -> list[Pool]:
    """Every regular or new series that a signal touches, by family, with the signals.

    Parameters
    ----------
    steps : weeks to forecast after the history; leading signals lead by as many.
    due_cutoff_weekday : dates before this weekday belong to the week before.
    """
    firsts = [s.first_week for s in known.series if s.first_week is not None]
    if not firsts:
        return []
    pairs = pl.DataFrame(
        [(s.product, s.market) for s in known.series],
        {"product": pl.String, "market": pl.String},
        orient="row",
    )
    first, weeks = min(firsts), weeks_between(min(firsts), known.last_week) + 1 + steps
    campaigns: Signals = {}
    if sources.campaigns is not None and not sources.campaigns.is_empty():
        campaigns = weekly_signals(
            sources.campaigns, sources.products, pairs, first, weeks, due_cutoff_weekday=due_cutoff_weekday
        )
    holidays = holiday_signals(sources.markets, pairs, first, weeks)
    leading = leading_signals(
        sources.activity,
        sources.products,
        pairs,
        first,
        weeks,
        lag=steps,
        due_cutoff_weekday=due_cutoff_weekday,
    )
    return list(_pools(known, campaigns, (holidays, leading), sources.products, steps))


def _key_series(known: History, products: pl.DataFrame | None) -> frozenset[tuple[str, str]]:
    """Series that bring at least a fiftieth of the money: units of the last year at the list price."""
    prices: Mapping[str, float] = {}
    if products is not None and "price" in products.columns:
        prices = dict(products.select("product", pl.col("price").cast(pl.Float64)).drop_nulls().iter_rows())
    money = {
        (s.product, s.market): float(s.quantity[-52:].sum()) * prices.get(s.product, 1.0)
        for s in known.series
    }
    total = sum(money.values())
    return frozenset(pair for pair, worth in money.items() if worth >= KEY_SHARE * total > 0)


def _pools(
    known: History,
    campaigns: Signals,
    apart: tuple[Signals, ...],
    products: pl.DataFrame | None,
    steps: int,
) -> Iterator[Pool]:
    """The touched series of each family, or of each product that has none, with aligned signals.

    Parameters
    ----------
    apart : signals that are judged one by one, after the campaigns: holidays, then what leads.
    """
    key = _key_series(known, products)
    families = dict(products.select("product", "family").iter_rows()) if products is not None else {}
    grouped: dict[tuple[bool, str], list[WeeklySeries]] = {}
    for series in known.series:
        pair = series.product, series.market
        touched = any(pair in signals for signals in (campaigns, *apart))
        if touched and _may_be_lifted(series.series_class):
            family = families.get(series.product)
            group = (family is not None, family if family is not None else series.product)
            grouped.setdefault(group, []).append(series)
    for _, members in sorted(grouped.items()):
        pairs = [(s.product, s.market) for s in members]
        own = [
            sorted({name for p in pairs for name in signals.get(p, {})}) for signals in (campaigns, *apart)
        ]
        names = [name for group in own for name in group]
        merged = {p: {n: v for s in (campaigns, *apart) for n, v in s.get(p, {}).items()} for p in pairs}
        yield Pool(
            tuple(names),
            tuple(
                Member(s, _aligned(merged[p], names, s.quantity.size + steps))
                for p, s in zip(pairs, members, strict=True)
            ),
            apart=tuple(range(len(own[0]), len(names))),
            leading=tuple(range(len(names) - len(own[-1]), len(names))),
            key=key.intersection(campaigns).intersection(pairs),
        )


def _may_be_lifted(series_class: SeriesClass) -> bool:
    """Effects are of demand in nearly every week; new series take their family's."""
    return series_class.regular or series_class is SeriesClass.NEW


def _aligned(signals: dict[str, Weekly], names: list[str], weeks: int) -> Matrix:
    """(weeks, signals) of the last `weeks` weeks; zero where a series lacks a signal."""
    none = np.zeros(weeks)
    return np.stack([signals[name][-weeks:] if name in signals else none for name in names], axis=1)
