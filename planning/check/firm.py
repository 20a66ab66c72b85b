"""Rule 7: the firm zone, the frozen zone, and started or pinned work."""

import polars as pl

from planning.check.facts import Facts, once
from planning.check.production import firm_work
from planning.check.violation import Violation, exceeds

RUN = ["routing", "factory", "week"]


def check_firm(facts: Facts) -> list[Violation]:
    """Every rule about the first weeks."""
    return [violation for check in (released, frozen_most, frozen_least, firm) for violation in check(facts)]


def released(facts: Facts) -> list[Violation]:
    """Over the firm weeks nothing is made that is not sold.

    Σ make ≤ need + max(0, L − 1), and 0 where need ≤ 0, with need = ⌈open confirmed of the horizon, past
    due included − opening stock − in transit⌉ and L the largest min_lot or ⌊yield · batch_size⌋ of its
    routings (of any factory and revision); never less than firm work plus frozen quantities.
    """
    firm_weeks = facts.weeks.filter(pl.col("t") < facts.policy.firm_weeks)
    made = (
        facts["production"]
        .join(firm_weeks, on="week", how="semi")
        .group_by("product")
        .agg(made=pl.col("quantity").sum())
    )
    need = (-pl.col("free") - 1e-6).ceil()
    limit = pl.when(need > 0).then(need + (pl.col("lot").fill_null(0.0) - 1).clip(0.0)).otherwise(0.0)
    rows = (
        made.join(facts.free, on="product", how="left")
        .join(_largest_lots(facts), on="product", how="left")
        .join(_bound_anyway(facts, firm_weeks), on="product", how="left")
        .with_columns(need=need, limit=pl.max_horizontal(limit, pl.col("anyway").fill_null(0.0)))
    )
    say = "{made:,.3f} units made in the firm weeks, {need:,.0f} sold and not in stock, at most {limit:,.3f}"
    return exceeds("7 firm", rows, "made", "limit", say)


def _largest_lots(facts: Facts) -> pl.DataFrame:
    """product, lot: the largest lot a routing of it makes at once, in good units."""
    batch = (pl.col("yield").fill_null(1.0) * pl.col("batch_size") + 1e-9).floor()
    lot = pl.max_horizontal("min_lot", batch).max()
    return facts.network["routings"].group_by("product").agg(lot=lot)


def _bound_anyway(facts: Facts, firm_weeks: pl.DataFrame) -> pl.DataFrame:
    """product, anyway: firm work plus frozen quantities of the firm weeks."""
    product = facts.network["routings"].select(
        "product", routing=pl.coalesce("routing", pl.col("product") + "/" + pl.col("robot_model"))
    )
    work = (
        firm_work(facts)
        .join(product.unique(), on="routing", how="inner")
        .select("product", "week", "quantity_left")
    )
    standing = frozen_quantities(facts).select("product", "week", quantity_left="published")
    return (
        pl.concat([work, standing])
        .join(firm_weeks, on="week", how="semi")
        .group_by("product")
        .agg(anyway=pl.col("quantity_left").sum())
    )


@once
def published_production(facts: Facts) -> pl.DataFrame:
    """The published plan's production in the weeks it shares with this one.

    Returns
    -------
    routing, factory, week, product, published (good units); empty without a published plan.
    """
    frame = facts.network.published.get("production")
    if frame is None:
        frame = facts.plan["production"].clear()
    return (
        frame.join(facts.weeks, on="week", how="semi")
        .group_by(RUN)
        .agg(pl.col("product").first(), published=pl.col("quantity").fill_null(0.0).sum())
    )


def frozen_weeks(facts: Facts) -> pl.DataFrame:
    """Weeks in which the published plan stands: the first frozen_weeks, as far as it speaks of them."""
    if facts.published_weeks is None:
        return facts.weeks.clear()
    first, last = facts.published_weeks
    return facts.weeks.filter(
        (pl.col("t") < facts.policy.frozen_weeks) & pl.col("week").is_between(first, last)
    )


def frozen_quantities(facts: Facts) -> pl.DataFrame:
    """Published production of the frozen weeks."""
    return published_production(facts).join(frozen_weeks(facts), on="week", how="semi")


def frozen_most(facts: Facts) -> list[Violation]:
    """In the frozen weeks production ≤ published; started and pinned work may be more."""
    made = facts["production"].join(frozen_weeks(facts), on="week", how="semi")
    rows = (
        made.join(frozen_quantities(facts).drop("product"), on=RUN, how="left")
        .join(firm_work(facts), on=RUN, how="left")
        .with_columns(pl.col("published", "quantity_left").fill_null(0.0))
        .with_columns(limit=pl.max_horizontal("published", "quantity_left"))
    )
    say = "{quantity:,.3f} units in a frozen week, the published plan has {published:,.3f}"
    return exceeds("7 frozen", rows, "quantity", "limit", say)


def frozen_least(facts: Facts) -> list[Violation]:
    """In the frozen weeks production ≥ published − quantities since cancelled.

    Which factory and week a cancelled quantity comes off the documents leave open: per product it comes
    off the sum. What plan.json relaxes names no product; it is taken off each.
    """
    made = facts["production"].select(*RUN, "quantity")
    relaxed = facts.relaxed.filter(pl.col("slack") == "frozen")["allowed"].sum()
    short = (pl.col("published") - pl.col("quantity").fill_null(0.0)).clip(0.0)
    rows = (
        frozen_quantities(facts)
        .join(made, on=RUN, how="left")
        .group_by("product")
        .agg(short=short.sum(), published=pl.col("published").sum())
        .join(cancelled(facts), on="product", how="left")
        .with_columns(limit=pl.col("cancelled").fill_null(0.0) + relaxed)
    )
    say = "{short:,.3f} of {published:,.3f} frozen units are not made, {limit:,.3f} are cancelled or relaxed"
    return exceeds("7 frozen", rows, "short", "limit", say)


def cancelled(facts: Facts) -> pl.DataFrame:
    """What the published plan had promised and nobody wants any more.

    A promised line that is cancelled or gone counts whole, one that became smaller by the difference.

    Returns
    -------
    product, cancelled (units).
    """
    promises = facts.network.published.get("promises")
    if promises is None:
        wanted = facts.orders.filter(pl.col("status") == "cancelled")
        return wanted.group_by("product").agg(cancelled=pl.col("quantity").sum())
    now = facts.orders.filter(pl.col("status") != "cancelled").select("order_id", "line", now="quantity")
    return (
        promises.group_by("order_id", "line", "product")
        .agg(pl.col("quantity").max())
        .join(now, on=["order_id", "line"], how="left")
        .with_columns(less=(pl.col("quantity") - pl.col("now").fill_null(0.0)).clip(0.0))
        .group_by("product")
        .agg(cancelled=pl.col("less").sum())
    )


def firm(facts: Facts) -> list[Violation]:
    """Started and pinned work: make ≥ quantity_left in its week, less what plan.json relaxes there."""
    made = facts["production"].select(*RUN, "quantity")
    rows = (
        firm_work(facts)
        .join(made, on=RUN, how="left")
        .join(facts.allowed("frozen"), on=["factory", "week"], how="left")
        .with_columns(pl.col("quantity", "allowed").fill_null(0.0))
        .with_columns(limit=pl.col("quantity") + pl.col("allowed"))
    )
    say = "{quantity_left:,.3f} units are started or pinned, {quantity:,.3f} are made"
    return exceeds("7 pinned", rows, "quantity_left", "limit", say)
