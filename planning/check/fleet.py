"""fleet.csv row by row: units of our own, hours, overage and cost (rules 4 and 6)."""

import polars as pl

from planning.check.facts import Facts
from planning.check.violation import Violation, differs, exceeds, found

ROBOTS = ["factory", "robot_model", "week"]


def check_fleet(facts: Facts) -> list[Violation]:
    """Every rule that the rows of fleet.csv must keep."""
    checks = (sources, owned_units, available, within, worked, overage, rented_cost, owned_cost)
    return [violation for check in checks for violation in check(facts)]


def sources(facts: Facts) -> list[Violation]:
    """Rented rows name an offer or a contract of that robot model."""
    known = pl.concat(
        [
            facts.network["offers"].select(pl.lit("offer").alias("source"), "robot_model", id="offer"),
            facts.contracts.select(pl.lit("contract").alias("source"), "robot_model", id="contract"),
        ]
    )
    rows = facts["fleet"].filter((pl.col("source") != "owned") & (pl.col("units") > 0))
    lost = rows.join(known, on=["source", "robot_model", "id"], how="anti")
    return found("6 rent", lost, "units", "{units} units on rent: no such {source} of this robot model")


def owned_units(facts: Facts) -> list[Violation]:
    """Robots of our own stand where owned.csv has them, in every week."""
    keys = ["factory", "robot_model"]
    right = facts.network["owned"].group_by(keys).agg(right=pl.col("units").sum())
    rows = facts["fleet"].filter(pl.col("source") == "owned").group_by(ROBOTS).agg(pl.col("units").sum())
    pairs = pl.concat([right.select(keys), rows.select(keys)]).unique()
    grid = (
        pairs.join(facts.weeks, how="cross")
        .join(rows, on=ROBOTS, how="left")
        .join(right, on=keys, how="left")
        .with_columns(pl.col("units", "right").fill_null(0))
    )
    return differs(
        "4 fleet", grid, "units", "right", "fleet.csv has {units} robots of our own, there are {right}"
    )


def available(facts: Facts) -> list[Violation]:
    """hours_available = α(A+U) · productive units."""
    per_robot = pl.col("availability") * (pl.col("attended") + pl.col("unattended"))
    rows = facts.stands.with_columns(right=per_robot * pl.col("productive"))
    say = "fleet.csv has {hours_available:,.3f} hours, {productive} productive units give {right:,.3f}"
    return differs("4 fleet", rows, "hours_available", "right", say)


def within(facts: Facts) -> list[Violation]:
    """No robot works more than α(A+U+V)."""
    per_robot = pl.col("availability") * pl.sum_horizontal("attended", "unattended", "overtime")
    rows = facts.stands.with_columns(limit=per_robot * pl.col("productive"))
    say = "{hours_used:,.3f} hours used, {productive} productive units have {limit:,.3f} with overtime"
    return exceeds("4 fleet", rows, "hours_used", "limit", say)


def worked(facts: Facts) -> list[Violation]:
    """The work of a factory's robots of one model is spread over its owned, contract and offer units."""
    used = facts["fleet"].group_by(ROBOTS).agg(pl.col("hours_used").sum())
    rows = used.join(facts.hours_worked, on=ROBOTS, how="full", coalesce=True).with_columns(
        pl.col("hours_used", "work").fill_null(0.0)
    )
    say = "fleet.csv uses {hours_used:,.3f} hours, production takes {work:,.3f}"
    return differs("4 fleet", rows, "hours_used", "work", say)


def overage(facts: Facts) -> list[Violation]:
    """Overage is what a row's units work beyond their included hours.

    Whether a unit in transfer brings its included hours the documents leave open: either will do.
    """
    rows = facts.rates
    beyond = [
        (pl.col("hours_used") - pl.col("included_hours_per_week") * pl.col(units)).clip(0.0).fill_null(0.0)
        for units in ("units", "productive")
    ]
    rows = rows.with_columns(least=beyond[0], most=beyond[1])
    say = (
        "{overage_hours:,.3f} overage hours, {hours_used:,.3f} used, {included_hours_per_week} each included"
    )
    of_our_own = facts["fleet"].filter((pl.col("source") == "owned") & (pl.col("overage_hours") > 0.001))
    return (
        exceeds("4 overage", rows, "least", "overage_hours", say)
        + exceeds("4 overage", rows, "overage_hours", "most", say)
        + found("4 overage", of_our_own, "overage_hours", "{overage_hours:,.3f} hours of robots of our own")
    )


def rented_cost(facts: Facts) -> list[Violation]:
    """A rented row costs its units at their rate and its overage."""
    rates = facts.rates
    rows = rates.with_columns(
        right=pl.col("units") * pl.col("rate") + pl.col("overage_hours") * pl.col("overage_per_hour")
    )
    say = "fleet.csv costs {cost:,.2f}, {units} units at {rate:,.2f} and overage are {right:,.2f}"
    return differs("6 rent", rows, "cost", "right", say)


def owned_cost(facts: Facts) -> list[Violation]:
    """An owned row costs weekly_cost · units."""
    keys = ["factory", "robot_model"]
    money = pl.col("units") * pl.col("weekly_cost").fill_null(0.0)
    right = facts.network["owned"].group_by(keys).agg(right=money.sum())
    rows = (
        facts["fleet"]
        .filter(pl.col("source") == "owned")
        .group_by(ROBOTS)
        .agg(pl.col("cost").sum())
        .join(right, on=keys, how="inner")
    )
    return differs(
        "4 fleet", rows, "cost", "right", "fleet.csv costs {cost:,.2f}, our robots cost {right:,.2f}"
    )
