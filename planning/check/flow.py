"""Rule 1 and the shipments of rule 2: stock balances, storage, lanes, goods waiting at markets; rule 10."""

import polars as pl
import polars.selectors as cs

from planning.check.facts import Facts
from planning.check.violation import Violation, differs, exceeds, found

PLACE = ["factory", "product", "week"]


def check_flow(facts: Facts) -> list[Violation]:
    """Every rule about units made, kept and shipped."""
    checks = (stock_balance, storage, lanes, arrivals, draws, pools, whole_shipments)
    return [violation for check in checks for violation in check(facts)]


def stock_balance(facts: Facts) -> list[Violation]:
    """stock[t] = stock[t−1] + made − shipped, from stock.csv, and never below zero."""
    rows = stock_by_week(facts)
    short = rows.filter(pl.col("right") < -0.001).with_columns(amount=-pl.col("right"))
    say = "{amount:,.3f} more units have left by the end of the week than there were"
    return found("1 stock", short, "amount", say) + differs(
        "1 stock",
        rows,
        "quantity",
        "right",
        "inventory.csv has {quantity:,.3f} units, production and shipments leave {right:,.3f}",
    )


def stock_by_week(facts: Facts) -> pl.DataFrame:
    """Stock as exported beside the stock that production and shipments leave.

    Returns
    -------
    factory, product, week, t, quantity (inventory.csv), right (recomputed).
    """
    made = facts["production"].group_by(PLACE).agg(made=pl.col("quantity").sum())
    left = facts["shipments"].group_by("factory", "product", pl.col("ship_week").alias("week"))
    shipped = left.agg(shipped=pl.col("quantity").sum())
    opening = facts.network["stock"].group_by("factory", "product").agg(opening=pl.col("quantity").sum())
    exported = facts["inventory"].group_by(PLACE).agg(pl.col("quantity").sum())
    items = [frame.select("factory", "product") for frame in (made, shipped, opening, exported)]
    change = (pl.col("made") - pl.col("shipped")).cum_sum().over("factory", "product", order_by="t")
    return (
        pl.concat(items)
        .unique()
        .join(facts.weeks, how="cross")
        .join(made, on=PLACE, how="left")
        .join(shipped, on=PLACE, how="left")
        .join(exported, on=PLACE, how="left")
        .join(opening, on=["factory", "product"], how="left")
        .with_columns(cs.float().fill_null(0))
        .with_columns(right=pl.col("opening") + change)
        .sort("factory", "product", "t")
    )


def storage(facts: Facts) -> list[Violation]:
    """Σ_p stock ≤ storage_units, plus what plan.json says was relaxed."""
    limits = facts.network["factories"].select("factory", "storage_units")
    rows = (
        facts["inventory"]
        .group_by("factory", "week")
        .agg(stock=pl.col("quantity").sum())
        .join(limits, on="factory", how="inner")
        .join(facts.allowed("storage"), on=["factory", "week"], how="left")
        .with_columns(limit=pl.col("storage_units") + pl.col("allowed").fill_null(0.0))
    )
    say = "{stock:,.3f} units in stock, {limit:,.3f} fit (relaxation included)"
    return exceeds("1 storage", rows, "stock", "limit", say)


def lanes(facts: Facts) -> list[Violation]:
    """Shipments go over lanes that exist and take their lead time."""
    lead = pl.duration(days=7 * pl.col("lead_time_weeks").fill_null(0))
    rows = (
        facts["shipments"]
        .filter(pl.col("quantity") > 0)
        .join(facts.network["lanes"], on=["factory", "market"], how="left", suffix="_lane")
        .with_columns(amount=pl.col("quantity"), right=pl.col("ship_week") + lead)
    )
    known = facts.network["lanes"].select("factory", "market")
    no_lane = rows.join(known, on=["factory", "market"], how="anti")
    wrong = rows.join(known, on=["factory", "market"], how="semi").filter(
        pl.col("arrive_week") != pl.col("right")
    )
    say = "{amount:,.3f} units leave {ship_week} and arrive {arrive_week}, the lane brings them {right}"
    return found(
        "2 lanes", no_lane, "amount", "{amount:,.3f} units go from {factory} to {market}: no such lane"
    ) + found("2 lanes", wrong, "amount", say)


def arrivals(facts: Facts) -> list[Violation]:
    """No shipment arrives after the horizon."""
    late = facts["shipments"].filter(
        (pl.col("quantity") > 0) & (pl.col("arrive_week") >= facts.policy.end_week)
    )
    say = "{quantity:,.3f} units arrive {arrive_week}, after the horizon"
    return found("2 arrivals", late, "quantity", say)


def draws(facts: Facts) -> list[Violation]:
    """What arrives is served in its week: only goods in transit before the start may wait."""
    rows = facts.waiting.filter(pl.col("draw") < -(0.001 + 1e-6 * pl.col("arrived")))
    say = "{arrived:,.3f} units arrive, {served:,.3f} are served; {amount:,.3f} would wait at the market"
    return found("2 market", rows.with_columns(amount=-pl.col("draw")), "amount", say)


def pools(facts: Facts) -> list[Violation]:
    """What is served beyond a week's shipments has been in transit and is there."""
    rows = facts.waiting.filter(pl.col("pool") < -0.001).with_columns(amount=-pl.col("pool"))
    say = "{served:,.3f} units are served, {arrived:,.3f} arrive: {amount:,.3f} came from nowhere"
    return found("2 market", rows, "amount", say)


def whole_shipments(facts: Facts) -> list[Violation]:
    """Rule 10: in the firm weeks shipments are whole units."""
    firm = facts.weeks.filter(pl.col("t") < facts.policy.firm_weeks)
    part = (pl.col("quantity") - pl.col("quantity").round()).abs()
    rows = facts["shipments"].join(firm, left_on="ship_week", right_on="week", how="semi")
    say = "{quantity:,.6f} units leave {ship_week}: not whole in a firm week"
    return found("10 whole", rows.with_columns(amount=part).filter(part > 0.001), "amount", say)
