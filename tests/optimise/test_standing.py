"""What stands is made as far as hours last, also where lots are rounded and not searched for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.problem import Problem
from planning.optimise import lot_step, standing
from planning.optimise.course import Course
from planning.optimise.model.algebra import Model
from planning.optimise.model.firm import most_good_units
from planning.optimise.rounding import is_whole
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import ROUTING, Row, network, order, problem, week
from tests.optimise.hard_programs import EXACT, program

PRODUCTS = ("P", "Q", "R")


def pinned(product: str, units: int) -> Row:
    return {
        "work_order": f"W{product}",
        "factory": "F",
        "routing": product,
        "week": week(0),
        "status": "pinned",
        "quantity_left": units,
    }


def crowded(units: tuple[int, int, int] = (13, 12, 11), yields: float = 0.9) -> Problem:
    """Three pinned work orders for which a robot's 40 hours do not last."""
    return problem(
        network(
            {"firm_weeks": 2, "horizon_weeks": 3},
            products=[{"product": product, "price": 10} for product in PRODUCTS],
            routings=[ROUTING | {"product": one, "routing": one, "yield": yields} for one in PRODUCTS],
            firm_work=[pinned(one, count) for one, count in zip(PRODUCTS, units, strict=True)],
            orders=[order(f"O{one}", 1, 20, product=one) for one in PRODUCTS],
        )
    )


def short(model: Model, answer: Answer) -> float:
    return float(model.values("pinned_short", answer.x)["value"].sum())


@pytest.mark.parametrize(
    ("units", "yields"), [((13, 12, 11), 0.8), ((13, 13, 13), 0.9), ((11, 12, 13), 0.95), ((17, 9, 14), 0.8)]
)
def test_no_more_is_short_than_hours_ask_for(
    units: tuple[int, int, int], yields: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounding alone leaves one or two units more."""
    monkeypatch.setattr(lot_step, "MANY_LOTS", 0)
    model = program(crowded(units, yields))
    best = attempt(model, EXACT)
    assert best is not None
    answer = solve_in_steps(model, Limits(gap=1e-3, seconds=60))
    assert short(model, answer) == pytest.approx(short(model, best))
    assert answer.gap <= 1.0
    assert keeps_rules(model, answer.x)
    assert is_whole(model, answer.x)


def test_what_is_near_enough_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(crowded())
    plan = attempt(model, EXACT)
    assert plan is not None
    monkeypatch.setattr(standing, "attempt", None)  # not called
    assert standing.with_standing_made(model, plan, Course(Limits(gap=0.5, seconds=60))) is plan


@given(
    yields=st.floats(0.3, 1.0),
    size=st.sampled_from([1.0, 4.0, 12.0, 2.5]),
    most=st.floats(1.0, 60.0),
)
def test_whole_good_units_of_whole_batches_are_never_cut_off(yields: float, size: float, most: float) -> None:
    good = most_good_units(yields, size, most)
    possible = [
        (min(math.floor(most + 1e-9), math.floor(n * size * yields + 1e-9)), n * size) for n in range(1, 200)
    ]
    assert all(units <= good * gross + 1e-6 for units, gross in possible)
    assert any(units == pytest.approx(good * gross) for units, gross in possible if units) or good == yields


def test_four_good_units_of_97_percent_take_five() -> None:
    assert most_good_units(0.97, 1.0, 4.0) == pytest.approx(4 / 5)
    assert most_good_units(0.97, 1.0, 40.0) == pytest.approx(32 / 33)
    assert most_good_units(0.94, 4.0, 39.0) == pytest.approx(15 / 16)
