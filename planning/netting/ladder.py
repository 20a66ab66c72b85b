"""How much of each opportunity counts: its place on the ladder, and whether it is stale or lumpy."""

import polars as pl

from planning.domain.calendar import due_week_expr, week_index_expr
from planning.domain.network import Network

#: Closed deals a stage needs before its measured win rate is believed.
CLOSED_DEALS_NEEDED = 20


def stage_win_rates(network: Network) -> pl.DataFrame:
    """Probability per stage: measured where enough deals have closed in it, else as entered.

    Returns
    -------
    stage, entered (stages.csv), win_rate (won / (won + lost) of the closed opportunities last seen
    in the stage where at least `CLOSED_DEALS_NEEDED` are, else `entered`).
    """
    closed = (
        network["opportunities"]
        .filter(pl.col("status").is_in(["won", "lost"]))
        .group_by("stage")
        .agg(closed=pl.len(), measured=(pl.col("status") == "won").mean())
        .filter(pl.col("closed") >= CLOSED_DEALS_NEEDED)
    )
    return (
        network["stages"]
        .select("stage", entered="probability")
        .join(closed, on="stage", how="full", coalesce=True)
        .select("stage", "entered", win_rate=pl.coalesce("measured", "entered"))
        .sort("stage")
    )


def open_deals(network: Network) -> pl.DataFrame:
    """Opportunities that may still become demand, with the bucket and probability they count at.

    Won deals whose order has come (a row with that order_id, cancelled included) and lost ones count
    nothing and are left out. A won deal without its order has probability 1, in the first week if its
    date is past. An open deal expected before the start is stale.

    Returns
    -------
    opportunity_id, product, market, quantity, t, probability, sure (the lesser of the typed
    probability and the stage's win rate), stale.
    """
    policy = network.policy
    ordered = network["orders"]["order_id"].unique()
    won = pl.col("status") == "won"
    typed = pl.coalesce("probability", "entered").fill_null(0.0)
    return (
        network["opportunities"]
        .filter(pl.col("status").ne("lost"))
        .filter(~(won & pl.col("order_id").is_in(ordered.implode()).fill_null(False)))
        .join(stage_win_rates(network), on="stage", how="left")
        .with_columns(
            due_week=due_week_expr("expected_date", policy.due_cutoff_weekday),
            probability=pl.when(won).then(1.0).otherwise(typed),
            sure=pl.when(won)
            .then(1.0)
            .otherwise(pl.min_horizontal(typed, pl.col("win_rate").fill_null(0.0))),
            stale=~won & (pl.col("expected_date") < policy.start_week),
        )
        .with_columns(t=week_index_expr("due_week", policy.start_week).clip(0))
        .select("opportunity_id", "product", "market", "quantity", "t", "probability", "sure", "stale")
        .sort("opportunity_id")
    )
