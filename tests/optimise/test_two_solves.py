"""What is told while both solves of rule 8 go on, and what is left of them when they are stopped."""

from typing import Any

import pytest

from planning.optimise import plan
from planning.optimise.plan import Solution, solve_plan
from planning.optimise.solvers.answer import Answer, Incumbent
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import PRODUCT, forecast, network, offer, problem

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
    monkeypatch.setattr(plan, "_free", None)
    made = network(RULE, forecast=BASE, offers=OFFERS, owned=[])
    solution = solve_plan(problem(made), cancelled=lambda: bool(solves))
    assert len(solves) == 1
    assert solution.answer.stopped == "Interrupted"
    assert solution.commitment is not None
    assert solution.commitment.answer is solves[0]
