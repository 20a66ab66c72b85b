"""Whole objectives worked out on paper."""

import pytest

from tests.builders.networks import (
    PRODUCT,
    ROBOT,
    ROUTING,
    Row,
    contract,
    forecast,
    offer,
    order,
    planned,
    week,
)


def test_a_busy_robot_of_our_own_to_the_cent() -> None:
    """Two weeks, one owned robot, one product; both weeks are set up.

    Hours: availability 0.75 makes 30 attended and 7.5 overtime hours of 40 and 10. Week 0 is asked for 40
    units of class 1: 37.5 hours less a set-up of 2 make 35.5, so 4.5 wait a week. Week 1: 20 + 4.5 = 24.5
    units and a set-up, 26.5 hours, without overtime. 60 units in all.
    """
    plan = planned(
        {"horizon_weeks": 2, "setup_weeks": 2, "carbon_price_per_kg": 0.1},
        factories=[
            {
                "factory": "F",
                "attended_hours_per_week": 40,
                "overtime_hours_per_week": 10,
                "overtime_cost_per_hour": 4,
                "energy_price_per_kwh": 0.5,
                "grid_kgco2e_per_kwh": 0.2,
            }
        ],
        robots=[ROBOT | {"availability": 0.75, "power_kw": 2}],
        owned=[{"factory": "F", "robot_model": "R", "units": 1, "weekly_cost": 25}],
        routings=[ROUTING | {"setup_hours": 2, "setup_cost": 12, "unit_cost": 3, "kgco2e_per_unit": 0.5}],
        materials=[{"material": "powder", "unit_cost": 1.5, "kgco2e_per_unit": 0.25}],
        bom=[{"product": "P", "material": "powder", "quantity_per_unit": 2}],
        supply=[{"material": "powder", "factory": "F", "week": week(0), "quantity": 10, "unit_cost": 1}],
        lanes=[{"factory": "F", "market": "M", "cost_per_unit": 1.2, "kgco2e_per_unit": 0.1}],
        orders=[order("A", 0, 40, priority=1), order("B", 1, 20)],
    )
    assert plan.weekly("make") == [35.5, 24.5]
    assert plan.costs == {
        "owned": 2 * 25,
        "overtime": 7.5 * 4,
        "unit": 60 * 3,
        "setup": 2 * 12,
        # 60 units · 1 h · 2 kW and two set-ups of 2 h · 2 kW
        "energy": (120 + 8) * 0.5,
        # 120 kg: 10 on hand at 1, 110 bought at 1.5
        "material": 10 * 1 + 110 * 1.5,
        "transport": 60 * 1.2,
        "late": 4.5 * 10,
        # class 1 weighs nine times as much; eight of them are preference
        "priority": 8 * 4.5 * 10,
        # units 30, materials 30, energy 25.6 and freight 6 kg
        "carbon": pytest.approx(0.1 * (30 + 30 + 128 * 0.2 + 6)),
    }
    # 50 + 30 + 180 + 24 + 64 + 175 + 72 + 45 + 360 + 9.16
    assert plan.objective == pytest.approx(1009.16, abs=0.005)


def test_rent_and_what_is_left_over_to_the_cent() -> None:
    """Three weeks, no robots of our own.

    Contract C (80 a week, to week 5) is needed in week 0 only. Ended in week 1 it costs its week, half of
    the four weeks left and demobilisation: 80 + 160 + 15 = 255; kept: 240 and 80 of tail.
    Robot S for product Q comes from week 1 at 60, ten hours included, four weeks at least, of which two lie
    beyond the horizon; 25 hours a week are 15 too many, at 2. The 5 of Q expected in week 0 are lost.
    Nobody asks for W: ten units are held for three weeks and wasted.
    """
    robots: list[Row] = [ROBOT, ROBOT | {"robot_model": "S"}]
    terms = {"min_term_weeks": 5, "notice_weeks": 1, "early_termination_share": 0.5, "demobilisation_fee": 15}
    hourly: Row = {"min_term_weeks": 4, "lead_time_weeks": 1, "mobilisation_fee": 20, "max_units": 1}
    hourly |= {"robot_model": "S", "included_hours_per_week": 10, "overage_per_hour": 2}
    plan = planned(
        {"horizon_weeks": 3, "tail_use": 0.5},
        robots=robots,
        owned=[],
        products=[PRODUCT, PRODUCT | {"product": "Q"}, PRODUCT | {"product": "W"}],
        routings=[ROUTING, ROUTING | {"product": "Q", "routing": "Q", "robot_model": "S"}],
        offers=[offer("STD", 90, max_units=0, **terms), offer("HOURLY", 60, **hourly)],
        contracts=[contract("C", "STD", -2, 5, weekly_rate=80)],
        stock=[{"factory": "F", "product": "W", "quantity": 10}],
        orders=[order("A", 0, 30)],
        forecast=forecast([5, 25, 25], product="Q"),
    )
    assert plan.weekly("kept") == [1, 0, 0]
    assert plan.weekly("on_rent") == [0, 1, 1]
    assert plan.costs == {
        "rent": 80 + 2 * 60,
        "termination": 0.5 * 80 * 4,
        "demobilisation": 15,
        "mobilisation": 20,
        "rent_tail": 2 * 60 * 0.5,
        "overage": 2 * 15 * 2,
        "lost_expected": 5 * 100,
        "holding": 10 * 3 * 1,
        "waste": 10 * 50,
    }
    # 200 + 160 + 15 + 20 + 60 + 60 + 500 + 30 + 500
    assert plan.objective == pytest.approx(1545, abs=0.005)


def test_cost_terms_add_up_to_the_objective_with_everything_in_it() -> None:
    """What cannot be known beforehand still adds up: the terms of plan.json are the objective."""
    plan = planned(
        {"firm_weeks": 1, "setup_weeks": 2, "change_cost_per_unit": 1.5, "gap": 0.01},
        {"production": [{"factory": "F", "product": "P", "routing": "P", "week": week(2), "quantity": 9}]},
        routings=[ROUTING | {"setup_cost": 4, "min_lot": 3, "unit_cost": 0.7, "yield": 0.97}],
        offers=[offer("FLEX", 35, min_term_weeks=2, mobilisation_fee=3)],
        orders=[order("A", 0, 50, priority=2), order("B", 2, 90)],
        forecast=forecast([10, 20, 30, 40]),
    )
    terms = plan.solution.model.cost_by_term(plan.solution.answer.x)
    assert sum(terms.values()) == pytest.approx(plan.objective, abs=1e-6)
