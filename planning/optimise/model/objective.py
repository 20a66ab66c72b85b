"""The objective: every cost term of the plan by name."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.materials import material_use
from planning.optimise.model.variables import gross_terms

#: How much a week of lateness counts for priority classes 1, 2 and 3.
PRIORITY_WEIGHTS = {1: 9.0, 2: 3.0, 3: 1.0}

#: A soft rule's price per unit, as a multiple of the dearest unit refused (or the hours behind it).
SLACK_FACTOR = 10.0


def add_costs(model: Model, problem: Problem, can: Eligible, expected: pl.DataFrame) -> None:
    """Add every term of 3-plan-model's objective to `model`; absent matters cost nothing."""
    _rent(model, problem)
    _contracts(model, problem)
    _production(model, problem, can)
    _goods(model, problem)
    _service(model, problem, expected)
    _carbon(model, problem, can)
    _stability(model, problem, can)


def _rent(model: Model, problem: Problem) -> None:
    """rent, rent_tail, mobilisation, demobilisation, transfer and overage of offers."""
    offers, unused = problem.offers, 1 - problem.policy.tail_use
    tiered = model.families["tier_units"].frame[["o"]].unique()
    flat = offers.join(tiered, on="o", how="anti")[["o", "rate"]]
    model.add_cost("rent", model["on_rent"].per(flat, "rate"))
    model.add_cost("rent", model["tier_units"].per(problem.tiers[["o", "from_units", "rate"]], "rate"))
    model.add_cost("mobilisation", model["start"].per(offers[["o", "mobilisation"]], "mobilisation"))
    model.add_cost("demobilisation", model["stop"].per(offers[["o", "demobilisation"]], "demobilisation"))
    model.add_cost("transfer", model["move"].per(offers[["o", "transfer_fee"]].drop_nulls(), "transfer_fee"))
    model.add_cost("overage", model["overage"].per(offers[["o", "overage"]], "overage"))
    weekly = model.families["start"].frame.join(offers.filter(pl.col("renewal") == 1), on="o")
    beyond = (pl.col("t") + pl.col("min_term") - problem.weeks).clip(0)
    started = weekly.select("col", coef=beyond * pl.col("rate") * unused)
    stays = model.families["lot"].frame.filter(pl.col("e") == problem.weeks).join(offers, on="o")
    first_end = pl.col("s") + pl.col("min_term")
    period_end = _period_end(first_end, pl.col("renewal"), problem.weeks)
    stayed = stays.select("col", coef=(period_end - problem.weeks) * pl.col("rate") * unused)
    model.add_cost("rent_tail", Terms(started), Terms(stayed))


def _period_end(first_end: pl.Expr, renewal: pl.Expr, horizon: int) -> pl.Expr:
    """End of the minimum term or renewal that runs in the last week: the first such date ≥ `horizon`."""
    periods = ((horizon - first_end).clip(0) + renewal - 1) // renewal
    return first_end + periods * renewal


def _contracts(model: Model, problem: Problem) -> None:
    """rent, rent_tail, demobilisation, termination, transfer and overage of contracts."""
    horizon = problem.weeks
    terms = problem.contracts.join(problem.offers.drop("rate", "r"), on="o")
    model.add_cost("rent", model["kept"].per(terms[["c", "rate"]], "rate"))
    demobilisation = terms[["c", "demobilisation"]]
    for back in ("drop", "terminate"):
        model.add_cost("demobilisation", model[back].per(demobilisation, "demobilisation"))
    ends = terms.filter(pl.col("off") < horizon).select("c", "demobilisation", t=pl.col("off") - 1)
    model.add_cost("demobilisation", model["kept"].per(ends, "demobilisation"))
    early = model.families["terminate"].frame.join(terms, on="c")
    fee = pl.col("termination_share") * pl.col("rate") * (pl.col("min_end") - pl.col("t"))
    model.add_cost("termination", Terms(early.select("col", coef=fee)))
    model.add_cost(
        "transfer", model["move_contract"].per(terms[["c", "transfer_fee"]].drop_nulls(), "transfer_fee")
    )
    model.add_cost("overage", model["overage_contract"].per(terms[["c", "overage"]], "overage"))
    until = pl.min_horizontal("min_end", "off")
    beyond = (until - horizon).clip(0) * (1 - problem.policy.tail_use)
    tails = terms.select("c", t=pl.lit(horizon - 1, pl.Int64), tail=beyond * pl.col("rate"))
    model.add_cost("rent_tail", model["kept"].per(tails, "tail"))


