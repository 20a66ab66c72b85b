"""Every rule matters somewhere and leaves room elsewhere: without it a plan would cost less, or just as much.

A family of constraints binds where the program without it has a cheaper optimum. Balances are left out: they
are what the others speak about.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from planning.domain.network import Network
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.runs import attempt
from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROBOT,
    ROUTING,
    contract,
    forecast,
    network,
    offer,
    order,
    week,
)
from tests.optimise import golden_networks as golden
from tests.optimise.golden_networks import MOVABLE, ONE_WEEK, TWO_FACTORIES, TWO_WEEKS

Case = Callable[[], Network]
CELL = {"factory": "F", "routing": "P"}
PRINTED = {"product": "P", **CELL}
LOT = {"setup_hours": 1, "min_lot": 2, "batch_size": 4}


# Networks in which a rule binds


def little_carbon() -> Network:
    return network(
        {**ONE_WEEK, "carbon_cap_kg": 20},
        routings=[ROUTING | {"kgco2e_per_unit": 1}],
        orders=[order("A", 0, 30)],
    )


def more_expected_than_sold() -> Network:
    """What the last week cannot make of its own demand would be made ahead, in the firm weeks."""
    settings = {"horizon_weeks": 3, "firm_weeks": 2}
    return network(settings, orders=[order("A", 0, 4)], forecast=forecast([0, 0, 60]))


def one_place() -> Network:
    factories = [FACTORY | {"floor_slots": 1}]
    return network(
        ONE_WEEK, factories=factories, owned=[], offers=[offer("FLEX", 30)], orders=[order("A", 0, 80)]
    )


def started_beyond_the_published() -> Network:
    """What is started in week 0 is as much as was published for both weeks; week 1 is frozen all the same."""
    published = [PRINTED | {"week": week(t), "quantity": 6} for t in range(2)]
    work = CELL | {"work_order": "W", "week": week(0), "quantity_left": 12, "status": "started"}
    return network(
        TWO_WEEKS | {"frozen_weeks": 2},
        {"production": published},
        firm_work=[work],
        orders=[order("A", 0, 12)],
    )


def cancelled_once() -> Network:
    """Four of twelve published units were cancelled; each week could do without them, both cannot."""
    promised = {"order_id": "B", "line": 1, "product": "P", "market": "M", "due_week": week(0), "quantity": 4}
    published = [PRINTED | {"week": week(t), "quantity": 6} for t in range(2)]
    return network(
        TWO_WEEKS | {"frozen_weeks": 2},
        {"production": published, "promises": [promised]},
        orders=[order("A", 0, 4), order("B", 0, 4, status="cancelled")],
    )


def work_that_needs_people() -> Network:
    """One product may be made at night, the other is wanted."""
    watched = ROUTING | {"routing": "Q", "product": "Q"}
    return network(
        ONE_WEEK,
        factories=[FACTORY | {"unattended_hours_per_week": 20}],
        products=[PRODUCT, PRODUCT | {"product": "Q"}],
        routings=[ROUTING | {"lights_out": True}, watched],
        orders=[order("A", 0, 5), order("B", 0, 60, product="Q")],
    )


def overtime() -> Network:
    factories = [FACTORY | {"overtime_hours_per_week": 10, "overtime_cost_per_hour": 1}]
    return network(ONE_WEEK, factories=factories, orders=[order("A", 0, 60)])


def a_small_order() -> Network:
    return network(
        ONE_WEEK | {"setup_weeks": 1}, routings=[ROUTING | {"min_lot": 6}], orders=[order("A", 0, 5)]
    )


def few_units() -> Network:
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 30, max_units=2)],
        contracts=[contract("C", "FLEX", -1, 1)],
        orders=[order("A", 0, 120)],
    )


def starts_one_after_another() -> Network:
    """Two robots are needed in week 1 only, and nothing can be made ahead."""
    return network(
        {"horizon_weeks": 3},
        factories=[FACTORY | {"storage_units": 0}],
        owned=[],
        offers=[offer("FLEX", 30, min_term_weeks=2)],
        forecast=forecast([40, 80, 0]),
    )


def the_second_costs_more() -> Network:
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 100)],
        offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 140}],
        contracts=[contract("C", "FLEX", -1, 1)],
        orders=[order("A", 0, 80)],
    )


DEAR = offer("DEAR", 30, included_hours_per_week=20, overage_per_hour=9, max_units=1)
CHEAP = offer("CHEAP", 30, included_hours_per_week=20, overage_per_hour=1, max_units=1)


def cheap_hours_of_another_robot() -> Network:
    return network(ONE_WEEK, owned=[], offers=[CHEAP, DEAR], orders=[order("A", 0, 80)])


def cheap_hours_of_a_contract() -> Network:
    held = [contract("C", "CHEAP", -1, 1)]
    return network(ONE_WEEK, owned=[], offers=[CHEAP, DEAR], contracts=held, orders=[order("A", 0, 80)])


def terms_swapped(renewal: int) -> Network:
    """Each factory needs a robot for a shorter time than its term; the other's robot would be free to go."""
    terms = {
        "min_term_weeks": 3 if renewal == 1 else 2,
        "renewal_weeks": renewal,
        **MOVABLE,
        "transfer_fee": 1e6,
    }
    asked = {
        1: ([0, 40, 40, 0, 0], [40, 40, 40, 40, 40]),
        2: ([40, 40, 40, 0, 0, 0], [0, 40, 40, 40, 0, 0]),
    }
    at_f, at_g = asked[renewal]
    return network(
        {"horizon_weeks": len(at_f)},
        **TWO_FACTORIES,
        offers=[offer("MOVES", 50, **terms)],
        forecast=[*forecast(at_f), *forecast(at_g, market="N")],
    )


