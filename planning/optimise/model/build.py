"""The whole program of one solve: variables, constraint families, objective."""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model import firm, flow, hours, materials, rent
from planning.optimise.model.algebra import Model
from planning.optimise.model.commitment import commitment_caps
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.objective import add_costs
from planning.optimise.model.variables import add_flow, add_hours, add_materials, add_production, add_service


def build(problem: Problem, can: Eligible, expected: pl.DataFrame, caps: pl.DataFrame | None) -> Model:
    """Build the program of `problem` for one solve of rule 8.

    Parameters
    ----------
    expected : p, m, t, quantity of demand that is not confirmed: qualifying in the first solve, all in
        the second.
    caps : o, f, t, units: long starts of the first solve; None where they are not limited.
    """
    model = Model("takt")
    add_production(model, problem, can)
    add_flow(model, problem, can)
    add_service(model, problem, expected)
    add_hours(model, problem, can)
    add_materials(model, problem, can)
    rent.add_offers(model, problem, can)
    rent.add_contracts(model, problem)
    rent.add_moves(model, problem)
    rent.add_overage(model, problem)
    rent.add_tiers(model, problem, can)
    firm.add_slacks(model, problem, can)
    firm.add_change(model, problem)

    flow.stock_balance(model, problem, can)
    flow.storage(model, problem, can)
    flow.arrivals(model, problem, can)
    flow.pool_balance(model, problem)
    flow.backlog_balance(model, problem)
    firm.set_ups(model, problem, can)
    firm.good_units(model, problem, can)
    firm.firm_zone(model, problem, can)
    firm.firm_work(model, problem)
    firm.frozen_zone(model, problem)
    hours.robot_count(model, problem)
    hours.work_balance(model, problem, can)
    hours.hours_per_kind(model, problem)
    hours.lights_out(model, problem, can)
    hours.included_hours(model, problem, can)
    hours.overage_limit(model, problem)
    hours.floor(model, problem)
    hours.supervisors(model, problem)
    hours.operators(model, problem)
    rent.on_rent_balance(model)
    rent.units_present(model, problem)
    rent.minimum_term(model, problem, can)
    rent.minimum_term_here(model, problem)
    rent.renewal_lots(model, problem, can)
    rent.kept_balance(model, problem)
    rent.unit_caps(model, problem)
    rent.tier_rules(model, problem, can)
    materials.material_balance(model, problem, can)
    if caps is not None:
        commitment_caps(model, problem, can, caps)
    add_costs(model, problem, can, expected)
    return model
