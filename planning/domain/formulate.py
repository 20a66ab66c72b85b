"""From network and net demand to the plan problem: ids become indices, dates become buckets."""

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.problem import Coder, Problem, names_of
from planning.domain.rental import contract_terms, offer_terms, standing_offers, tier_rates
from planning.domain.routing import resolve_routings
from planning.domain.stability import (
    firm_limits,
    firm_work,
    frozen_cuts,
    published_production,
    published_until,
)


def formulate(network: Network, orders: pl.DataFrame, expected: pl.DataFrame) -> Problem:
    """The plan problem of a complete network.

    Parameters
    ----------
    orders : open confirmed lines after netting: product, market, priority, t, quantity.
    expected : product, market, t, expected, unreachable, qualifying, qualifying_unreachable.
    """
    names = names_of(network)
    code = Coder(names)
    routes, work = _routes(network, code)
    return Problem(
        policy=network.policy,
        names=names,
        routes=routes,
        work=work,
        published_until=published_until(network),
        **_places(network, code),
        **_goods(network, code),
        **_demand(orders, expected, code),
        **_fleet(network, code),
        **_inputs(network, code),
        **_standing(network, orders, code),
    )


def _places(network: Network, code: Coder) -> dict[str, pl.DataFrame]:
    return {
        "factories": code(network["factories"], "factory").select(
            "f",
            "supervisors",
            floor="floor_slots",
            storage="storage_units",
            overtime_cost="overtime_cost_per_hour",
            energy_price="energy_price_per_kwh",
            grid="grid_kgco2e_per_kwh",
        ),
        "robots": code(network["robots"], "robot_model").select(
            "r",
            slots="floor_slots",
            per_supervisor="robots_per_supervisor",
            per_operator="robots_per_operator",
            power="power_kw",
        ),
        "processes": code(network["robots"], "robot_model").select("r", "process"),
        "hours": _robot_hours(network, code),
        "staff_hours": _staff_hours(network, code),
        "operators": _operators(network, code),
    }


def _goods(network: Network, code: Coder) -> dict[str, pl.DataFrame]:
    return {
        "products": code(network["products"], "product").select(
            "p",
            "price",
            holding="holding_cost_per_week",
            late="late_cost_per_week",
            lost="lost_cost",
            waste="waste_cost",
        ),
        "lanes": code(network["lanes"], "factory", "market").select(
            "f", "m", lead="lead_time_weeks", cost="cost_per_unit", kg="kgco2e_per_unit"
        ),
        "stock": code(network["stock"], "factory", "product").select("p", "f", "quantity"),
        "transit": _transit(network, code),
    }


def _demand(orders: pl.DataFrame, expected: pl.DataFrame, code: Coder) -> dict[str, pl.DataFrame]:
    return {
        "due": _due(orders, code),
        "expected": _reachable(expected, code, "expected", "unreachable"),
        "qualifying": _reachable(expected, code, "qualifying", "qualifying_unreachable"),
    }


def _fleet(network: Network, code: Coder) -> dict[str, pl.DataFrame]:
    return {
        "owned": code(network["owned"], "factory", "robot_model").select("f", "r", "units", "weekly_cost"),
        "offers": offer_terms(network, code),
        "standing": standing_offers(network, code, network.policy.horizon_weeks),
        "tiers": tier_rates(network, code),
        "contracts": contract_terms(network, code),
    }


def _inputs(network: Network, code: Coder) -> dict[str, pl.DataFrame]:
    return {
        "materials": code(network["materials"], "material").select(
            "g", "unit_cost", kg="kgco2e_per_unit", lead="lead_time_weeks"
        ),
        "bom": _bom(network, code),
        "supply": _supply(network, code),
    }


def _standing(network: Network, orders: pl.DataFrame, code: Coder) -> dict[str, pl.DataFrame]:
    fixed, published = firm_work(network, code), published_production(network, code)
    return {
        "firm_work": fixed,
        "published": published,
        "frozen_cuts": frozen_cuts(network, code),
        "firm_limit": firm_limits(network, orders, fixed, published, code),
    }


def _weeks(policy: Policy) -> pl.DataFrame:
    return pl.DataFrame({"t": range(policy.horizon_weeks)}, schema={"t": pl.Int64})


def _calendar(network: Network, code: Coder) -> pl.DataFrame:
    policy = network.policy
    rows = network["calendar"].with_columns(t=week_index_expr("week", policy.start_week)).drop("week")
    return code(rows, "factory", "robot_model")


def _staff_hours(network: Network, code: Coder) -> pl.DataFrame:
    """f, t, attended, overtime: the factory's hours with its all-models calendar rows."""
    base = code(network["factories"], "factory").join(_weeks(network.policy), how="cross")
    general = _calendar(network, code).filter(pl.col("r").is_null()).select("f", "t", "attended_hours")
    return base.join(general, on=["f", "t"], how="left").select(
        "f",
        "t",
        attended=pl.coalesce("attended_hours", "attended_hours_per_week"),
        overtime="overtime_hours_per_week",
    )


def _robot_hours(network: Network, code: Coder) -> pl.DataFrame:
    """r, f, t, attended, unattended, overtime, availability; a model's calendar row beats the general one."""
    base = (
        code(network["factories"], "factory")
        .join(_weeks(network.policy), how="cross")
        .join(code(network["robots"], "robot_model").select("r", normal="availability"), how="cross")
    )
    given = ["attended_hours", "unattended_hours", "availability"]
    calendar = _calendar(network, code)
    own = calendar.filter(pl.col("r").is_not_null()).rename({name: f"own_{name}" for name in given})
    general = calendar.filter(pl.col("r").is_null()).drop("r")
    rows = base.join(own, on=["r", "f", "t"], how="left").join(general, on=["f", "t"], how="left")
    return rows.select(
        "r",
        "f",
        "t",
        attended=pl.coalesce("own_attended_hours", "attended_hours", "attended_hours_per_week"),
        unattended=pl.coalesce("own_unattended_hours", "unattended_hours", "unattended_hours_per_week"),
        overtime="overtime_hours_per_week",
        availability=pl.coalesce("own_availability", "availability", "normal"),
    )