def minimum_terms_swapped() -> Network:
    return terms_swapped(1)


def renewals_swapped() -> Network:
    return terms_swapped(2)


def round_trips(**more: object) -> Network:
    """Two robots of our own on a floor for one: one "moved" that is not there would make room."""
    factories = [FACTORY | {"floor_slots": 1}, FACTORY | {"factory": "G"}]
    owned = [{"factory": f, "robot_model": "R", "units": n} for f, n in (("F", 2), ("G", 1))]
    tables = TWO_FACTORIES | {"factories": factories, "owned": owned} | more
    return network(
        TWO_WEEKS,
        offers=[offer("FLEX", 30, **MOVABLE)],
        forecast=[*forecast([5, 5]), *forecast([5, 5], market="N")],
        **tables,
    )


def round_trips_of_contracts() -> Network:
    factories = [FACTORY | {"floor_slots": 1}, FACTORY | {"factory": "G", "floor_slots": 2}]
    held = contract("C", "FLEX", -1, 2) | {"factory": "G"}
    return round_trips(factories=factories, contracts=[held])


# Networks in which a rule leaves room


def room_for_everything() -> Network:
    """More hours, people, places and CO2e than the work needs, all of it in whole batches."""
    factory = {
        "attended_hours_per_week": 40,
        "unattended_hours_per_week": 20,
        "overtime_hours_per_week": 10,
        "overtime_cost_per_hour": 4,
        "floor_slots": 9,
        "storage_units": 99,
        "supervisors": 9,
    }
    return network(
        ONE_WEEK | {"setup_weeks": 1, "carbon_cap_kg": 9_000},
        factories=[FACTORY | factory],
        robots=[ROBOT | {"process": "print"}],
        routings=[ROUTING | LOT | {"lights_out": True, "kgco2e_per_unit": 1}],
        operators=[{"factory": "F", "process": "print", "operators": 9}],
        orders=[order("A", 0, 8)],
    )


def a_tier_reached() -> Network:
    tiers = [{"offer": "FLEX", "from_units": 2, "weekly_rate": 40}]
    return network(
        ONE_WEEK, owned=[], offers=[offer("FLEX", 100)], offer_tiers=tiers, orders=[order("A", 0, 80)]
    )


def within_the_included_hours() -> Network:
    held = [contract("C", "CHEAP", -1, 1)]
    return network(ONE_WEEK, owned=[], offers=[CHEAP], contracts=held, orders=[order("A", 0, 15)])


def contracts_that_do() -> Network:
    held = [contract("C", "FLEX", -1, 0, units=3)]
    return network(
        ONE_WEEK,
        owned=[],
        offers=[offer("FLEX", 50, max_units=2)],
        contracts=held,
        orders=[order("A", 0, 90)],
    )


def long_rent_for_nothing() -> Network:
    return network(ONE_WEEK, offers=[offer("LONG", 30, min_term_weeks=26)], orders=[order("A", 0, 40)])


MORE: tuple[Case, ...] = (
    little_carbon, more_expected_than_sold, one_place, started_beyond_the_published, cancelled_once,
    work_that_needs_people, overtime, a_small_order, few_units, starts_one_after_another,
    the_second_costs_more, cheap_hours_of_another_robot, cheap_hours_of_a_contract, minimum_terms_swapped,
    renewals_swapped, round_trips, round_trips_of_contracts, room_for_everything, a_tier_reached,
    within_the_included_hours, contracts_that_do, long_rent_for_nothing,
)  # fmt: skip

#: o, f, t, units: nobody needs the one robot the first solve allows.
CAPS = {"long_rent_for_nothing": golden.CAPS["committed"]}


def optimum(model: Model) -> float:
    answer = attempt(model, Limits(gap=0.0, seconds=60))
    return float("-inf") if answer is None else answer.objective


@cache
def found() -> dict[str, tuple[str | None, str | None]]:
    """Family of inequalities → a network in which it binds, and one in which it leaves room."""
    where: dict[str, tuple[str | None, str | None]] = {}
    for case in (*golden.CASES, *MORE):
        model = golden.program(case, CAPS.get(case.__name__))
        cost = None
        for name, rows in model.rows.items():
            if rows.sense == "==":
                continue
            binds, leaves_room = where.setdefault(name, (None, None))
            if not len(rows) or (binds and leaves_room):
                continue
            cost = optimum(model) if cost is None else cost
            without = {other: block for other, block in model.rows.items() if other != name}
            if optimum(replace(model, rows=without)) < cost - 1e-6 * max(1.0, abs(cost)):
                where[name] = case.__name__, leaves_room
            else:
                where[name] = binds, case.__name__
    return where


def test_every_rule_binds_somewhere() -> None:
    assert [name for name, (binds, _) in found().items() if binds is None] == []


def test_every_rule_leaves_room_somewhere() -> None:
    assert [name for name, (_, leaves_room) in found().items() if leaves_room is None] == []
