"""Orders, forecast and pipeline netted once more, sentence by sentence (2-data, Netting)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from planning.check.lines import dated_orders
from planning.domain.calendar import due_week_expr, week_index_expr
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.schema import DEFAULT_STAGES

Units = npt.NDArray[np.float64]

#: Closed opportunities of a stage from which its win rate is measured (rule 8).
ENOUGH_CLOSED = 20


@dataclass(frozen=True)
class Pairs:
    """Products × markets as the rows of matrices with one column a week."""

    frame: pl.DataFrame
    horizon: int

    def spread(self, rows: pl.DataFrame, quantity: str = "quantity") -> Units:
        """Sum of `quantity` by pair and bucket `t`; what lies outside the horizon is left out."""
        placed = rows.filter(pl.col("t").is_between(0, self.horizon - 1)).join(
            self.frame.with_row_index("row"), on=["product", "market"], how="inner"
        )
        matrix = np.zeros((self.frame.height, self.horizon))
        np.add.at(matrix, (placed["row"].to_numpy(), placed["t"].to_numpy()), placed[quantity].to_numpy())
        return matrix

    def long(self, matrix: Units, name: str) -> pl.DataFrame:
        """The matrix as product, market, t, `name`."""
        buckets = pl.DataFrame({"t": range(self.horizon)}, schema={"t": pl.Int64})
        return self.frame.join(buckets, how="cross", maintain_order="left_right").with_columns(
            pl.Series(name, matrix.ravel())
        )


def pairs_of(network: Network) -> Pairs:
    """Every product × market with an order, a forecast or an opportunity."""
    names = ("orders", "forecast", "opportunities")
    frames = [network[name].select("product", "market") for name in names]
    return Pairs(pl.concat(frames).unique().sort("product", "market"), network.policy.horizon_weeks)


def consume(forecast: Units, demand: Units, back: int, forward: int) -> Units:
    """Forecast left after `demand` has consumed it.

    In week order: the own week first, then up to `back` earlier weeks, nearest first, then up to
    `forward` later ones, never below zero. Weeks outside the horizon hold nothing to consume.
    """
    left = forecast.copy()
    horizon = left.shape[1]
    for t in range(horizon):
        want = demand[:, t].copy()
        for s in (t, *range(t - 1, t - back - 1, -1), *range(t + 1, t + forward + 1)):
            if 0 <= s < horizon:
                taken = np.minimum(want, left[:, s])
                left[:, s] -= taken
                want -= taken
    return left


def expected_demand(network: Network) -> pl.DataFrame:
    """Expected demand: opportunities plus the forecast no order and no opportunity has consumed.

    Returns
    -------
    product, market, t, expected (units; unreachable included).
    """
    policy, pairs = network.policy, pairs_of(network)
    forecast = pairs.spread(_in_buckets(network["forecast"], policy))
    deals = pairs.spread(counted(network, pairs, forecast))
    left = _left_by_orders(network, pairs, forecast)
    left = consume(left, deals, policy.consumption_back_weeks, policy.consumption_forward_weeks)
    return pairs.long(left + deals, "expected")


def deals_at_least(network: Network) -> pl.DataFrame:
    """Expected demand there must be whatever the forecast: won deals, and open ones that count either way.

    An open deal below commit_threshold may be lumpy and left out, which only the forecast tells.

    Returns
    -------
    product, market, t, expected.
    """
    pairs = pairs_of(network)
    sure = open_deals(network).filter(
        (pl.col("status") == "won") | (pl.col("probability") >= network.policy.commit_threshold)
    )
    return pairs.long(
        pairs.spread(sure.with_columns(quantity=pl.col("quantity") * pl.col("probability"))), "expected"
    )


def open_deals(network: Network) -> pl.DataFrame:
    """Opportunities that count: open ones that are not stale, won ones whose order has not come.

    A won deal whose order is there counts 0, also where that order is cancelled or shipped.

    Returns
    -------
    opportunities.csv with probability filled and t (bucket; never before the first week).
    """
    policy = network.policy
    deals = with_probability(network)
    ordered = deals["order_id"].is_in(network["orders"]["order_id"].to_list()).fill_null(value=False)
    is_open = (pl.col("status") == "open") & (pl.col("expected_date") >= policy.start_week)
    is_won = (pl.col("status") == "won") & ~pl.lit(ordered)
    bucket = week_index_expr("due", policy.start_week)
    return (
        deals.with_columns(due=due_week_expr("expected_date", policy.due_cutoff_weekday))
        .filter(is_open | is_won)
        .with_columns(
            t=pl.max_horizontal(bucket, pl.lit(0, dtype=pl.Int64)),
            probability=pl.when(pl.col("status") == "won").then(1.0).otherwise("probability"),
        )
    )


def with_probability(network: Network) -> pl.DataFrame:
    """Opportunities with their own probability, else the stage's; a stage nobody rated counts 0."""
    usual = pl.DataFrame({"stage": list(DEFAULT_STAGES), "usual": list(DEFAULT_STAGES.values())})
    rated = network["stages"].select("stage", rated="probability")
    return (
        network["opportunities"]
        .join(rated, on="stage", how="left")
        .join(usual, on="stage", how="left")
        .with_columns(probability=pl.coalesce("probability", "rated", "usual", pl.lit(0.0)))
    )


