"""From a solved problem to a plan: every export table and plan.json, as one value."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.export import figures
from planning.export.fleet import fleet_table
from planning.export.production import (
    hours_table,
    inventory_table,
    production_table,
    purchases_table,
    shipments_table,
)
from planning.export.promises import demand_table, promises_table
from planning.export.rentals import rentals_table
from planning.netting import NetDemand
from planning.optimise.plan import Solution


@dataclass(frozen=True)
class Stamp:
    """What makes a plan this plan: its id, version and moment, and the ledger it is recorded in."""

    plan_id: str
    version: int
    created_at: str
    seconds: float
    ledger_count: int = 0
    ledger_head: str = ""


def plan_tables(network: Network, net: NetDemand, solution: Solution) -> dict[str, pl.DataFrame]:
    """Every export table but the schedule, which is laid out from these."""
    offers = network["offers"]
    vendors = dict(zip(offers["offer"].to_list(), offers["vendor"].to_list(), strict=True))
    return {
        "production": production_table(solution),
        "fleet": fleet_table(solution),
        "hours": hours_table(solution),
        "rentals": rentals_table(solution, vendors),
        "shipments": shipments_table(solution),
        "inventory": inventory_table(solution),
        "promises": promises_table(solution, net.orders),
        "demand": demand_table(solution, net.expected),
        "purchases": purchases_table(solution),
        "rejected_rows": network.rejected.select(EXPORT["rejected_rows"].columns),
    }


def plan_of(  # noqa: PLR0917 - the parts of a plan, in the order in which they come about
    network: Network,
    net: NetDemand,
    solution: Solution,
    tables: dict[str, pl.DataFrame],
    rule_money: dict[str, float | None],
    stamp: Stamp,
) -> Plan:
    """The plan with its plan.json.

    Parameters
    ----------
    tables : every export table, schedule included.
    rule_money : commitment_cost_if_all and commitment_saving_if_qualifying.
    """
    answer = solution.answer
    costs = solution.model.cost_by_term(answer.x)
    kpis = figures.key_figures(solution, tables, costs, net.orders_beyond_horizon) | rule_money
    summary: dict[str, Any] = {
        "plan_id": stamp.plan_id,
        "version": stamp.version,
        "created_at": stamp.created_at,
        "start_week": network.policy.start_week.isoformat(),
        "horizon_weeks": network.policy.horizon_weeks,
        "status": figures.status_of(answer.gap, network.policy.gap, answer.stopped),
        "relaxed": figures.relaxed_rules(solution),
        "objective": answer.objective,
        "bound": answer.bound,
        "gap": answer.gap,
        "gap_controllable": figures.gap_controllable(solution, costs),
        "solver": answer.solver,
        "seconds": stamp.seconds,
        "input_hash": network.input_hash,
        "ledger": {"count": stamp.ledger_count, "head": stamp.ledger_head},
        "policy": network.policy.as_settings(),
        "commitment": figures.commitment_figures(solution),
        "around": figures.around_figures(solution),
        "kpis": kpis,
        "costs": {term: value + 0.0 for term, value in sorted(costs.items())},
        "checker": {"violations": None},
        "assumed": list(network.assumed),
        "rent_or_wait": _deals(net.rent_or_wait, network),
        "stale": _deals(net.stale, network),
    }
    return Plan(tables, summary)


def _deals(deals: pl.DataFrame, network: Network) -> list[dict[str, Any]]:
    """Opportunities as plan.json tells of them."""
    dated = deals.join(
        network["opportunities"].select("opportunity_id", "expected_date"), on="opportunity_id"
    )
    columns = ["opportunity_id", "product", "market", "quantity", "probability", "expected_date"]
    rows = dated.sort("opportunity_id").select(columns).iter_rows(named=True)
    return [row | {"expected_date": row["expected_date"].isoformat()} for row in rows]
