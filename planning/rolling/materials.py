"""Material at the end of a week: what is left on hand, and what is ordered and on its way."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.rolling.rolled import UNIT

_CELL = ["material", "factory"]


@dataclass(frozen=True)
class Materials:
    """Rows of supply.csv that stand from now on; None where nothing says what products are made of."""

    supply: pl.DataFrame | None
    assumed: tuple[str, ...]


def roll_materials(network: Network, plan: Plan, made: pl.DataFrame, week: date) -> Materials:
    """On hand in the week, plus what was bought for it, less what its gross units took.

    What the plan ordered by now is on its way from now on. What is left on hand is paid for already: its
    unit_cost is 0, so that it is charged once.

    Parameters
    ----------
    made : routing, factory, product, gross.
    """
    if network["bom"].is_empty():
        return Materials(None, ())
    after = week + WEEK
    supply = network["supply"]
    bought = plan["purchases"].filter((pl.col("order_by") < after) & (pl.col("quantity") > UNIT))
    used = (
        made.join(network["bom"].rename({"routing": "only"}), on="product")
        .filter(pl.col("only").is_null() | (pl.col("only") == pl.col("routing")))
        .select(*_CELL, quantity=-pl.col("gross") * pl.col("quantity_per_unit"))
    )
    flows = [
        supply.filter(pl.col("week") <= week).select(*_CELL, "quantity"),
        bought.filter(pl.col("week") <= week).select(*_CELL, "quantity"),
        used,
    ]
    hand = pl.concat(flows).group_by(_CELL).agg(pl.col("quantity").sum().round(6)).sort(_CELL)
    short = hand.filter(pl.col("quantity") < -UNIT).height
    told = ["Material: what is on hand follows from what was made."]
    if not bought.is_empty():
        told.append(f"Material: {bought.height} purchases due by now are taken as ordered as planned.")
    if short:
        told.append(
            f"Material: more was used than was there in {short} places; nothing is left on hand there."
        )
    left = hand.filter(pl.col("quantity") > UNIT).with_columns(week=pl.lit(after), unit_cost=pl.lit(0.0))
    coming = bought.filter(pl.col("week") > week).with_columns(unit_cost=pl.lit(None, pl.Float64))
    columns = INPUT["supply"].columns
    rows = [supply.filter(pl.col("week") > week), coming, left]
    return Materials(pl.concat([frame.select(columns) for frame in rows]), tuple(told))
