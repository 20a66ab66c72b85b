"""Rules 7, 10 and 11: what is released, what stands, and the priced slacks that keep an answer possible."""

import math

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.variables import gross_terms

_ROUTE = ["v", "f", "t"]


def set_ups(model: Model, problem: Problem, can: Eligible) -> None:
    """gross[v,f,t] ≤ most_gross · run[v,f,t]; make[v,f,t] ≥ min_lot · run[v,f,t] where no firm work stands"""
    setups = can.routes.filter("has_setup")
    rows = setups[_ROUTE]
    most = setups[[*_ROUTE, "most_gross"]]
    model.add("run", rows, "<=", gross_terms(model, can), -model["run"].per(most, "most_gross"))
    lots = setups.filter(pl.col("min_lot") > 0).join(problem.firm_work, on=_ROUTE, how="anti")
    least = lots[[*_ROUTE, "min_lot"]]
    model.add("min_lot", lots[_ROUTE], ">=", model["make"], -model["run"].per(least, "min_lot"))


def good_units(model: Model, problem: Problem, can: Eligible) -> None:
    """make[v,f,t] ≤ good · gross[v,f,t] where gross is not make / yield

    good = yield; in the firm weeks, where good units and batches are whole, the most good units that any
    whole batches up to those wanted give for each of gross: 4 good units of 97 % take 5, not 4.12.
    """
    other = can.routes.filter(~pl.col("direct")).with_columns(pl.col("batch_size").fill_null(1.0))
    firm = pl.col("t") < problem.policy.firm_weeks
    whole = other.filter(firm)[["yield", "batch_size", "most"]].unique()
    best = pl.Series("good", [most_good_units(*cell) for cell in whole.iter_rows()], dtype=pl.Float64)
    other = other.with_columns(firm=firm).join(
        whole.with_columns(best, firm=pl.lit(True)),
        on=["yield", "batch_size", "most", "firm"],
        how="left",
        maintain_order="left",
    )
    good = other.select(*_ROUTE, good=pl.col("good").fill_null(pl.col("yield")))
    model.add("yield", good[_ROUTE], "<=", model["make"], -gross_terms(model, can).per(good, "good"))


def most_good_units(yields: float, size: float, most: float) -> float:
    """max over n of min(⌊most⌋, ⌊n · size · yield⌋) / (n · size): whole good units for each of gross."""
    wanted = math.floor(most + 1e-9)
    batches = range(1, math.ceil(wanted / (size * yields) - 1e-9) + 1)
    return max(
        (min(wanted, math.floor(n * size * yields + 1e-9)) / (n * size) for n in batches), default=yields
    )


