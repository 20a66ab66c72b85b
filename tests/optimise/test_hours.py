"""Rules 4 and 5: robot hours by kind, included hours, floor, supervisors and operators."""

from typing import Any

import pytest

from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROBOT,
    ROUTING,
    Row,
    contract,
    offer,
    order,
    planned,
    week,
)

TWO_MODELS = [ROBOT, ROBOT | {"robot_model": "S"}]
FIFTY = [order("A", 0, 50)]


def owned(units: int, model: str = "R", **more: Any) -> Row:
    return {"factory": "F", "robot_model": model, "units": units} | more


# Attended hours


def test_a_robot_works_its_attended_hours() -> None:
    plan = planned(orders=FIFTY)
    assert plan.weekly("attended") == [40, 10, 0, 0]
    assert plan.costs == {"late": 100}


def test_two_robots_work_twice_as_long() -> None:
    plan = planned(orders=FIFTY, owned=[owned(2)])
    assert plan.weekly("attended") == [50, 0, 0, 0]
    assert plan.weekly("robots") == [2, 2, 2, 2]
    assert plan.objective == 0


def test_of_its_hours_only_the_available_ones_are_productive() -> None:
    plan = planned(orders=FIFTY, robots=[ROBOT | {"availability": 0.5}])
    assert plan.weekly("attended") == [20, 20, 10, 0]


def test_a_holiday_closes_the_factory() -> None:
    plan = planned(orders=FIFTY, calendar=[{"factory": "F", "week": week(0), "attended_hours": 0}])
    assert plan.weekly("attended") == [0, 40, 10, 0]


def test_the_calendar_row_of_a_model_beats_the_general_one_column_by_column() -> None:
    general = {"factory": "F", "week": week(0), "attended_hours": 10, "availability": 0.5}
    broken = {"factory": "F", "week": week(0), "robot_model": "R", "availability": 0.8}
    plan = planned(orders=FIFTY, calendar=[general, broken])
    assert plan.weekly("attended") == [8, 40, 2, 0]


def test_a_unit_made_on_two_models_takes_hours_of_both() -> None:
    routings = [ROUTING, ROUTING | {"robot_model": "S", "hours_per_unit": 2}]
    plan = planned(
        robots=TWO_MODELS, routings=routings, owned=[owned(1), owned(1, "S")], orders=[order("A", 0, 30)]
    )
    # S has hours for 20 units a week
    assert plan.weekly("make") == [20, 10, 0, 0]
    assert plan.weekly("attended", robot_model="R") == [20, 10, 0, 0]
    assert plan.weekly("attended", robot_model="S") == [40, 20, 0, 0]


# Overtime


def overtime(cost: float) -> Row:
    return FACTORY | {"overtime_hours_per_week": 8, "overtime_cost_per_hour": cost}


def test_overtime_is_worked_where_it_costs_less_than_being_late() -> None:
    plan = planned(factories=[overtime(3)], orders=FIFTY)
    assert plan.weekly("overtime") == [8, 0, 0, 0]
    assert plan.costs == {"overtime": 24, "late": 20}


def test_overtime_dearer_than_being_late_is_not_worked() -> None:
    plan = planned(factories=[overtime(11)], orders=FIFTY)
    assert plan.costs == {"late": 100}


def test_overtime_is_of_each_robot_and_its_availability() -> None:
    plan = planned(
        {"horizon_weeks": 1},
        factories=[overtime(3)],
        robots=[ROBOT | {"availability": 0.5}],
        owned=[owned(2)],
        orders=FIFTY,
    )
    assert plan.weekly("attended") == [40]
    assert plan.weekly("overtime") == [8]


# Unattended hours


NIGHTS = FACTORY | {"unattended_hours_per_week": 20}


def test_only_lights_out_work_runs_with_nobody_there() -> None:
    dark = planned(factories=[NIGHTS], routings=[ROUTING | {"lights_out": True}], orders=FIFTY)
    assert dark.weekly("attended")[0] + dark.weekly("unattended")[0] == 50
    assert dark.objective == 0
    light = planned(factories=[NIGHTS], orders=FIFTY)
    assert light.total("unattended") == 0
    assert light.costs == {"late": 100}


def test_other_work_does_not_profit_from_the_lights_out_work_beside_it() -> None:
    """Nights of 20 hours, but only 10 hours of work that may run in them."""
    products = [PRODUCT, PRODUCT | {"product": "Q"}]
    routings = [ROUTING | {"lights_out": True}, ROUTING | {"product": "Q", "routing": "Q"}]
    orders = [order("A", 0, 10), order("B", 0, 50, product="Q")]
    plan = planned(factories=[NIGHTS], products=products, routings=routings, orders=orders)
    # of the 50 others people are there for 40
    assert plan.weekly("unattended") == [10, 0, 0, 0]
    assert plan.costs == {"late": 100}


