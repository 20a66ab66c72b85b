"""schedule.csv: the week's work on numbered robots, inside shifts (2-data, the export folder)."""

import polars as pl

from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds, found
from planning.check.windows import windows

RULE = "schedule"

#: Hours by which times in whole seconds may be off.
SECONDS = 0.001


def check_schedule(facts: Facts) -> list[Violation]:
    """Every rule about schedule.csv."""
    checks = (
        times,
        long_enough,
        numbered,
        one_at_a_time,
        in_shifts,
        lights_out,
        hours_of_runs,
        hours_of_robots,
        units,
        known_orders,
    )
    return [violation for check in checks for violation in check(facts)]


@once
def jobs(facts: Facts) -> pl.DataFrame:
    """schedule.csv with `opens` and `closes` as date-times, `work` and `elapsed` hours, and t."""
    text = [pl.col(name).str.replace("T", " ") for name in ("start", "end")]
    opens, closes = (
        pl.coalesce(
            column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us"),
            column.str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us"),
        )
        for column in text
    )
    return (
        facts["schedule"]
        .with_columns(opens=opens, closes=closes, work=pl.col("setup_hours") + pl.col("run_hours"))
        .with_columns(
            pl.col("unattended").fill_null(value=False),
            elapsed=(pl.col("closes") - pl.col("opens")).dt.total_microseconds() / 3.6e9,
        )
        .join(facts.weeks, on="week", how="left")
    )


def scheduled_weeks(facts: Facts) -> pl.DataFrame:
    """Weeks that must be laid out whole: the firm ones, and every other week with a job."""
    laid_out = facts.weeks.join(facts["schedule"], on="week", how="semi")["t"].to_list()
    return facts.weeks.filter((pl.col("t") < facts.policy.firm_weeks) | pl.col("t").is_in(laid_out))


def times(facts: Facts) -> list[Violation]:
    """A job starts and ends in its week; a shift past midnight may carry it into the next Monday."""
    rows = jobs(facts)
    unread = rows.filter(pl.col("opens").is_null() | pl.col("closes").is_null())
    monday = pl.col("week").cast(pl.Datetime("us"))
    outside = rows.filter(
        (pl.col("opens") < monday)
        | (pl.col("opens") >= monday + pl.duration(days=7))
        | (pl.col("closes") > monday + pl.duration(days=8))
    )
    return found(RULE, unread, "work", "start {start} or end {end} is not a date-time") + found(
        RULE, outside, "work", "from {start} to {end}: not in its week {week}"
    )


def long_enough(facts: Facts) -> list[Violation]:
    """end − start ≥ setup_hours + run_hours."""
    rows = jobs(facts).with_columns(limit=pl.col("elapsed") + SECONDS)
    say = "{work:,.3f} hours of work in {elapsed:,.3f} hours"
    return exceeds(RULE, rows, "work", "limit", say)


def numbered(facts: Facts) -> list[Violation]:
    """Robots are numbered from 1 to the productive units of the week."""
    rows = (
        jobs(facts)
        .join(facts.productive, on=["factory", "robot_model", "week"], how="left")
        .with_columns(pl.col("robots").fill_null(0))
        .filter((pl.col("robot") > pl.col("robots")) | (pl.col("robot") < 1))
    )
    return found(RULE, rows, "work", "job on robot {robot}, {robots} can work that week")


def one_at_a_time(facts: Facts) -> list[Violation]:
    """No two jobs on one robot at the same time."""
    robot = ["factory", "robot_model", "robot"]
    busy_until = pl.col("closes").cum_max().shift(1).over(robot)
    rows = jobs(facts).sort(*robot, "opens", "closes").with_columns(busy=busy_until)
    overlap = (pl.col("busy") - pl.col("opens")).dt.total_microseconds() / 3.6e9
    clash = rows.with_columns(amount=overlap).filter((pl.col("amount") > SECONDS) & (pl.col("elapsed") > 0))
    return found(RULE, clash, "amount", "starts {start} on a robot that is busy until {busy}")


def placed(facts: Facts) -> pl.DataFrame:
    """Jobs with the hours they lie outside the shifts of their kind.

    Returns
    -------
    jobs with inside and outside (hours of the span).
    """
    rows = jobs(facts).with_row_index("job").with_columns(attended=~pl.col("unattended"))
    open_hours = rows.join(windows(facts), on=["factory", "week", "attended"], how="inner", suffix="_shift")
    common = pl.min_horizontal("closes", "closes_shift") - pl.max_horizontal("opens", "opens_shift")
    inside = (
        open_hours.with_columns(common=common.dt.total_microseconds() / 3.6e9)
        .group_by("job")
        .agg(inside=pl.col("common").clip(0.0).sum())
    )
    return (
        rows.join(inside, on="job", how="left")
        .with_columns(inside=pl.min_horizontal(pl.col("inside").fill_null(0.0), "elapsed"))
        .with_columns(outside=pl.col("elapsed") - pl.col("inside"))
    )


