"""A week that was rolled: next week's rows, what differed from the plan, what was taken as planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK

#: What differed: of units planned and actual; of a contract what was planned and what came stand in words.
DIFFERENCE = {
    "what": pl.String,
    "factory": pl.String,
    "market": pl.String,
    "product": pl.String,
    "about": pl.String,
    "planned": pl.Float64,
    "actual": pl.Float64,
    "words": pl.String,
}
#: Smaller differences are rounding.
UNIT = 1e-6


@dataclass(frozen=True)
class RolledWeek:
    """What becomes of a week that is over.

    Parameters
    ----------
    week : Monday of it.
    replaced : tables whose rows are these from now on: in_transit, firm_work and, with a bom, supply.
    updated : tables of which these rows are new or other ones; columns that are not there stay as they are.
    differed : DIFFERENCE, what was not as planned.
    assumed : what nobody said and was taken as planned, in words.
    balance : product, opening, opening_transit, made, counted_more (count less book), delivered, sold
        (to expected demand), closing, closing_transit: opening + made + counted_more = the rest.
    """

    week: date
    replaced: Mapping[str, pl.DataFrame]
    updated: Mapping[str, pl.DataFrame]
    differed: pl.DataFrame
    assumed: tuple[str, ...]
    balance: pl.DataFrame

    @property
    def next_week(self) -> date:
        """The Monday the plan starts from now on."""
        return self.week + WEEK


def differences(what: str, rows: pl.DataFrame) -> pl.DataFrame:
    """DIFFERENCE of those rows whose `planned` and `actual` are not the same."""
    lacking = [
        pl.lit(None, kind).alias(name) for name, kind in DIFFERENCE.items() if name not in rows.columns
    ]
    told = rows.with_columns(lacking).with_columns(what=pl.lit(what))
    told = told.filter((pl.col("planned") - pl.col("actual")).abs() > UNIT)
    return told.select(pl.col(name).cast(kind) for name, kind in DIFFERENCE.items())
