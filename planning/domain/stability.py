"""What already stands: started and pinned work, the published plan, and how much may be released."""

from datetime import date

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.problem import Coder

_CELL = {"v": pl.Int64, "f": pl.Int64, "t": pl.Int64, "quantity": pl.Float64}


def firm_work(network: Network, code: Coder) -> pl.DataFrame:
    """v, f, t, quantity: good units pinned or started; past weeks count in the first, far ones not."""
    policy = network.policy
    rows = network["firm_work"].with_columns(t=week_index_expr("week", policy.start_week).clip(0))
    rows = code(rows.filter(pl.col("t") < policy.horizon_weeks), "routing", "factory")
    return rows.group_by("v", "f", "t").agg(quantity=pl.col("quantity_left").sum()).sort("v", "f", "t")


def published_production(network: Network, code: Coder) -> pl.DataFrame:
    """v, f, t, quantity of the published plan in weeks of this horizon; empty where there is none."""
    published = network.published.get("production")
    if published is None:
        return pl.DataFrame(schema=_CELL)
    policy = network.policy
    rows = published.with_columns(t=week_index_expr("week", policy.start_week))
    rows = rows.filter(pl.col("t").is_between(0, policy.horizon_weeks - 1))
    known = code(rows, "routing", "factory").drop_nulls(["v", "f"])
    return known.group_by("v", "f", "t").agg(pl.col("quantity").sum()).sort("v", "f", "t")


def published_by(plan: Plan) -> dict[str, pl.DataFrame]:
    """The tables of a plan as a network has those of its published plan, with its horizon in `plan`."""
    summary = plan.summary
    head = {
        "plan_id": [str(summary["plan_id"])],
        "version": [str(summary["version"])],
        "start_week": [date.fromisoformat(summary["start_week"])],
        "horizon_weeks": [int(summary["horizon_weeks"])],
    }
    return dict(plan.tables) | {"plan": pl.DataFrame(head)}


def published_until(network: Network) -> int:
    """Bucket up to which (exclusive) both the published plan and this one reach; 0 without one.

    The published plan's own horizon counts where plan.json tells it, else its last week of production.
    """
    policy, production = network.policy, network.published.get("production")
    if production is None:
        return 0
    plan = network.published.get("plan")
    if plan is not None:
        start, weeks = plan.select("start_week", "horizon_weeks").row(0)
        end = policy.bucket(start) + weeks
    else:
        last = production.select(week_index_expr("week", policy.start_week).max()).item()
        end = 0 if last is None else last + 1
    return int(min(max(end, 0), policy.horizon_weeks))


def frozen_cuts(network: Network, code: Coder) -> pl.DataFrame:
    """p, cancelled: units of the published plan's orders that have been cancelled since."""
    promises = network.published.get("promises")
    if promises is None:
        return pl.DataFrame(schema={"p": pl.Int64, "cancelled": pl.Float64})
    cancelled = network["orders"].filter(pl.col("status") == "cancelled").select("order_id", "line")
    lines = promises.unique(["order_id", "line"]).join(cancelled, on=["order_id", "line"], how="semi")
    rows = lines.group_by("product").agg(cancelled=pl.col("quantity").sum())
    return code(rows, "product").drop_nulls("p").select("p", "cancelled").sort("p")


def firm_limits(
    network: Network, orders: pl.DataFrame, fixed: pl.DataFrame, published: pl.DataFrame, code: Coder
) -> pl.DataFrame:
    """p, limit: most good units of each product over the firm weeks (rule 7).

    The need is the open confirmed quantity of the horizon less stock and goods in transit, rounded up;
    a positive need may be exceeded by one lot less one unit, and what is pinned, started or frozen may
    always be made.
    """
    policy = network.policy
    coming = network["in_transit"].filter(pl.col("arrive_week") < policy.end_week)
    have = pl.concat([network["stock"].select("product", "quantity"), coming.select("product", "quantity")])
    batch = (pl.col("yield") * pl.col("batch_size") + 1e-9).floor()
    lots = (
        network["routings"]
        .group_by("product")
        .agg(lot=pl.max_horizontal(pl.col("min_lot").max(), batch.max(), pl.lit(0.0)).max())
    )
    rows = (
        network["products"]
        .select("product")
        .join(orders.group_by("product").agg(due=pl.col("quantity").sum()), on="product", how="left")
        .join(have.group_by("product").agg(held=pl.col("quantity").sum()), on="product", how="left")
        .join(lots, on="product", how="left")
        .with_columns(need=(pl.col("due").fill_null(0.0) - pl.col("held").fill_null(0.0) - 1e-9).ceil())
    )
    rows = code(rows, "product")
    spare = (pl.col("lot").fill_null(0.0) - 1).clip(0)
    standing = _standing(network, fixed, published, code)
    return (
        rows.join(standing, on="p", how="left")
        .select(
            "p",
            limit=pl.max_horizontal(
                pl.when(pl.col("need") > 0).then(pl.col("need") + spare).otherwise(0.0),
                pl.col("standing").fill_null(0.0),
            ),
        )
        .sort("p")
    )


def _standing(network: Network, fixed: pl.DataFrame, published: pl.DataFrame, code: Coder) -> pl.DataFrame:
    """p, standing: units pinned, started or frozen in the firm weeks; a cell that is both counts once."""
    policy = network.policy
    frozen = published.filter(pl.col("t") < policy.frozen_weeks).rename({"quantity": "frozen"})
    cells = fixed.join(frozen, on=["v", "f", "t"], how="full", coalesce=True)
    owner = code(network["routings"].select("routing", "product").unique(), "routing", "product")
    firm = cells.filter(pl.col("t") < policy.firm_weeks).join(owner, on="v")
    return firm.group_by("p").agg(
        standing=pl.max_horizontal(pl.col("quantity").fill_null(0.0), pl.col("frozen").fill_null(0.0)).sum()
    )
