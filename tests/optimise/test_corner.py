"""Where a relaxation ended says where another of nearly the same program begins."""

import zlib
from dataclasses import replace

import highspy
import polars as pl

from planning.domain.problem import Problem
from planning.optimise.corner import basis_near, corner_of
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.plan import Solution
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.highs import pass_program
from planning.optimise.solvers.runs import relaxed


def test_from_its_own_corner_nothing_is_left_to_do_and_from_one_order_less_little(problem: Problem) -> None:
    corner = corner_at_end(problem)
    more = replace(problem, due=pl.concat([problem.due, problem.due.tail(1).with_columns(t=pl.col("t") - 1)]))
    old, new = program(problem), program(more)
    assert len(new.upper) > len(old.upper)
    near = basis_near(corner, old, new)
    assert near is not None
    assert steps(old, basis_near(corner, old, old)) == 0
    assert steps(new, near) < steps(new, None) / 4


def test_a_corner_of_another_program_is_none_to_begin_from(problem: Problem) -> None:
    model = program(problem)
    assert basis_near(zlib.compress(bytes(7)), model, model) is None


def test_a_relaxation_that_was_not_solved_has_no_corner(problem: Problem) -> None:
    assert corner_of(solution(problem, ended=False)) is None


def program(problem: Problem) -> Model:
    return build(problem, eligible(problem), problem.expected, caps=None)


def solution(problem: Problem, *, ended: bool) -> Solution:
    """What is known of a plan whose relaxation was solved, or was not."""
    model = program(problem)
    answer = relaxed(model, Limits(0.0, 60.0))
    known = replace(answer, relaxation=answer if ended else None)
    return Solution(problem, eligible(problem), model, known, None)


def corner_at_end(problem: Problem) -> bytes:
    corner = corner_of(solution(problem, ended=True))
    assert corner is not None
    return corner


def steps(model: Model, near: highspy.HighsBasis | None) -> int:
    """Steps of the simplex method to the end of a relaxation, without presolve."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("presolve", "off")
    pass_program(highs, divisible(model))
    if near is not None:
        highs.setBasis(near)
    highs.run()
    return int(highs.getInfo().simplex_iteration_count)
