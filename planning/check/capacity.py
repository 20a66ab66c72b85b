"""Hours and availability of robots by factory, model and week, calendar included (2-data, calendar.csv)."""

import polars as pl

from planning.domain.network import Network


def robot_weeks(network: Network, weeks: pl.DataFrame) -> pl.DataFrame:
    """Hours one robot of each model may run at each factory in each week.

    A calendar row for the model beats the all-models row, column by column.

    Returns
    -------
    factory, robot_model, week, t, attended (A), unattended (U), overtime (V) in hours per robot, and
    availability (α).
    """
    calendar = network["calendar"].select(
        "factory", "week", "robot_model", "attended_hours", "unattended_hours", "availability"
    )
    for_all = calendar.filter(pl.col("robot_model").is_null()).drop("robot_model")
    robots = network["robots"].select("robot_model", default=pl.col("availability").fill_null(0.85))
    return (
        _factories(network)
        .join(robots, how="cross")
        .join(weeks, how="cross")
        .join(calendar, on=["factory", "week", "robot_model"], how="left")
        .join(for_all, on=["factory", "week"], how="left", suffix="_all")
        .select(
            "factory",
            "robot_model",
            "week",
            "t",
            attended=pl.coalesce("attended_hours", "attended_hours_all", "attended_hours_per_week"),
            unattended=pl.coalesce("unattended_hours", "unattended_hours_all", "unattended_hours_per_week"),
            overtime="overtime_hours_per_week",
            availability=pl.coalesce("availability", "availability_all", "default"),
        )
    )


def people_weeks(network: Network, weeks: pl.DataFrame) -> pl.DataFrame:
    """Hours people are at each factory in each week: calendar rows without a robot model included.

    Returns
    -------
    factory, week, attended (A), overtime (V) in hours, supervisors (null: no limit).
    """
    for_all = (
        network["calendar"]
        .filter(pl.col("robot_model").is_null())
        .select("factory", "week", "attended_hours")
    )
    return (
        _factories(network)
        .join(weeks, how="cross")
        .join(for_all, on=["factory", "week"], how="left")
        .select(
            "factory",
            "week",
            "supervisors",
            attended=pl.coalesce("attended_hours", "attended_hours_per_week"),
            overtime="overtime_hours_per_week",
        )
    )


def operators_by_week(network: Network, weeks: pl.DataFrame) -> pl.DataFrame:
    """Operators by factory, process and week; a row with a week beats one without.

    Returns
    -------
    factory, process, week, operators; what is not listed has no row.
    """
    rows = network["operators"]
    always = rows.filter(pl.col("week").is_null()).drop("week").join(weeks.select("week"), how="cross")
    dated = rows.filter(pl.col("week").is_not_null())
    keys = ["factory", "process", "week"]
    listed = dated.join(weeks.select("week"), on="week", how="semi").select(*keys, "operators")
    return pl.concat([listed, always.join(dated, on=keys, how="anti").select(*keys, "operators")])


def _factories(network: Network) -> pl.DataFrame:
    return network["factories"].select(
        "factory",
        "supervisors",
        pl.col("attended_hours_per_week").fill_null(40.0),
        pl.col("unattended_hours_per_week", "overtime_hours_per_week").fill_null(0.0),
    )