def counted(network: Network, pairs: Pairs, forecast: Units) -> pl.DataFrame:
    """Units each opportunity counts: quantity × probability; lumpy ones whole or not at all.

    Returns
    -------
    product, market, t, quantity.
    """
    policy = network.policy
    around = pairs.long(_around(forecast), "around")
    certain = pl.col("probability") >= policy.commit_threshold
    lumpy = pl.col("quantity") > policy.lumpy_deal_share * pl.col("around")
    units = (
        pl.when(~lumpy)
        .then(pl.col("quantity") * pl.col("probability"))
        .when(certain)
        .then("quantity")
        .otherwise(0.0)
    )
    return (
        open_deals(network)
        .join(around, on=["product", "market", "t"], how="inner")
        .select("product", "market", "t", quantity=units)
    )


def unreachable(expected: pl.DataFrame, free: pl.DataFrame, first_reached: pl.DataFrame) -> pl.DataFrame:
    """Expected demand too early to be made for and beyond what free stock covers.

    Free stock is given out in week order, markets of a week in id order.

    Parameters
    ----------
    expected : product, market, t, expected.
    free : product, free (units; below zero counts as none).
    first_reached : market, first (first bucket that can be produced for).

    Returns
    -------
    product, market, t, unreachable.
    """
    early = (
        expected.join(first_reached, on="market", how="left")
        .filter(pl.col("first").is_null() | (pl.col("t") < pl.col("first")))
        .join(free, on="product", how="left")
        .sort("product", "t", "market")
    )
    before = pl.col("expected").cum_sum().over("product") - pl.col("expected")
    left = (pl.col("free").fill_null(0.0).clip(0.0) - before).clip(0.0)
    return early.select(
        "product", "market", "t", unreachable=pl.col("expected") - pl.min_horizontal("expected", left)
    )


def first_reached(network: Network) -> pl.DataFrame:
    """First bucket each market can be produced for: firm_weeks + the shortest lane into it.

    Returns
    -------
    market, first; a market without a lane has no row.
    """
    lead = pl.col("lead_time_weeks").fill_null(0).min()
    return network["lanes"].group_by("market").agg(first=lead + network.policy.firm_weeks)


def qualifying_demand(network: Network) -> pl.DataFrame:
    """Expected demand as good as certain (rule 8), netted like the forecast.

    Between p50 and p90 the quantile is linear too; the documents stop at p50.

    Returns
    -------
    product, market, t, expected.
    """
    policy, pairs = network.policy, pairs_of(network)
    sure = quantile_exceeded(policy.commit_threshold)
    rows = _in_buckets(network["forecast"], policy).with_columns(quantity=sure.fill_null(0.0))
    left = _left_by_orders(network, pairs, pairs.spread(rows))
    won = pl.col("status") == "won"
    certain = pl.min_horizontal("probability", "win_rate") >= policy.commit_threshold
    deals = open_deals(network).join(win_rates(network), on="stage", how="left").filter(won | certain)
    whole = pairs.spread(deals)
    left = consume(left, whole, policy.consumption_back_weeks, policy.consumption_forward_weeks)
    return pairs.long(left + whole, "expected")


def quantile_exceeded(probability: float) -> pl.Expr:
    """Quantile exceeded with `probability`, from p10, p50 and p90; null where the row lacks one."""
    p10, p50, p90 = pl.col("p10"), pl.col("p50"), pl.col("p90")
    if probability >= 0.9:
        quantile = p10 * (1.0 - probability) / 0.1
    elif probability >= 0.5:
        quantile = p10 + (p50 - p10) * (0.9 - probability) / 0.4
    else:
        quantile = p50 + (p90 - p50) * (0.5 - max(probability, 0.1)) / 0.4
    return pl.when(p10.is_not_null() & p50.is_not_null() & p90.is_not_null()).then(quantile)


def win_rates(network: Network) -> pl.DataFrame:
    """Measured win rate by stage where enough opportunities are closed, else the stage's probability.

    Returns
    -------
    stage, win_rate.
    """
    won, closed = (pl.col("status") == "won").sum(), pl.col("status").is_in(["won", "lost"]).sum()
    usual = pl.DataFrame({"stage": list(DEFAULT_STAGES), "usual": list(DEFAULT_STAGES.values())})
    measured = pl.when(pl.col("closed") >= ENOUGH_CLOSED).then(pl.col("won") / pl.col("closed"))
    return (
        network["opportunities"]
        .group_by("stage")
        .agg(won=won, closed=closed)
        .join(network["stages"].select("stage", "probability"), on="stage", how="left")
        .join(usual, on="stage", how="left")
        .select("stage", win_rate=pl.coalesce(measured, "probability", "usual", pl.lit(0.0)))
    )


def _left_by_orders(network: Network, pairs: Pairs, forecast: Units) -> Units:
    policy = network.policy
    counts = pl.col("status").is_in(["confirmed", "shipped"])
    orders = dated_orders(network).filter(counts).with_columns(t="due")
    return consume(
        forecast, pairs.spread(orders), policy.consumption_back_weeks, policy.consumption_forward_weeks
    )


def _in_buckets(forecast: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    return forecast.with_columns(t=week_index_expr("week", policy.start_week))


def _around(forecast: Units) -> Units:
    """Sum over the weeks t−2 … t+2 inside the horizon."""
    padded = np.pad(forecast, ((0, 0), (2, 2)))
    horizon = forecast.shape[1]
    return np.sum([padded[:, s : s + horizon] for s in range(5)], axis=0)
