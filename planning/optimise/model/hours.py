"""Rules 4 and 5: robot hours, floor, supervisors and operators."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.variables import gross_terms

_CELL = ["r", "f", "t"]


def work_terms(model: Model, can: Eligible) -> Terms:
    """Robot hours of all work by v, f, t, r: gross_hours · gross + setup_hours · run."""
    gross = can.work[["v", "f", "t", "r", "gross_hours"]]
    setups = can.work.filter(pl.col("setup_hours") > 0)[["v", "f", "t", "r", "setup_hours"]]
    return gross_terms(model, can).per(gross, "gross_hours") + model["run"].per(setups, "setup_hours")


def robot_count(model: Model, problem: Problem) -> None:
    """robots[r,f,t] − Σ_o (on_rent − moving)[o,f,t] − Σ_c (kept − moving)[c,f,t] = owned[r,f]"""
    models = problem.offers.select("o", "r", one=pl.lit(1.0))
    by_contract = problem.contracts[["c", "o"]].join(models, on="o").drop("o")
    owned = problem.owned.group_by("r", "f").agg(rhs=pl.col("units").sum())
    rows = model.families["robots"].index.join(owned, on=["r", "f"], how="left")
    model.add(
        "robots",
        rows.with_columns(pl.col("rhs").fill_null(0)),
        "==",
        model["robots"],
        -model["on_rent"].per(models, "one"),
        -model["kept"].per(by_contract, "one"),
        model["moving"].per(models, "one"),
        model["moving_contract"].per(by_contract, "one"),
    )


def work_balance(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_v (gross_hours · gross + setup_hours · run) − attended − unattended − overtime [r,f,t] = 0"""
    rows = model.families["attended"].index
    spent = [-model[name] for name in ("attended", "unattended", "overtime")]
    model.add("work", rows, "==", work_terms(model, can), *spent)


def hours_per_kind(model: Model, problem: Problem) -> None:
    """attended ≤ α · A · robots; unattended ≤ α · U · robots; overtime ≤ α · V · robots [r,f,t]"""
    for kind in ("attended", "unattended", "overtime"):
        each = problem.hours.select(*_CELL, each=pl.col("availability") * pl.col(kind))
        rows = model.families[kind].index
        model.add(f"{kind}_hours", rows, "<=", model[kind], -model["robots"].per(each, "each"))


def lights_out(model: Model, problem: Problem, can: Eligible) -> None:
    """unattended[r,f,t] ≤ Σ_{v lights-out} unit_hours · gross[v,f,t]"""
    dark = can.work.filter("lights_out")[["v", "f", "t", "r", "unit_hours"]]
    rows = model.families["unattended"].index
    model.add("lights_out", rows, "<=", model["unattended"], -gross_terms(model, can).per(dark, "unit_hours"))


def included_hours(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_v work[r,f,t] ≤ full · (owned + units without limit) + Σ_s (included · units_s + over_s)[t]

    full = α (A + U + V); only for robots some of whose offers or contracts include fewer hours.
    """
    if not len(model.families["overage"]) and not len(model.families["overage_contract"]):
        return
    full = problem.hours.select(
        *_CELL, full=pl.col("availability") * (pl.col("attended") + pl.col("unattended") + pl.col("overtime"))
    )
    offer_hours = full.join(problem.offers[["o", "r", "included"]], on="r").select(
        "o", *_CELL, within=pl.min_horizontal("full", "included")
    )
    contract_hours = offer_hours.join(problem.contracts[["c", "o"]], on="o").drop("o")
    models = problem.offers.select("o", "r", one=pl.lit(1.0))
    by_contract = problem.contracts[["c", "o"]].join(models, on="o").drop("o")
    over = model["overage"].per(models, "one").over(*_CELL)
    over += model["overage_contract"].per(by_contract, "one").over(*_CELL)
    owned = problem.owned.group_by("r", "f").agg(units=pl.col("units").sum())
    rows = (
        over.frame[_CELL]
        .unique()
        .join(full, on=_CELL)
        .join(owned, on=["r", "f"], how="left")
        .select(*_CELL, rhs=pl.col("full") * pl.col("units").fill_null(0))
        .sort(_CELL)
    )
    model.add(
        "included",
        rows,
        "<=",
        work_terms(model, can),
        -model["on_rent"].per(offer_hours, "within"),
        -model["kept"].per(contract_hours, "within"),
        model["moving"].per(offer_hours, "within"),
        model["moving_contract"].per(contract_hours, "within"),
        -over,
    )


def overage_limit(model: Model, problem: Problem) -> None:
    """overage[s,f,t] ≤ (full − included) · (units_s − moving_s)[f,t]: a unit works no more than its hours"""
    full = pl.col("availability") * (pl.col("attended") + pl.col("unattended") + pl.col("overtime"))
    rest = (
        problem.hours.with_columns(full=full)
        .join(problem.offers.filter(pl.col("included").is_not_null())[["o", "r", "included"]], on="r")
        .select("o", "f", "t", rest=(pl.col("full") - pl.col("included")).clip(0))
    )
    by_contract = rest.join(problem.contracts[["c", "o"]], on="o").drop("o")
    for over, units, moving, data in (
        ("overage", "on_rent", "moving", rest),
        ("overage_contract", "kept", "moving_contract", by_contract),
    ):
        rows = model.families[over].index
        model.add(
            f"{over}_limit",
            rows,
            "<=",
            model[over],
            -model[units].per(data, "rest"),
            model[moving].per(data, "rest"),
        )


def floor(model: Model, problem: Problem) -> None:
    """Σ_r slots · robots[r,f,t] − floor_over[f,t] ≤ floor[f]"""
    slots = problem.robots[["r", "slots"]]
    limits = problem.factories.filter(pl.col("floor").is_not_null()).select("f", rhs="floor")
    rows = model.families["robots"].frame[["f", "t"]].unique().join(limits, on="f").sort("f", "t")
    model.add("floor", rows, "<=", model["robots"].per(slots, "slots"), -model["floor_over"])


def supervisors(model: Model, problem: Problem) -> None:
    """Σ_r attended[r,f,t] / per_supervisor − over ≤ supervisors · A; the same for overtime and V"""
    each = problem.robots.select("r", each=1 / pl.col("per_supervisor"))
    people = problem.factories.filter(pl.col("supervisors").is_not_null())[["f", "supervisors"]]
    limits = problem.staff_hours.join(people, on="f")
    for kind in ("attended", "overtime"):
        used = model[kind].per(each, "each")
        rows = limits.select("f", "t", rhs=pl.col("supervisors") * pl.col(kind))
        rows = rows.join(used.frame[["f", "t"]].unique(), on=["f", "t"], how="semi").sort("f", "t")
        model.add(f"supervisors_{kind}", rows, "<=", used, -model[f"supervision_over_{kind}"])


def operators(model: Model, problem: Problem) -> None:
    """Σ_{r of the process} attended[r,f,t] / per_operator − operators_over[f,process,t] ≤ operators · A"""
    each = problem.robots.select("r", each=1 / pl.col("per_operator")).join(problem.processes, on="r")
    used = model["attended"].per(each.drop_nulls("process"), "each")
    limits = problem.operators.join(problem.staff_hours, on=["f", "t"])
    rows = limits.select("f", "process", "t", rhs=pl.col("operators") * pl.col("attended"))
    rows = rows.join(used.frame[["f", "process", "t"]].unique(), on=["f", "process", "t"], how="semi")
    model.add("operators", rows.sort("f", "process", "t"), "<=", used, -model["operators_over"])
