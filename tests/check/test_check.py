"""A right plan passes, however it is written down, and its costs are those worked out on paper."""

import random
from dataclasses import replace

import polars as pl
import pytest

from planning.check import check, recompute_costs
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from tests.check import world
from tests.check.tables import Spoil, both, given, policy, told, wrong

W0, W1, W2, W3, W4 = "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"


def test_a_plan_that_keeps_every_rule_has_no_violation() -> None:
    assert [str(violation) for violation in check(world.network(), world.plan())] == []


def test_costs_from_the_frames_are_those_on_paper() -> None:
    costs = recompute_costs(world.network(), world.plan())
    assert costs == pytest.approx(world.COSTS)
    assert sum(costs.values()) == pytest.approx(world.OBJECTIVE)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    shuffle = random.Random(seed)
    tables = {
        name: frame.sample(fraction=1, shuffle=True, seed=shuffle.randrange(1000))
        for name, frame in world.plan().tables.items()
    }
    plan = replace(world.plan(), tables=tables)
    assert check(world.network(), plan) == []
    assert recompute_costs(world.network(), plan) == pytest.approx(world.COSTS)


def test_rows_that_are_all_zero_may_be_there_or_not() -> None:
    rows = pl.DataFrame({"factory": "F2", "product": "P2", "week": world.POLICY.weeks, "quantity": 0.0})
    tables = dict(world.plan().tables)
    tables["inventory"] = pl.concat([tables["inventory"], rows.select(EXPORT["inventory"].columns)])
    assert check(world.network(), replace(world.plan(), tables=tables)) == []


def test_a_message_says_where_and_how_much() -> None:
    network, plan = given("factories", {"factory": "F1"}, storage_units=25.0)(world.network(), world.plan())
    (violation,) = check(network, plan)
    assert violation.rule == "1 storage"
    assert violation.where == "factory F1, week 2026-11-30"
    assert violation.amount == pytest.approx(4.0)
    assert violation.message == "29.000 units in stock, 25.000 fit (relaxation included)"
    assert str(violation) == f"1 storage ({violation.where}): {violation.message}"


def relaxed(rule: str, week: str | None, amount: float) -> Spoil:
    """A plan that relaxes a rule at F1 and pays 10 a unit for it."""
    row = {"rule": rule, "factory": "F1", "week": week, "amount": amount, "unit_price": 10.0}
    money = world.OBJECTIVE + 10.0 * amount
    return both(
        told("relaxed", [row]),
        told("costs.relaxed", 10.0 * amount),
        told("objective", money),
        told("gap", (money - world.BOUND) / money),
        told("gap_controllable", 0.5),
        told("status", "time_limit"),
        told("kpis.cost_per_good_unit", (money - 250) / 53),
    )


#: What is right though it looks odd: settled readings, tables that may be left out, relaxations.
RIGHT: dict[str, Spoil] = {
    "storage relaxed": both(
        given("factories", {"factory": "F1"}, storage_units=25.0), relaxed("storage", W0, 4.0)
    ),
    "floor relaxed": both(given("factories", {"factory": "F1"}, floor_slots=6.0), relaxed("floor", W2, 1.0)),
    "supervision relaxed": both(
        given("factories", {"factory": "F1"}, supervisors=0.3), relaxed("supervision", W1, 1.25)
    ),
    "operators relaxed": both(
        given("operators", {"week": W1}, operators=0.1), relaxed("operators", W1, 0.25)
    ),
    "carbon cap relaxed": both(policy(carbon_cap_kg=200.0), relaxed("carbon_cap", None, 6.4)),
    "frozen quantities relaxed": both(
        lambda network, plan: (
            replace(
                network,
                published=dict(network.published)
                | {"production": network.published["production"].with_columns(pl.col("quantity") + 1)},
            ),
            plan,
        ),
        relaxed("frozen", W0, 2.0),
        told("costs.change", 2.0 * (1 + 1 + 3 + 1 + 3)),
        told("objective", world.OBJECTIVE + 20 + 8),
        told("gap", (world.OBJECTIVE + 28 - world.BOUND) / (world.OBJECTIVE + 28)),
        told("kpis.cost_per_good_unit", (world.OBJECTIVE + 28 - 250) / 53),
        told("kpis.change_share", 9 / 38),
    ),
    "firm work relaxed": both(
        given("firm_work", {"work_order": "WO1"}, quantity_left=4.0), relaxed("firm_work", W1, 1.0)
    ),
    "offer of one factory moved away": given("offers", {"offer": "ADD-FLEX"}, factory="F2"),
    "refused and open rows without units": wrong("promises", {"order_id": "O8"}, delivered_quantity=None),
    "share of what was due in the horizon itself": both(
        told("kpis.on_time_share", 30 / 36), told("kpis.fill_rate", 1 - 3 / 36)
    ),
    "units of a tier committed at the tier": wrong("rentals", {"id": "ADD-STD"}, committed_cost=1140.0),
    "a proven optimum": both(
        told("bound", world.OBJECTIVE - 0.5), told("gap", 0.5 / world.OBJECTIVE), told("status", "optimal")
    ),
    "contracts alone beyond max_units": given("offers", {"offer": "MILL-STD"}, max_units=0),
    "an announced end that is told as well": both(
        given("contracts", {"contract": "C1"}, off_rent_date=W3, status="notice")
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_though_it_looks_odd(name: str) -> None:
    network, plan = RIGHT[name](world.network(), world.plan())
    assert [str(violation) for violation in check(network, plan)] == []


def test_without_a_forecast_expected_demand_is_held_to_the_deals() -> None:
    network = world.network().with_tables(forecast=world.network()["forecast"].clear())
    assert check(network, world.plan()) == []
    _, less = wrong("demand", {"product": "P2", "market": "M2", "week": W2}, expected=5.0, unreachable=5.0)(
        network, world.plan()
    )
    assert {violation.rule for violation in check(network, less)} == {"netting"}


def test_an_empty_plan_refuses_nothing_silently() -> None:
    empty = Plan(tables={name: EXPORT[name].empty() for name in EXPORT}, summary={})
    rules = {violation.rule for violation in check(world.network(), empty)}
    assert {"netting", "2 promises", "1 stock", "4 fleet", "6 contract", "7 pinned", "costs", "kpis"} <= rules
