"""Tiny networks whose whole programs are kept as LP files in tests/optimise/golden.

A file is what PuLP writes of the program. After a change of the algebra that is meant, read the
difference and write the files anew:

    python -m tests.optimise.golden_networks
"""

from collections.abc import Callable
from pathlib import Path

from planning.domain.network import Network
from planning.optimise.build import build
from planning.optimise.eligible import eligible
from tests.builders.networks import ROUTING, contract, forecast, network, offer, order, problem, week

FOLDER = Path(__file__).resolve().parent / "golden"
TWO_WEEKS = {"horizon_weeks": 2}


def goods() -> Network:
    """Stock, a lane that takes a week, an order, expected demand; one robot."""
    return network(
        TWO_WEEKS | {"consumption_forward_weeks": 0},
        lanes=[{"factory": "F", "market": "M", "lead_time_weeks": 1, "cost_per_unit": 2}],
        stock=[{"factory": "F", "product": "P", "quantity": 5}],
        orders=[order("A", 0, 50)],
        forecast=forecast({1: 6}),
    )


LOT = {"setup_hours": 2, "setup_cost": 9, "min_lot": 6, "batch_size": 4, "yield": 0.75, "unit_cost": 3}


def lots() -> Network:
    """A firm week with a set-up and a minimum lot, in batches with scrap."""
    settings = {"horizon_weeks": 1, "firm_weeks": 1, "setup_weeks": 1}
    return network(settings, routings=[ROUTING | LOT], orders=[order("A", 0, 8)])


def spread() -> Network:
    """The same beyond the set-up weeks: hours and cost of a set-up are spread over its lot."""
    return network({"horizon_weeks": 1}, routings=[ROUTING | LOT], orders=[order("A", 0, 8)])


def rent() -> Network:
    """No robot of our own: an offer with a minimum term that may run beyond the horizon."""
    terms = {"min_term_weeks": 2, "mobilisation_fee": 7}
    return network(TWO_WEEKS, owned=[], offers=[offer("FLEX", 30, **terms)], orders=[order("A", 1, 30)])


def contracts() -> Network:
    """A running unit that may be returned in week 1, or ended now at half of what is left."""
    terms = {"max_units": 0, "early_termination_share": 0.5, "demobilisation_fee": 7}
    return network(
        TWO_WEEKS,
        owned=[],
        offers=[offer("FLEX", 30, **terms)],
        contracts=[contract("C", "FLEX", -1, 1)],
        orders=[order("A", 1, 60)],
    )


def hours() -> Network:
    """Attended, unattended and overtime hours of lights-out work, people to watch it, and a cap of CO2e."""
    factory = {
        "factory": "F",
        "attended_hours_per_week": 30,
        "unattended_hours_per_week": 20,
        "supervisors": 0.5,
    }
    return network(
        {"horizon_weeks": 1, "carbon_cap_kg": 60},
        factories=[factory | {"overtime_hours_per_week": 10, "overtime_cost_per_hour": 4, "floor_slots": 2}],
        routings=[ROUTING | {"lights_out": True, "kgco2e_per_unit": 1}],
        materials=[{"material": "powder", "unit_cost": 1.5}],
        bom=[{"product": "P", "material": "powder", "quantity_per_unit": 2}],
        supply=[{"material": "powder", "factory": "F", "week": week(0), "quantity": 12}],
        orders=[order("A", 0, 50)],
    )


CASES: tuple[Callable[[], Network], ...] = (goods, lots, spread, rent, contracts, hours)


def write(case: Callable[[], Network], folder: Path) -> Path:
    """Write the program of a network as PuLP writes it; returns the file."""
    made = problem(case())
    path = folder / f"{case.__name__}.lp"
    build(made, eligible(made), made.expected, caps=None).to_pulp().writeLP(str(path))
    return path


if __name__ == "__main__":
    for each in CASES:
        write(each, FOLDER)
