"""Netting: one rule (2-data, Netting) that counts every unit of demand once."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.calendar import due_week_expr, week_index_expr
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.netting.ladder import open_deals

Weekly = NDArray[np.float64]


@dataclass(frozen=True)
class NetDemand:
    """Demand after netting.

    Parameters
    ----------
    orders : open confirmed order lines due in the horizon or before it: order_id, line, product,
        market, priority, due_date, due_week, t (past due: 0), quantity (open units).
    expected : product, market, t, expected (opportunities and forecast left, unreachable included),
        unreachable, qualifying and qualifying_unreachable (the same for rule 8's first solve).
    consumption : how `expected` came about: product, market, t, forecast, by_orders (what orders took of
        that week's forecast), deals (opportunities as they count), by_deals (what those took of it),
        left (of the forecast); deals + left = expected.
    rent_or_wait : lumpy opportunities left out of the plan.
    stale : open opportunities whose date has passed.
    orders_beyond_horizon : open confirmed order lines due after the horizon.
    """

    orders: pl.DataFrame
    expected: pl.DataFrame
    consumption: pl.DataFrame
    rent_or_wait: pl.DataFrame
    stale: pl.DataFrame
    orders_beyond_horizon: int


def net_demand(network: Network) -> NetDemand:
    """Net orders and opportunities of `network` against its forecast (table `forecast`)."""
    policy = network.policy
    lines = _order_lines(network)
    booked = lines.filter(pl.col("t").is_between(0, policy.horizon_weeks - 1))
    deals = open_deals(network).filter(pl.col("t") < policy.horizon_weeks)
    live = deals.filter(~pl.col("stale"))
    series = _series(network["forecast"], booked, live)
    forecast = _forecast_rows(network["forecast"], policy)
    plain = _weekly(forecast, series, policy, "quantity")
    live = _mark_lumpy(live, series, plain, policy)

    orders = _weekly(booked, series, policy, "quantity")
    counted = live.filter(~pl.col("lumpy") | (pl.col("probability") >= policy.commit_threshold)).with_columns(
        counts=pl.when("lumpy").then("quantity").otherwise(pl.col("quantity") * pl.col("probability"))
    )
    sure = live.filter(pl.col("sure") >= policy.commit_threshold)
    certain = forecast.with_columns(quantity=_certain_base(policy.commit_threshold))

    open_lines = _open_confirmed(lines, policy)
    netted = _net(plain, orders, _weekly(counted, series, policy, "counts"), policy)
    expected = netted.expected
    qualifying = _net(
        _weekly(certain, series, policy, "quantity"),
        orders,
        _weekly(sure, series, policy, "quantity"),
        policy,
    ).expected
    free = _free_stock(network, open_lines)
    reach = _reachable_only_from_stock(network, series)
    frame = _frame(
        series,
        policy,
        expected=expected,
        unreachable=_unreachable(expected, series, free, reach),
        qualifying=qualifying,
        qualifying_unreachable=_unreachable(qualifying, series, free, reach),
    )
    return NetDemand(
        orders=open_lines,
        expected=frame,
        consumption=_frame(series, policy, **vars(netted)),
        rent_or_wait=live.filter(pl.col("lumpy") & (pl.col("probability") < policy.commit_threshold)),
        stale=deals.filter("stale"),
        orders_beyond_horizon=lines.filter(
            (pl.col("status") == "confirmed") & (pl.col("open") > 0) & (pl.col("t") >= policy.horizon_weeks)
        ).height,
    )


def consume(forecast: Weekly, demand: Weekly, back: int, forward: int) -> Weekly:
    """What is left of `forecast` after `demand` has consumed it.

    Week by week demand takes from its own week, then from up to `back` earlier weeks, nearest
    first, then from up to `forward` later ones; never below zero.

    Parameters
    ----------
    forecast, demand : (series, weeks) units.
    back, forward : weeks.
    """
    left = forecast.copy()
    weeks = left.shape[1]
    offsets = [0, *range(-1, -back - 1, -1), *range(1, forward + 1)]
    for t in range(weeks):
        open_units = demand[:, t].copy()
        for s in (t + offset for offset in offsets if 0 <= t + offset < weeks):
            taken = np.minimum(open_units, left[:, s])
            left[:, s] -= taken
            open_units -= taken
    return left


@dataclass(frozen=True, eq=False)
class _Netted:
    """A forecast and what took from it, (series, weeks) units each."""

    forecast: Weekly
    by_orders: Weekly
    deals: Weekly
    by_deals: Weekly
    left: Weekly

    @property
    def expected(self) -> Weekly:
        """Deals plus what orders, then deals, leave of the forecast."""
        return self.deals + self.left


def _net(forecast: Weekly, orders: Weekly, deals: Weekly, policy: Policy) -> _Netted:
    """Let orders, then deals, consume the forecast."""
    back, forward = policy.consumption_back_weeks, policy.consumption_forward_weeks
    after_orders = consume(forecast, orders, back, forward)
    after_deals = consume(after_orders, deals, back, forward)
    return _Netted(forecast, forecast - after_orders, deals, after_orders - after_deals, left=after_deals)


def _order_lines(network: Network) -> pl.DataFrame:
    """Confirmed and shipped order lines with due week, bucket (negative: past due) and open units."""
    policy = network.policy
    return (
        network["orders"]
        .filter(pl.col("status").is_in(["confirmed", "shipped"]))
        .with_columns(
            due_week=due_week_expr("due_date", policy.due_cutoff_weekday),
            open=(pl.col("quantity") - pl.col("quantity_shipped")).clip(0),
        )
        .with_columns(t=week_index_expr("due_week", policy.start_week))
        .sort("order_id", "line")
    )


def _open_confirmed(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    keep = ["order_id", "line", "product", "market", "priority", "due_date", "due_week"]
    return (
        lines.filter((pl.col("status") == "confirmed") & (pl.col("open") > 0))
        .filter(pl.col("t") < policy.horizon_weeks)
        .select(*keep, t=pl.col("t").clip(0), quantity=pl.col("open"))
    )


def _forecast_rows(forecast: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    rows = forecast.with_columns(t=week_index_expr("week", policy.start_week))
    return rows.filter(pl.col("t").is_between(0, policy.horizon_weeks - 1))


def _certain_base(threshold: float) -> pl.Expr:
    """The forecast's quantile exceeded with probability `threshold` (rule 8).

    0.9 is p10, 0.5 p50, 0.1 p90, linear between them; above 0.9 on a line from p10 to 0 at 1.
    A row that lacks one of its quantiles qualifies nothing.
    """
    p10, p50, p90 = pl.col("p10"), pl.col("p50"), pl.col("p90")
    if threshold > 0.9:
        quantile = p10 * (1 - threshold) / 0.1
    elif threshold >= 0.5:
        quantile = p10 + (p50 - p10) * (0.9 - threshold) / 0.4
    else:
        quantile = p50 + (p90 - p50) * min(1.0, (0.5 - threshold) / 0.4)
    whole = pl.all_horizontal(each.is_not_null() for each in (p10, p50, p90))
    return pl.when(whole).then(quantile.clip(0)).otherwise(0.0)


def _series(*frames: pl.DataFrame) -> pl.DataFrame:
    """Every product × market that occurs, with its row number s."""
    pairs = pl.concat([frame.select("product", "market") for frame in frames]).unique()
    return pairs.sort("product", "market").with_row_index("s")


def _weekly(rows: pl.DataFrame, series: pl.DataFrame, policy: Policy, column: str) -> Weekly:
    """`column` of `rows` summed into a (series, weeks) array."""
    cells = rows.join(series, on=["product", "market"]).select("s", "t", column)
    array = np.zeros((series.height, policy.horizon_weeks))
    np.add.at(array, (cells["s"].to_numpy(), cells["t"].to_numpy()), cells[column].to_numpy())
    return array


def _mark_lumpy(deals: pl.DataFrame, series: pl.DataFrame, forecast: Weekly, policy: Policy) -> pl.DataFrame:
    """Flag deals above `lumpy_deal_share` of the un-netted forecast of weeks t−2 … t+2."""
    located = deals.join(series, on=["product", "market"], maintain_order="left")
    padded = np.pad(forecast, ((0, 0), (2, 2)))
    around = sum(padded[:, k : k + policy.horizon_weeks] for k in range(5))
    base = np.asarray(around)[located["s"].to_numpy(), located["t"].to_numpy()]
    lumpy = located["quantity"].to_numpy() > policy.lumpy_deal_share * base
    return located.drop("s").with_columns(lumpy=pl.Series(lumpy, dtype=pl.Boolean))


def _free_stock(network: Network, open_lines: pl.DataFrame) -> dict[str, float]:
    """Stock and goods in transit that no open confirmed order of the horizon needs, by product."""
    coming = network["in_transit"].filter(pl.col("arrive_week") < network.policy.end_week)
    have = pl.concat([network["stock"].select("product", "quantity"), coming.select("product", "quantity")])
    held = dict(have.group_by("product").agg(pl.col("quantity").sum()).iter_rows())
    owed = dict(open_lines.group_by("product").agg(pl.col("quantity").sum()).iter_rows())
    return {product: max(0.0, units - owed.get(product, 0.0)) for product, units in held.items()}


def _reachable_only_from_stock(network: Network, series: pl.DataFrame) -> NDArray[np.int64]:
    """Per series the first week that production of the firm zone's end can reach.

    That is firm_weeks plus the shortest lane into the market; a market without lanes is out of reach.
    """
    policy = network.policy
    shortest = network["lanes"].group_by("market").agg(lead=pl.col("lead_time_weeks").min())
    lead = series.join(shortest, on="market", how="left", maintain_order="left")["lead"]
    return (policy.firm_weeks + lead.fill_null(policy.horizon_weeks)).to_numpy()


def _unreachable(
    expected: Weekly, series: pl.DataFrame, free: dict[str, float], first_week: NDArray[np.int64]
) -> Weekly:
    """Expected demand too early for new production and not covered by free stock.

    Free stock is given out in week order, the markets of a week in id order.
    """
    weeks = expected.shape[1]
    early = np.arange(weeks)[None, :] < first_week[:, None]
    wanted = np.where(early, expected, 0.0)
    result = wanted.copy()
    products = series["product"].to_numpy()
    for product, units in free.items():
        rows = np.flatnonzero(products == product)
        in_order = wanted[rows].T.ravel()
        given = np.diff(np.minimum(np.cumsum(in_order), units), prepend=0.0)
        result[rows] -= given.reshape(weeks, len(rows)).T
    return np.maximum(result, 0.0)


def _frame(series: pl.DataFrame, policy: Policy, **columns: Weekly) -> pl.DataFrame:
    """(series, weeks) arrays as rows product, market, t and a column each; all-zero rows left out."""
    weeks = pl.DataFrame({"t": range(policy.horizon_weeks)}, schema={"t": pl.Int64})
    rows = series.join(weeks, how="cross").select("product", "market", "t")
    rows = rows.with_columns(pl.Series(name, array.ravel()) for name, array in columns.items())
    return rows.filter(pl.max_horizontal(*columns) > 0)
