"""Every way of being wrong is told by the rule it breaks: one figure changed in a plan that was right."""

from collections.abc import Callable

import pytest

from planning import check
from planning.check import Violation
from planning.check.commitment import check_commitment
from planning.check.costs import check_costs
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
from tests.check import spoiled, world
from tests.check.tables import Spoil

Family = Callable[[Facts], list[Violation]]

FAMILIES: dict[str, tuple[dict[str, tuple[str, Spoil]], tuple[Family, ...]]] = {
    "frames": (spoiled.FRAMES, (check_frames,)),
    "demand": (spoiled.DEMAND, (check_demand,)),
    "promises": (spoiled.PROMISES, (check_promises,)),
    "flow": (spoiled.FLOW, (check_flow,)),
    "production": (spoiled.PRODUCTION, (check_production,)),
    "hours": (spoiled.HOURS, (check_hours,)),
    "fleet": (spoiled.FLEET, (check_fleet,)),
    "rent": (spoiled.RENT, (check_rent,)),
    "commitment": (spoiled.COMMITMENT, (check_commitment, check_figures)),
    "firm": (spoiled.FIRM, (check_firm,)),
    "materials": (spoiled.MATERIALS, (check_materials,)),
    "schedule": (spoiled.SCHEDULE, (check_schedule,)),
    "figures": (spoiled.FIGURES, (check_costs, check_figures)),
}
CASES = [(family, name) for family, (cases, _) in FAMILIES.items() for name in cases]


@pytest.mark.parametrize(("family", "name"), CASES)
def test_what_is_wrong_is_told_by_the_rule_it_breaks(family: str, name: str) -> None:
    cases, checks = FAMILIES[family]
    rule, spoil = cases[name]
    network, plan = spoil(world.network(), world.plan())
    facts = Facts(network, plan)
    violations = [violation for family_check in checks for violation in family_check(facts)]
    assert rule in {violation.rule for violation in violations}
    assert all(violation.message and violation.amount >= 0 for violation in violations)


def test_every_family_is_asked() -> None:
    assert {asked for _, checks in FAMILIES.values() for asked in checks} == set(check.FAMILIES)
