"""Rules 7 and 11: nothing is released that is not sold; what stands, stands; what cannot be is priced."""

from typing import Any

import pytest

from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROBOT,
    ROUTING,
    Row,
    certain,
    forecast,
    order,
    planned,
    week,
)

FIRM = {"firm_weeks": 2}
TWO_MARKETS = [{"market": "M"}, {"market": "N"}]


def produced(t: int, quantity: float, **more: Any) -> Row:
    """A row of the published production.csv."""
    row = {"factory": "F", "product": "P", "routing": "P", "week": week(t), "quantity": quantity}
    return row | more


def work(t: int, quantity: float, **more: Any) -> Row:
    """Firm work."""
    row = {"work_order": f"W{t}", "factory": "F", "routing": "P", "week": week(t), "status": "pinned"}
    return row | {"quantity_left": quantity} | more


# The firm zone


def test_nothing_is_made_in_the_firm_weeks_for_demand_that_is_only_expected() -> None:
    plan = planned(FIRM, forecast=certain([0, 0, 60, 0]))
    assert plan.weekly("make") == [0, 0, 40, 0]
    assert plan.costs == {"lost_expected": 2000}


def test_without_firm_weeks_it_would_be_made_ahead() -> None:
    plan = planned(forecast=certain([0, 0, 60, 0]))
    assert plan.costs == {"holding": 20}


def test_what_is_sold_may_be_made_in_the_firm_weeks_whenever_it_is_due() -> None:
    """30 sold for week 3, 80 expected for week 2: at most 30 of them are made before it."""
    plan = planned(
        FIRM,
        markets=TWO_MARKETS,
        orders=[order("A", 3, 30)],
        forecast=forecast({2: 80}, market="N"),
    )
    assert sum(plan.weekly("make")[:2]) == 30
    assert plan.total("serve_expected") == 70
    assert plan.total("serve") == 30


def test_what_is_in_stock_or_on_its_way_is_not_made_again() -> None:
    transit = {"factory": "F", "market": "M", "product": "P", "arrive_week": week(3), "quantity": 8}
    plan = planned(
        FIRM,
        orders=[order("A", 1, 30)],
        stock=[{"factory": "F", "product": "P", "quantity": 10}],
        in_transit=[transit],
    )
    # 30 sold, 18 there: 12 may be released, although the goods on their way come too late
    assert sum(plan.weekly("make")[:2]) == 12
    assert plan.weekly("serve") == [0, 22, 0, 8]


def test_what_was_due_before_the_start_is_sold_as_well() -> None:
    plan = planned(FIRM, orders=[order("A", -1, 30)])
    assert plan.weekly("make") == [30, 0, 0, 0]


LOT = ROUTING | {"min_lot": 8}


def test_a_minimum_lot_may_exceed_what_is_sold_by_less_than_one_lot() -> None:
    settings = FIRM | {"horizon_weeks": 2, "setup_weeks": 2}
    plan = planned(settings, routings=[LOT], orders=[order("A", 1, 5)])
    assert plan.weekly("make") == [0, 8]
    assert plan.costs == {"holding": 3, "waste": 150}


def test_but_never_by_a_whole_lot() -> None:
    """9 sold: one lot of 8 to 16 (9 + 8 − 1) units, however many were expected besides."""
    plan = planned(
        FIRM | {"setup_weeks": 2},
        routings=[LOT],
        markets=TWO_MARKETS,
        orders=[order("A", 1, 9)],
        forecast=forecast({2: 90}, market="N"),
    )
    assert sum(plan.weekly("make")[:2]) == 16


def test_without_anything_sold_no_lot_is_started_either() -> None:
    plan = planned(FIRM | {"setup_weeks": 2}, routings=[LOT], forecast=forecast({2: 90}))
    assert plan.weekly("make")[:2] == [0, 0]


def test_batches_have_the_good_units_of_one_batch_to_spare() -> None:
    """A batch of 10 with a tenth of scrap gives 9; 12 sold: at most 12 + 8 good units."""
    plan = planned(
        FIRM,
        routings=[ROUTING | {"batch_size": 10, "yield": 0.9}],
        markets=TWO_MARKETS,
        orders=[order("A", 1, 12)],
        forecast=forecast({2: 90}, market="N"),
    )
    assert sum(plan.weekly("make")[:2]) == 20


# Started and pinned work


def test_what_is_started_is_finished_though_nobody_wants_it() -> None:
    plan = planned(FIRM, firm_work=[work(1, 15, status="started")])
    assert plan.weekly("make") == [0, 15, 0, 0]
    assert plan.costs == {"holding": 45, "waste": 750}


def test_more_than_what_is_pinned_may_be_made_where_it_is_sold() -> None:
    plan = planned(FIRM, firm_work=[work(1, 15)], orders=[order("A", 1, 30)])
    assert plan.weekly("make")[1] >= 15
    assert plan.total("make") == 30


