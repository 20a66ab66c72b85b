"""The independent checker: a second implementation of every rule and every cost of the plan model.

It reads a network and the exported frames of a plan, imports nothing of the optimiser or of netting, and
was written from the documents alone. Where they are silent the docstring of the rule says what was chosen;
where a table leaves something open, the weakest statement that must hold is checked.
"""

from planning.check.commitment import check_commitment
from planning.check.costs import check_costs, recompute
from planning.check.demand import check_demand
from planning.check.facts import Facts
from planning.check.figures import check_figures
from planning.check.firm import check_firm
from planning.check.fleet import check_fleet
from planning.check.flow import check_flow
from planning.check.frames import check_frames
from planning.check.hours import check_hours
from planning.check.materials import check_materials
from planning.check.production import check_production
from planning.check.promises import check_promises
from planning.check.rent import check_rent
from planning.check.schedule import check_schedule
from planning.check.violation import Violation
from planning.domain.network import Network
from planning.domain.plan import Plan

FAMILIES = (
    check_frames,
    check_demand,
    check_promises,
    check_flow,
    check_production,
    check_hours,
    check_fleet,
    check_rent,
    check_commitment,
    check_firm,
    check_materials,
    check_schedule,
    check_costs,
    check_figures,
)


def check(network: Network, plan: Plan) -> list[Violation]:
    """Everything in which a plan breaks the rules of the plan model.

    Parameters
    ----------
    network : the complete network the plan was made from; without forecast.csv expected demand cannot be
        recomputed, and is held to what opportunities alone make sure of.
    plan : the export tables and plan.json.

    Returns
    -------
    Violations, family by family in the order of the rules; none for a plan that is right.
    """
    facts = Facts(network, plan)
    return [violation for family in FAMILIES for violation in family(facts)]


def recompute_costs(network: Network, plan: Plan) -> dict[str, float]:
    """Every term of the objective by its name in plan.json, from the CSV frames alone.

    Returns
    -------
    Money by term; terms that cost nothing are 0.
    """
    return recompute(Facts(network, plan))


__all__ = ["Violation", "check", "recompute_costs"]
