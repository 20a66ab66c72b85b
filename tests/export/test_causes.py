"""Why an order is late or refused: the rule in the way, in one sentence."""

from dataclasses import replace

from planning.export import plan_tables
from tests.builders.networks import FACTORY, PRODUCT, ROBOT, ROUTING, forecast, offer, order, planned, week
from tests.export.tables import Exported, exported

#: Nobody waits if there is any way, and nobody makes anything before its week.
PUNCTUAL = [PRODUCT | {"late_cost_per_week": 1e4, "lost_cost": 1e6, "holding_cost_per_week": 1e3}]


def causes(plan: Exported, status: str) -> set[str]:
    return {cause for (cause,) in plan.rows("promises", "cause", status=status)}


def test_full_robots_are_named_with_their_factory_and_week() -> None:
    plan = exported(products=PUNCTUAL, orders=[order("A", 1, 200)])
    assert causes(plan, "late") == {"R at F is full in the week of 2026-12-07"}


def test_every_factory_that_could_have_made_it_is_named() -> None:
    plan = exported(
        products=PUNCTUAL,
        factories=[FACTORY, FACTORY | {"factory": "G"}],
        owned=[{"factory": f, "robot_model": "R", "units": 1} for f in ("F", "G")],
        orders=[order("A", 0, 100)],
    )
    assert causes(plan, "late") == {
        "R at F is full in the week of 2026-11-30; R at G is full in the week of 2026-11-30"
    }


def test_a_product_without_robots_names_the_robots_it_needs() -> None:
    plan = exported(
        robots=[ROBOT, ROBOT | {"robot_model": "RARE"}],
        products=[PRODUCT, PRODUCT | {"product": "Q"}],
        routings=[ROUTING, {"routing": "Q", "product": "Q", "robot_model": "RARE", "hours_per_unit": 1}],
        orders=[order("A", 0, 5, product="Q")],
    )
    assert causes(plan, "refused") == {"no RARE is owned, rented or on offer where it is made"}


def test_a_product_without_a_routing_says_so() -> None:
    plan = exported(products=[PRODUCT, PRODUCT | {"product": "Q"}], orders=[order("A", 0, 5, product="Q")])
    assert causes(plan, "refused") == {"no routing makes it"}


def test_robots_without_hours_are_named() -> None:
    plan = exported(factories=[FACTORY | {"attended_hours_per_week": 0}], orders=[order("A", 0, 5)])
    assert causes(plan, "refused") == {"R at F has no hours"}


def test_where_robots_could_stand_and_do_not_they_are_missing_and_not_full() -> None:
    """A robot on offer for 4 weeks at least costs more than the order is worth."""
    plan = exported(owned=[], offers=[offer("DEAR", 1e4, min_term_weeks=4)], orders=[order("A", 1, 5)])
    assert causes(plan, "refused") == {"R at F has no robots in the week of 2026-12-07"}


def test_a_market_nobody_ships_to_says_so() -> None:
    plan = exported(
        markets=[{"market": "M"}, {"market": "N"}],
        factories=[FACTORY, FACTORY | {"factory": "G"}],
        lanes=[{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
        orders=[order("A", 0, 5, market="N")],
    )
    assert causes(plan, "refused") == {"no factory that makes it ships to this market"}


def test_an_order_due_before_the_goods_can_get_there_says_so() -> None:
    plan = exported(
        products=PUNCTUAL,
        lanes=[{"factory": "F", "market": "M", "lead_time_weeks": 2}],
        orders=[order("A", 1, 5)],
    )
    assert causes(plan, "late") == {"due before the shortest lane (2 weeks) can bring it"}


def test_material_that_cannot_be_there_in_time_is_named() -> None:
    plan = exported(
        products=PUNCTUAL,
        materials=[{"material": "powder", "unit_cost": 1, "lead_time_weeks": 2}],
        bom=[{"product": "P", "material": "powder", "quantity_per_unit": 1}],
        supply=[{"material": "powder", "factory": "F", "week": week(0), "quantity": 3}],
        orders=[order("A", 0, 10)],
    )
    assert causes(plan, "late") == {"powder at F cannot be there by 2026-11-30"}
    assert plan.rows("purchases", "material", "factory", "order_by", "week", "quantity") == [
        ("powder", "F", 0, 2, 7)
    ]


def test_a_delay_that_is_cheaper_than_its_cure_says_so() -> None:
    """One unit late for a week costs 10, a routing that would have the hours costs 500 more."""
    plan = exported(
        robots=[ROBOT, ROBOT | {"robot_model": "DEAR"}],
        owned=[{"factory": "F", "robot_model": r, "units": 1} for r in ("R", "DEAR")],
        routings=[ROUTING, ROUTING | {"routing": "DEAR", "robot_model": "DEAR", "unit_cost": 500}],
        orders=[order("A", 0, 45)],
    )
    assert causes(plan, "late") == {"serving it sooner costs more than the delay"}


def test_a_refusal_that_is_cheaper_than_serving_is_no_delay() -> None:
    plan = exported(
        products=[PRODUCT | {"late_cost_per_week": 1, "lost_cost": 50}],
        routings=[ROUTING | {"unit_cost": 500}],
        orders=[order("A", 0, 5)],
    )
    assert causes(plan, "refused") == {"serving it costs more than refusing it"}


def test_a_solve_that_ended_before_it_knew_what_is_best_claims_no_choice() -> None:
    made = planned(
        None,
        None,
        products=[PRODUCT | {"late_cost_per_week": 1, "lost_cost": 50}],
        routings=[ROUTING | {"unit_cost": 500}],
        orders=[order("A", 0, 5)],
    )
    stopped = replace(made.solution, answer=replace(made.solution.answer, bound=0.0))
    told = plan_tables(made.network, made.net, stopped)["promises"]["cause"].to_list()
    assert told == ["there is room left for it: the solve ended before it was used"]


def test_what_is_on_time_needs_no_excuse() -> None:
    assert exported(orders=[order("A", 0, 5)]).rows("promises", "cause") == [(None,)]


def test_an_order_that_waits_for_demand_nobody_has_ordered_says_so() -> None:
    """Forty units a week, forty of each asked for: a week late costs 10, a sale lost 100."""
    plan = exported(orders=[order("A", 0, 40)], forecast=forecast([80]))
    said = {"losing expected demand costs more than the delay"}
    assert causes(plan, "late") == said


def test_an_order_refused_for_demand_nobody_has_ordered_says_so() -> None:
    """Forty units a week: twice that is ordered for the first; a week late costs more than a sale lost."""
    plan = exported(
        products=[PRODUCT | {"late_cost_per_week": 90, "lost_cost": 60}],
        orders=[order("A", 0, 80)],
        forecast=forecast([0, 200]),
    )
    assert causes(plan, "refused") == {"losing expected demand costs more than refusing it"}


def test_a_lane_of_one_week_is_told_in_the_singular() -> None:
    lanes = [{"factory": "F", "market": "M", "lead_time_weeks": 1}]
    plan = exported(products=PUNCTUAL, lanes=lanes, orders=[order("A", 0, 5)])
    assert causes(plan, "late") == {"due before the shortest lane (1 week) can bring it"}
