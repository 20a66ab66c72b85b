"""Work of the week: what was made, and what is started and goes on."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.rolling.actuals import Actuals
from planning.rolling.rolled import UNIT, differences

_CELL = ["factory", "routing"]


@dataclass(frozen=True)
class Work:
    """What became of a week's work.

    Parameters
    ----------
    made : factory, routing, product, planned and actual (good units), gross (units started for them).
    firm_work : the rows that stand from now on.
    differed, assumed : as in RolledWeek.
    """

    made: pl.DataFrame
    firm_work: pl.DataFrame
    differed: pl.DataFrame
    assumed: tuple[str, ...]


def roll_work(network: Network, plan: Plan, actuals: Actuals, week: date) -> Work:
    """What was made, and the firm work of the weeks to come.

    Work that stood as pinned or started and was not finished stays so in the next week, with what is left:
    as `left` says, else what stood less what was made. Of other work only what is said to be started goes on;
    the rest is planned anew.
    """
    owner = network["routings"].select("routing", of="product").unique("routing", keep="first")
    spoiled = network["routings"].select(*_CELL, "yield").sort("factory", nulls_last=True)
    share = spoiled.unique("routing", keep="first", maintain_order=True).select("routing", "yield")
    planned = (
        plan["production"]
        .filter(pl.col("week") == week)
        .group_by(_CELL)
        .agg(planned=pl.col("quantity").sum(), planned_gross=pl.col("gross").sum())
    )
    made = (
        planned.join(actuals.made, on=_CELL, how="full", coalesce=True)
        .join(owner, on="routing", how="left")
        .join(share, on="routing", how="left")
        .with_columns(pl.col("planned", "planned_gross").fill_null(0.0), product="of")
        .with_columns(actual=pl.coalesce("made", "planned"))
        .with_columns(
            gross=pl.when(pl.col("planned") > UNIT)
            .then(pl.col("actual") * pl.col("planned_gross") / pl.col("planned"))
            .otherwise(pl.col("actual") / pl.col("yield").fill_null(1.0))
        )
        .sort(_CELL)
    )
    unsaid = made.filter(pl.col("made").is_null(), pl.col("planned") > UNIT).height
    assumed = () if unsaid == 0 else (f"Made: {unsaid} of the week's runs are taken as made as planned.",)
    rows = made.select(*_CELL, "product", "planned", "actual", "gross")
    differed = differences("Made", rows.with_columns(about="routing"))
    return Work(rows, _firm_work(network, plan, made, week), differed, assumed)


def _firm_work(network: Network, plan: Plan, made: pl.DataFrame, week: date) -> pl.DataFrame:
    firm = network["firm_work"]
    due = firm.filter(pl.col("week") <= week)
    stood = due.group_by(_CELL, maintain_order=True).agg(
        pl.col("work_order").first(),
        pl.col("quantity_left").sum().alias("stood"),
        # Started once is started: it stays so beside what was only pinned.
        pl.col("status").max(),
    )
    named = plan["schedule"].filter(pl.col("week") == week).sort("work_order")
    named = named.group_by(_CELL, maintain_order=True).agg(pl.col("work_order").first().alias("planned_as"))
    rest = (pl.col("stood").fill_null(0.0) - pl.col("actual")).clip(0)
    left = (
        made.join(stood, on=_CELL, how="left")
        .join(named, on=_CELL, how="left")
        .with_columns(quantity_left=pl.coalesce("left", rest))
        .filter(pl.col("quantity_left") > UNIT)
    )
    unnamed = pl.format("started-{}-{}-{}", "factory", "routing", pl.lit(f"{week:%G-W%V}"))
    rows = left.select(
        pl.coalesce("work_order", "planned_as", unnamed).alias("work_order"),
        *_CELL,
        pl.lit(week + WEEK).alias("week"),
        "quantity_left",
        pl.when(pl.col("left").is_null()).then("status").otherwise(pl.lit("started")).alias("status"),
    )
    later = firm.filter(pl.col("week") > week)
    taken = pl.col("work_order").is_in(later["work_order"].implode())
    twice = pl.when(taken).then(unnamed).otherwise("work_order").alias("work_order")
    return pl.concat([later, rows.with_columns(twice)]).select(INPUT["firm_work"].columns)
