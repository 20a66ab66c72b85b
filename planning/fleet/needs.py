"""Robots a plan has, and robots its work needs, by factory, model and week."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import week_of_index_expr
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.routing import resolve_routings

CELL = ("factory", "robot_model", "week")
_WORKED = ("attended_used", "unattended_used", "overtime_used")


def robots_needed(plan: Plan, network: Network | None) -> pl.DataFrame:
    """Robots there and robots needed: the fewest that do the plan's work of the week without overtime.

    needed = max(work with people / (α·A), all work / (α·(A + U))) of one robot's hours (rule 4). Work of a
    lights-out routing, without its set-up, may fill unattended hours whether the plan runs it there or not;
    all other work, and what is worked overtime, takes attended hours. Without a network only what the plan
    runs unattended is known to be able to.

    Returns
    -------
    factory, robot_model, week; owned, contract, offer (units of fleet.csv); there (of them those that can
    work: units on the move do not); hours (productive hours of one robot, attended and unattended); used,
    overtime (hours worked); needed (robots, a fraction); surplus (there − needed; null where the robots
    have no hours that week). Sorted by factory, robot_model, week.
    """
    cells = (
        _units(plan["fleet"])
        .join(_on_the_move(plan["rentals"]), on=CELL, how="left")
        .join(plan["hours"], on=CELL, how="left")
        .join(_could_run_unattended(plan, network), on=CELL, how="left")
        .with_columns(pl.exclude(CELL).fill_null(0))
        .with_columns(there=pl.col("owned") + pl.col("contract") + pl.col("offer") - pl.col("moving"))
    )
    attended = pl.col("attended_available") / pl.col("there")
    cells = cells.with_columns(
        used=pl.sum_horizontal(_WORKED),
        overtime="overtime_used",
        hours=_or_nothing(attended + pl.col("unattended_available") / pl.col("there")),
        attended_hours=_or_nothing(attended),
    ).with_columns(
        unattended=pl.max_horizontal("unattended_used", pl.min_horizontal("lights_out", "used")),
    )
    with_people = pl.col("used") - pl.col("unattended")
    needed = pl.max_horizontal(_robots(with_people, "attended_hours"), _robots(pl.col("used"), "hours"))
    return (
        cells.with_columns(needed=needed)
        .with_columns(surplus=pl.when(pl.col("hours") > 0).then(pl.col("there") - pl.col("needed")))
        .select(
            *CELL, "owned", "contract", "offer", "there", "hours", "used", "overtime", "needed", "surplus"
        )
        .sort(*CELL)
    )


def _robots(work: pl.Expr, hours: str) -> pl.Expr:
    return pl.when(pl.col(hours) > 0).then(work / pl.col(hours)).otherwise(0.0)


def _or_nothing(hours: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("there") > 0).then(hours).otherwise(0.0)


def _units(fleet: pl.DataFrame) -> pl.DataFrame:
    of_source = {
        source: pl.col("units").filter(pl.col("source") == source).sum()
        for source in ("owned", "contract", "offer")
    }
    return fleet.group_by(CELL).agg(**of_source)


def _on_the_move(rentals: pl.DataFrame) -> pl.DataFrame:
    """Cells' units on their way from another factory: fleet.csv has them there, but they do not work yet."""
    weeks = pl.date_ranges("off_rent_date", "on_rent_date", "1w", closed="left")
    return (
        rentals.filter(pl.col("action") == "move")
        .select(pl.col("to_factory").alias("factory"), "robot_model", "units", week=weeks)
        .explode("week", empty_as_null=False)
        .group_by(CELL)
        .agg(moving=pl.col("units").sum())
    )


def _could_run_unattended(plan: Plan, network: Network | None) -> pl.DataFrame:
    """Cells' hours of lights-out work without its set-up: hours_per_unit · gross of such routings."""
    if network is None:
        return pl.DataFrame(schema={"factory": pl.String, "robot_model": pl.String, "week": pl.Date} | _HOURS)
    # The network may have been brought in after the plan was made: the plan's own weeks count.
    policy = replace(
        network.policy,
        start_week=date.fromisoformat(plan.summary["start_week"]),
        horizon_weeks=int(plan.summary["horizon_weeks"]),
    )
    made = plan["production"].filter(pl.col("gross") > 0).select("routing", "factory", "week", "gross")
    lights_out = network["routings"].filter(pl.col("lights_out")).join(made, on="routing", how="semi")
    # Every row of such a routing, because a later revision may take the night off it.
    routings = network["routings"].join(lights_out, on="routing", how="semi")
    resolved = resolve_routings(replace(network, policy=policy).with_tables(routings=routings))
    per_unit = resolved.filter("lights_out").select(
        "routing",
        "factory",
        "robot_model",
        "hours_per_unit",
        week=week_of_index_expr("t", policy.start_week),
    )
    return (
        made.join(per_unit, on=["routing", "factory", "week"])
        .group_by(CELL)
        .agg(lights_out=(pl.col("gross") * pl.col("hours_per_unit")).sum())
    )


_HOURS: dict[str, Any] = {"lights_out": pl.Float64}
