"""Lots without a search: a plan that keeps every rule, where a search takes too long."""

from collections.abc import Callable
from typing import Any

import pytest

from planning.domain.problem import Problem
from planning.optimise import first, lot_step
from planning.optimise.first import first_plan
from planning.optimise.model.algebra import Model
from planning.optimise.rounding import is_whole
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import ROUTING, network, order, problem
from tests.optimise.hard_programs import EXACT, both, fleet, lots, program


@pytest.mark.parametrize("made", [fleet, lots, both])
def test_with_too_many_lots_to_search_there_is_a_whole_plan(
    made: Callable[[], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lot_step, "MANY_LOTS", 0)
    model: Model = program(made())
    best = attempt(model, EXACT)
    assert best is not None
    answer = solve_in_steps(model, Limits(gap=10.0, seconds=60))
    assert is_whole(model, answer.x)
    assert answer.bound <= best.objective + 1e-6
    assert answer.objective >= best.objective - 1e-6


def test_a_set_up_has_its_least_lot_started_whatever_is_scrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scrap of a tenth: 20 good units need 23 started, where rounding to the next whole one gives 22."""
    monkeypatch.setattr(lot_step, "MANY_LOTS", 0)
    made = problem(
        network(
            {"setup_weeks": 3, "firm_weeks": 3, "horizon_weeks": 3},
            routings=[ROUTING | {"setup_hours": 2, "min_lot": 20, "yield": 0.9}],
            orders=[order("A", 0, 20), order("B", 1, 21), order("C", 2, 20)],
        )
    )
    model = program(made)
    monkeypatch.setattr(lot_step, "attempt", lambda *_given, **_more: None)  # no search
    answer = solve_in_steps(model, Limits(gap=10.0, seconds=60))
    runs = model.values("run", answer.x)
    made_units = model.values("make", answer.x).join(runs, on=["v", "f", "t"], suffix="_run")
    assert made_units.filter(made_units["value_run"] > 0.5)["value"].min() >= 20  # type: ignore[operator]
    assert runs["value"].sum() > 0


def test_the_solve_that_finds_the_caps_searches_no_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot_step, "MANY_UNSHOWN", 0)
    monkeypatch.setattr(lot_step, "attempt", lambda *_given, **_more: None)
    model = program(both())
    best = attempt(model, EXACT)
    assert best is not None
    answer = solve_in_steps(model, Limits(gap=1e-4, seconds=60), shown=False)
    assert is_whole(model, answer.x)
    assert answer.bound <= best.objective + 1e-6


def linear_only(model: Model, *given: Any, **more: Any) -> Answer | None:
    """No search: only linear programs are solved."""
    assert not model.integer.any()
    return attempt(model, *given, **more)


@pytest.mark.parametrize("made", [fleet, lots, both])
def test_a_first_plan_of_much_that_stands_is_rounded(
    made: Callable[[], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lot_step, "MANY_UNSHOWN", -1)
    model = program(made())
    monkeypatch.setattr(first, "attempt", linear_only)
    plan = first_plan(model, EXACT)
    assert plan is not None
    assert is_whole(model, plan.x)
    assert plan.x[model.families["start"].frame["col"].to_numpy()].sum() == 0
    assert plan.objective >= solve_in_steps(model, EXACT).bound - 1e-6
