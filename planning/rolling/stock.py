"""Stock at the factories: what was there, what was made, what left, and what was counted."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import Fault
from planning.rolling.actuals import Actuals
from planning.rolling.rolled import UNIT, differences

_CELL = ["factory", "product"]
_LANE = ["factory", "market", "product"]


@dataclass(frozen=True)
class Shipments:
    """What left in the week: factory, market, product, arrive_week, quantity; and as in RolledWeek."""

    rows: pl.DataFrame
    differed: pl.DataFrame
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Stock:
    """Stock at the end of the week.

    Parameters
    ----------
    rows : factory, product, quantity, of every place that has or had some.
    counted_more : product, counted_more: what was counted less what the books say.
    faults : where more left than there was, and nobody counted.
    differed, assumed : as in RolledWeek.
    """

    rows: pl.DataFrame
    counted_more: pl.DataFrame
    faults: tuple[Fault, ...]
    differed: pl.DataFrame
    assumed: tuple[str, ...]


def roll_shipments(network: Network, plan: Plan, actuals: Actuals, week: date) -> Shipments:
    """What left, and the week in which it arrives: as planned, else by its lane."""
    planned = plan["shipments"].filter(pl.col("ship_week") == week)
    planned = planned.group_by(_LANE).agg(
        planned=pl.col("quantity").sum(), arrive_week=pl.col("arrive_week").min()
    )
    lanes = network["lanes"].select("factory", "market", "lead_time_weeks")
    rows = (
        planned.join(actuals.shipped.rename({"quantity": "said"}), on=_LANE, how="full", coalesce=True)
        .join(lanes, on=["factory", "market"], how="left")
        .with_columns(
            planned=pl.col("planned").fill_null(0.0),
            arrive_week=pl.coalesce(
                "arrive_week", pl.lit(week) + pl.col("lead_time_weeks").fill_null(0) * WEEK
            ),
        )
        .with_columns(actual=pl.coalesce("said", "planned"))
        .sort(_LANE)
    )
    unsaid = rows.filter(pl.col("said").is_null(), pl.col("planned") > UNIT).height
    assumed = (
        () if unsaid == 0 else (f"Shipped: {unsaid} of the week's shipments are taken as left as planned.",)
    )
    gone = rows.filter(pl.col("actual") > UNIT).select(*_LANE, "arrive_week", quantity="actual")
    return Shipments(gone, differences("Shipped", rows), assumed)


def roll_stock(  # noqa: PLR0917 - network, plan, actuals and what came and went in which week
    network: Network, plan: Plan, actuals: Actuals, made: pl.DataFrame, shipped: pl.DataFrame, week: date
) -> Stock:
    """Opening stock plus made less shipped; where it was counted, the count."""
    flows = [
        network["stock"].select(*_CELL, "quantity"),
        made.select(*_CELL, quantity="actual"),
        shipped.select(*_CELL, quantity=-pl.col("quantity")),
    ]
    book = pl.concat(flows).group_by(_CELL).agg(book=pl.col("quantity").sum())
    planned = plan["inventory"].filter(pl.col("week") == week).select(*_CELL, planned="quantity")
    counted = actuals.counted.select(*_CELL, counted="quantity")
    rows = (
        book.join(planned, on=_CELL, how="full", coalesce=True)
        .join(counted, on=_CELL, how="full", coalesce=True)
        .with_columns(pl.col("book", "planned").fill_null(0.0))
        .with_columns(actual=pl.coalesce("counted", pl.col("book").round(6)))
        .sort(_CELL)
    )
    faults = tuple(
        Fault(
            "shipped.csv",
            f"{factory} shipped {-units:g} more of {product} than it had and made",
            "Correct what was made or shipped, or count the stock there.",
        )
        for factory, product, units in rows.filter(pl.col("actual") < -UNIT)
        .select(*_CELL, "actual")
        .iter_rows()
    )
    more = rows.group_by("product").agg(counted_more=(pl.col("actual") - pl.col("book")).sum())
    unsaid = rows.filter(pl.col("counted").is_null(), pl.col("book").abs() > UNIT).height
    told = f"Stock: the books stand for {unsaid} products in factories that were not counted."
    assumed = () if unsaid == 0 else (told,)
    # A place that has become empty stays in the file, with nothing: a row that is gone would go on holding.
    held = network["stock"].select(*_CELL, held=pl.lit(True))
    kept = rows.join(held, on=_CELL, how="left").filter((pl.col("actual") > UNIT) | pl.col("held"))
    kept = kept.select(*_CELL, quantity=pl.col("actual").clip(0))
    return Stock(kept, more, faults, differences("Stock", rows), assumed)
