"""How well what is paid for is used: paid hours worked, and what good units cost."""

import polars as pl

from planning.domain.plan import Plan


def paid_hours(fleet: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Hours paid for and worked of robots on rent.

    Parameters
    ----------
    fleet : rows of fleet.csv. by : columns to tell apart; none: all in one row.

    Returns
    -------
    by, paid (productive hours available), worked, utilisation (worked / paid; null where no hour is paid
    for; overtime can lift it above 1). Sorted by `by`.
    """
    rented = fleet.filter(pl.col("source") != "owned")
    sums = [pl.col("hours_available").sum().alias("paid"), pl.col("hours_used").sum().alias("worked")]
    rows = rented.group_by(by).agg(sums).sort(by) if by else rented.select(sums)
    return rows.with_columns(utilisation=pl.when(pl.col("paid") > 0).then(pl.col("worked") / pl.col("paid")))


def utilisation(fleet: pl.DataFrame) -> float | None:
    """Hours worked / hours paid for of robots on rent; None where no hour is paid for."""
    whole: float | None = paid_hours(fleet)["utilisation"].item()
    return whole


def cost_per_good_unit(objective: float, priority: float, good_units: float) -> float | None:
    """(objective − priority) / good units made; None where none is made. Priority is weight, not money."""
    return (objective - priority) / good_units if good_units else None


def robot_cost_by_factory(plan: Plan) -> pl.DataFrame:
    """What the robots of each factory cost a good unit made there.

    Returns
    -------
    factory, robot_weeks (on rent), paid, worked, utilisation (of robots on rent), cost (rent and overage of
    robots on rent, weekly cost of owned ones: fleet.csv), good_units, cost_per_unit (null where none is
    made). Sorted by factory.
    """
    on_rent = pl.col("units").filter(pl.col("source") != "owned").sum()
    costs = plan["fleet"].group_by("factory").agg(robot_weeks=on_rent, cost=pl.col("cost").sum())
    made = plan["production"].group_by("factory").agg(good_units=pl.col("quantity").sum())
    return (
        costs.join(paid_hours(plan["fleet"], "factory"), on="factory", how="left")
        .join(made, on="factory", how="left")
        .with_columns(pl.col("paid", "worked", "good_units").fill_null(0.0))
        .with_columns(
            cost_per_unit=pl.when(pl.col("good_units") > 0).then(pl.col("cost") / pl.col("good_units"))
        )
        .select(
            "factory",
            "robot_weeks",
            "paid",
            "worked",
            "utilisation",
            "cost",
            "good_units",
            "cost_per_unit",
        )
        .sort("factory")
    )
