"""Rule 9: materials, where the bill of materials lists them."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.variables import gross_terms


def material_use(model: Model, problem: Problem, can: Eligible) -> Terms:
    """Units of material g used at f in t: Σ_v per_gross[v,g] · gross[v,f,t]."""
    return gross_terms(model, can).per(problem.bom, "per_gross")


def material_balance(model: Model, problem: Problem, can: Eligible) -> None:
    """material[g,f,t] − material[g,f,t−1] − buy[g,f,t] + Σ_v per_gross · gross[v,f,t] = supply[g,f,t]"""
    supply = problem.supply.group_by("g", "f", "t").agg(rhs=pl.col("quantity").sum())
    rows = model.families["material"].index.join(supply, on=["g", "f", "t"], how="left")
    stock = model["material"]
    model.add(
        "material",
        rows.with_columns(pl.col("rhs").fill_null(0.0)),
        "==",
        stock,
        -stock.delayed(1),
        -model["buy"],
        material_use(model, problem, can),
    )
