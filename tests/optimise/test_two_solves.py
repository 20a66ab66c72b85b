"""What is told while both solves of rule 8 go on, and what is left of them when they are stopped."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from planning.optimise import course, plan
from planning.optimise.carried import carried_over
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.plan import Solution, solve_plan
from planning.optimise.solvers.answer import Answer, Incumbent
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import PRODUCT, forecast, network, offer, problem
from tests.optimise.hard_programs import EXACT

#: A base as good as sold for one robot, and as much again that is only expected.
BASE = [row | {"p10": 40, "p50": 80, "p90": 120} for row in forecast([80.0] * 6)]
OFFERS = [offer("LONG", 50, min_term_weeks=6), offer("FLEX", 100)]

RULE = {"horizon_weeks": 6, "flex_term_weeks": 4}

Told = list[tuple[str, Incumbent]]


@pytest.fixture(scope="module")
def solved() -> tuple[Solution, Told]:
    """A solve with all it tells while it goes on."""
    told: Told = []
    dear = [PRODUCT | {"price": 10_000, "lost_cost": 10_000}]
    made = network(RULE, forecast=BASE, offers=OFFERS, products=dear, owned=[])
    return solve_plan(problem(made), lambda stage, incumbent: told.append((stage, incumbent))), told


def seen(told: Told, step: str) -> float:
    """What the plan there was at the beginning of a step costs."""
    costs = [one.objective for stage, one in told if stage == "plan" and one.step == step]
    assert costs[0] is not None
    return costs[0]


def test_before_the_second_solve_has_a_plan_that_of_the_first_is_shown(solved: tuple[Solution, Told]) -> None:
    solution, told = solved
    first = next(one.objective for _, one in told if one.objective is not None)
    carried = seen(told, course.LEAST)
    # without robots nothing is made; one robot makes what is as good as sold, half of all
    assert first == pytest.approx(6 * 80 * 10_000)
    assert carried == pytest.approx(6 * 40 * 10_000 + 6 * 50)
    assert solution.answer.objective == pytest.approx(900)


def test_no_bound_told_is_more_than_what_any_plan_costs(solved: tuple[Solution, Told]) -> None:
    solution, told = solved
    bounds = [one.bound for stage, one in told if stage == "plan" and one.bound is not None]
    assert bounds
    assert all(bound <= solution.answer.objective + 1e-6 for bound in bounds)


def test_stopped_between_both_solves_nothing_more_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan there is comes back at once, with the caps that were found."""
    solves: list[Answer] = []

    def solve(*given: Any, **more: Any) -> Answer:
        solves.append(solve_in_steps(*given, **more))
        return solves[-1]

    monkeypatch.setattr(plan, "solve_in_steps", solve)
    monkeypatch.setattr(plan, "carried_over", None)
    monkeypatch.setattr(plan, "_free", None)
    made = network(RULE, forecast=BASE, offers=OFFERS, owned=[])
    solution = solve_plan(problem(made), cancelled=lambda: bool(solves))
    assert len(solves) == 1
    assert solution.answer.stopped == "Interrupted"
    assert solution.commitment is not None
    assert solution.commitment.answer is solves[0]


def first_solve(more: float) -> tuple[Answer, Model, Model]:
    """A plan of what qualifies, its program and that of all demand: 20 a week, of one week `more` qualify."""
    made = problem(network(RULE, forecast=forecast([20.0] * 6), offers=OFFERS))
    week = pl.when(pl.col("t") == 2).then(pl.col("quantity") + more).otherwise("quantity")
    made = replace(made, qualifying=made.expected.with_columns(quantity=week))
    can = eligible(made)
    qualifying = build(made, can, made.qualifying, caps=None)
    return solve_in_steps(qualifying, EXACT), qualifying, build(made, can, made.expected, caps=None)


@pytest.mark.parametrize("more", [-5.0, 0.0, 7.5])
def test_of_a_product_of_which_more_qualifies_than_is_expected_no_more_is_served(more: float) -> None:
    """As netting has it where near-certain deals are counted in another week than the forecast is."""
    certain, qualifying, model = first_solve(more)
    carried = carried_over(certain, qualifying, model, EXACT)
    assert carried is not None
    assert keeps_rules(model, carried.x)
    served = model.values("serve_expected", carried.x).sort("t")["value"].to_list()
    assert served == pytest.approx([20.0, 20.0, 20.0 + min(more, 0.0), 20.0, 20.0, 20.0])


@pytest.mark.parametrize(("off", "kept"), [(1e-5, True), (1.0, False)])
def test_what_a_solver_rounds_is_no_broken_rule_and_what_is_not_made_is_one(off: float, kept: bool) -> None:
    certain, qualifying, model = first_solve(0.0)
    x = certain.x.copy()
    x[qualifying.families["make"].frame["col"][3]] -= off
    assert (carried_over(replace(certain, x=x), qualifying, model, EXACT) is not None) == kept
