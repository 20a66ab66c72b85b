"""fleet: robots by source and week, the hours they work and what they cost."""

import polars as pl

from planning.domain.calendar import week_of_index_expr
from planning.export.production import conform
from planning.optimise.plan import Solution

_CELL = ["r", "f", "t"]
#: Robots of our own work first, then contracts, then new units: rent is paid whether they work or not.
_ORDER = {"owned": 0, "contract": 1, "offer": 2}


def fleet_table(solution: Solution) -> pl.DataFrame:
    """Units, hours and cost per source.

    A model's work fills included hours before any overage, and overage where it is cheapest first. Units
    on the move are counted where they will stand, with no hours.
    """
    problem = solution.problem
    units = pl.concat([_owned(solution), _contracts(solution), _offers(solution)])
    rows = units.join(problem.hours, on=_CELL).with_columns(
        hours=pl.col("availability") * (pl.col("attended") + pl.col("unattended")) * pl.col("productive"),
        full=pl.col("availability")
        * (pl.col("attended") + pl.col("unattended") + pl.col("overtime"))
        * pl.col("productive"),
        free=pl.col("included").fill_null(float("inf")) * pl.col("productive"),
        order=pl.col("source").replace_strict(_ORDER, return_dtype=pl.Int64),
    )
    rows = rows.with_columns(within=pl.min_horizontal("full", "free"))
    rows = rows.join(_work(solution), on=_CELL, how="left").with_columns(pl.col("work").fill_null(0.0))
    rows = _fill(rows, "within", "work", ["order", "id"], "inside").with_columns(
        left=(pl.col("work") - pl.col("within").sum().over(_CELL)).clip(0),
        rest=pl.col("full") - pl.col("within"),
    )
    rows = _fill(rows, "rest", "left", ["overage", "order", "id"], "over")
    named = problem.names.decode(rows, factory="f", robot_model="r").with_columns(
        week=week_of_index_expr("t", problem.policy.start_week),
        hours_available="hours",
        hours_used=pl.col("inside") + pl.col("over"),
        overage_hours="over",
        cost=pl.col("rent") + pl.col("over") * pl.col("overage"),
    )
    return conform("fleet", named, "factory", "robot_model", "source", "id", "week")


def _fill(rows: pl.DataFrame, room: str, demand: str, order: list[str], name: str) -> pl.DataFrame:
    """Column `name`: `demand` of the cell poured into `room` in `order`."""
    rows = rows.sort(*_CELL, *order, nulls_last=True)
    before = pl.col(room).cum_sum().over(_CELL) - pl.col(room)
    return rows.with_columns(pl.min_horizontal((pl.col(demand) - before).clip(0), room).alias(name))


def _work(solution: Solution) -> pl.DataFrame:
    """r, f, t, work: robot hours worked."""
    parts = [solution.values(kind, digits=9) for kind in ("attended", "unattended", "overtime")]
    return pl.concat(parts).group_by(_CELL).agg(work=pl.col("value").sum())


def _owned(solution: Solution) -> pl.DataFrame:
    problem = solution.problem
    weeks = pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})
    rows = problem.owned.filter(pl.col("units") > 0).join(weeks, how="cross")
    return rows.select(
        *_CELL,
        source=pl.lit("owned"),
        id=pl.lit(None, pl.String),
        units=pl.col("units").cast(pl.Float64),
        productive=pl.col("units").cast(pl.Float64),
        included=pl.lit(None, pl.Float64),
        overage=pl.lit(0.0),
        rent=(pl.col("units") * pl.col("weekly_cost")).cast(pl.Float64),
    )


def _moving(solution: Solution, name: str, key: str) -> pl.DataFrame:
    frame = solution.model.expressions[name].frame
    x = pl.Series(solution.answer.x[frame["col"].to_numpy()])
    rows = frame.with_columns(moving=pl.col("coef") * x)
    return rows.group_by(key, "f", "t").agg(pl.col("moving").sum())


def _contracts(solution: Solution) -> pl.DataFrame:
    problem = solution.problem
    terms = problem.contracts.select("c", "o", "rate").join(problem.offers.drop("rate"), on="o")
    kept = solution.values("kept").rename({"value": "units"}).join(terms, on="c")
    return _rented(solution, "contract", "c", kept, "moving_contract")


def _offers(solution: Solution) -> pl.DataFrame:
    terms = solution.problem.offers.drop("rate")
    on_rent = solution.values("on_rent").rename({"value": "units"}).join(terms, on="o")
    rated = on_rent.join(offer_rates(solution), on=["o", "f", "t"])
    return _rented(solution, "offer", "o", rated, "moving")


def _rented(solution: Solution, source: str, key: str, units: pl.DataFrame, moving: str) -> pl.DataFrame:
    """Rows like `_owned`'s from units on rent with their rate; those on the move do not work."""
    rows = units.join(_moving(solution, moving, key), on=[key, "f", "t"], how="left")
    named = solution.problem.names.decode(rows, id=key)
    return named.select(
        *_CELL,
        "id",
        "units",
        "included",
        "overage",
        source=pl.lit(source),
        productive=pl.col("units") - pl.col("moving").fill_null(0.0),
        rent=pl.col("units") * pl.col("rate"),
    ).select(_owned(solution).columns)


def offer_rates(solution: Solution) -> pl.DataFrame:
    """o, f, t, rate: what a new unit pays that week, by the tier reached."""
    problem = solution.problem
    tiers = solution.values("tier_units").join(problem.tiers, on=["o", "from_units"])
    tiered = tiers.group_by("o", "f", "t").agg(tier_rate=pl.col("rate").max())
    rows = solution.values("on_rent").join(problem.offers.select("o", "rate"), on="o")
    rows = rows.join(tiered, on=["o", "f", "t"], how="left")
    return rows.select("o", "f", "t", rate=pl.coalesce("tier_rate", "rate"))
