"""production, hours, shipments, inventory and purchases: the flow of work and goods as export tables."""

import polars as pl

from planning.domain.calendar import week_of_index_expr
from planning.domain.problem import Problem
from planning.domain.schema import EXPORT
from planning.export.pegging import peg_production
from planning.optimise.model.hours import work_terms
from planning.optimise.model.variables import gross_terms
from planning.optimise.plan import Solution

_ROUTE = ["v", "f", "t"]
_CELL = ["r", "f", "t"]


def evaluate(solution: Solution, frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sum of terms (`col`, `coef`) at the solution, per index columns `by`, as the column `value`."""
    x = pl.Series(solution.answer.x[frame["col"].to_numpy()])
    rows = frame.select(*by, value=pl.col("coef") * x)
    return rows.group_by(by).agg(pl.col("value").sum()).sort(by)


def conform(table: str, frame: pl.DataFrame, *order: str) -> pl.DataFrame:
    """`frame` as export table `table`: its columns and types, rounded to 6 decimals, sorted by `order`."""
    schema = EXPORT[table].polars_schema
    rows = frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
    numbers = [name for name, kind in schema.items() if kind == pl.Float64]
    # adding zero turns −0.0 into 0.0
    return rows.with_columns((pl.col(name).round(6) + 0.0).alias(name) for name in numbers).sort(order)


def production_table(solution: Solution) -> pl.DataFrame:
    """What is made where; for_confirmed and for_expected follow the goods to the demand they serve."""
    problem, can, model = solution.problem, solution.can, solution.model
    made = solution.values("make").rename({"value": "quantity"})
    gross = evaluate(solution, gross_terms(model, can).frame, *_ROUTE).rename({"value": "gross"})
    worked = evaluate(solution, work_terms(model, can).frame, *_ROUTE).rename({"value": "robot_hours"})
    rows = (
        gross.join(made, on=_ROUTE, how="left")
        .join(worked, on=_ROUTE, how="left")
        .join(solution.values("batch").rename({"value": "batches"}), on=_ROUTE, how="left")
        .join(solution.values("run").rename({"value": "setup"}), on=_ROUTE, how="left")
        .join(_unattended_by_route(solution), on=_ROUTE, how="left")
        .filter((pl.col("gross") > 1e-6) | (pl.col("quantity") > 0) | (pl.col("setup") > 0))
        .join(problem.routes.select(*_ROUTE, "p"), on=_ROUTE)
        .with_columns(pl.col("quantity", "batches", "setup", "unattended_hours").fill_null(0.0))
    )
    rows = peg_production(solution, rows)
    named = problem.names.decode(rows, factory="f", product="p", routing="v")
    return conform("production", _dated(problem, named), "factory", "product", "routing", "week")


def _unattended_by_route(solution: Solution) -> pl.DataFrame:
    """v, f, t, unattended_hours: a robot model's unattended hours in proportion to its lights-out work."""
    dark = solution.can.work.filter("lights_out").select(*_ROUTE, "r", "unit_hours")
    gross = evaluate(solution, gross_terms(solution.model, solution.can).frame, *_ROUTE)
    load = dark.join(gross, on=_ROUTE).with_columns(load=pl.col("unit_hours") * pl.col("value")).drop("value")
    used = solution.values("unattended", digits=9).rename({"value": "used"})
    rows = load.join(used, on=_CELL).with_columns(share=pl.col("load") / pl.col("load").sum().over(_CELL))
    rows = rows.with_columns(unattended_hours=pl.col("share").fill_nan(0.0) * pl.col("used"))
    return rows.group_by(_ROUTE).agg(pl.col("unattended_hours").sum())


def work_by_model(solution: Solution) -> pl.DataFrame:
    """The routing rows behind the production, for the schedule.

    Returns
    -------
    routing, product, factory, week, robot_model, hours_per_unit, setup_hours (per set-up),
    prorata_setup_hours (per gross unit, beyond the set-up weeks), lights_out.
    """
    problem = solution.problem
    named = problem.names.decode(problem.work, routing="v", product="p", factory="f", robot_model="r")
    return _dated(problem, named).select(
        "routing",
        "product",
        "factory",
        "week",
        "robot_model",
        "setup_hours",
        "lights_out",
        hours_per_unit="unit_hours",
        prorata_setup_hours=pl.col("gross_hours") - pl.col("unit_hours"),
    )


def hours_table(solution: Solution) -> pl.DataFrame:
    """Available and used robot hours by kind, where robots stand or would be needed."""
    problem = solution.problem
    rows = solution.model.values("robots", solution.answer.x).rename({"value": "robots"})
    rows = rows.join(problem.hours, on=_CELL)
    for kind in ("attended", "unattended", "overtime"):
        used = solution.values(kind).rename({"value": f"{kind}_used"})
        rows = rows.join(used, on=_CELL, how="left").with_columns(pl.col(f"{kind}_used").fill_null(0.0))
    rows = rows.filter(pl.col("robots") > 0.5).with_columns(
        attended_available=pl.col("availability") * pl.col("attended") * pl.col("robots"),
        unattended_available=pl.col("availability") * pl.col("unattended") * pl.col("robots"),
    )
    named = problem.names.decode(rows, factory="f", robot_model="r")
    return conform("hours", _dated(problem, named), "factory", "robot_model", "week")


def shipments_table(solution: Solution) -> pl.DataFrame:
    """What leaves for which market, and when it arrives."""
    problem = solution.problem
    rows = solution.values("ship").rename({"value": "quantity"}).join(problem.lanes, on=["f", "m"])
    start = problem.policy.start_week
    rows = rows.with_columns(ship_week=week_of_index_expr("t", start)).with_columns(
        arrive_week=pl.col("ship_week") + pl.duration(weeks=pl.col("lead"))
    )
    named = problem.names.decode(rows, factory="f", market="m", product="p")
    return conform("shipments", named, "factory", "market", "product", "ship_week")


def inventory_table(solution: Solution) -> pl.DataFrame:
    """Finished units at the end of each week."""
    problem = solution.problem
    rows = solution.values("stock").rename({"value": "quantity"})
    named = problem.names.decode(rows, factory="f", product="p")
    return conform("inventory", _dated(problem, named), "factory", "product", "week")


def purchases_table(solution: Solution) -> pl.DataFrame:
    """Material to buy, with the last day to order it."""
    problem = solution.problem
    rows = solution.values("buy").rename({"value": "quantity"}).join(problem.materials, on="g")
    dated = _dated(problem, rows).with_columns(
        order_by=pl.col("week") - pl.duration(weeks=pl.col("lead")),
        cost=pl.col("quantity") * pl.col("unit_cost"),
    )
    named = problem.names.decode(dated, material="g", factory="f")
    return conform("purchases", named, "material", "factory", "week")


def _dated(problem: Problem, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(week=week_of_index_expr("t", problem.policy.start_week))
