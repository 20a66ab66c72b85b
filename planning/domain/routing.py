"""Which routing rows hold where and when: factory rows over general ones, the latest revision in force."""

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.network import Network

#: Columns in which all rows of one routing and revision agree.
SHARED = ("product", "revision", "typical_lot", "min_lot", "batch_size", "yield")
#: Columns that belong to the unit and add up over a routing's robot models.
ADDED = ("setup_cost", "unit_cost", "energy_kwh_per_unit", "kgco2e_per_unit")


def resolve_routings(network: Network) -> pl.DataFrame:
    """The routing rows in force, per routing, factory, bucket and robot model.

    A row without factory holds at every factory unless that factory has its own row for the same
    robot model. Of several revisions the one with the latest `effective_week` not after the bucket
    holds; of two with the same week the greater name.

    Returns
    -------
    routing, factory, t (0 … T−1), robot_model, hours_per_unit, setup_hours, lights_out and the
    columns of `SHARED` and `ADDED`; sorted by routing, factory, t, robot_model.
    """
    policy = network.policy
    everywhere = network["factories"].select(place="factory")
    rows = (
        network["routings"]
        .with_columns(effective=week_index_expr("effective_week", policy.start_week).fill_null(-(10**6)))
        .with_columns(revision=pl.col("revision").fill_null(""))
        .join(everywhere, how="cross")
        .filter(pl.col("factory").is_null() | (pl.col("factory") == pl.col("place")))
        .with_columns(own=pl.col("factory").is_not_null())
    )
    weeks = pl.DataFrame({"t": range(policy.horizon_weeks)}, schema={"t": pl.Int64})
    in_force = rows.join(weeks, how="cross").filter(pl.col("effective") <= pl.col("t"))
    cell = ["routing", "place", "t"]
    latest = in_force.sort(*cell, "effective", "revision").group_by(cell).agg(holds=pl.col("revision").last())
    return (
        in_force.join(latest, on=cell)
        .filter(pl.col("revision") == pl.col("holds"))
        .sort(*cell, "robot_model", "own", "effective")
        .group_by(*cell, "robot_model", maintain_order=True)
        .last()
        .select(
            "routing",
            pl.col("place").alias("factory"),
            "t",
            "robot_model",
            "hours_per_unit",
            "setup_hours",
            "lights_out",
            *SHARED,
            *ADDED,
        )
    )
