"""Tiny networks whose whole programs are kept as LP files in tests/optimise/golden.

A file is what PuLP writes of the program; where that is longer than can be read at a glance, the families
of constraints it is about. After a change of the algebra that is meant, read the difference and write the
files anew:

    python -m tests.optimise.golden_networks
"""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl

from planning.domain.network import Network
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from tests.builders.networks import (
    FACTORY,
    ROBOT,
    ROUTING,
    Row,
    contract,
    forecast,
    network,
    offer,
    order,
    problem,
    week,
)

Case = Callable[[], Network]

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


ONE_WEEK = {"horizon_weeks": 1}


def included() -> Network:
    """A contract and a second robot to rent, each with 30 hours a week that cost nothing more."""
    terms = {"included_hours_per_week": 30, "overage_per_hour": 2, "max_units": 2}
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 30, **terms)],
        contracts=[contract("C", "FLEX", -1, 1)],
        orders=[order("A", 0, 75)],
    )


def published() -> Network:
    """A frozen week with twelve units published, four of them started already, three sold."""
    cell = {"factory": "F", "routing": "P", "week": week(0)}
    return network(
        {"horizon_weeks": 1, "frozen_weeks": 1, "change_cost_per_unit": 3},
        {"production": [cell | {"product": "P", "quantity": 12}]},
        firm_work=[cell | {"work_order": "W", "quantity_left": 4, "status": "started"}],
        orders=[order("A", 0, 3)],
    )


def started() -> Network:
    """Four units are started that nobody wants."""
    cell = {"factory": "F", "routing": "P", "week": week(0)}
    return network(
        ONE_WEEK,
        firm_work=[cell | {"work_order": "W", "quantity_left": 4, "status": "started"}],
        orders=[order("A", 0, 1)],
    )


def changes() -> Network:
    """Twelve units were published for each week; what is made differs from that."""
    rows = [
        {"factory": "F", "product": "P", "routing": "P", "week": week(t), "quantity": 12} for t in range(2)
    ]
    return network(
        TWO_WEEKS | {"change_cost_per_unit": 3},
        {"production": rows},
        orders=[order("A", 0, 20), order("B", 1, 5)],
    )


def places() -> Network:
    """Half an operator, a store for five units, and goods in transit that wait for their order."""
    return network(
        TWO_WEEKS,
        factories=[FACTORY | {"storage_units": 5}],
        robots=[ROBOT | {"process": "print"}],
        operators=[{"factory": "F", "process": "print", "operators": 0.5}],
        in_transit=[{"product": "P", "market": "M", "arrive_week": week(0), "quantity": 3}],
        orders=[order("A", 1, 50)],
    )


def tiers() -> Network:
    """From two units on each costs less."""
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 100)],
        offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 40}],
        orders=[order("A", 0, 30)],
    )


def renewed() -> Network:
    """A week of minimum term, then two at a time."""
    terms = {"renewal_weeks": 2, "max_units": 1}
    return network(TWO_WEEKS, owned=[], offers=[offer("LOTS", 30, **terms)], forecast=forecast([8, 8]))


def full() -> Network:
    """More robots under contract than the vendor has now: none is rented before enough of them are back."""
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 50, max_units=2)],
        contracts=[contract("C", "FLEX", -1, 0, units=3, weekly_rate=90)],
        orders=[order("A", 0, 110)],
    )


def committed() -> Network:
    """Long rent where the first solve of the commitment rule started one robot (see CAPS)."""
    return network(
        ONE_WEEK, owned=[], offers=[offer("LONG", 30, min_term_weeks=26)], orders=[order("A", 0, 60)]
    )


#: Two factories, each with a market of its own.
TWO_FACTORIES: Row = {
    "factories": [FACTORY, FACTORY | {"factory": "G"}],
    "markets": [{"market": "M"}, {"market": "N"}],
    "lanes": [{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
    "owned": [],
}
MOVABLE = {"transfer_fee": 9, "transfer_weeks": 1}


def moves() -> Network:
    """A robot rented for two weeks at one factory may be needed at the other in the second."""
    terms = {"min_term_weeks": 2, "max_units": 2} | MOVABLE
    asked = [*forecast([40, 40, 0]), *forecast([40, 40, 40], market="N")]
    return network({"horizon_weeks": 3}, offers=[offer("FLEX", 30, **terms)], forecast=asked, **TWO_FACTORIES)


def moved_contracts() -> Network:
    """The same of a robot that is under contract already."""
    return network(
        TWO_WEEKS,
        offers=[offer("FLEX", 30, max_units=0, **MOVABLE)],
        contracts=[contract("C", "FLEX", -1, 1)],
        forecast=[*forecast([0, 40]), *forecast([40, 40], market="N")],
        **TWO_FACTORIES,
    )


def moved_renewals() -> Network:
    """Robots that may be moved and renew by two weeks."""
    terms = {"renewal_weeks": 2, "min_term_weeks": 1, "max_units": 2} | MOVABLE
    asked = [*forecast([40, 40, 0]), *forecast([0, 40, 0], market="N")]
    return network({"horizon_weeks": 3}, offers=[offer("LOTS", 30, **terms)], forecast=asked, **TWO_FACTORIES)


CASES: tuple[Case, ...] = (
    goods,
    lots,
    spread,
    rent,
    contracts,
    hours,
    included,
    published,
    started,
    changes,
    places,
    tiers,
    renewed,
    full,
    committed,
    moves,
    moved_contracts,
    moved_renewals,
)

#: What a file shows of a program that is too long to be shown whole.
SHOWN: dict[str, tuple[str, ...]] = {
    "tiers": ("tier_one", "tier_sum", "tier_units", "tier_from", "tier_below"),
    "renewed": ("on_rent", "lot_start", "lot_stop"),
    "full": ("kept", "max_units_full", "max_units_new"),
    "moves": ("on_rent", "on_rent_present", "min_term", "min_term_here"),
    "moved_contracts": ("kept", "kept_present"),
    "moved_renewals": ("lot_start", "lot_stop", "lot_here"),
}

#: o, f, t, units: what the first solve of the commitment rule rented for long.
CAPS = {"committed": pl.DataFrame({"o": [0], "f": [0], "t": [0], "units": [1.0]})}


def program(case: Case, caps: pl.DataFrame | None = None) -> Model:
    """The program of a network."""
    made = problem(case())
    return build(made, eligible(made), made.expected, CAPS.get(case.__name__) if caps is None else caps)


def write(case: Case, folder: Path) -> Path:
    """Write the program of a network as PuLP writes it, or what is shown of it; returns the file."""
    path = folder / f"{case.__name__}.lp"
    program(case).to_pulp().writeLP(str(path))
    if families := SHOWN.get(case.__name__):
        shown = re.compile(rf"^(?:{'|'.join(families)})(?:_-?\d+)*:.*\n(?: .*\n)*", re.MULTILINE)
        path.write_text("".join(shown.findall(path.read_text(encoding="utf-8"))), encoding="utf-8")
    return path


if __name__ == "__main__":
    for each in CASES:
        write(each, FOLDER)
