"""Lots without a search: a plan that keeps every rule, where a search takes too long."""

from collections.abc import Callable

import pytest

from planning.domain.problem import Problem
from planning.optimise import lot_step
from planning.optimise.algebra import Model
from planning.optimise.rounding import is_whole
from planning.optimise.solver import Limits, attempt
from planning.optimise.steps import solve_in_steps
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
