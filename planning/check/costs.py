"""Every term of the objective once more, from the CSV frames alone."""

from collections.abc import Callable

import polars as pl

from planning.check.facts import Facts, once
from planning.check.firm import published_production
from planning.check.materials import bought, supplied, used
from planning.check.terms import contract_tails
from planning.check.violation import Violation

#: Weight of a late unit of priority class 1 and 2 beyond the money it costs; class 3 has none.
EXTRA_WEIGHT = {"backlog_1": 8.0, "backlog_2": 2.0}


def check_costs(facts: Facts) -> list[Violation]:
    """plan.json's terms are what the frames cost, and add up to the objective."""
    given = facts.summary.get("costs") or {}
    right = recompute(facts)
    out = [
        Violation("costs", term, 1.0, f"plan.json has a cost term {term}, which the objective does not have")
        for term in given
        if term not in right
    ]
    for term, money in right.items():
        stated = float(given.get(term) or 0.0)
        if not close(stated, money):
            message = f"plan.json says {term} costs {stated:,.2f}, the frames cost {money:,.2f}"
            out.append(Violation("costs", term, abs(stated - money), message))
    total, objective = sum(float(money or 0.0) for money in given.values()), facts.summary.get("objective")
    if objective is None or not close(float(objective), total):
        message = f"the cost terms add up to {total:,.2f}, the objective is {objective}"
        out.append(Violation("costs", "objective", abs(total - float(objective or 0.0)), message))
    return out


def close(stated: float, right: float) -> bool:
    """Whether two costs agree within max(0.05, 2e-5 · |term|)."""
    return abs(stated - right) <= max(0.05, 2e-5 * abs(right))


def recompute(facts: Facts) -> dict[str, float]:
    """Every objective term by its name in plan.json."""
    return {term: float(cost(facts)) for term, cost in TERMS.items()}


def total(frame: pl.DataFrame, money: pl.Expr) -> float:
    """Sum of an expression over a frame; nothing is 0."""
    return float(frame.select(money.sum()).item() or 0.0)


def rent(facts: Facts) -> float:
    """Units on rent at their rate: new units at the tier of the week, contracts at their own."""
    rows = facts.rates
    return total(rows, pl.col("units") * pl.col("rate"))


def rent_tail(facts: Facts) -> float:
    """Committed weeks beyond the horizon at weekly_rate · (1 − tail_use)."""
    lots = total(facts.lots, pl.col("units") * pl.col("weekly_rate") * pl.col("beyond"))
    kept = total(contract_tails(facts.kept, facts.policy), pl.col("kept") * pl.col("rate") * pl.col("beyond"))
    return (lots + kept) * (1.0 - facts.policy.tail_use)


def mobilisation(facts: Facts) -> float:
    """A fee for every new unit. Contracts that are ordered already pay none."""
    return total(facts.lots, pl.col("units") * pl.col("mobilisation_fee"))


def demobilisation(facts: Facts) -> float:
    """A fee for every unit, of an offer or a contract, that goes off rent in a week of the horizon."""
    returned = facts.lots.filter(pl.col("t_off") < facts.horizon)
    new = total(returned, pl.col("units") * pl.col("demobilisation_fee"))
    return new + total(facts.kept, pl.col("drop").clip(0) * pl.col("demobilisation_fee"))


def termination(facts: Facts) -> float:
    """share · rate · weeks left of the minimum term, for units a running contract gives up before its end.

    A contract that was given notice on for an earlier date (off_rent_date) pays nothing for it here.
    """
    early = facts.kept.filter(
        (pl.col("drop") > 0)
        & (pl.col("t") < pl.col("t_min"))
        & pl.col("running")
        & (pl.col("t") != pl.col("t_off")).fill_null(value=True)
    )
    weeks_left = pl.col("t_min") - pl.col("t")
    return total(early, pl.col("early_termination_share") * pl.col("rate") * weeks_left * pl.col("drop"))


