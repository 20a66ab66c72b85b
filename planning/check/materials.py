"""Rule 9: materials, where bom.csv lists them."""

import polars as pl
import polars.selectors as cs

from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, found
from planning.domain.calendar import week_index_expr

ITEM = ["material", "factory"]


def check_materials(facts: Facts) -> list[Violation]:
    """Every rule about materials and purchases."""
    return [violation for check in (balance, lead_times, order_dates, costs) for violation in check(facts)]


@once
def used(facts: Facts) -> pl.DataFrame:
    """Material each production row takes: use follows gross units.

    A bom row without routing holds for every routing of the product and adds to the routing's own.

    Returns
    -------
    material, factory, week, used.
    """
    bom = facts.network["bom"]
    made = facts["production"].select("factory", "product", "routing", "week", "gross")
    general = made.join(bom.filter(pl.col("routing").is_null()).drop("routing"), on="product", how="inner")
    own = made.join(bom.filter(pl.col("routing").is_not_null()), on=["product", "routing"], how="inner")
    columns = [*ITEM, "week", "gross", "quantity_per_unit"]
    rows = pl.concat([general.select(columns), own.select(columns)])
    return rows.group_by(*ITEM, "week").agg(used=(pl.col("gross") * pl.col("quantity_per_unit")).sum())


@once
def supplied(facts: Facts) -> pl.DataFrame:
    """supply.csv of the horizon; what came before the start is on hand in the first week.

    Returns
    -------
    material, factory, t, quantity, unit_cost.
    """
    policy = facts.policy
    bucket = pl.max_horizontal(week_index_expr("week", policy.start_week), pl.lit(0, dtype=pl.Int64))
    price = facts.network["materials"].select("material", usual="unit_cost")
    return (
        facts.network["supply"]
        .with_columns(t=bucket)
        .filter(pl.col("t") < policy.horizon_weeks)
        .join(price, on="material", how="left")
        .select(*ITEM, "t", "quantity", unit_cost=pl.coalesce("unit_cost", "usual"))
    )


def balance(facts: Facts) -> list[Violation]:
    """stock[t] = stock[t−1] + supply[t] + buy[t] − use[t] ≥ 0."""
    came = supplied(facts).group_by(*ITEM, "t").agg(came=pl.col("quantity").sum())
    bought = facts["purchases"].group_by(*ITEM, "week").agg(bought=pl.col("quantity").sum())
    taken = used(facts)
    change = pl.col("came") + pl.col("bought") - pl.col("used")
    rows = (
        taken.select(ITEM)
        .unique()
        .join(facts.weeks, how="cross")
        .join(taken, on=[*ITEM, "week"], how="left")
        .join(bought, on=[*ITEM, "week"], how="left")
        .join(came, on=[*ITEM, "t"], how="left")
        .with_columns(cs.float().fill_null(0))
        .with_columns(stock=change.cum_sum().over(ITEM, order_by="t"))
        .with_columns(taken=pl.col("used").cum_sum().over(ITEM, order_by="t"))
    )
    short = rows.filter(pl.col("stock") < -(0.001 + 1e-6 * pl.col("taken"))).with_columns(
        amount=-pl.col("stock")
    )
    say = "{used:,.3f} used in the week, {amount:,.3f} more by then than there is"
    return found("9 material", short.sort(*ITEM, "week"), "amount", say)


def lead_times(facts: Facts) -> list[Violation]:
    """buy[t] = 0 for t < lead_time_weeks."""
    lead = pl.col("lead_time_weeks").fill_null(0)
    rows = (
        bought(facts)
        .join(facts.weeks, on="week", how="inner")
        .filter((pl.col("quantity") > 0.001) & (pl.col("t") < lead))
    )
    say = "{quantity:,.3f} bought for the week {t} from the start, it takes {lead_time_weeks} weeks"
    return found("9 material", rows, "quantity", say)


@once
def bought(facts: Facts) -> pl.DataFrame:
    """purchases.csv with the material's lead time and unit cost."""
    materials = facts.network["materials"].select(
        "material", "lead_time_weeks", "unit_cost", "kgco2e_per_unit"
    )
    return facts["purchases"].join(materials, on="material", how="left")


def order_dates(facts: Facts) -> list[Violation]:
    """Material is ordered its lead time before its week."""
    right = pl.col("week") - pl.duration(days=7 * pl.col("lead_time_weeks").fill_null(0))
    rows = bought(facts).with_columns(right=right).filter(pl.col("order_by").ne_missing(pl.col("right")))
    say = "order by {right}, purchases.csv says {order_by}"
    return found("9 material", rows, "quantity", say)


def costs(facts: Facts) -> list[Violation]:
    """A purchase costs quantity · unit_cost."""
    rows = bought(facts).with_columns(right=pl.col("quantity") * pl.col("unit_cost"))
    say = "purchases.csv costs {cost:,.2f}, {quantity:,.3f} at {unit_cost:,.2f} are {right:,.2f}"
    return differs("9 material", rows, "cost", "right", say)