def firm_zone(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_{v of p, f, t < firm_weeks} make[v,f,t] ≤ limit[p]: nothing is released that is not sold"""
    product = can.routes.filter(pl.col("t") < problem.policy.firm_weeks).select(*_ROUTE, "p", one=pl.lit(1.0))
    rows = problem.firm_limit.join(product[["p"]].unique(), on="p", how="semi")
    model.add("firm", rows.select("p", rhs="limit"), "<=", model["make"].per(product, "one"))


def firm_work(model: Model, problem: Problem) -> None:
    """make[v,f,t] + pinned_short[v,f,t] ≥ quantity_left[v,f,t] of started and pinned work"""
    rows = problem.firm_work.select(*_ROUTE, rhs="quantity")
    model.add("firm_work", rows, ">=", model["make"], model["pinned_short"])


def frozen_zone(model: Model, problem: Problem) -> None:
    """published − cancelled ≤ make + frozen_short, per cell and per product, in the frozen weeks

    The upper side, make ≤ published, is the bound of make itself (firm work apart).
    """
    frozen = _frozen(problem)
    rows = frozen.select(*_ROUTE, rhs=(pl.col("quantity") - pl.col("cancelled")).clip(0))
    model.add("frozen", rows, ">=", model["make"], model["frozen_short"])
    product = frozen.select(*_ROUTE, "p", one=pl.lit(1.0))
    total = frozen.group_by("p").agg(rhs=pl.col("quantity").sum() - pl.col("cancelled").first()).sort("p")
    both = model["make"].per(product, "one"), model["frozen_short"].per(product, "one")
    model.add("frozen_product", total.with_columns(pl.col("rhs").clip(0)), ">=", *both)


def _frozen(problem: Problem) -> pl.DataFrame:
    cells = problem.published.filter(pl.col("t") < problem.policy.frozen_weeks)
    cells = cells.join(problem.routes[[*_ROUTE, "p"]], on=_ROUTE)
    return cells.join(problem.frozen_cuts, on="p", how="left").with_columns(
        pl.col("cancelled").fill_null(0.0)
    )


def add_change(model: Model, problem: Problem) -> None:
    """changed[v,f,t] ≥ |make[v,f,t] − published[v,f,t]| over the weeks of both plans, where change costs"""
    published = problem.published
    if problem.published_until == 0 or problem.policy.change_cost_per_unit == 0:
        model.add_variables("changed", published.clear()[_ROUTE])
        return
    cells = model.families["make"].frame[_ROUTE].filter(pl.col("t") < problem.published_until)
    cells = pl.concat([cells, published[_ROUTE]]).unique().sort(_ROUTE)
    model.add_variables("changed", cells)
    rows = cells.join(published, on=_ROUTE, how="left").select(*_ROUTE, rhs=pl.col("quantity").fill_null(0.0))
    model.add("change_up", rows, "<=", model["make"], -model["changed"])
    model.add("change_down", rows, ">=", model["make"], model["changed"])


def add_slacks(model: Model, problem: Problem, can: Eligible) -> None:
    """Slack where what stands already (robots, stock, firm work, frozen quantities) could break a soft rule.

    Elsewhere the rule is simply kept: nothing forces it to break.
    """
    horizon = problem.weeks
    weeks = pl.DataFrame({"t": range(horizon)}, schema={"t": pl.Int64})
    forced = pl.concat(
        [problem.firm_work, problem.published.filter(pl.col("t") < problem.policy.frozen_weeks)]
    )
    forced = forced.filter(pl.col("quantity") > 0)
    places = forced[["f"]].unique()
    model.add_variables("pinned_short", problem.firm_work.select(*_ROUTE, upper="quantity"))
    frozen = _frozen(problem).select(*_ROUTE, upper="quantity")
    model.add_variables("frozen_short", frozen)
    opening = problem.stock[["f", "quantity"]]
    held = pl.concat([opening, forced[["f", "quantity"]]]).group_by("f").agg(pl.col("quantity").sum())
    tight = held.join(problem.factories, on="f").filter(pl.col("quantity") > pl.col("storage"))
    model.add_variables("storage_over", tight[["f"]].join(weeks, how="cross").sort("f", "t"))
    model.add_variables("floor_over", _crowded(problem))
    staffed = places.join(weeks, how="cross").sort("f", "t")
    model.add_variables("supervision_over_attended", staffed)
    model.add_variables("supervision_over_overtime", staffed)
    processes = problem.operators[["f", "process", "t"]].join(places, on="f", how="semi")
    model.add_variables("operators_over", processes.sort("f", "process", "t"))
    capped = problem.policy.carbon_cap_kg is not None and not forced.is_empty()
    model.add_variables(
        "carbon_over", pl.DataFrame({"one": [0]} if capped else {"one": []}, schema={"one": pl.Int64})
    )


def _crowded(problem: Problem) -> pl.DataFrame:
    """f, t where owned robots and running contracts alone may need more floor than there is."""
    weeks = pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})
    slots = problem.robots[["r", "slots"]]
    owned = problem.owned.join(slots, on="r").select("f", need=pl.col("units") * pl.col("slots"))
    owned = owned.join(weeks, how="cross")
    contracts = problem.contracts.join(problem.offers[["o", "r"]], on="o").join(slots, on="r")
    runs = contracts.join(weeks, how="cross").filter(
        (pl.col("t") >= pl.col("on")) & (pl.col("t") < pl.col("off").fill_null(problem.weeks))
    )
    runs = runs.select("f", need=pl.col("units") * pl.col("slots"), t="t")
    need = pl.concat([owned[["f", "t", "need"]], runs[["f", "t", "need"]]])
    need = need.group_by("f", "t").agg(pl.col("need").sum()).join(problem.factories, on="f")
    return need.filter(pl.col("need") > pl.col("floor"))[["f", "t"]].sort("f", "t")
