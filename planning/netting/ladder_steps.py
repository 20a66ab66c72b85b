"""Deals climbing the ladder: what changed from one look at them to the next."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from planning.domain.network import Network

#: Rungs a deal reaches when it closes, beside the stages of the ladder.
WON, CONFIRMED, SHIPPED, LOST = "won", "confirmed", "shipped", "lost"

STEPS_SCHEMA = {
    "opportunity_id": pl.String,
    "source": pl.String,
    "day": pl.Date,
    "came_from": pl.String,
    "rung": pl.String,
    "days_before": pl.Int64,
}
#: What a look at the deals has to have of each.
_SEEN = ("opportunity_id", "source", "observed_date", "stage", "status")


def ladder_steps(looks: Sequence[tuple[date, pl.DataFrame]], network: Network) -> pl.DataFrame:
    """Every step of every deal, as successive looks at them show it.

    A deal is first on the rung it was seen on first, since the day it was observed; each look that finds it
    on another rung is a step. What lies between two looks is not known: a deal that climbed two rungs
    between them made one step.

    Parameters
    ----------
    looks : day and opportunities, the earliest first; the last is what holds.
    network : whose orders say whether a won deal is confirmed or shipped by now.

    Returns
    -------
    opportunity_id, source, day, came_from (null: where it was seen first), rung (a stage, won, confirmed,
    shipped or lost), days_before (on the rung it came from); by deal and day.
    """
    if not looks:
        return pl.DataFrame(schema=STEPS_SCHEMA)
    seen = pl.concat(
        frame.select(
            *_SEEN,
            rung=pl.when(pl.col("status") == "open").then("stage").otherwise("status"),
            look=pl.lit(number),
            on=pl.lit(day),
        )
        for number, (day, frame) in enumerate(looks)
    ).sort("opportunity_id", "look")
    before = pl.col("rung").shift().over("opportunity_id")
    moved = pl.col("came_from").is_null() | (pl.col("came_from") != pl.col("rung"))
    changed = seen.with_columns(came_from=before).filter(moved)
    known = pl.when(pl.col("came_from").is_null()).then(pl.min_horizontal("observed_date", "on"))
    dated = changed.with_columns(day=known.otherwise("on"))
    spent = (pl.col("day") - pl.col("day").shift().over("opportunity_id")).dt.total_days()
    told = dated.with_columns(days_before=spent.clip(0)).join(
        _by_orders(network), on="opportunity_id", how="left"
    )
    reached = pl.when(pl.col("rung") == WON).then(pl.coalesce("ordered", "rung")).otherwise("rung")
    return told.with_columns(rung=reached).select(STEPS_SCHEMA.keys()).sort("opportunity_id", "day")


def standing_since(steps: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """opportunity_id and days_there: how long each deal has been on the rung it is on."""
    last = steps.group_by("opportunity_id").agg(pl.col("day").max())
    days = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    return last.select("opportunity_id", days_there=days.clip(0)).sort("opportunity_id")


def stages_reached(steps: pl.DataFrame, network: Network) -> pl.DataFrame:
    """The stages each closed deal has been on, and whether it was won.

    The stages it was seen on, the one it closed from, and the stages of the ladder below the highest of them:
    a deal that was quoted had been qualified, whether anybody looked or not.

    Returns
    -------
    opportunity_id, source, stage, won.
    """
    closed = (
        network["opportunities"]
        .filter(pl.col("status").is_in([WON, LOST]))
        .select("opportunity_id", "source", "stage", won=pl.col("status") == WON)
    )
    facts = closed.drop("stage")
    ladder = network["stages"].select("stage", "position")
    seen = pl.concat(
        [
            closed.select("opportunity_id", "stage"),
            steps.select("opportunity_id", stage="rung").join(ladder, on="stage", how="semi"),
        ]
    ).unique()
    top = seen.join(ladder, on="stage").group_by("opportunity_id").agg(top=pl.col("position").max())
    below = top.join(ladder, how="cross").filter(pl.col("position") <= pl.col("top"))
    reached = pl.concat([seen, below.select("opportunity_id", "stage")]).unique()
    return reached.join(facts, on="opportunity_id").sort("opportunity_id", "stage")


def _by_orders(network: Network) -> pl.DataFrame:
    """opportunity_id of won deals whose order is here → confirmed, or shipped once all its lines are."""
    lines = network["orders"].filter(pl.col("status") != "cancelled")
    orders = lines.group_by("order_id").agg(gone=(pl.col("status") == SHIPPED).all())
    won = network["opportunities"].filter(pl.col("status") == WON).join(orders, on="order_id")
    rung = pl.when("gone").then(pl.lit(SHIPPED)).otherwise(pl.lit(CONFIRMED))
    return won.select("opportunity_id", ordered=rung)
