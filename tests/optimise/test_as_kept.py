"""A part decided again: robots and lots as they were, as far as they still fit."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from planning.domain.decisions import Decisions
from planning.domain.problem import Problem
from planning.optimise import as_kept
from planning.optimise.as_kept import decided_again
from planning.optimise.course import Course
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import solve_in_steps
from tests.optimise.hard_programs import program

LIMITS = Limits(gap=0.05, seconds=60.0)


@pytest.fixture(scope="module")
def kept(problem: Problem) -> Decisions:
    """The decisions of a plan of the company."""
    model = program(problem)
    plan = solve_in_steps(model, LIMITS)
    families = {name: model.values(name, plan.x) for name in model.families}
    caps = pl.DataFrame(schema={"o": pl.Int64, "f": pl.Int64, "t": pl.Int64, "units": pl.Int64})
    return Decisions(1, plan.bound, families, caps)


@pytest.fixture(scope="module")
def broken_down(problem: Problem) -> Model:
    """The company with a third of its robot hours in the first weeks: what was made then does not fit."""
    fewer = pl.when(pl.col("t") < 3).then(pl.col("availability") * 0.3).otherwise("availability")
    return program(replace(problem, hours=problem.hours.with_columns(availability=fewer)))


def test_a_plan_that_still_fits_stays(problem: Problem, kept: Decisions) -> None:
    model = program(problem)
    again = decided_again(model, kept, Course(LIMITS))
    cells = model.families["on_rent"].frame
    assert again.x[cells["col"].to_numpy()].tolist() == as_kept.were(cells, kept, "on_rent").tolist()
    assert keeps_rules(model, again.x)


def test_lots_that_do_not_fit_are_found_near_what_they_are_divisible(
    broken_down: Model, kept: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Model] = []
    near = as_kept._near

    def seen(held: Model, linear: Answer) -> Model:
        asked.append(near(held, linear))
        return asked[-1]

    monkeypatch.setattr(as_kept, "_near", seen)
    again = decided_again(broken_down, kept, Course(LIMITS))
    assert asked
    assert keeps_rules(broken_down, again.x)
    assert again.bound <= again.objective
    assert np.array_equal(again.x[broken_down.integer], np.round(again.x[broken_down.integer]))


def test_near_is_the_whole_numbers_on_either_side_and_one_more(broken_down: Model) -> None:
    linear = relaxed(broken_down, LIMITS)
    near = as_kept._near(broken_down, linear)
    goods = np.concatenate(
        [near.families[name].frame["col"] for name in ("run", "gross", "batch", "make", "ship")]
    )
    whole = goods[broken_down.integer[goods]]
    assert len(whole)
    x = linear.x[whole]
    assert (near.lower[whole] <= np.floor(x + 1e-6)).all()
    assert (near.upper[whole] >= np.ceil(x - 1e-6)).all()
    assert (near.upper[whole] - near.lower[whole] <= 3).all()
    others = np.setdiff1d(np.arange(len(near.upper)), whole)
    assert np.array_equal(near.upper[others], broken_down.upper[others])
    assert np.array_equal(near.lower[others], broken_down.lower[others])