def test_minimum_lots_do_not_bind_what_is_pinned() -> None:
    plan = planned(
        FIRM | {"setup_weeks": 2}, routings=[LOT], firm_work=[work(0, 3)], orders=[order("A", 1, 3)]
    )
    assert plan.weekly("make") == [3, 0, 0, 0]


def test_pinned_work_of_the_past_is_due_now() -> None:
    plan = planned(FIRM, firm_work=[work(-2, 5)], orders=[order("A", 0, 5)])
    assert plan.weekly("make") == [5, 0, 0, 0]


def test_pinned_work_that_cannot_be_done_is_short_and_priced() -> None:
    plan = planned(FIRM, firm_work=[work(0, 50)], orders=[order("A", 0, 50)])
    assert plan.weekly("pinned_short") == [10, 0, 0, 0]
    assert plan.costs["late"] == 100
    # dearer than all a unit could break: storage for four weeks, a supervisor's and an operator's hour
    assert plan.costs["relaxed"] == 10 * 10 * 200 * (1 + 4 + 1 + 1)


# The frozen zone


FROZEN = {"frozen_weeks": 1}


def test_in_the_frozen_weeks_what_is_published_is_made() -> None:
    plan = planned(FROZEN, {"production": [produced(0, 20)]}, orders=[order("A", 1, 50)])
    assert plan.weekly("make") == [20, 30, 0, 0]


def test_no_more_than_that_however_much_is_wanted() -> None:
    plan = planned(FROZEN, {"production": [produced(0, 20)]}, orders=[order("A", 0, 30)])
    assert plan.weekly("make") == [20, 10, 0, 0]
    assert plan.costs == {"late": 100}


def test_and_no_less_though_nobody_wants_it_any_more() -> None:
    plan = planned(FROZEN, {"production": [produced(0, 20)]})
    assert plan.weekly("make") == [20, 0, 0, 0]


def test_what_was_not_published_is_not_made() -> None:
    plan = planned(FROZEN, {"production": [produced(2, 20)]}, orders=[order("A", 0, 30)])
    assert plan.weekly("make") == [0, 30, 0, 0]


def test_pinned_work_is_made_all_the_same() -> None:
    plan = planned(
        FROZEN, {"production": [produced(2, 20)]}, firm_work=[work(0, 5)], orders=[order("A", 0, 30)]
    )
    assert plan.weekly("make") == [5, 25, 0, 0]


def cancelled(*ids: str) -> list[Row]:
    row = {"line": 1, "product": "P", "market": "M", "due_week": week(0), "status": "on_time"}
    return [row | {"order_id": name, "quantity": 12} for name in ids]


def test_what_has_been_cancelled_since_need_not_be_made() -> None:
    published = {"production": [produced(0, 20)], "promises": cancelled("GONE", "STAYS")}
    orders = [order("GONE", 0, 12, status="cancelled"), order("STAYS", 0, 8)]
    plan = planned(FROZEN, published, orders=orders)
    assert plan.weekly("make") == [8, 0, 0, 0]


def test_a_cancelled_order_takes_its_units_off_the_product_once() -> None:
    """Two routings publish 20 each; 12 are cancelled: 28 remain, whichever routing they come from."""
    routings = [ROUTING, ROUTING | {"routing": "P2", "unit_cost": 1, "hours_per_unit": 0.5}]
    published = {
        "production": [produced(0, 20), produced(0, 20, routing="P2")],
        "promises": cancelled("GONE"),
    }
    plan = planned(FROZEN, published, routings=routings, orders=[order("GONE", 0, 12, status="cancelled")])
    assert plan.total("make") == 28
    assert plan.weekly("make", routing="P2") == [8, 0, 0, 0]


def test_frozen_quantities_that_can_no_longer_be_made_are_short_and_priced() -> None:
    plan = planned(
        FROZEN,
        {"production": [produced(0, 20)]},
        calendar=[{"factory": "F", "week": week(0), "attended_hours": 5}],
        orders=[order("A", 0, 20)],
    )
    assert plan.weekly("make") == [5, 15, 0, 0]
    # in the cell and in the product's total the same 15 units are short
    assert plan.weekly("frozen_short") == [15, 0, 0, 0]
    assert plan.costs == {"late": 150, "relaxed": 15 * 10 * 200}


def test_frozen_weeks_without_a_published_plan_freeze_nothing() -> None:
    assert planned(FROZEN, orders=[order("A", 0, 30)]).objective == 0


# What a change costs


def test_a_unit_made_elsewhere_than_published_has_its_price() -> None:
    """Week 1 instead of the published week 2 saves 10 of lateness a unit and is two changes."""
    published = {"production": [produced(2, 30), produced(3, 0.001)]}
    plan = planned({"change_cost_per_unit": 4}, published, orders=[order("A", 1, 30)])
    assert plan.weekly("make")[1] == 30
    assert plan.costs["change"] == pytest.approx(240.004)
    dear = planned({"change_cost_per_unit": 6}, published, orders=[order("A", 1, 30)])
    # two changes at 6 are dearer than a week's lateness at 10
    assert dear.weekly("make")[2] == 30
    assert dear.costs["late"] == 300


