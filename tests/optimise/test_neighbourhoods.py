"""A plan made better product group by product group: a plan still, never dearer, the same every time."""

from typing import Any

import numpy as np
import pytest

from planning.optimise import neighbourhoods
from planning.optimise.course import Course
from planning.optimise.first import as_it_stands
from planning.optimise.holding import columns
from planning.optimise.model.algebra import Model
from planning.optimise.model.rent import FLEET
from planning.optimise.neighbourhoods import by_products
from planning.optimise.rounding import is_whole
from planning.optimise.solvers.answer import Answer, Limits, costing, relative_gap
from planning.optimise.solvers.runs import attempt
from planning.optimise.solvers.validity import keeps_rules
from tests.optimise.hard_programs import EXACT, both, program


@pytest.fixture(scope="module")
def model() -> Model:
    return program(both())


@pytest.fixture(scope="module")
def poor(model: Model) -> Answer:
    """What stands, with nothing rented and little made."""
    plan = attempt(as_it_stands(model), EXACT)
    assert plan is not None
    return plan


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> list[Model]:
    """Every product a group of its own; the programs each is decided in."""
    given: list[Model] = []

    def watched(program: Model, *rest: Any) -> Answer | None:
        given.append(program)
        return attempt(program, *rest)

    monkeypatch.setattr(neighbourhoods, "GROUP", 1)
    monkeypatch.setattr(neighbourhoods, "attempt", watched)
    return given


def test_a_group_of_all_products_finds_the_best_plan_of_all(model: Model, poor: Answer) -> None:
    best = attempt(model, EXACT)
    assert best is not None
    better = by_products(model, poor, Course(EXACT), enough=-np.inf)
    assert best.objective - 1e-6 <= better.objective <= best.objective * 1.001 < poor.objective


def test_each_product_is_decided_beside_the_others_as_they_are(
    model: Model, poor: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = one_by_one(monkeypatch)
    course = Course(EXACT)
    better = by_products(model, poor, course, enough=-np.inf)
    makes = model.families["make"].frame
    decided = [
        makes.filter(made.lower[makes["col"].to_numpy()] < made.upper[makes["col"].to_numpy()])["v"].unique()
        for made in given
    ]
    assert [products.to_list() for products in decided] == [[0], [1]]
    assert better.objective < poor.objective
    assert is_whole(model, better.x)
    assert keeps_rules(model, better.x)
    assert course.best is better


def test_the_same_plan_becomes_the_same_better_one(
    model: Model, poor: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one(monkeypatch)
    once, again = (by_products(model, poor, Course(EXACT), enough=-np.inf) for _ in range(2))
    assert np.array_equal(once.x, again.x)


def test_a_plan_that_is_good_enough_is_left_as_it_is(
    model: Model, poor: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = one_by_one(monkeypatch)
    assert by_products(model, poor, Course(EXACT), enough=poor.objective) is poor
    assert by_products(model, poor, Course(EXACT, cancelled=lambda: True), enough=-np.inf) is poor
    assert not given


def test_the_fleet_held_stays_as_it_is(poor: Answer) -> None:
    model = program(both())
    held = columns(model, FLEET)
    model.lower[held] = model.upper[held] = poor.x[held]
    better = by_products(model, poor, Course(EXACT), enough=-np.inf)
    assert better.objective < poor.objective
    assert np.array_equal(better.x[held], poor.x[held])


@pytest.mark.parametrize(("bound", "gap"), [(80.0, 0.2), (-80.0, 0.2), (100.0, 1e-4)])
def test_what_a_plan_may_cost_has_just_the_gap(bound: float, gap: float) -> None:
    assert relative_gap(costing(bound, gap), bound) == pytest.approx(gap)


def test_a_search_stops_at_what_is_good_enough(model: Model, poor: Answer) -> None:
    best = attempt(model, EXACT)
    assert best is not None
    found = attempt(model, Limits(gap=0.0, seconds=60.0, enough=poor.objective))
    assert found is not None
    assert best.objective <= found.objective <= poor.objective
    assert found.stopped == "SolutionLimit"
    assert found.bound <= best.objective + 1e-6