def _production(model: Model, problem: Problem, can: Eligible) -> None:
    """owned, overtime, unit, setup, energy and material."""
    key = ["v", "f", "t"]
    routes = can.routes.join(problem.factories, on="f")
    gross = gross_terms(model, can)
    owned = problem.owned.select((pl.col("units") * pl.col("weekly_cost")).sum()).item() * problem.weeks
    model.add_cost("owned", constant=float(owned))
    model.add_cost(
        "overtime", model["overtime"].per(problem.factories[["f", "overtime_cost"]], "overtime_cost")
    )
    model.add_cost("unit", gross.per(routes[[*key, "unit_cost"]], "unit_cost"))
    model.add_cost(
        "setup",
        model["run"].per(routes[[*key, "setup_cost"]], "setup_cost"),
        gross.per(routes[[*key, "prorata_cost"]], "prorata_cost"),
    )
    power = routes.select(
        *key, each=pl.col("kwh") * pl.col("energy_price"), once=pl.col("setup_kwh") * pl.col("energy_price")
    )
    model.add_cost(
        "energy", gross.per(power.drop("once"), "each"), model["run"].per(power.drop("each"), "once")
    )
    bought = model["buy"].per(problem.materials[["g", "unit_cost"]], "unit_cost")
    supplied = problem.supply.select((pl.col("quantity") * pl.col("unit_cost")).sum()).item()
    model.add_cost("material", bought, constant=float(supplied))


def _goods(model: Model, problem: Problem) -> None:
    """transport, holding and waste, of stock at factories and of goods waiting at their market."""
    last = pl.col("t") == problem.weeks - 1
    model.add_cost("transport", model["ship"].per(problem.lanes[["f", "m", "cost"]], "cost"))
    for place in ("stock", "pool"):
        model.add_cost("holding", model[place].per(problem.products[["p", "holding"]], "holding"))
        model.add_cost("waste", model[place].where(last).per(problem.products[["p", "waste"]], "waste"))


def _service(model: Model, problem: Problem, expected: pl.DataFrame) -> None:
    """late, priority, lost_confirmed and lost_expected."""
    products, backlog = problem.products, model["backlog"]
    weights = pl.DataFrame({"k": list(PRIORITY_WEIGHTS), "extra": [w - 1 for w in PRIORITY_WEIGHTS.values()]})
    late = backlog.per(products[["p", "late"]], "late")
    model.add_cost("late", late)
    model.add_cost("priority", late.per(weights, "extra"))
    lost = products[["p", "lost"]]
    at_end = backlog.where(pl.col("t") == problem.weeks - 1)
    model.add_cost("lost_confirmed", model["refuse"].per(lost, "lost"), at_end.per(lost, "lost"))
    asked = expected.join(products, on="p").select((pl.col("quantity") * pl.col("price")).sum()).item()
    served = model["serve_expected"].per(products[["p", "price"]], "price")
    model.add_cost("lost_expected", -served, constant=float(asked))


def _carbon(model: Model, problem: Problem, can: Eligible) -> None:
    """carbon: price · kg of materials, energy and transport; with a cap, one row that holds it."""
    key = ["v", "f", "t"]
    routes = can.routes.join(problem.factories, on="f")
    data = routes.select(
        *key, each=pl.col("kg") + pl.col("kwh") * pl.col("grid"), once=pl.col("setup_kwh") * pl.col("grid")
    )
    parts = (
        gross_terms(model, can).per(data.drop("once"), "each").over(),
        model["run"].per(data.drop("each"), "once").over(),
        material_use(model, problem, can).per(problem.materials[["g", "kg"]], "kg").over(),
        model["ship"].per(problem.lanes[["f", "m", "kg"]], "kg").over(),
    )
    kg = Terms(pl.concat([part.frame for part in parts]))
    model.expressions["kgco2e"] = kg
    model.add_cost("carbon", kg * problem.policy.carbon_price_per_kg)
    if problem.policy.carbon_cap_kg is not None:
        row = pl.DataFrame({"all": [0], "rhs": [problem.policy.carbon_cap_kg]})
        model.add("carbon_cap", row, "<=", kg, -model["carbon_over"].over())


