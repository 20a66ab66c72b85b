"""Which routing rows hold at which factory in which week, and what they take (2-data, routings.csv)."""

import polars as pl

from planning.domain.network import Network

ALWAYS = pl.date(1, 1, 1)


def rows_in_force(network: Network, weeks: pl.DataFrame) -> pl.DataFrame:
    """One row for each routing, factory, week and robot model that holds then.

    A factory's row replaces the general row of the same robot model within its revision; of the
    revisions that are left for the factory the latest effective one holds, of two the greater name.
    The documents do not say which of the two comes first; with this order a general revision that
    takes effect later also holds where an earlier revision had a row of the factory's own.

    Returns
    -------
    Columns of routings.csv (factory never null, energy_kwh_per_unit filled), power_kw, `lot` (units a
    far set-up is spread over), week and t.
    """
    rows = _rows_by_factory(network)
    chosen = _revision_in_force(rows, weeks)
    return rows.join(chosen, on=["routing", "factory", "revision"], how="inner").filter(
        pl.col("effective") <= pl.col("week")
    )


def _rows_by_factory(network: Network) -> pl.DataFrame:
    rows = network["routings"].with_columns(
        routing=pl.coalesce("routing", pl.col("product") + "/" + pl.col("robot_model")),
        revision=pl.col("revision").fill_null(""),
        effective=pl.col("effective_week").fill_null(ALWAYS),
    )
    own = rows.filter(pl.col("factory").is_not_null())
    general = (
        rows.filter(pl.col("factory").is_null())
        .drop("factory")
        .join(network["factories"].select("factory"), how="cross")
        .join(own, on=["routing", "factory", "revision", "robot_model"], how="anti")
        .select(own.columns)
    )
    robots = network["robots"].select("robot_model", pl.col("power_kw").fill_null(0.0))
    return pl.concat([own, general]).join(robots, on="robot_model", how="left").pipe(_filled)


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    none = ["setup_hours", "setup_cost", "unit_cost", "kgco2e_per_unit", "min_lot", "power_kw"]
    return rows.with_columns(
        pl.col(none).fill_null(0.0),
        pl.col("yield").fill_null(1.0),
        pl.col("lights_out").fill_null(value=False),
    ).with_columns(
        energy_kwh_per_unit=pl.coalesce("energy_kwh_per_unit", pl.col("hours_per_unit") * pl.col("power_kw")),
        lot=pl.max_horizontal("typical_lot", "min_lot", "batch_size", pl.lit(1.0)),
    )


def _revision_in_force(rows: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.select("routing", "factory", "revision", "effective")
        .unique()
        .join(weeks, how="cross")
        .filter(pl.col("effective") <= pl.col("week"))
        .sort("effective", "revision")
        .group_by("routing", "factory", "week", "t")
        .agg(pl.col("revision").last())
    )


def recipes(in_force: pl.DataFrame) -> pl.DataFrame:
    """One row for each routing, factory and week: what holds for the unit, whatever robots it takes.

    Returns
    -------
    routing, factory, week, product, min_lot, batch_size, yield and `sets_up` (a run needs a set-up or
    has a smallest lot).
    """
    return in_force.group_by("routing", "factory", "week").agg(
        pl.col("product").first(),
        pl.col("min_lot").max(),
        pl.col("batch_size").max(),
        pl.col("yield").min(),
        sets_up=((pl.col("setup_hours") > 0) | (pl.col("setup_cost") > 0) | (pl.col("min_lot") > 0)).any(),
    )
