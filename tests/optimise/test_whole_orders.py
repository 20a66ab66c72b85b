"""Confirmed orders are served in whole units, where that costs little: they are promised in whole units."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from planning.optimise import whole_orders
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.whole_orders import MOST, with_whole_orders
from tests.builders.networks import PRODUCT, ROBOT, ROUTING, Row, forecast, network, order, problem
from tests.optimise.hard_programs import EXACT

ROOMY = Limits(gap=0.05, seconds=60.0)

#: Of 60 units in stock 13 are ordered and 27.4 expected at once, 10 more a week later. Only whole units are
#: shipped in the two firm weeks, and nothing that nobody takes: 40 go first, and 0.4 of someone's wait.
SHARED: dict[str, list[Row]] = {
    "stock": [{"factory": "F", "product": "P", "quantity": 60}],
    "orders": [order("A", 0, 13)],
    "forecast": forecast([40.4, 10]),
}


#: Another product, of which far more is expected than its robot makes: its lost sales are what a plan costs.
DEAR: dict[str, list[Row]] = {
    "products": [PRODUCT, PRODUCT | {"product": "Q", "price": 1000, "lost_cost": 1000}],
    "robots": [ROBOT, ROBOT | {"robot_model": "S"}],
    "routings": [ROUTING, ROUTING | {"routing": "Q", "product": "Q", "robot_model": "S"}],
    "owned": [{"factory": "F", "robot_model": model, "units": 1} for model in ("R", "S")],
}


def split(
    settings: Row | None = None, *, orders: list[Row] | None = None, beside: bool = True
) -> tuple[Model, Answer]:
    """A program and its cheapest plan, in which a part of a unit of the order waits."""
    tables = SHARED | (DEAR if beside else {}) | ({"orders": orders} if orders else {})
    if beside:
        tables = tables | {"forecast": [*SHARED["forecast"], *forecast({2: 400}, product="Q")]}
    made = problem(network({"firm_weeks": 2} | (settings or {}), **tables))
    model = build(made, eligible(made), made.expected, caps=None)
    plan = attempt(model, EXACT)
    assert plan is not None
    return model, plan


def waiting(model: Model, plan: Answer) -> list[float]:
    """Backlog by week."""
    values = model.values("backlog", plan.x)
    return values.group_by("t").agg(pl.col("value").sum()).sort("t")["value"].round(6).to_list()


def test_the_order_is_served_whole_and_the_part_of_a_unit_is_what_is_expected() -> None:
    model, plan = split()
    assert waiting(model, plan) == [0.4, 0.4, 0, 0]
    whole = with_whole_orders(model, plan, ROOMY)
    assert waiting(model, whole) == [0, 0, 0, 0]
    assert keeps_rules(model, whole.x)
    served = model.values("serve_expected", whole.x).filter(pl.col("t") == 0)["value"]
    assert 27 in served.round(6).to_list()


def test_it_is_dearer_and_says_so() -> None:
    model, plan = split()
    whole = with_whole_orders(model, plan, ROOMY)
    # 0.4 of a lost sale of 100 instead of 0.4 of a unit that waits two weeks for 10 each
    assert 0.4 * (100 - 20) <= whole.objective - plan.objective <= plan.objective * MOST
    assert whole.objective == pytest.approx(float(model.objective() @ whole.x) + model.constant)
    assert whole.bound == plan.bound
    assert whole.gap > plan.gap


def test_a_part_that_waits_stays_where_it_would_cost_much_of_the_plan() -> None:
    model, plan = split(beside=False)
    assert with_whole_orders(model, plan, ROOMY) is plan


def test_a_plan_as_good_as_was_asked_for_stays_so() -> None:
    model, plan = split()
    asked = replace(ROOMY, gap=40 / plan.objective)
    almost = replace(plan, bound=plan.objective - 20.0)
    assert almost.gap < asked.gap
    assert with_whole_orders(model, almost, asked) is almost


def test_where_all_shipments_may_be_divided_so_may_orders() -> None:
    model, plan = split()
    assert with_whole_orders(divisible(model), plan, ROOMY) is plan


def test_an_order_for_a_part_of_a_unit_is_no_fault() -> None:
    model, plan = split(orders=[order("A", 0, 13), order("B", 0, 2.5, priority=2)])
    whole = with_whole_orders(model, plan, ROOMY)
    left = model.values("backlog", whole.x).filter((pl.col("k") == 3) & (pl.col("value") > 1e-6))["value"]
    assert left.to_list() == left.round().to_list()


def test_robots_lots_and_the_goods_of_all_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    model, plan = split()
    seen: list[Model] = []

    def attempted(program: Model, *given: object, **more: object) -> Answer | None:
        seen.append(program)
        return attempt(program, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(whole_orders, "attempt", attempted)
    with_whole_orders(model, plan, ROOMY)
    (program,) = seen
    for name in ("make", "on_rent", "start"):
        cells = model.families[name].frame["col"].to_numpy()
        held = cells[model.integer[cells]]
        assert np.array_equal(program.lower[held], plan.x[held])
    others = model.families["serve_expected"].frame.filter(pl.col("p") == 1)["col"].to_numpy()
    assert len(others) > 0
    assert np.array_equal(program.upper[others], plan.x[others])