def test_a_set_up_needs_people() -> None:
    """With people there for 3 hours, a set-up of 5 cannot be done, however long the nights are."""
    factory = FACTORY | {"attended_hours_per_week": 3, "unattended_hours_per_week": 40}
    routing = ROUTING | {"lights_out": True, "setup_hours": 5}
    orders = [order("A", 0, 10)]
    plan = planned({"setup_weeks": 4}, factories=[factory], routings=[routing], orders=orders)
    assert plan.total("make") == 0
    assert plan.costs == {"lost_confirmed": 2000}
    short = routing | {"setup_hours": 3}
    plan = planned({"setup_weeks": 4}, factories=[factory], routings=[short], orders=orders)
    assert plan.weekly("unattended") == [10, 0, 0, 0]
    assert plan.objective == 0


def test_beyond_the_set_up_weeks_the_spread_set_up_needs_people_too() -> None:
    factory = FACTORY | {"attended_hours_per_week": 4, "unattended_hours_per_week": 40}
    routing = ROUTING | {"lights_out": True, "setup_hours": 5, "typical_lot": 10}
    plan = planned({"horizon_weeks": 1}, factories=[factory], routings=[routing], orders=[order("A", 0, 20)])
    # half an hour of set-up a unit: people are there for 8 units' worth
    assert plan.weekly("make") == [8]


# Included hours


HOURLY = offer("HOURLY", 0, included_hours_per_week=10, overage_per_hour=4, max_units=1)


def test_hours_beyond_the_included_ones_are_paid() -> None:
    plan = planned(owned=[], offers=[HOURLY], orders=[order("A", 0, 30)])
    assert plan.weekly("overage") == [20, 0, 0, 0]
    assert plan.costs == {"overage": 80}


def test_hours_within_the_included_ones_are_not() -> None:
    plan = planned(owned=[], offers=[HOURLY], orders=[order("A", 0, 10)])
    assert plan.objective == 0


def test_robots_of_our_own_work_first() -> None:
    plan = planned(offers=[HOURLY], orders=[order("A", 0, 55)])
    assert plan.costs == {"overage": 5 * 4}


def test_included_hours_may_exceed_what_a_robot_works() -> None:
    generous = HOURLY | {"included_hours_per_week": 60}
    plan = planned(offers=[generous], orders=[order("A", 0, 80)])
    assert plan.weekly("make") == [80, 0, 0, 0]
    assert plan.objective == 0


def test_a_contract_has_its_offers_included_hours() -> None:
    plan = planned(
        owned=[],
        offers=[HOURLY | {"max_units": 0}],
        contracts=[contract("C", "HOURLY", -1, 4, units=2)],
        orders=[order("A", 0, 50)],
    )
    assert plan.weekly("overage_contract") == [30, 0, 0, 0]
    assert plan.costs == {"overage": 120}


def test_a_unit_works_no_more_than_its_hours_however_much_is_paid() -> None:
    """Beside 40 unlimited hours of our own, a rented robot has 30 to be paid, not 130."""
    plan = planned({"horizon_weeks": 1}, offers=[HOURLY], orders=[order("A", 0, 200)])
    assert plan.weekly("overage") == [30]
    assert plan.costs == {"overage": 120, "lost_confirmed": 120 * 200}


def test_dear_hours_are_not_billed_as_the_cheap_ones_of_another_robot() -> None:
    by_the_hour = {"included_hours_per_week": 0, "max_units": 1}
    offers = [
        offer("CHEAP", 0, overage_per_hour=1, **by_the_hour),
        offer("DEAR", 0, overage_per_hour=5, **by_the_hour),
    ]
    plan = planned({"horizon_weeks": 1}, owned=[], offers=offers, orders=[order("A", 0, 70)])
    # a robot works 40 hours: 40 at 1, 30 at 5
    assert plan.weekly("overage", offer="CHEAP") == [40]
    assert plan.costs == {"overage": 40 + 150}


# Floor


FLEX = offer("FLEX", 20)


def test_a_floor_with_one_place_holds_one_robot() -> None:
    plan = planned(factories=[FACTORY | {"floor_slots": 1}], offers=[FLEX], orders=FIFTY)
    assert plan.total("on_rent") == 0
    assert plan.costs == {"late": 100}


def test_a_floor_with_two_places_holds_two() -> None:
    plan = planned(factories=[FACTORY | {"floor_slots": 2}], offers=[FLEX], orders=FIFTY)
    assert plan.weekly("on_rent") == [1, 0, 0, 0]
    assert plan.costs == {"rent": 20}


def test_a_robot_may_take_several_places() -> None:
    plan = planned(
        factories=[FACTORY | {"floor_slots": 3}],
        robots=[ROBOT | {"floor_slots": 2}],
        offers=[FLEX],
        orders=FIFTY,
    )
    assert plan.total("on_rent") == 0


