"""The decisions of the plan, one family each, over the combinations that can occur."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.eligible import Eligible


def _weeks(problem: Problem) -> pl.DataFrame:
    return pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})


def add_production(model: Model, problem: Problem, can: Eligible) -> None:
    """make[v,f,t], gross[v,f,t] and batch[v,f,t] where gross is not make / yield, run[v,f,t] ∈ {0, 1}.

    Whole in the firm weeks; batches are whole in every week.
    """
    routes = can.routes
    firm = pl.col("t") < problem.policy.firm_weeks
    model.add_variables("make", routes.select("v", "f", "t", upper="most"), integer=firm)
    batched = pl.col("batch_size").is_not_null()
    model.add_variables(
        "gross",
        routes.filter(~pl.col("direct") & ~batched).select("v", "f", "t", upper="most_gross"),
        integer=True,
    )
    model.add_variables(
        "batch", routes.filter(batched).select("v", "f", "t", upper="most_batches"), integer=True
    )
    setups = routes.filter("has_setup").select("v", "f", "t", upper=pl.lit(1.0))
    model.add_variables("run", setups, integer=True)


def gross_terms(model: Model, can: Eligible) -> Terms:
    """gross[v,f,t] of every route: its own variable, batch · batch_size, or make / yield."""
    name = "gross of every route"
    if name in model.expressions:
        return model.expressions[name]
    key = ["v", "f", "t"]
    per_make = can.routes.filter("direct").select(*key, factor=1 / pl.col("yield"))
    sizes = can.routes.filter(pl.col("batch_size").is_not_null())[[*key, "batch_size"]]
    model.expressions[name] = (
        model["make"].per(per_make, "factor") + model["batch"].per(sizes, "batch_size") + model["gross"]
    )
    return model.expressions[name]


def add_flow(model: Model, problem: Problem, can: Eligible) -> None:
    """stock[p,f,t], ship[p,f,m,t] (whole in the firm weeks), pool and draw [p,m,t] of goods in transit."""
    weeks = _weeks(problem)
    model.add_variables("stock", can.makes.join(weeks, how="cross"))
    model.add_variables("ship", can.ships.drop("lead"), integer=pl.col("t") < problem.policy.firm_weeks)
    first = problem.transit.group_by("p", "m").agg(first=pl.col("t").min()).sort("p", "m")
    waits = first.join(weeks, how="cross").filter(pl.col("t") >= pl.col("first")).drop("first")
    model.add_variables("pool", waits)
    model.add_variables("draw", waits)


def add_service(model: Model, problem: Problem, expected: pl.DataFrame) -> None:
    """serve and backlog [p,m,k,t] from the first due week on, refuse[p,m,k,t], serve_expected[p,m,t].

    Refusing later than the due week only adds lateness, so it is decided then.
    """
    first = problem.due.group_by("p", "m", "k").agg(first=pl.col("t").min()).sort("p", "m", "k")
    open_weeks = first.join(_weeks(problem), how="cross").filter(pl.col("t") >= pl.col("first")).drop("first")
    model.add_variables("serve", open_weeks)
    model.add_variables("backlog", open_weeks)
    model.add_variables("refuse", problem.due.select("p", "m", "k", "t", upper="quantity"))
    model.add_variables("serve_expected", expected.select("p", "m", "t", upper="quantity"))


def add_hours(model: Model, problem: Problem, can: Eligible) -> None:
    """robots[r,f,t] productive, attended, unattended (lights-out work) and overtime hours [r,f,t].

    Robots are counted wherever they may stand, with work or without: they take up floor.
    """
    cells = can.work[["r", "f", "t"]].unique().sort("r", "f", "t")
    hours = cells.join(problem.hours, on=["r", "f", "t"])
    model.add_variables("robots", can.places[["r", "f"]].join(_weeks(problem), how="cross"))
    model.add_variables("attended", cells)
    dark = can.work.filter("lights_out")[["r", "f", "t"]].unique()
    model.add_variables(
        "unattended",
        hours.filter(pl.col("unattended") > 0)
        .join(dark, on=["r", "f", "t"], how="semi")[["r", "f", "t"]]
        .sort("r", "f", "t"),
    )
    model.add_variables("overtime", hours.filter(pl.col("overtime") > 0)[["r", "f", "t"]].sort("r", "f", "t"))


def add_materials(model: Model, problem: Problem, can: Eligible) -> None:
    """material[g,f,t] in stock at the week's end and buy[g,f,t] from the lead time on."""
    used = can.routes[["v", "f"]].unique().join(problem.bom, on="v")[["g", "f"]].unique()
    cells = used.join(_weeks(problem), how="cross").sort("g", "f", "t")
    model.add_variables("material", cells)
    lead = cells.join(problem.materials[["g", "lead"]], on="g").filter(pl.col("t") >= pl.col("lead"))
    model.add_variables("buy", lead[["g", "f", "t"]].sort("g", "f", "t"))