def _stability(model: Model, problem: Problem, can: Eligible) -> None:
    """change, and relaxed: the priced slacks."""
    model.add_cost("change", model["changed"] * problem.policy.change_cost_per_unit)
    model.add_cost("relaxed", constant=0.0)
    for name, price in slack_prices(problem, can).items():
        model.add_cost("relaxed", model[name] * price)


def slack_prices(problem: Problem, can: Eligible) -> dict[str, float]:
    """Price per unit of each slack family: dearer than anything a plan could gain by breaking the rule.

    A unit of product is worth the dearest lost_cost; an hour what it makes of that; a robot place a week
    of hours; a kg CO2e the units it carries at the least emission. Firm work is left undone only where it
    cannot be done: a unit of it is dearer than the people, storage and CO2e it could take beyond the limits.
    """
    unit = float(problem.products.select(pl.max_horizontal("lost", "price").max()).item() or 1.0)
    hours = can.work["gross_hours"].min() if can.work.height else 1.0
    hour = unit / max(float(hours or 1.0), 1e-3)  # type: ignore[arg-type]
    supervised = hour * float(problem.robots["per_supervisor"].max() or 1.0)  # type: ignore[arg-type]
    operated = hour * float(problem.robots["per_operator"].max() or 1.0)  # type: ignore[arg-type]
    least = _unit_emissions(problem, can).filter(pl.col("kg") > 0)["kg"].min()
    kg = unit / max(float(least or 1.0), 1e-3)  # type: ignore[arg-type]
    prices = {
        "pinned_short": unit * (1 + problem.weeks) + _limits_broken(problem, can, supervised, operated, kg),
        "frozen_short": unit,
        "storage_over": unit,
        "floor_over": 168 * hour,
        "supervision_over_attended": supervised,
        "supervision_over_overtime": supervised,
        "operators_over": operated,
        "carbon_over": kg,
    }
    return {name: round(SLACK_FACTOR * price, 2) for name, price in prices.items()}


def _unit_emissions(problem: Problem, can: Eligible) -> pl.DataFrame:
    """v, f, t, kg: CO2e of a gross unit with its materials and energy; with_setup: of one and a set-up."""
    materials = problem.bom.join(problem.materials.select("g", each="kg"), on="g")
    used = materials.group_by("v").agg(used=(pl.col("per_gross") * pl.col("each")).sum())
    routes = can.routes.join(problem.factories[["f", "grid"]], on="f").join(used, on="v", how="left")
    kg = pl.col("kg") + pl.col("used").fill_null(0.0) + pl.col("kwh") * pl.col("grid")
    return routes.select("v", "f", "t", kg=kg, with_setup=kg + pl.col("setup_kwh") * pl.col("grid"))


def _limits_broken(problem: Problem, can: Eligible, supervised: float, operated: float, kg: float) -> float:
    """What a good unit of firm work could cost in people and CO2e beyond the limits, at the most."""
    if problem.firm_work.is_empty():
        return 0.0
    key = ["v", "f", "t"]
    people = supervised / pl.col("per_supervisor") + operated / pl.col("per_operator")
    hours = (pl.col("gross_hours") + pl.col("setup_hours")) * people
    work = can.work.join(problem.robots, on="r").group_by(key).agg(people=hours.sum())
    gross = pl.max_horizontal(pl.col("batch_size").fill_null(1.0), pl.lit(1.0)) / pl.col("yield")
    units = can.routes.select(*key, gross=gross).join(problem.firm_work, on=key, how="semi")
    each = pl.col("people") + pl.col("with_setup") * kg
    costs = units.join(work, on=key).join(_unit_emissions(problem, can), on=key)
    return float(costs.select((pl.col("gross") * each).max()).item() or 0.0)