def test_a_change_costs_nothing_where_it_has_no_price() -> None:
    plan = planned({}, {"production": [produced(2, 30)]}, orders=[order("A", 1, 30)])
    assert plan.objective == 0


def test_weeks_of_one_plan_only_are_not_compared() -> None:
    """The published plan ends with week 1: what is made after it is new and no change."""
    plan = planned(
        {"change_cost_per_unit": 4},
        {"production": [produced(1, 30)]},
        orders=[order("A", 1, 30), order("B", 3, 20)],
    )
    assert plan.objective == 0


# Priced slack for people and carbon


def test_supervision_that_firm_work_needs_is_priced_where_there_is_too_little() -> None:
    plan = planned(
        FIRM, factories=[FACTORY | {"supervisors": 0.25}], firm_work=[work(0, 30)], orders=[order("A", 0, 30)]
    )
    assert plan.weekly("make") == [30, 0, 0, 0]
    assert plan.weekly("supervision_over_attended") == [20, 0, 0, 0]
    assert plan.costs == {"relaxed": 20 * 10 * 200}


def test_nobody_is_overworked_for_what_is_merely_late() -> None:
    plan = planned(factories=[FACTORY | {"supervisors": 0.25}], orders=[order("A", 0, 30)])
    assert plan.weekly("make") == [10, 10, 10, 0]


def test_operators_and_overtime_likewise() -> None:
    """40 pinned units take all 10 attended and 30 overtime hours, with half the people they need."""
    factory = FACTORY | {"attended_hours_per_week": 10, "overtime_hours_per_week": 30, "supervisors": 0.5}
    people = [{"factory": "F", "process": "printing", "operators": 0.5}]
    plan = planned(
        FIRM,
        factories=[factory],
        robots=[ROBOT | {"process": "printing"}],
        operators=people,
        firm_work=[work(0, 40)],
        orders=[order("A", 0, 40)],
    )
    over = ["supervision_over_attended", "supervision_over_overtime", "operators_over", "pinned_short"]
    assert [plan.weekly(name)[0] for name in over] == [5, 15, 5, 0]


@pytest.mark.parametrize("hours", [0.25, 4])
@pytest.mark.parametrize(
    "lot", [{}, {"batch_size": 5, "yield": 0.9, "setup_hours": 2}], ids=["units", "batches"]
)
def test_firm_work_is_done_at_the_expense_of_people_however_long_it_takes(hours: float, lot: Row) -> None:
    """A short routing beside it makes an hour worth many units; pinned work is done all the same."""
    quick = ROUTING | {"routing": "quick", "product": "Q", "hours_per_unit": 0.1}
    plan = planned(
        FIRM | {"setup_weeks": 2},
        products=[PRODUCT, PRODUCT | {"product": "Q"}],
        factories=[FACTORY | {"supervisors": 0.05}],
        robots=[
            ROBOT | {"robots_per_supervisor": 2},
            ROBOT | {"robot_model": "S", "robots_per_supervisor": 8},
        ],
        routings=[ROUTING | {"hours_per_unit": hours} | lot, quick],
        firm_work=[work(0, 9)],
        orders=[order("A", 0, 9), order("B", 0, 10, product="Q")],
        owned=[{"factory": "F", "robot_model": "R", "units": 2}],
    )
    assert plan.total("pinned_short") == 0
    assert plan.weekly("make", routing="P")[0] == 9


def test_a_carbon_cap_firm_work_breaks_is_priced() -> None:
    plan = planned(
        FIRM | {"carbon_cap_kg": 10},
        routings=[ROUTING | {"kgco2e_per_unit": 0.5}],
        firm_work=[work(0, 30)],
        orders=[order("A", 0, 30)],
    )
    assert plan.total("carbon_over") == 5
    # a kilogram is worth the two units it carries
    assert plan.costs == {"relaxed": 5 * 2 * 10 * 200}


def test_a_carbon_cap_is_not_broken_for_what_is_merely_sold() -> None:
    """Goods of little emission are worth no more than any others once firm work allows for slack at all."""
    plan = planned(
        FIRM | {"carbon_cap_kg": 3},
        routings=[ROUTING | {"kgco2e_per_unit": 0.1}],
        firm_work=[work(0, 30)],
        orders=[order("A", 0, 35)],
    )
    assert plan.total("make") == 30
    assert plan.costs == {"lost_confirmed": 5 * 200}


def test_slack_is_priced_by_the_dearest_unit_there_is() -> None:
    products = [PRODUCT, {"product": "Q", "price": 70, "lost_cost": 900}]
    stock = [{"factory": "F", "product": "P", "quantity": 30}]
    factories = [FACTORY | {"storage_units": 10}]
    plan = planned(products=products, factories=factories, stock=stock, orders=[order("A", 1, 30)])
    assert plan.costs["relaxed"] == 20 * 10 * 900
