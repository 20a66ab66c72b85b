"""Probabilities learned from deals that closed, shrunk to what is known beside them where they are few."""

import numpy as np
import polars as pl
from scipy.special import betaincinv

from planning.domain.network import Network
from planning.netting.ladder import CLOSED_DEALS_NEEDED

#: How many closed deals what is known beside them weighs.
PRIOR_DEALS = float(CLOSED_DEALS_NEEDED)
#: The interval that holds the win rate nine times in ten.
_LOW, _HIGH = 0.05, 0.95
#: Where no ladder says a probability.
_UNKNOWN = 0.5
RATES_SCHEMA = {
    "stage": pl.String,
    "position": pl.Int64,
    "source": pl.String,
    "entered": pl.Float64,
    "won": pl.Int64,
    "closed": pl.Int64,
    "learned": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def learned_rates(reached: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Probability of being won from each stage, of all deals and of those of each source.

    With w won of n closed deals that reached the stage and a prior rate p worth m deals, the win rate is
    distributed as Beta(w + m·p, n − w + m·(1 − p)); `learned` is its mean (w + m·p) / (n + m), `low` and
    `high` its 5 % and 95 % quantiles (the beta-binomial model: Gelman et al., Bayesian Data Analysis,
    3rd ed., section 2.4; priors from the other groups: chapter 5). Over all sources p is the entered
    probability; of one source it is what is learned from all the others, so that no deal counts twice.

    Parameters
    ----------
    reached : opportunity_id, source, stage, won of closed deals.
    network : whose stages.csv has the probabilities entered.

    Returns
    -------
    stage, position, source (null: all of them), entered, won, closed, learned, low, high; from the foot of
    the ladder on, all sources first.
    """
    ladder = network["stages"].select("stage", "position", entered="probability")
    counts = [pl.col("won").sum().cast(pl.Int64), pl.len().cast(pl.Int64).alias("closed")]
    stages = pl.concat([ladder.select("stage"), reached.select("stage")]).unique()
    everywhere = (
        stages.join(reached.group_by("stage").agg(counts), on="stage", how="left")
        .join(ladder, on="stage", how="left")
        .with_columns(pl.col("won", "closed").fill_null(0), source=pl.lit(None, dtype=pl.String))
    )
    pooled = _posterior(everywhere.with_columns(prior=pl.col("entered").fill_null(_UNKNOWN)))
    named = reached.with_columns(pl.col("source").fill_null("not said"))
    single = named["source"].n_unique() < 2
    by_source = named.clear() if single else named
    mine = (
        by_source.group_by("stage", "source")
        .agg(counts)
        .join(
            everywhere.select("stage", "position", "entered", all_won="won", all_closed="closed"), on="stage"
        )
    )
    others = (pl.col("all_won") - pl.col("won") + PRIOR_DEALS * pl.col("entered").fill_null(_UNKNOWN)) / (
        pl.col("all_closed") - pl.col("closed") + PRIOR_DEALS
    )
    told = pl.concat([pooled, _posterior(mine.with_columns(prior=others))])
    return told.sort("position", "stage", "source", nulls_last=[True, False, False])


def adopted(network: Network, rates: pl.DataFrame) -> pl.DataFrame:
    """stages.csv with the probabilities learned from all sources, in whole per cent."""
    learned = rates.filter(pl.col("source").is_null() & (pl.col("closed") > 0)).select("stage", "learned")
    return (
        network["stages"]
        .join(learned, on="stage", how="left", maintain_order="left")
        .with_columns(probability=pl.coalesce(pl.col("learned").round(2), "probability"))
        .select("stage", "position", "probability")
        .sort("position", "stage")
    )


def _posterior(counted: pl.DataFrame) -> pl.DataFrame:
    won, closed, prior = (counted[name].cast(pl.Float64).to_numpy() for name in ("won", "closed", "prior"))
    successes = won + PRIOR_DEALS * prior
    failures = closed - won + PRIOR_DEALS * (1 - prior)
    mean = successes / (successes + failures)
    # Entered as certain, and never otherwise: there is nothing to be unsure of.
    sure = (successes <= 0) | (failures <= 0)
    shape = np.where(sure, 1.0, successes), np.where(sure, 1.0, failures)
    quantiles = {
        name: np.where(sure, mean, betaincinv(*shape, q)) for name, q in (("low", _LOW), ("high", _HIGH))
    }
    return counted.with_columns(
        learned=pl.Series(mean), **{n: pl.Series(v) for n, v in quantiles.items()}
    ).select(pl.col(name).cast(kind) for name, kind in RATES_SCHEMA.items())
