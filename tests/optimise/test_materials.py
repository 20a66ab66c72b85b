"""Rule 9: materials, where the bill of materials lists them."""

from typing import Any

from tests.builders.networks import FACTORY, PRODUCT, ROUTING, Row, order, planned, week

POWDER = {"material": "powder", "unit_cost": 3}
TWO_KG = [{"product": "P", "material": "powder", "quantity_per_unit": 2}]
FORTY = [order("A", 0, 40)]


def supply(t: int, quantity: float, **more: Any) -> Row:
    return {"material": "powder", "factory": "F", "week": week(t), "quantity": quantity} | more


def test_material_is_bought_for_what_is_made() -> None:
    plan = planned(materials=[POWDER], bom=TWO_KG, orders=FORTY)
    assert plan.weekly("buy") == [80, 0, 0, 0]
    assert plan.costs == {"material": 240}


def test_without_material_nothing_is_made() -> None:
    late = POWDER | {"lead_time_weeks": 2}
    plan = planned(materials=[late], bom=TWO_KG, orders=FORTY)
    assert plan.weekly("buy") == [0, 0, 80, 0]
    assert plan.weekly("make") == [0, 0, 40, 0]
    assert plan.costs == {"late": 800, "material": 240}


def test_what_is_on_hand_bridges_the_lead_time() -> None:
    late = POWDER | {"lead_time_weeks": 1}
    plan = planned(materials=[late], bom=TWO_KG, supply=[supply(0, 30)], orders=FORTY)
    assert plan.weekly("make") == [15, 25, 0, 0]
    # 50 bought at 3, and 30 that were there at the material's cost
    assert plan.costs == {"late": 250, "material": 240}


def test_enough_on_hand_needs_no_purchase() -> None:
    plan = planned(materials=[POWDER], bom=TWO_KG, supply=[supply(0, 80, unit_cost=0)], orders=FORTY)
    assert plan.total("buy") == 0
    assert plan.objective == 0


def test_material_on_its_way_can_be_used_from_its_week_on() -> None:
    late = POWDER | {"lead_time_weeks": 9}
    plan = planned(materials=[late], bom=TWO_KG, supply=[supply(1, 80, unit_cost=0)], orders=FORTY)
    assert plan.weekly("make") == [0, 40, 0, 0]


def test_supply_is_paid_used_or_not_and_worth_nothing_at_the_end() -> None:
    plan = planned(materials=[POWDER], bom=TWO_KG, supply=[supply(0, 100), supply(9, 50)], orders=FORTY)
    assert plan.weekly("material") == [20, 20, 20, 20]
    assert plan.costs == {"material": 300}


def test_supply_of_the_past_is_on_hand() -> None:
    plan = planned(materials=[POWDER], bom=TWO_KG, supply=[supply(-3, 80, unit_cost=1)], orders=FORTY)
    assert plan.costs == {"material": 80}


def test_material_of_another_factory_is_of_no_use() -> None:
    factories = [FACTORY, FACTORY | {"factory": "G"}]
    plan = planned(
        factories=factories,
        materials=[POWDER],
        bom=TWO_KG,
        supply=[supply(0, 80, factory="G", unit_cost=0)],
        orders=FORTY,
    )
    assert plan.weekly("buy", factory="F") == [80, 0, 0, 0]


def test_a_routings_own_row_adds_to_its_products() -> None:
    routings = [ROUTING, ROUTING | {"routing": "P2", "unit_cost": 10}]
    bom = [*TWO_KG, TWO_KG[0] | {"routing": "P2", "quantity_per_unit": 1}]
    plan = planned(materials=[POWDER], bom=bom, routings=routings, orders=FORTY)
    assert plan.costs == {"material": 240}
    only = planned(materials=[POWDER], bom=bom, routings=routings[1:], orders=FORTY)
    assert only.costs == {"unit": 400, "material": 360}


def test_scrap_uses_material_too() -> None:
    plan = planned(
        materials=[POWDER], bom=TWO_KG, routings=[ROUTING | {"yield": 0.8}], orders=[order("A", 0, 20)]
    )
    assert plan.weekly("buy") == [50, 0, 0, 0]


def test_a_batch_uses_material_for_all_its_units() -> None:
    plan = planned(
        materials=[POWDER], bom=TWO_KG, routings=[ROUTING | {"batch_size": 8}], orders=[order("A", 0, 20)]
    )
    assert plan.costs == {"material": 24 * 2 * 3}


def test_a_routing_of_less_material_is_used_where_material_is_short() -> None:
    products = [PRODUCT, PRODUCT | {"product": "Q"}]
    routings = [ROUTING, ROUTING | {"product": "Q", "routing": "Q"}]
    bom = [*TWO_KG, TWO_KG[0] | {"product": "Q", "quantity_per_unit": 1}]
    plan = planned(
        {"horizon_weeks": 1},
        products=products,
        routings=routings,
        materials=[POWDER | {"lead_time_weeks": 1}],
        bom=bom,
        supply=[supply(0, 20, unit_cost=0)],
        orders=[order("A", 0, 15), order("B", 0, 15, product="Q")],
    )
    # 15 of Q take 15 kg; the other 5 make 2½ of P
    assert plan.weekly("make", routing="Q") == [15]
    assert plan.weekly("make", routing="P") == [2.5]