def transfer(facts: Facts) -> float:
    """A fee for every unit moved."""
    return total(facts.moves, pl.col("units") * pl.col("transfer_fee"))


def overage(facts: Facts) -> float:
    """Hours beyond the included ones."""
    rows = facts.rates
    return total(rows, pl.col("overage_hours") * pl.col("overage_per_hour"))


def owned(facts: Facts) -> float:
    """Robots of our own, in every week."""
    weekly = total(facts.network["owned"], pl.col("units") * pl.col("weekly_cost").fill_null(0.0))
    return weekly * facts.horizon


def overtime(facts: Facts) -> float:
    """Overtime hours."""
    price = facts.network["factories"].select("factory", "overtime_cost_per_hour")
    rows = facts["hours"].join(price, on="factory", how="inner")
    return total(rows, pl.col("overtime_used") * pl.col("overtime_cost_per_hour").fill_null(0.0))


def unit(facts: Facts) -> float:
    """unit_cost · gross, added up over the robot models of a routing."""
    return total(facts.work, pl.col("unit_cost") * pl.col("gross"))


def setup(facts: Facts) -> float:
    """setup_cost for every set-up, pro rata beyond setup_weeks."""
    return total(facts.work, pl.col("setup_cost") * pl.col("setups"))


def energy(facts: Facts) -> float:
    """kWh · price."""
    price = facts.network["factories"].select("factory", "energy_price_per_kwh")
    rows = facts.work.join(price, on="factory", how="inner")
    return total(rows, pl.col("kwh") * pl.col("energy_price_per_kwh").fill_null(0.0))


def material(facts: Facts) -> float:
    """What is bought, and all supply of the horizon, used or not."""
    buys = total(bought(facts), pl.col("quantity") * pl.col("unit_cost"))
    return buys + total(supplied(facts), pl.col("quantity") * pl.col("unit_cost"))


@once
def shipped(facts: Facts) -> pl.DataFrame:
    """shipments.csv with the lane's cost and emissions."""
    lanes = facts.network["lanes"].select(
        "factory", "market", pl.col("cost_per_unit", "kgco2e_per_unit").fill_null(0.0)
    )
    return facts["shipments"].join(lanes, on=["factory", "market"], how="inner")


def transport(facts: Facts) -> float:
    """Units shipped at the cost of their lane."""
    return total(shipped(facts), pl.col("quantity") * pl.col("cost_per_unit"))


@once
def at_hand(facts: Facts) -> pl.DataFrame:
    """End-of-week units at factories, and in transit goods that wait at their market.

    Returns
    -------
    product, week, quantity, holding_cost_per_week, waste_cost.
    """
    prices = facts.network["products"].select("product", "holding_cost_per_week", "waste_cost")
    waiting = facts.waiting.select("product", "week", quantity=pl.col("pool").clip(0.0))
    stock = facts["inventory"].select("product", "week", "quantity")
    return pl.concat([stock, waiting]).join(prices, on="product", how="inner")


def left_at_end(facts: Facts) -> pl.DataFrame:
    """Rows of `at_hand` in the last week."""
    return at_hand(facts).filter(pl.col("week") == facts.policy.weeks[-1])


def holding(facts: Facts) -> float:
    """End-of-week stock."""
    return total(at_hand(facts), pl.col("quantity") * pl.col("holding_cost_per_week"))


def waste(facts: Facts) -> float:
    """Stock at the end."""
    return total(left_at_end(facts), pl.col("quantity") * pl.col("waste_cost"))


@once
def priced_demand(facts: Facts) -> pl.DataFrame:
    """demand.csv with the product's prices."""
    prices = facts.network["products"].select("product", "price", "late_cost_per_week", "lost_cost")
    return facts.demand.join(prices, on="product", how="inner")


def late(facts: Facts) -> float:
    """late_cost · backlog at every week's end, the last one too."""
    return total(priced_demand(facts), pl.col("late_cost_per_week") * pl.col("backlog"))


