"""Programs no single step of the solve decides: set-ups, a fleet, and both at once."""

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from tests.builders.networks import ROUTING, Row, contract, forecast, network, offer, order, problem

EXACT = Limits(gap=0.0, seconds=60.0)
FACTORIES = [{"factory": "F"}, {"factory": "G"}]
LANES: list[Row] = [{"factory": "F", "market": "M"}, {"factory": "G", "market": "N", "cost_per_unit": 1}]


def lots(*offers: Row) -> Problem:
    """Set-ups and a minimum lot on a robot that is too small: the relaxation is far from any plan."""
    setup = {"setup_hours": 4, "setup_cost": 60, "min_lot": 12}
    return problem(
        network(
            {"setup_weeks": 4, "firm_weeks": 1},
            products=[{"product": "P", "price": 40}, {"product": "Q", "price": 25}],
            routings=[
                ROUTING | setup,
                ROUTING | setup | {"product": "Q", "routing": "Q", "hours_per_unit": 0.7},
            ],
            offers=offers,
            orders=[
                *(order(f"P{t}", t, 11 + 3 * t) for t in range(4)),
                *(order(f"Q{t}", t, 9 + 5 * t, product="Q") for t in range(1, 4)),
            ],
        )
    )


def fleet() -> Problem:
    """Two factories, a contract that may be moved, offers with a minimum term, tiers and renewals."""
    moved = {"transfer_fee": 30, "transfer_weeks": 1}
    return problem(
        network(
            {"horizon_weeks": 5},
            factories=FACTORIES,
            markets=[{"market": "M"}, {"market": "N"}],
            lanes=LANES,
            owned=[],
            offers=[
                offer("MOVES", 50, min_term_weeks=2, notice_weeks=1, **moved),
                offer("LOTS", 60, min_term_weeks=2, renewal_weeks=2, max_units=3),
            ],
            offer_tiers=[{"offer": "LOTS", "from_units": 2, "weekly_rate": 45}],
            contracts=[contract("C", "MOVES", -3, 2, weekly_rate=40)],
            orders=[order("A", 0, 60), order("B", 3, 95, market="N")],
            forecast=[*forecast([20] * 5), *forecast([0, 35, 15, 30, 10], market="N")],
        )
    )


def both() -> Problem:
    """Set-ups, and robots to rent for them: no step alone proves anything."""
    return lots(offer("FLEX", 90, mobilisation_fee=20))


def program(made: Problem) -> Model:
    return build(made, eligible(made), made.expected, caps=None)


CASES = [lots, fleet, both]
