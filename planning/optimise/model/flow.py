"""Rules 1–3: goods from factory to market, confirmed demand served or late, expected demand in its week."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model
from planning.optimise.model.eligible import Eligible


def stock_balance(model: Model, problem: Problem, can: Eligible) -> None:
    """stock[p,f,t] − stock[p,f,t−1] − Σ_v make[v,f,t] + Σ_m ship[p,f,m,t] = opening[p,f] at t = 0, else 0"""
    product = can.routes.select("v", "f", "t", "p", one=pl.lit(1.0))
    opening = problem.stock.select("p", "f", "quantity", t=pl.lit(0, pl.Int64))
    rows = model.families["stock"].index.join(opening, on=["p", "f", "t"], how="left")
    stock = model["stock"]
    model.add(
        "stock",
        rows.select("p", "f", "t", rhs=pl.col("quantity").fill_null(0.0)),
        "==",
        stock,
        -stock.delayed(1),
        -model["make"].per(product, "one"),
        model["ship"],
    )


def storage(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_p stock[p,f,t] − storage_over[f,t] ≤ storage[f]"""
    limits = problem.factories.filter(pl.col("storage").is_not_null()).select("f", rhs="storage")
    rows = limits.join(can.makes[["f"]].unique(), on="f", how="semi")
    weeks = pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})
    rows = rows.join(weeks, how="cross")[["f", "t", "rhs"]].sort("f", "t")
    model.add("storage", rows, "<=", model["stock"], -model["storage_over"])


def arrivals(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_f ship[p,f,m,t−lead] + draw[p,m,t] − Σ_k serve[p,m,k,t] − serve_expected[p,m,t] = 0"""
    lead = problem.lanes.select("f", "m", "lead", one=pl.lit(1.0))
    arriving = model["ship"].per(lead, "one").delayed("lead")
    weeks = pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})
    pairs = pl.concat([can.sold, problem.transit[["p", "m"]]]).unique().sort("p", "m")
    model.add(
        "arrivals",
        pairs.join(weeks, how="cross"),
        "==",
        arriving,
        model["draw"],
        -model["serve"],
        -model["serve_expected"],
    )


def pool_balance(model: Model, problem: Problem) -> None:
    """pool[p,m,t] − pool[p,m,t−1] + draw[p,m,t] = in_transit[p,m,t]"""
    rows = model.families["pool"].index.join(problem.transit, on=["p", "m", "t"], how="left")
    pool = model["pool"]
    rows = rows.select("p", "m", "t", rhs=pl.col("quantity").fill_null(0.0))
    model.add("pool", rows, "==", pool, -pool.delayed(1), model["draw"])


def backlog_balance(model: Model, problem: Problem) -> None:
    """backlog[p,m,k,t] − backlog[p,m,k,t−1] + serve[p,m,k,t] + refuse[p,m,k,t] = due[p,m,k,t]"""
    key = ["p", "m", "k", "t"]
    rows = model.families["backlog"].index.join(problem.due, on=key, how="left")
    backlog = model["backlog"]
    rows = rows.select(*key, rhs=pl.col("quantity").fill_null(0.0))
    model.add("backlog", rows, "==", backlog, -backlog.delayed(1), model["serve"], model["refuse"])
