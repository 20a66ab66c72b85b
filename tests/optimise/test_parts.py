"""A program in two parts, products held and all that is decided beside them: together they are the whole."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from planning.domain.problem import Problem
from planning.optimise.known_bound import still_bounds
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.parts import Mask, alone, beside
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.validity import keeps_rules

LIMITS = Limits(gap=0.0, seconds=60.0)


def of_products(model: Model, problem: Problem, products: list[int]) -> Mask:
    """Columns of products, whatever family they are of."""
    owner = problem.routes.select("v", "p").unique()
    mask = np.zeros(len(model.upper), dtype=bool)
    for family in model.families.values():
        cells = family.frame.join(owner, on="v", how="left") if "v" in family.frame.columns else family.frame
        if "p" in cells.columns and len(cells):
            mask[cells.filter(pl.col("p").is_in(products))["col"].to_numpy()] = True
    return mask


def test_both_parts_together_cost_what_the_whole_does_and_keep_its_rules(
    problem: Problem, model: Model
) -> None:
    whole = relaxed(model, LIMITS)
    held = of_products(model, problem, [1, 2, 4, 5, 7])
    fixed = model.lower.copy(), model.upper.copy()
    for name in ("make", "gross", "batch", "run", "ship"):
        cols = model.families[name].frame["col"].to_numpy()
        cols = cols[held[cols]]
        fixed[0][cols] = fixed[1][cols] = whole.x[cols]
    program = replace(model, lower=fixed[0], upper=fixed[1])
    x = np.zeros(len(model.upper))
    x[held] = relaxed(alone(program, held), LIMITS).x
    small = beside(program, held, x)
    part = relaxed(small, LIMITS)
    x[~held] = part.x
    assert len(small.upper) + held.sum() == len(model.upper)
    assert keeps_rules(model, x)
    assert float(model.objective() @ x) + model.constant == pytest.approx(whole.objective, rel=1e-6)


def test_what_is_not_earned_counts_as_a_cost_of_the_part(problem: Problem, model: Model) -> None:
    held = of_products(model, problem, [0, 3, 6])
    small = beside(model, held, np.zeros(len(model.upper)))
    idle = np.where(small.objective() < 0, small.lower, 0.0)
    asked = problem.expected.filter(~pl.col("p").is_in([0, 3, 6])).join(problem.products, on="p")
    lost = asked.select((pl.col("quantity") * pl.col("price")).sum()).item()
    assert small.constant + float(small.objective() @ idle) == pytest.approx(lost)


def with_hours(problem: Problem, factor: float) -> Problem:
    """Robots of the first model at the first factory have so many times the hours in the third week."""
    there = (pl.col("r") == 0) & (pl.col("f") == 0) & (pl.col("t") == 2)
    hours = problem.hours.with_columns(
        availability=pl.when(there).then(pl.col("availability") * factor).otherwise("availability")
    )
    return replace(problem, hours=hours)


def with_supply(problem: Problem, weeks: int) -> Problem:
    """All material of the first week comes so many weeks later."""
    late = problem.supply.with_columns(t=pl.when(pl.col("t") == 0).then(weeks).otherwise("t"))
    return replace(problem, supply=late)


def cheapest(problem: Problem) -> float:
    return relaxed(build(problem, eligible(problem), problem.expected, caps=None), LIMITS).objective


def test_a_bound_still_holds_after_a_breakdown_and_not_after_a_repair(problem: Problem) -> None:
    broken = with_hours(problem, 0.4)
    assert still_bounds(problem, broken)
    assert not still_bounds(broken, problem)
    assert cheapest(broken) >= cheapest(problem) - 1e-4


def test_a_bound_still_holds_where_material_comes_later_and_not_where_sooner(problem: Problem) -> None:
    assert problem.supply.filter(pl.col("t") == 0).height > 0
    late = with_supply(problem, 2)
    assert still_bounds(problem, late)
    assert not still_bounds(late, problem)
    assert cheapest(late) >= cheapest(problem) - 1e-4


def test_no_bound_is_known_where_demand_or_a_setting_differs(problem: Problem) -> None:
    more = problem.due.with_columns(pl.col("quantity") + 1)
    assert not still_bounds(problem, replace(problem, due=more))
    dearer = replace(problem.policy, tail_use=0.9)
    assert not still_bounds(problem, replace(problem, policy=dearer))
