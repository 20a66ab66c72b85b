"""A plan that pays for everything a rented robot can cost, solved once for all tests of the fleet."""

import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.workflows.planning_run import PlanPayload, make_plan
from tests.builders.networks import FACTORY, PRODUCT, certain, contract, network, offer, order


def every_charge() -> Network:
    """Six weeks in which every term of a rent is paid: see the contracts and offers."""
    fees = {"mobilisation_fee": 30, "demobilisation_fee": 7}
    at_f = fees | {"factory": "F"}
    return network(
        {"horizon_weeks": 6, "flex_term_weeks": 3, "tail_use": 0.4},
        factories=[FACTORY, FACTORY | {"factory": "G"}],
        lanes=[{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
        markets=[{"market": "M"}, {"market": "N"}],
        owned=[{"factory": "F", "robot_model": "R", "units": 1, "weekly_cost": 11}],
        offers=[
            offer("LONG", 45, min_term_weeks=5, renewal_weeks=4, lead_time_weeks=1, **at_f),
            offer("FLEX", 90, min_term_weeks=2, included_hours_per_week=30, overage_per_hour=0.5, **at_f),
            offer("MOVES", 60, max_units=0, notice_weeks=1, transfer_fee=15, transfer_weeks=1, **fees),
            offer("ENDS", 80, max_units=0, notice_weeks=1, early_termination_share=0.3, **fees),
        ],
        offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 70}],
        contracts=[
            contract("C-MOVES", "MOVES", -4, 8, units=2),
            contract("C-ENDS", "ENDS", -2, 9, factory="G"),
            contract("C-OVER", "MOVES", -9, -2, off=3, factory="G"),
            contract("C-COMES", "FLEX", 1, 4, status="ordered"),
        ],
        products=[PRODUCT | {"holding_cost_per_week": 20}],
        orders=[order("A", 0, 190), order("B", 4, 150, market="N", priority=1), order("C", 3, 360)],
        forecast=certain([90, 90, 150, 150, 150, 150]),
    )


@pytest.fixture(scope="session")
def planned() -> tuple[Plan, Network]:
    made = every_charge()
    return make_plan(PlanPayload(made, None)).plan, made
