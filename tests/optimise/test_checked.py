"""What the optimiser decides the independent checker finds right: rules, costs and figures of the export."""

import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.workflows.planning_run import PlanPayload, make_plan
from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROBOT,
    ROUTING,
    certain,
    contract,
    deal,
    forecast,
    network,
    offer,
    order,
    week,
)

TWO_FACTORIES = [FACTORY, FACTORY | {"factory": "G", "energy_price_per_kwh": 0.2}]
TWO_MARKETS = [{"market": "M"}, {"market": "N"}]
TWO_PRODUCTS = [PRODUCT, PRODUCT | {"product": "Q", "price": 40, "lost_cost": 60}]
LANES = [
    {"factory": "F", "market": "M", "cost_per_unit": 1, "kgco2e_per_unit": 0.2},
    {"factory": "G", "market": "M", "lead_time_weeks": 1},
    {"factory": "G", "market": "N", "cost_per_unit": 2},
]


def moves() -> Network:
    """Movable contracts and offers, renewals, a contract ended early."""
    movable = {"transfer_fee": 15, "transfer_weeks": 1, "demobilisation_fee": 5}
    return network(
        {"horizon_weeks": 6},
        factories=TWO_FACTORIES,
        markets=TWO_MARKETS,
        lanes=LANES,
        owned=[],
        offers=[
            offer("MOVES", 60, min_term_weeks=2, notice_weeks=1, mobilisation_fee=30, max_units=3, **movable),
            offer("ENDS", 80, min_term_weeks=6, early_termination_share=0.3, notice_weeks=1, max_units=0),
        ],
        contracts=[
            contract("C1", "MOVES", -4, 5, units=3),
            contract("C2", "ENDS", -2, 9, factory="G"),
        ],
        orders=[order("A", 0, 130, priority=1), order("B", 4, 150, market="N"), order("C", 1, 33)],
        forecast=[*forecast([10] * 6), *forecast([90, 20, 30, 100, 150, 0], market="N")],
    )


def renewals(transfer_fee: float = 1e6) -> Network:
    """Robots that renew by two weeks and could be moved; at each factory one is needed for three weeks."""
    terms = {"min_term_weeks": 2, "renewal_weeks": 2, "transfer_fee": transfer_fee}
    return network(
        {"horizon_weeks": 6},
        factories=TWO_FACTORIES,
        markets=TWO_MARKETS,
        lanes=[{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
        owned=[],
        offers=[offer("RENEWS", 50, **terms)],
        forecast=[*forecast([40, 40, 40, 0, 0, 0]), *forecast([0, 40, 40, 40, 0, 0], market="N")],
    )


def moved_renewals() -> Network:
    """The same where a move is worth its fee."""
    return renewals(transfer_fee=5)


def lots() -> Network:
    """Set-ups, minimum lots, batches, scrap, materials, firm weeks, free and owed stock, goods in transit."""
    lot = {"setup_hours": 2, "setup_cost": 9, "min_lot": 6, "typical_lot": 15, "unit_cost": 1}
    batch = {"batch_size": 7, "yield": 0.9, "product": "Q", "routing": "Q", "hours_per_unit": 0.4}
    transit = {"factory": "F", "market": "M", "product": "P", "arrive_week": week(1), "quantity": 6}
    return network(
        {"horizon_weeks": 5, "firm_weeks": 2, "setup_weeks": 2},
        products=TWO_PRODUCTS,
        robots=[ROBOT | {"power_kw": 3}],
        routings=[ROUTING | lot, ROUTING | batch | {"lights_out": True}],
        factories=[
            FACTORY | {"unattended_hours_per_week": 12, "storage_units": 30, "energy_price_per_kwh": 0.3}
        ],
        materials=[{"material": "powder", "unit_cost": 2, "lead_time_weeks": 1}],
        bom=[{"product": "P", "material": "powder", "quantity_per_unit": 1.5}],
        supply=[{"material": "powder", "factory": "F", "week": week(0), "quantity": 60}],
        stock=[{"factory": "F", "product": "Q", "quantity": 9}],
        in_transit=[transit],
        orders=[order("A", 0, 21), order("B", 2, 34), order("C", 1, 17, product="Q"), order("D", -1, 4)],
        forecast=[*forecast([8] * 5), *forecast([6] * 5, product="Q")],
    )


def committed() -> Network:
    """Long and flexible offers with tiers, included hours and caps; deals; a lumpy one; overtime."""
    return network(
        {"horizon_weeks": 6, "flex_term_weeks": 3, "tail_use": 0.4},
        factories=[FACTORY | {"overtime_hours_per_week": 6, "overtime_cost_per_hour": 2, "floor_slots": 3}],
        owned=[],
        offers=[
            offer("LONG", 45, min_term_weeks=5, renewal_weeks=4, lead_time_weeks=1, mobilisation_fee=40),
            offer("FLEX", 90, min_term_weeks=2, included_hours_per_week=30, overage_per_hour=3, max_units=4),
        ],
        offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 80}],
        forecast=[row | {"p10": 50, "p50": 80, "p90": 130} for row in forecast([90] * 6)],
        orders=[order("A", 0, 130, priority=2), order("B", 3, 145, priority=1)],
        opportunities=[deal("D1", 2, 30, probability=0.95), deal("D2", 4, 300, probability=0.2)],
    )