def in_shifts(facts: Facts) -> list[Violation]:
    """Jobs lie inside the shifts of their kind, overtime outside them.

    The hours of the plan come from factories and calendar. Where they are more than the shifts have, and
    where the robots of the model work overtime, a robot may work outside by no more than that difference
    and its overtime.
    """
    span = (pl.col("closes") - pl.col("opens")).dt.total_microseconds() / 3.6e9
    in_week = pl.col("opens") >= pl.col("week").cast(pl.Datetime("us"))
    in_plan = windows(facts).filter(in_week).group_by("factory", "week", "attended").agg(shifts=span.sum())
    overtime = facts["hours"].select("factory", "robot_model", "week", "overtime_used")
    hours = facts.robot_weeks.rename({"attended": "A", "unattended": "U", "overtime": "V"}).drop("t")
    planned = pl.when("attended").then("A").otherwise("U")
    extra = pl.when(pl.col("attended") & (pl.col("overtime_used") > SECONDS)).then("V").otherwise(0.0)
    rows = (
        placed(facts)
        .group_by("factory", "robot_model", "robot", "week", "attended")
        .agg(pl.col("outside").sum(), start=pl.col("start").filter(pl.col("outside") > SECONDS).first())
        .join(hours, on=["factory", "robot_model", "week"], how="inner")
        .join(in_plan, on=["factory", "week", "attended"], how="left")
        .join(overtime, on=["factory", "robot_model", "week"], how="left")
        .with_columns(pl.col("overtime_used", "shifts").fill_null(0.0))
        .with_columns(limit=(planned - pl.col("shifts")).clip(0.0) + extra + SECONDS)
        .with_columns(kind=pl.when("attended").then(pl.lit("attended")).otherwise(pl.lit("unattended")))
        .sort("factory", "robot_model", "robot", "week")
    )
    say = "{outside:,.3f} hours outside the {kind} shifts, first the job from {start}; {limit:,.3f} may be"
    return exceeds(RULE, rows, "outside", "limit", say)


def lights_out(facts: Facts) -> list[Violation]:
    """With nobody there only lights-out work runs, and nothing is set up."""
    keys = ["routing", "factory", "week", "robot_model"]
    rows = jobs(facts).filter("unattended")
    dark = rows.join(facts.in_force.filter("lights_out"), on=keys, how="anti")
    return found(RULE, dark, "work", "{work:,.3f} hours with nobody there: not lights-out work") + found(
        RULE,
        rows.filter(pl.col("setup_hours") > SECONDS),
        "setup_hours",
        "{setup_hours:,.3f} hours of set-up with nobody there",
    )


def hours_of_runs(facts: Facts) -> list[Violation]:
    """A week's jobs add up to production's robot hours, routing by routing."""
    keys = ["factory", "routing", "week"]
    laid_out = jobs(facts).group_by(keys).agg(pl.col("work").sum())
    right = (
        facts["production"].select(*keys, "robot_hours").join(scheduled_weeks(facts), on="week", how="semi")
    )
    rows = laid_out.join(right, on=keys, how="full", coalesce=True).fill_null(0.0)
    say = "jobs take {work:,.3f} hours, production.csv has {robot_hours:,.3f}"
    return differs(RULE, rows.sort(keys), "work", "robot_hours", say)


def hours_of_robots(facts: Facts) -> list[Violation]:
    """Jobs with and without people add up to the hours of hours.csv, robot model by robot model."""
    keys = ["factory", "robot_model", "week"]
    dark = pl.col("unattended")
    laid_out = (
        jobs(facts)
        .group_by(keys)
        .agg(with_people=pl.col("work").filter(~dark).sum(), without=pl.col("work").filter(dark).sum())
    )
    right = facts["hours"].select(
        *keys, "unattended_used", manned=pl.col("attended_used") + pl.col("overtime_used")
    )
    rows = laid_out.join(
        right.join(scheduled_weeks(facts), on="week", how="semi"), on=keys, how="full", coalesce=True
    ).fill_null(0.0)
    say = "jobs take {%s:,.3f} hours, hours.csv has {%s:,.3f} %s"
    return differs(
        RULE, rows, "with_people", "manned", say % ("with_people", "manned", "attended and overtime")
    ) + differs(RULE, rows, "without", "unattended_used", say % ("without", "unattended_used", "unattended"))


def units(facts: Facts) -> list[Violation]:
    """Jobs on every robot model of a routing add up to its good units."""
    keys = ["factory", "routing", "robot_model", "week"]
    laid_out = jobs(facts).group_by(keys).agg(units=pl.col("quantity").sum())
    right = facts.work.select(*keys, "quantity").join(scheduled_weeks(facts), on="week", how="semi")
    rows = laid_out.join(right, on=keys, how="full", coalesce=True).fill_null(0.0)
    say = "jobs make {units:,.3f} units, production.csv has {quantity:,.3f}"
    return differs(RULE, rows.sort(keys), "units", "quantity", say)


def known_orders(facts: Facts) -> list[Violation]:
    """for_orders names order lines that are open in the horizon."""
    name = pl.col("order_id") + "/" + pl.col("line").cast(pl.String)
    open_lines = facts.open_lines.select(order=name)
    named = (
        facts["schedule"]
        .filter(pl.col("for_orders").fill_null("") != "")
        .with_columns(order=pl.col("for_orders").str.split(";"))
        .explode("order")
        .filter(pl.col("order") != "")
    )
    stray = named.join(open_lines, on="order", how="anti").with_columns(amount=1.0)
    return found(RULE, stray, "amount", "made for {order}, which is not open in the horizon")
