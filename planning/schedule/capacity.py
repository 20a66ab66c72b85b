"""How many robots run in a week, and for how many hours each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.network import Network

#: Names a robot model at a factory in a week.
Key = tuple[str, str, date]

_GIVEN = ("attended_hours", "unattended_hours", "availability")


@dataclass(frozen=True)
class RobotWeek:
    """The robots of one model at one factory in one week.

    Parameters
    ----------
    robots : productive units; one that stands in transfer is none.
    attended, unattended, overtime : hours a robot may run, each.
    availability : share of them really productive.
    """

    robots: int
    attended: float
    unattended: float
    overtime: float
    availability: float


def robot_weeks(network: Network, fleet: pl.DataFrame, weeks: Sequence[date]) -> dict[Key, RobotWeek]:
    """Robots and hours of every factory, robot model and week with a fleet.

    Productive units follow from `fleet.hours_available` = availability · (attended + unattended) ·
    units, which is 0 for units in transfer. In a week without such hours (a shutdown worked in
    overtime only) all units count.
    """
    units = fleet.filter(pl.col("week").is_in(list(weeks))).select(
        "factory", "robot_model", "week", "units", "hours_available"
    )
    rows = _with_hours(network, units)
    regular = pl.col("availability") * (pl.col("attended_hours") + pl.col("unattended_hours"))
    productive = pl.when(regular > 0).then(pl.col("hours_available") / regular).otherwise(pl.col("units"))
    key = ["factory", "robot_model", "week"]
    counted = rows.group_by(*key, *_GIVEN, "overtime_hours_per_week").agg(
        robots=productive.sum().round().cast(pl.Int64)
    )
    return {
        (row["factory"], row["robot_model"], row["week"]): RobotWeek(
            robots=row["robots"],
            attended=row["attended_hours"],
            unattended=row["unattended_hours"],
            overtime=row["overtime_hours_per_week"],
            availability=row["availability"],
        )
        for row in counted.iter_rows(named=True)
    }


def _with_hours(network: Network, units: pl.DataFrame) -> pl.DataFrame:
    """Add hours and availability: a calendar row of the model beats the general one, column by column."""
    calendar = network["calendar"].select("factory", "week", "robot_model", *_GIVEN)
    own = calendar.filter(pl.col("robot_model").is_not_null())
    own = own.rename({name: f"own_{name}" for name in _GIVEN})
    general = calendar.filter(pl.col("robot_model").is_null()).drop("robot_model")
    general = general.rename({name: f"general_{name}" for name in _GIVEN})
    normal = network["factories"].select(
        "factory",
        "overtime_hours_per_week",
        normal_attended_hours="attended_hours_per_week",
        normal_unattended_hours="unattended_hours_per_week",
    )
    robots = network["robots"].select("robot_model", normal_availability="availability")
    return (
        units.join(normal, on="factory")
        .join(robots, on="robot_model")
        .join(general, on=["factory", "week"], how="left")
        .join(own, on=["factory", "week", "robot_model"], how="left")
        .with_columns(
            pl.coalesce(f"own_{name}", f"general_{name}", f"normal_{name}").alias(name) for name in _GIVEN
        )
    )
