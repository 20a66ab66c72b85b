"""hours.csv, floor and people: rules 4 and 5."""

import polars as pl
import polars.selectors as cs

from planning.check.capacity import operators_by_week, people_weeks
from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds

ROBOTS = ["factory", "robot_model", "week"]


def check_hours(facts: Facts) -> list[Violation]:
    """Every rule about robot hours, places and people."""
    checks = (worked, available, within, lights_out, nobody_there, floor, supervision, operators)
    return [violation for check in checks for violation in check(facts)]


@once
def robot_hours(facts: Facts) -> pl.DataFrame:
    """hours.csv beside what production takes and the productive robots can give.

    Returns
    -------
    hours.csv (0 where it has no row) with attended, unattended, overtime, availability (per robot),
    robots (N), work, lights, and the capacities of_attended, of_unattended, of_overtime.
    """
    of_kind = pl.col("availability") * pl.col("robots")
    return (
        facts.robot_weeks.join(facts["hours"], on=ROBOTS, how="left")
        .join(facts.hours_worked, on=ROBOTS, how="left")
        .join(facts.productive, on=ROBOTS, how="left")
        .with_columns(cs.numeric().fill_null(0))
        .with_columns(
            of_attended=of_kind * pl.col("attended"),
            of_unattended=of_kind * pl.col("unattended"),
            of_overtime=of_kind * pl.col("overtime"),
            used=pl.sum_horizontal("attended_used", "unattended_used", "overtime_used"),
        )
        .sort(ROBOTS)
    )


def worked(facts: Facts) -> list[Violation]:
    """Work = attended_used + unattended_used + overtime_used."""
    say = "hours.csv uses {used:,.3f} robot hours, production takes {work:,.3f}"
    return differs("4 hours", robot_hours(facts), "used", "work", say)


def available(facts: Facts) -> list[Violation]:
    """Attended hours available are α·A·N, unattended ones α·U·N."""
    rows = robot_hours(facts)
    say = "hours.csv has {%s:,.3f} hours, {robots} robots give {%s:,.3f}"
    out = []
    for kind in ("attended", "unattended"):
        given, right = f"{kind}_available", f"of_{kind}"
        out += differs("4 hours", rows, given, right, f"{kind}: " + say % (given, right))
    return out


def within(facts: Facts) -> list[Violation]:
    """Used hours stay within α·A·N, α·U·N and α·V·N."""
    rows, out = robot_hours(facts), []
    for kind in ("attended", "unattended", "overtime"):
        say = f"{{{kind}_used:,.3f}} {kind} hours used, {{robots}} robots have {{of_{kind}:,.3f}}"
        out += exceeds(f"4 {kind}", rows, f"{kind}_used", f"of_{kind}", say)
    return out


def lights_out(facts: Facts) -> list[Violation]:
    """Unattended hours are at most the work of lights-out routings without their set-up."""
    say = "{unattended_used:,.3f} hours with nobody there, lights-out work is {lights:,.3f}"
    return exceeds("4 unattended", robot_hours(facts), "unattended_used", "lights", say)


def nobody_there(facts: Facts) -> list[Violation]:
    """Unattended hours are the same in production.csv and in hours.csv, factory by factory.

    production.csv has them by routing and hours.csv by robot model; only their sum is comparable.
    """
    of_production = (
        facts["production"].group_by("factory", "week").agg(right=pl.col("unattended_hours").sum())
    )
    rows = (
        robot_hours(facts)
        .group_by("factory", "week")
        .agg(pl.col("unattended_used").sum())
        .join(of_production, on=["factory", "week"], how="left")
        .with_columns(pl.col("right").fill_null(0.0))
    )
    say = "hours.csv has {unattended_used:,.3f} hours with nobody there, production.csv {right:,.3f}"
    return differs("4 unattended", rows, "unattended_used", "right", say)


