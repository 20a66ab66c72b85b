"""No order is refused for the sake of a sale nobody has ordered, where one costs as much as the other."""

from dataclasses import replace

import polars as pl
import pytest

from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.orders_first import orders_first
from planning.optimise.solvers.answer import Answer
from planning.optimise.solvers.runs import attempt
from planning.optimise.solvers.validity import keeps_rules
from tests.builders.networks import PRODUCT, forecast, network, order, problem
from tests.optimise.hard_programs import EXACT

#: A lost sale costs the price of 100, and so does a refused order where no file says what that costs.
AS_DEAR = [PRODUCT | {"lost_cost": 100}]
SCARCE = {
    "products": AS_DEAR,
    "orders": [order("A", 0, 30), order("B", 0, 20, priority=1)],
    "forecast": forecast([90]),
}


def reversed_plan(refused: dict[int, float]) -> tuple[Model, Answer]:
    """40 units for 50 ordered and 40 expected, at least cost, with these units of a class refused."""
    made = problem(network({"horizon_weeks": 1}, **SCARCE))
    model = build(made, eligible(made), made.expected, caps=None)
    plan = attempt(model, EXACT)
    assert plan is not None
    x = plan.x.copy()
    served = 0.0
    for k, due in ((1, 20.0), (3, 30.0)):
        x[column(model, "refuse", k)] = refused[k]
        x[column(model, "serve", k)] = due - refused[k]
        x[column(model, "backlog", k)] = 0.0
        served += due - refused[k]
    x[column(model, "serve_expected")] = 40.0 - served
    reversed_ = replace(plan, x=x, objective=float(model.objective() @ x) + model.constant)
    assert keeps_rules(model, x)
    assert reversed_.objective == pytest.approx(plan.objective)
    return model, reversed_


def column(model: Model, family: str, k: int | None = None) -> int:
    cells = model.families[family].frame
    cells = cells if k is None else cells.filter(pl.col("k") == k)
    return int(cells["col"].item())


def test_what_is_expected_gets_what_orders_leave() -> None:
    model, plan = reversed_plan({1: 20, 3: 30})
    first = orders_first(model, plan)
    assert [first.x[column(model, "refuse", k)] for k in (1, 3)] == [0, 10]
    assert first.x[column(model, "serve_expected")] == 0
    assert keeps_rules(model, first.x)
    assert first.objective == pytest.approx(plan.objective)


def test_urgent_orders_come_first() -> None:
    model, plan = reversed_plan({1: 15, 3: 12})
    assert plan.x[column(model, "serve_expected")] == 17
    first = orders_first(model, plan)
    assert [first.x[column(model, "refuse", k)] for k in (1, 3)] == [0, 10]


def test_whole_units_stay_whole() -> None:
    model, plan = reversed_plan({1: 0, 3: 12})
    x = plan.x.copy()
    x[column(model, "serve_expected")] = 1.6
    first = orders_first(model, replace(plan, x=x))
    assert first.x[column(model, "refuse", 3)] == 11
    assert first.x[column(model, "serve_expected")] == pytest.approx(0.6)


def test_where_refusing_is_dearer_taking_it_back_is_cheaper() -> None:
    model, plan = reversed_plan({1: 0, 3: 12})
    rows = model.costs["lost_confirmed"]
    model.costs["lost_confirmed"] = replace(rows, frame=rows.frame.with_columns(coef=pl.col("coef") * 2))
    dear = replace(plan, objective=float(model.objective() @ plan.x) + model.constant, bound=0.0)
    first = orders_first(model, dear)
    assert first.objective == pytest.approx(dear.objective - 2 * 100)


def test_a_plan_that_refuses_nothing_is_left_as_it_is() -> None:
    model, plan = reversed_plan({1: 0, 3: 10})
    assert orders_first(model, plan) is plan