def _routes(network: Network, code: Coder) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames `routes` and `work` of the problem."""
    setup_weeks = network.policy.setup_weeks
    power = network["robots"].select("robot_model", "power_kw")
    lot = pl.max_horizontal("typical_lot", "min_lot", "batch_size", pl.lit(1.0))
    rows = (
        resolve_routings(network)
        .join(power, on="robot_model", how="left")
        .with_columns(early=pl.col("t") < setup_weeks, lot=lot)
    )
    rows = code(rows, "routing", "factory", "robot_model", "product").with_columns(
        prorata_hours=pl.when("early").then(0.0).otherwise(pl.col("setup_hours") / pl.col("lot")),
    )
    work = rows.select(
        "v",
        "f",
        "t",
        "r",
        "p",
        "lights_out",
        unit_hours="hours_per_unit",
        prorata_hours="prorata_hours",
        gross_hours=pl.col("hours_per_unit") + pl.col("prorata_hours"),
        setup_hours=pl.when("early").then("setup_hours").otherwise(0.0),
    ).sort("v", "f", "t", "r")
    per_set_up = pl.col("setup_hours") * pl.col("power_kw")
    early, share = pl.col("early").first(), 1 / pl.col("lot").first()
    cost, kwh = pl.col("setup_cost").sum(), per_set_up.sum()
    routes = rows.group_by("v", "f", "t").agg(
        pl.col("p").first(),
        pl.col("yield").first(),
        pl.col("batch_size").first(),
        pl.col("min_lot").first(),
        has_setup=early & ((pl.col("setup_hours").sum() > 0) | (cost > 0) | (pl.col("min_lot").first() > 0)),
        unit_cost=pl.col("unit_cost").sum(),
        prorata_cost=pl.when(early).then(0.0).otherwise(cost * share),
        kwh=pl.col("energy_kwh_per_unit").sum() + pl.when(early).then(0.0).otherwise(kwh * share),
        kg=pl.col("kgco2e_per_unit").sum(),
        setup_cost=pl.when(early).then(cost).otherwise(0.0),
        setup_kwh=pl.when(early).then(kwh).otherwise(0.0),
    )
    return routes.sort("v", "f", "t"), work


def _transit(network: Network, code: Coder) -> pl.DataFrame:
    """Goods on their way by arrival bucket: late ones come in the first week, far ones not at all."""
    policy = network.policy
    rows = network["in_transit"].with_columns(t=week_index_expr("arrive_week", policy.start_week).clip(0))
    rows = code(rows.filter(pl.col("t") < policy.horizon_weeks), "product", "market")
    return rows.group_by("p", "m", "t").agg(pl.col("quantity").sum()).sort("p", "m", "t")


def _due(orders: pl.DataFrame, code: Coder) -> pl.DataFrame:
    rows = code(orders, "product", "market")
    return (
        rows.group_by("p", "m", pl.col("priority").alias("k"), "t")
        .agg(pl.col("quantity").sum())
        .sort("p", "m", "k", "t")
    )


def _reachable(expected: pl.DataFrame, code: Coder, column: str, unreachable: str) -> pl.DataFrame:
    rows = expected.select("product", "market", "t", quantity=pl.col(column) - pl.col(unreachable))
    return code(rows.filter(pl.col("quantity") > 1e-9), "product", "market").select("p", "m", "t", "quantity")


def _bom(network: Network, code: Coder) -> pl.DataFrame:
    """v, g, per_gross: the routing's own rows plus its product's rows without routing."""
    owner = network["routings"].select("routing", "product").unique()
    bom = network["bom"]
    own = bom.filter(pl.col("routing").is_not_null()).select("routing", "material", "quantity_per_unit")
    general = bom.filter(pl.col("routing").is_null()).drop("routing").join(owner, on="product")
    rows = pl.concat([own, general.select(own.columns)])
    return (
        code(rows, "routing", "material")
        .group_by("v", "g")
        .agg(per_gross=pl.col("quantity_per_unit").sum())
        .sort("v", "g")
    )


def _supply(network: Network, code: Coder) -> pl.DataFrame:
    """g, f, t, quantity, unit_cost of supply inside the horizon; what is there already counts in week 0."""
    policy = network.policy
    rows = network["supply"].with_columns(t=week_index_expr("week", policy.start_week).clip(0))
    rows = rows.filter(pl.col("t") < policy.horizon_weeks)
    return code(rows, "material", "factory").select("g", "f", "t", "quantity", "unit_cost")


def _operators(network: Network, code: Coder) -> pl.DataFrame:
    """f, process, t, operators for every week with a limit; a row with a week beats one without."""
    policy = network.policy
    rows = code(network["operators"], "factory").with_columns(t=week_index_expr("week", policy.start_week))
    general = rows.filter(pl.col("t").is_null()).drop("t").join(_weeks(policy), how="cross")
    special = rows.filter(pl.col("t").is_not_null())
    columns = ["f", "process", "t", "operators"]
    both = pl.concat([general.select(columns), special.select(columns)])
    weeks = both.filter(pl.col("t").is_between(0, policy.horizon_weeks - 1))
    return weeks.group_by("f", "process", "t", maintain_order=True).last().sort("f", "process", "t")