def stable() -> Network:
    """A published plan with frozen weeks, pinned work, a price of change, too few people, too low a cap."""
    produced = {"factory": "F", "product": "P", "routing": "P"}
    pinned = {"work_order": "W", "factory": "F", "routing": "P", "week": week(1), "quantity_left": 12}
    return network(
        {"firm_weeks": 2, "frozen_weeks": 1, "change_cost_per_unit": 0.5, "carbon_cap_kg": 60},
        {"production": [produced | {"week": week(t), "quantity": 18 + t} for t in range(4)]},
        factories=[FACTORY | {"supervisors": 0.3}],
        robots=[ROBOT | {"process": "printing"}],
        operators=[{"factory": "F", "process": "printing", "operators": 0.6}],
        routings=[ROUTING | {"kgco2e_per_unit": 0.5}],
        firm_work=[pinned | {"status": "pinned"}],
        orders=[order("A", 0, 15), order("B", 2, 40), order("C", 3, 8, quantity_shipped=3)],
        forecast=certain([0, 0, 10, 20]),
    )


CASES = [moves, renewals, moved_renewals, lots, committed, stable]


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """`make_plan` refuses a plan with any violation, costs that do not recompute included."""
    return {case.__name__: make_plan(PlanPayload(case(), None)).plan for case in CASES}


def test_plans_pass_the_independent_checker(plans: dict[str, Plan]) -> None:
    for name, plan in plans.items():
        assert plan.summary["checker"] == {"violations": 0}, name
        assert plan.summary["status"] == "optimal", name
        total = sum(plan.summary["costs"].values())
        assert total == pytest.approx(plan.summary["objective"], abs=1e-3), name


def test_between_them_they_pay_for_everything(plans: dict[str, Plan]) -> None:
    used = {name for plan in plans.values() for name, money in plan.summary["costs"].items() if money > 0.005}
    assert used >= {
        "rent", "rent_tail", "mobilisation", "demobilisation", "termination", "transfer", "overage",
        "overtime", "unit", "setup", "energy", "material", "transport", "holding", "late", "priority",
        "lost_confirmed", "lost_expected", "change", "relaxed",
    }  # fmt: skip


def test_a_contract_that_ends_the_monday_the_plan_starts_is_over() -> None:
    """It went back before the plan: neither the plan nor the checker charges its way home."""
    over = contract("C", "O", -3, 4, units=3, off=0, status="notice")
    made = network(
        offers=[offer("O", 60, demobilisation_fee=7)], contracts=[over], orders=[order("A", 1, 20)]
    )
    plan = make_plan(PlanPayload(made, None)).plan
    assert plan.summary["costs"]["demobilisation"] == 0
    assert plan["fleet"].filter(plan["fleet"]["source"] == "contract").is_empty()
