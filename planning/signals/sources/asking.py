"""What only the planner can say of a source's file: what has to be said, and what may be."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from planning.domain.schema import DEFAULT_STAGES
from planning.signals.sources.meaning import FATE, VALUE, WHAT, Meaning, Source
from planning.signals.sources.settings import SourceSettings

#: Names, words and stages asked about one by one.
MOST = 30
_STATUS = ("status", "payment")


@dataclass(frozen=True)
class Asked:
    """What is asked of a file.

    Parameters
    ----------
    days : a text that could be two days, where the file does not show whether day or month comes first: it
        has to be said.
    market : no row says a market: one has to be said.
    statuses : statuses nobody knows, or that are not taken for confirmed: their rows are kept aside.
    stages : stages of open deals that are none of the ladder.
    markets, products : names of the file that are none of ours.
    delivers : the file has no delivery day for some rows: how many days after it is.
    history : its orders may be demand history as well.
    """

    days: str | None = None
    market: bool = False
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    delivers: bool = False
    history: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something has to be said first."""
        return self.days is not None or self.market


def asked(  # noqa: PLR0917 - a file, what it means, and what is known
    source: Source,
    rows: pl.DataFrame,
    meaning: Meaning,
    settings: SourceSettings,
    markets: Collection[str] = (),
    products: Collection[str] = (),
) -> Asked:
    """What is asked of a file that means `meaning`.

    Parameters
    ----------
    rows : the file's columns as text, as the source read them.
    settings : what is said already.
    markets, products : ours; where there are none, any will do.
    """
    found = source.headers.found(rows.columns)
    aside = meaning.fates.filter(pl.col(FATE) == "kept aside")
    two = aside.filter(pl.col(WHAT).str.contains("could be two days", literal=True))[VALUE]
    lacks = aside.filter(pl.col(WHAT) == "says no market").height
    status = next((found[name] for name in _STATUS if name in found), None)
    told = aside.filter(pl.col("#column") == status) if status is not None else aside.clear()
    kept = [table for table in meaning.tables.values() if not table.is_empty()]
    return Asked(
        two[0] if two.len() else None,
        "market" not in found and lacks > 0 and settings.market is None,
        _few(told[VALUE].drop_nulls()),
        _stages(meaning),
        _strange([t["market"] for t in kept if "market" in t.columns], markets),
        _strange([t["product"] for t in kept if "product" in t.columns], products),
        any("days after" in note for note in meaning.notes) or "deal" in source.headers.columns,
        "orders" in meaning.tables,
    )


def _stages(meaning: Meaning) -> tuple[str, ...]:
    if "opportunities" not in meaning.tables:
        return ()
    deals = meaning.tables["opportunities"].filter(pl.col("status") == "open")
    return _few(deals.filter(~pl.col("stage").is_in(list(DEFAULT_STAGES)))["stage"])


def _strange(names: list[pl.Series], ours: Collection[str]) -> tuple[str, ...]:
    if not ours or not names:
        return ()
    there = pl.concat([name.rename("name") for name in names]).drop_nulls()
    return _few(there.filter(~there.is_in(list(ours))))


def _few(names: pl.Series) -> tuple[str, ...]:
    return tuple(names.unique().sort().head(MOST))