def test_robots_without_work_take_their_place_as_well() -> None:
    plan = planned(
        factories=[FACTORY | {"floor_slots": 2}],
        robots=TWO_MODELS,
        owned=[owned(1), owned(1, "S")],
        offers=[FLEX],
        orders=FIFTY,
    )
    assert plan.total("on_rent") == 0
    assert plan.weekly("robots", robot_model="S") == [1, 1, 1, 1]


def test_robots_that_stand_already_are_a_relaxed_plan_on_too_small_a_floor() -> None:
    plan = planned(
        {"horizon_weeks": 2},
        factories=[FACTORY | {"floor_slots": 1}],
        owned=[owned(3)],
        offers=[FLEX],
        orders=[order("A", 0, 130)],
    )
    assert plan.weekly("floor_over") == [2, 2]
    assert plan.total("on_rent") == 0
    # a place is priced as the units a robot could make there in 168 hours, at ten times lost_cost
    assert plan.costs == {"late": 100, "relaxed": 4 * 10 * 168 * 200}


# People


def test_supervisors_watch_so_many_robots_at_a_time() -> None:
    """Half a supervisor for one robot each: 20 attended hours a week, two robots or not."""
    half = FACTORY | {"supervisors": 0.5}
    plan = planned(factories=[half], owned=[owned(2)], orders=FIFTY)
    assert plan.weekly("attended") == [20, 20, 10, 0]


def test_enough_supervision_limits_nothing() -> None:
    half = FACTORY | {"supervisors": 0.5}
    plan = planned(
        factories=[half], robots=[ROBOT | {"robots_per_supervisor": 4}], owned=[owned(2)], orders=FIFTY
    )
    assert plan.weekly("attended") == [50, 0, 0, 0]


def test_supervisors_are_there_for_the_factorys_hours_not_a_models() -> None:
    supervised = FACTORY | {"supervisors": 0.5}
    special = {"factory": "F", "week": week(0), "robot_model": "R", "attended_hours": 80}
    plan = planned(factories=[supervised], calendar=[special], owned=[owned(2)], orders=FIFTY)
    assert plan.weekly("attended")[0] == 20
    general = {"factory": "F", "week": week(0), "attended_hours": 80}
    plan = planned(factories=[supervised], calendar=[general], owned=[owned(2)], orders=FIFTY)
    assert plan.weekly("attended")[0] == 40


def test_overtime_is_supervised_too() -> None:
    factory = overtime(1) | {"supervisors": 1}
    plan = planned({"horizon_weeks": 1}, factories=[factory], owned=[owned(2)], orders=[order("A", 0, 90)])
    # 80 + 16 hours of two robots, 40 + 8 of one supervisor
    assert (plan.weekly("attended"), plan.weekly("overtime")) == ([40], [8])


def test_nobody_need_watch_at_night() -> None:
    factory = NIGHTS | {"supervisors": 0.5}
    plan = planned(factories=[factory], routings=[ROUTING | {"lights_out": True}], orders=FIFTY)
    assert plan.weekly("unattended")[0] == 20
    assert plan.weekly("attended")[0] == 20


PROCESS = [ROBOT | {"process": "printing"}, ROBOT | {"robot_model": "S", "process": "milling"}]


@pytest.mark.parametrize(("process", "hours"), [("printing", 10), ("milling", 40)])
def test_operators_limit_the_attended_hours_of_their_process(process: str, hours: float) -> None:
    people = [{"factory": "F", "process": process, "operators": 0.25}]
    plan = planned(robots=PROCESS, operators=people, orders=FIFTY)
    assert plan.weekly("attended")[0] == hours


def test_an_operator_may_tend_several_robots() -> None:
    people = [{"factory": "F", "process": "printing", "operators": 0.25}]
    tends = [PROCESS[0] | {"robots_per_operator": 2}]
    plan = planned(robots=tends, operators=people, orders=FIFTY)
    assert plan.weekly("attended")[0] == 20


def test_operators_of_a_week_beat_those_of_every_week() -> None:
    people = [
        {"factory": "F", "process": "printing", "operators": 0.25},
        {"factory": "F", "process": "printing", "operators": 0.75, "week": week(1)},
    ]
    plan = planned(robots=PROCESS, operators=people, orders=FIFTY)
    assert plan.weekly("attended") == [10, 30, 10, 0]


# Carbon


def test_a_carbon_cap_limits_what_is_made() -> None:
    routing = ROUTING | {"kgco2e_per_unit": 2}
    plan = planned({"carbon_cap_kg": 30}, routings=[routing], orders=[order("A", 0, 20)])
    assert plan.total("make") == 15
    assert plan.costs == {"lost_confirmed": 5 * 200}


def test_a_carbon_cap_that_is_kept_anyway_limits_nothing() -> None:
    routing = ROUTING | {"kgco2e_per_unit": 2}
    plan = planned(
        {"carbon_cap_kg": 40, "carbon_price_per_kg": 0.5}, routings=[routing], orders=[order("A", 0, 20)]
    )
    assert plan.costs == {"carbon": 20}
