"""production.csv row by row: routing in force, yield, batches, lots, set-ups and hours (rules 4, 10)."""

import polars as pl

from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds, found

RUN = ["routing", "factory", "week"]

#: Units below which nothing is made.
NOTHING = 0.001


def check_production(facts: Facts) -> list[Violation]:
    """Every rule that a row of production.csv must keep by itself."""
    checks = (in_force, yields, batches, set_ups, smallest_lots, robot_hours, unattended, purpose, whole)
    return [violation for check in checks for violation in check(facts)]


@once
def runs(facts: Facts) -> pl.DataFrame:
    """production.csv with what holds for the routing at that factory in that week, and t."""
    rows = facts["production"].join(facts.recipes, on=RUN, how="inner", suffix="_routing")
    return rows.join(facts.weeks, on="week", how="inner")


def in_force(facts: Facts) -> list[Violation]:
    """What is made has a routing that holds there and then, and is the product of that routing."""
    made = facts["production"].filter(pl.max_horizontal("gross", "quantity") > NOTHING)
    without = made.join(facts.recipes, on=RUN, how="anti")
    other = runs(facts).filter(pl.col("product") != pl.col("product_routing"))
    return found(
        "4 routing", without, "gross", "{gross:,.3f} units of a routing that does not hold there in that week"
    ) + found("4 routing", other, "gross", "the routing makes {product_routing}, not {product}")


def yields(facts: Facts) -> list[Violation]:
    """make ≤ yield · gross."""
    rows = runs(facts).with_columns(limit=pl.col("yield") * pl.col("gross"))
    say = "{quantity:,.3f} good units of {gross:,.3f} gross, at most {limit:,.3f} are good"
    return exceeds("4 yield", rows, "quantity", "limit", say)


def batches(facts: Facts) -> list[Violation]:
    """gross = batches · batch_size, where there is one."""
    rows = (
        runs(facts)
        .filter(pl.col("batch_size").is_not_null())
        .with_columns(right=pl.col("batches") * pl.col("batch_size"))
    )
    say = "{gross:,.3f} gross units are not {batches} batches of {batch_size:g}"
    return differs("4 batch", rows, "gross", "right", say)


def set_ups(facts: Facts) -> list[Violation]:
    """In the first setup_weeks nothing runs without its set-up; after them there are none."""
    last = facts.policy.setup_weeks
    rows = runs(facts)
    unset = rows.filter(
        (pl.col("t") < last) & pl.col("sets_up") & (pl.col("gross") > NOTHING) & (pl.col("setup") != 1)
    )
    flag = rows.filter(
        ((pl.col("t") < last) & ~pl.col("setup").is_in([0, 1]))
        | ((pl.col("t") >= last) & (pl.col("setup") != 0))
    )
    return found("4 setup", unset, "gross", "{gross:,.3f} units run without a set-up") + found(
        "4 setup", flag, "setup", f"setup is {{setup}}; single set-ups are planned in the first {last} weeks"
    )


def smallest_lots(facts: Facts) -> list[Violation]:
    """A run makes at least min_lot good units; started and pinned work may be less."""
    pinned = firm_work(facts).select(*RUN)
    rows = (
        runs(facts)
        .filter((pl.col("t") < facts.policy.setup_weeks) & (pl.col("setup") == 1))
        .join(pinned, on=RUN, how="anti")
    )
    return exceeds(
        "4 min_lot", rows, "min_lot", "quantity", "{quantity:,.3f} units, the smallest lot is {min_lot:g}"
    )


def firm_work(facts: Facts) -> pl.DataFrame:
    """Started and pinned work: before the start in the first week, none after the horizon.

    Returns
    -------
    factory, routing, week, quantity_left (good units).
    """
    policy = facts.policy
    week = pl.max_horizontal("week", pl.lit(policy.start_week))
    rows = facts.network["firm_work"].with_columns(week=week).filter(pl.col("week") < policy.end_week)
    return rows.group_by(RUN).agg(pl.col("quantity_left").sum())


def robot_hours(facts: Facts) -> list[Violation]:
    """robot_hours is hours_per_unit · gross and the set-up hours, over all robot models of the routing."""
    right = facts.work.group_by(RUN).agg(right=(pl.col("run") + pl.col("set_up")).sum())
    rows = facts["production"].join(right, on=RUN, how="inner")
    say = "production.csv has {robot_hours:,.3f} robot hours, gross units and set-up take {right:,.3f}"
    return differs("4 hours", rows, "robot_hours", "right", say)


def unattended(facts: Facts) -> list[Violation]:
    """Only lights-out work without its set-up runs with nobody there."""
    lights = facts.work.group_by(RUN).agg(pl.col("lights").sum())
    rows = facts["production"].join(lights, on=RUN, how="inner")
    say = "{unattended_hours:,.3f} hours with nobody there, lights-out work is {lights:,.3f}"
    return exceeds("4 unattended", rows, "unattended_hours", "lights", say)


def purpose(facts: Facts) -> list[Violation]:
    """What is made for confirmed and for expected demand is no more than what is made."""
    rows = facts["production"].with_columns(meant=pl.col("for_confirmed") + pl.col("for_expected"))
    say = "{meant:,.3f} units for confirmed and expected demand, {quantity:,.3f} are made"
    return exceeds("production", rows, "meant", "quantity", say)


def whole(facts: Facts) -> list[Violation]:
    """Rule 10: in the firm weeks gross and good units are whole."""
    part = pl.max_horizontal(*((pl.col(c) - pl.col(c).round()).abs() for c in ("gross", "quantity")))
    rows = runs(facts).filter(pl.col("t") < facts.policy.firm_weeks).with_columns(amount=part)
    say = "{quantity:,.6f} good of {gross:,.6f} gross units: not whole in a firm week"
    return found("10 whole", rows.filter(pl.col("amount") > 0.001), "amount", say)