def priority(facts: Facts) -> float:
    """(weight − 1) · late, weights 9, 3, 1 for classes 1, 2, 3."""
    extra = pl.sum_horizontal(pl.col(name) * weight for name, weight in EXTRA_WEIGHT.items())
    return total(priced_demand(facts), pl.col("late_cost_per_week") * extra)


def lost_confirmed(facts: Facts) -> float:
    """lost_cost of what is refused, and of what is still open at the end."""
    rows = priced_demand(facts)
    last = rows.filter(pl.col("week") == facts.policy.weeks[-1])
    return total(rows, pl.col("lost_cost") * pl.col("refused")) + total(
        last, pl.col("lost_cost") * pl.col("backlog")
    )


def lost_expected(facts: Facts) -> float:
    """Price of expected demand that could be reached and is not served."""
    unserved = pl.col("expected") - pl.col("unreachable") - pl.col("served_expected")
    return total(priced_demand(facts), pl.col("price") * unserved)


@once
def emissions(facts: Facts) -> float:
    """kg CO2e of materials, energy and transport.

    Materials follow gross units: what bom.csv lists at the material's kg, the rest at the routing's.
    """
    grid = facts.network["factories"].select("factory", pl.col("grid_kgco2e_per_kwh").fill_null(0.0))
    work = facts.work.join(grid, on="factory", how="inner")
    made = total(
        work, pl.col("kgco2e_per_unit") * pl.col("gross") + pl.col("kwh") * pl.col("grid_kgco2e_per_kwh")
    )
    per_kg = facts.network["materials"].select("material", pl.col("kgco2e_per_unit").fill_null(0.0))
    materials = used(facts).join(per_kg, on="material", how="inner")
    freight = total(shipped(facts), pl.col("quantity") * pl.col("kgco2e_per_unit"))
    return made + freight + total(materials, pl.col("used") * pl.col("kgco2e_per_unit"))


def carbon(facts: Facts) -> float:
    """Price of all emissions."""
    return facts.policy.carbon_price_per_kg * emissions(facts)


@once
def changed_units(facts: Facts) -> pl.DataFrame:
    """Production now and as published, by routing, factory and week common to both horizons.

    Returns
    -------
    routing, factory, week, quantity, published (good units); empty without a published plan.
    """
    if facts.published_weeks is None:
        return published_production(facts).clear().with_columns(quantity=pl.lit(0.0))
    first, last = facts.published_weeks
    keys = ["routing", "factory", "week"]
    now = facts["production"].select(*keys, "quantity").filter(pl.col("week").is_between(first, last))
    return now.join(
        published_production(facts).drop("product"), on=keys, how="full", coalesce=True
    ).with_columns(pl.col("quantity", "published").fill_null(0.0))


def change(facts: Facts) -> float:
    """change_cost_per_unit · Σ |make − published|."""
    moved = total(changed_units(facts), (pl.col("quantity") - pl.col("published")).abs())
    return facts.policy.change_cost_per_unit * moved


def relaxed(facts: Facts) -> float:
    """Σ amount · unit_price, as listed in plan.json."""
    rows = facts.summary.get("relaxed") or ()
    return sum(float(row.get("amount") or 0.0) * float(row.get("unit_price") or 0.0) for row in rows)


#: The terms by their name in plan.json, in the order of the plan model.
TERMS: dict[str, Callable[[Facts], float]] = {
    "rent": rent,
    "rent_tail": rent_tail,
    "mobilisation": mobilisation,
    "demobilisation": demobilisation,
    "termination": termination,
    "transfer": transfer,
    "overage": overage,
    "owned": owned,
    "overtime": overtime,
    "unit": unit,
    "setup": setup,
    "energy": energy,
    "material": material,
    "transport": transport,
    "holding": holding,
    "late": late,
    "priority": priority,
    "lost_confirmed": lost_confirmed,
    "lost_expected": lost_expected,
    "waste": waste,
    "carbon": carbon,
    "change": change,
    "relaxed": relaxed,
}