def floor(facts: Facts) -> list[Violation]:
    """Σ_r floor_slots · N ≤ floor_slots; robots in transfer are not counted."""
    slots = facts.network["robots"].select("robot_model", pl.col("floor_slots").fill_null(1.0))
    rows = (
        facts.productive.join(slots, on="robot_model", how="inner")
        .group_by("factory", "week")
        .agg(taken=(pl.col("robots") * pl.col("floor_slots")).sum())
        .join(facts.network["factories"].select("factory", "floor_slots"), on="factory", how="inner")
        .join(facts.allowed("floor"), on=["factory", "week"], how="left")
        .with_columns(limit=pl.col("floor_slots") + pl.col("allowed").fill_null(0.0))
    )
    say = "robots take {taken:g} places, there are {limit:g} (relaxation included)"
    return exceeds("5 floor", rows, "taken", "limit", say)


def supervision(facts: Facts) -> list[Violation]:
    """Σ_r attended_used / robots_per_supervisor ≤ supervisors · A, and overtime_used ≤ supervisors · V.

    A relaxation of supervision is not split into the two in plan.json: both together stay within it.
    """
    watched = facts.network["robots"].select(
        "robot_model", share=pl.col("robots_per_supervisor").fill_null(1.0)
    )
    short = pl.max_horizontal(pl.col("needed") - pl.col("limit"), 0.0) + pl.max_horizontal(
        pl.col("needed_overtime") - pl.col("limit_overtime"), 0.0
    )
    rows = (
        facts["hours"]
        .join(watched, on="robot_model", how="inner")
        .group_by("factory", "week")
        .agg(
            needed=(pl.col("attended_used") / pl.col("share")).sum(),
            needed_overtime=(pl.col("overtime_used") / pl.col("share")).sum(),
        )
        .join(people_weeks(facts.network, facts.weeks), on=["factory", "week"], how="inner")
        .with_columns(
            limit=pl.col("supervisors") * pl.col("attended"),
            limit_overtime=pl.col("supervisors") * pl.col("overtime"),
        )
        .filter(pl.col("supervisors").is_not_null())
        .with_columns(short=short)
        .join(facts.allowed("supervision"), on=["factory", "week"], how="left")
        .with_columns(pl.col("allowed").fill_null(0.0))
    )
    say = (
        "supervisors are needed {needed:,.3f} of {limit:,.3f} hours and {needed_overtime:,.3f} of "
        "{limit_overtime:,.3f} overtime hours; {allowed:,.3f} are relaxed"
    )
    return exceeds("5 supervision", rows, "short", "allowed", say)


def operators(facts: Facts) -> list[Violation]:
    """Per process Σ attended_used / robots_per_operator ≤ operators · A, where operators.csv lists it.

    A relaxation of operators names factory and week: the processes together stay within it.
    """
    tended = facts.network["robots"].select(
        "robot_model",
        "process",
        share=pl.coalesce("robots_per_operator", "robots_per_supervisor", pl.lit(1.0)),
    )
    hours = people_weeks(facts.network, facts.weeks).select("factory", "week", "attended")
    rows = (
        facts["hours"]
        .join(tended, on="robot_model", how="inner")
        .group_by("factory", "week", "process")
        .agg(needed=(pl.col("attended_used") / pl.col("share")).sum())
        .join(operators_by_week(facts.network, facts.weeks), on=["factory", "process", "week"], how="inner")
        .join(hours, on=["factory", "week"], how="inner")
        .with_columns(limit=pl.col("operators") * pl.col("attended"))
        .with_columns(short=pl.max_horizontal(pl.col("needed") - pl.col("limit"), 0.0))
        .filter(pl.col("short") > 0.001)
        .sort("process")
        .group_by("factory", "week")
        .agg(pl.col("process").str.join(" + "), pl.col("needed", "limit", "short").sum())
        .join(facts.allowed("operators"), on=["factory", "week"], how="left")
        .with_columns(pl.col("allowed").fill_null(0.0))
    )
    say = "operators are needed {needed:,.3f} hours and there for {limit:,.3f}; {allowed:,.3f} are relaxed"
    return exceeds("5 operators", rows, "short", "allowed", say)
