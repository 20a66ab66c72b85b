"""Set-ups, minimum lots, batches, scrap and whole units."""

import pytest

from tests.builders.networks import PRODUCT, ROUTING, order, planned

#: Set-ups in every week.
SETUPS = {"setup_weeks": 4}
TENS = [order(f"A{t}", t, 10) for t in range(4)]


# Set-ups


def test_a_dear_set_up_is_made_once_for_all_weeks() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"setup_cost": 100}], orders=TENS)
    assert plan.weekly("run") == [1, 0, 0, 0]
    assert plan.weekly("make") == [40, 0, 0, 0]
    assert plan.costs == {"setup": 100, "holding": 30 + 20 + 10}


def test_a_cheap_set_up_is_made_every_week() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"setup_cost": 5}], orders=TENS)
    assert plan.weekly("run") == [1, 1, 1, 1]
    assert plan.costs == {"setup": 20}


def test_a_set_up_takes_hours_of_the_robot() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"setup_hours": 5}], orders=[order("A", 0, 40)])
    assert plan.weekly("make") == [35, 5, 0, 0]
    assert plan.weekly("attended") == [40, 10, 0, 0]
    assert plan.costs == {"late": 50}


def test_beyond_the_set_up_weeks_set_ups_are_spread_over_the_typical_lot() -> None:
    routing = ROUTING | {"setup_cost": 100, "setup_hours": 10, "typical_lot": 20}
    plan = planned(routings=[routing], orders=[order("A", 0, 30)])
    # half an hour and 5 of money a unit: 26⅔ units a week
    assert plan.weekly("make")[:2] == pytest.approx([80 / 3, 10 / 3], abs=1e-5)
    assert plan.costs == {"setup": 150, "late": pytest.approx(100 / 3, abs=1e-3)}


@pytest.mark.parametrize(
    ("lot", "spread"),
    [
        ({}, 1),
        ({"typical_lot": 4}, 4),
        ({"min_lot": 5, "typical_lot": 2}, 5),
        ({"batch_size": 10, "min_lot": 5}, 10),
        ({"typical_lot": 0.5}, 1),
    ],
    ids=str,
)
def test_a_set_up_is_spread_over_the_largest_of_its_lots(lot: dict[str, float], spread: float) -> None:
    plan = planned(routings=[ROUTING | lot | {"setup_cost": 100}], orders=[order("A", 0, 20)])
    assert plan.costs == {"setup": pytest.approx(20 * 100 / spread)}


def test_set_up_weeks_end_where_the_setting_says() -> None:
    routing = ROUTING | {"setup_cost": 8, "typical_lot": 10}
    plan = planned({"setup_weeks": 1}, routings=[routing], orders=[order("A", 0, 5), order("B", 1, 5)])
    # week 0 whole, week 1 half a lot of 10
    assert plan.costs == {"setup": 8 + 4}


# Minimum lots


def test_a_minimum_lot_makes_more_than_is_asked_for() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"min_lot": 10}], orders=[order("A", 3, 8)])
    assert plan.weekly("make") == [0, 0, 0, 10]
    assert plan.costs == {"holding": 2, "waste": 2 * 50}


def test_or_the_order_is_refused_where_that_is_cheaper() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"min_lot": 10}], orders=[order("A", 3, 1)])
    assert plan.weekly("make") == [0, 0, 0, 0]
    assert plan.costs == {"lost_confirmed": 200}


def test_above_the_minimum_lot_any_quantity_can_be_made() -> None:
    plan = planned(SETUPS, routings=[ROUTING | {"min_lot": 10}], orders=[order("A", 3, 12)])
    assert plan.weekly("make") == [0, 0, 0, 12]
    assert plan.objective == 0


def test_beyond_the_set_up_weeks_there_is_no_minimum_lot() -> None:
    plan = planned(routings=[ROUTING | {"min_lot": 10}], orders=[order("A", 3, 3)])
    assert plan.total("make") == 3


# Batches and scrap


def test_gross_units_come_in_batches() -> None:
    routing = ROUTING | {"batch_size": 8, "unit_cost": 2}
    plan = planned(routings=[routing], orders=[order("A", 0, 20)])
    assert plan.total("batch") == 3
    assert plan.weekly("attended") == [24, 0, 0, 0]
    # 24 are started and paid; what is not wanted of them need not go into stock
    assert plan.total("make") == 20
    assert plan.costs == {"unit": 48}


