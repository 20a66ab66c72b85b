"""A relaxation begun from prices of what its products share ends where it ends without them."""

from typing import Any

import numpy as np
import pytest

from planning.optimise import plan
from planning.optimise.algebra import Model
from planning.optimise.plan import solve_plan
from planning.optimise.priced import priced_basis, prices
from planning.optimise.solver import Answer, Limits, relaxed
from tests.builders.networks import forecast, network, offer, problem
from tests.optimise.hard_programs import CASES, program

LIMITS = Limits(gap=1e-6, seconds=60)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def model(request: pytest.FixtureRequest) -> Model:
    return program(request.param())


@pytest.fixture(scope="module")
def alone(model: Model) -> Answer:
    return relaxed(model, LIMITS)


@pytest.mark.parametrize("share", [1.0, 0.7, 0.0])
def test_whatever_the_prices_the_relaxation_costs_the_same(model: Model, alone: Answer, share: float) -> None:
    price = {name: share * each for name, each in prices(model, alone).items()}
    assert price
    basis = priced_basis(model, price, LIMITS)
    assert basis is not None
    answer = relaxed(model, LIMITS, basis=basis)
    assert answer.objective == pytest.approx(alone.objective, rel=1e-7)


def test_the_basis_found_is_one_of_the_program_itself(model: Model, alone: Answer) -> None:
    basis = priced_basis(model, prices(model, alone), LIMITS)
    assert alone.basis is not None
    assert basis is not None
    assert len(basis.col_status) == len(alone.basis.col_status)
    assert len(basis.row_status) == len(alone.basis.row_status)


def test_prices_are_what_one_more_of_it_is_worth(model: Model, alone: Answer) -> None:
    """No dual of a constraint that is not tight: what there is enough of costs nothing."""
    for name, price in prices(model, alone).items():
        rows = model.rows[name]
        used = np.add.reduceat(rows.coef * alone.x[rows.col], rows.start[:-1])
        loose = np.abs(rows.rhs - used) > 1e-6
        assert np.abs(price[loose]).max(initial=0.0) < 1e-6


def test_prices_of_another_program_are_no_use(model: Model, alone: Answer) -> None:
    price = {name: each[:-1] for name, each in prices(model, alone).items()}
    assert priced_basis(model, price, LIMITS) is None


def test_stopped_there_is_no_basis(model: Model, alone: Answer) -> None:
    assert priced_basis(model, prices(model, alone), LIMITS, cancelled=lambda: True) is None


def test_what_the_rule_costs_does_not_depend_on_where_its_relaxation_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = [row | {"p10": 40, "p50": 80, "p90": 120} for row in forecast([80.0] * 6)]
    offers = [offer("LONG", 50, min_term_weeks=6), offer("FLEX", 100)]
    made = problem(
        network({"horizon_weeks": 6, "flex_term_weeks": 4}, forecast=base, offers=offers, owned=[])
    )
    begun: list[bool] = []

    def watched(*given: Any) -> Any:
        basis = priced_basis(*given)
        begun.append(basis is not None)
        return basis

    monkeypatch.setattr(plan, "priced_basis", watched)
    alone = solve_plan(made)
    monkeypatch.setattr(plan, "LARGE", 0)
    near = solve_plan(made)
    assert begun == [True]
    assert near.answer.objective == pytest.approx(alone.answer.objective)
    for solution in (alone, near):
        assert solution.commitment is not None
        assert solution.commitment.free is not None
    assert near.commitment.free.objective == pytest.approx(alone.commitment.free.objective)  # type: ignore[union-attr]