def test_a_batch_that_fits_wastes_nothing() -> None:
    plan = planned(routings=[ROUTING | {"batch_size": 5, "unit_cost": 2}], orders=[order("A", 0, 20)])
    assert plan.total("batch") == 4
    assert plan.costs == {"unit": 40}


def test_a_robot_has_hours_for_whole_batches_only() -> None:
    plan = planned(routings=[ROUTING | {"batch_size": 15}], orders=[order("A", 0, 45)])
    # nothing prices an idle batch here; none is started all the same
    assert plan.weekly("batch") == [2, 1, 0, 0]
    assert plan.costs == {"late": 150}


def test_scrap_is_made_paid_and_worked_on() -> None:
    plan = planned(routings=[ROUTING | {"yield": 0.8, "unit_cost": 2}], orders=[order("A", 0, 20)])
    assert plan.weekly("attended") == [25, 0, 0, 0]
    assert plan.costs == {"unit": 50}


def test_scrap_of_a_batch() -> None:
    """Two batches of 10 give 18 good units; 19 take a third."""
    routing = ROUTING | {"yield": 0.9, "batch_size": 10, "unit_cost": 1}
    assert planned(routings=[routing], orders=[order("A", 0, 18)]).costs == {"unit": 20}
    assert planned(routings=[routing], orders=[order("A", 0, 19)]).costs == {"unit": 30}


# Whole units


def test_in_the_firm_weeks_units_are_whole() -> None:
    """At 1½ hours a unit a week has room for 26⅔ of them."""
    plan = planned(
        {"firm_weeks": 1}, routings=[ROUTING | {"hours_per_unit": 1.5}], orders=[order("A", 0, 60)]
    )
    assert plan.weekly("make")[:3] == pytest.approx([26, 80 / 3, 22 / 3], abs=1e-5)
    assert plan.weekly("ship")[0] == 26


def test_in_the_firm_weeks_whole_units_are_shipped() -> None:
    stock = [{"factory": "F", "product": "P", "quantity": 4.5}]
    plan = planned({"firm_weeks": 1}, stock=stock, orders=[order("A", 0, 4.5)])
    assert plan.weekly("ship") == [4, 0.5, 0, 0]


def test_gross_units_of_the_firm_weeks_are_whole_too() -> None:
    routing = ROUTING | {"yield": 0.8, "unit_cost": 2}
    # 19 good units take 23.75 gross: 24 in a firm week
    firm = planned({"firm_weeks": 1}, routings=[routing], orders=[order("A", 0, 19)])
    assert firm.rows("gross")["value"].to_list() == [24]
    assert firm.costs == {"unit": 48}
    assert planned(routings=[routing], orders=[order("A", 0, 19)]).costs == {"unit": 47.5}


def test_two_routings_share_the_robot() -> None:
    products = [PRODUCT, PRODUCT | {"product": "Q", "late_cost_per_week": 5}]
    routings = [ROUTING, ROUTING | {"product": "Q", "routing": "Q"}]
    plan = planned(
        products=products, routings=routings, orders=[order("A", 0, 30), order("B", 0, 30, product="Q")]
    )
    # what costs less to be late waits
    assert plan.weekly("make", routing="P") == [30, 0, 0, 0]
    assert plan.weekly("make", routing="Q") == [10, 20, 0, 0]
    assert plan.costs == {"late": 100}


def test_the_cheaper_of_two_routings_is_used_first() -> None:
    routings = [
        ROUTING | {"routing": "print", "unit_cost": 3},
        ROUTING | {"routing": "mill", "robot_model": "S", "unit_cost": 5},
    ]
    owned = [{"factory": "F", "robot_model": model, "units": 1} for model in ("R", "S")]
    robots = [{"robot_model": model, "availability": 1} for model in ("R", "S")]
    plan = planned(robots=robots, owned=owned, routings=routings, orders=[order("A", 0, 50)])
    assert plan.weekly("make", routing="print") == [40, 0, 0, 0]
    assert plan.weekly("make", routing="mill") == [10, 0, 0, 0]
    assert plan.costs == {"unit": 120 + 50}
