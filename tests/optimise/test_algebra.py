"""The algebra over index frames: terms, rows, costs, and the same program in PuLP."""

from typing import Any

import highspy
import numpy as np
import polars as pl
import pulp
import pytest

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.highs import ArrayHiGHS
from planning.optimise.solvers.runs import attempt
from tests.builders.networks import deal, forecast, network, offer, order, problem

KEY = ["f", "t"]


def frame(*rows: tuple[Any, ...], names: tuple[str, ...] = ("f", "t")) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=list(names), orient="row")


@pytest.fixture
def model() -> Model:
    """x[f,t] of two factories and three weeks: columns 0 … 5."""
    made = Model("test")
    made.add_variables("x", frame(*((f, t) for f in (0, 1) for t in (0, 1, 2))))
    return made


def cells(terms: Terms, *names: str) -> list[tuple[Any, ...]]:
    return terms.frame.select(*names, "col", "coef").sort(*names, "col").rows()


def dense(model: Model, name: str) -> list[list[float]]:
    """The rows of a family as a full matrix."""
    rows = model.rows[name]
    matrix = np.zeros((len(rows), len(model.upper)))
    for number in range(len(rows)):
        span = slice(rows.start[number], rows.start[number + 1])
        matrix[number, rows.col[span]] += rows.coef[span]
    return [[float(coefficient) for coefficient in row] for row in matrix]


# Terms


def test_a_family_has_a_variable_for_each_row_of_its_index(model: Model) -> None:
    assert len(model.families["x"]) == 6
    assert cells(model["x"], *KEY)[:2] == [(0, 0, 0, 1.0), (0, 1, 1, 1.0)]
    assert model["x"].index == KEY


def test_per_multiplies_by_a_number_of_the_shared_index(model: Model) -> None:
    rate = frame((0, 5.0), (1, 7.0), names=("f", "rate"))
    assert [coef for *_, coef in cells(model["x"].per(rate, "rate"), *KEY)] == [5, 5, 5, 7, 7, 7]


def test_per_leaves_out_what_the_data_do_not_have_and_what_counts_nothing(model: Model) -> None:
    rate = frame((0, 0, 2.0), (1, 1, 0.0), names=("f", "t", "rate"))
    assert cells(model["x"].per(rate, "rate"), *KEY) == [(0, 0, 0, 2.0)]


def test_per_adds_the_other_columns_of_the_data_to_the_index(model: Model) -> None:
    parts = frame((0, 10, 2.0), (0, 11, 3.0), names=("f", "g", "rate"))
    terms = model["x"].where(pl.col("t") == 1).per(parts, "rate")
    assert cells(terms, "f", "t", "g") == [(0, 1, 10, 1, 2.0), (0, 1, 11, 1, 3.0)]


def test_per_matches_an_index_that_is_null() -> None:
    made = Model("test")
    made.add_variables("x", pl.DataFrame({"g": [None, 1]}, schema={"g": pl.Int64}))
    data = pl.DataFrame({"g": [None], "rate": [3.0]}, schema={"g": pl.Int64, "rate": pl.Float64})
    assert cells(made["x"].per(data, "rate"), "g") == [(None, 0, 3.0)]


def test_delayed_lets_a_term_count_weeks_later(model: Model) -> None:
    first = model["x"].where(pl.col("t") == 0)
    assert cells(first.delayed(2), *KEY) == [(0, 2, 0, 1.0), (1, 2, 3, 1.0)]
    lead = first.per(frame((0, 1, 1.0), (1, 3, 1.0), names=("f", "lead", "one")), "one").delayed("lead")
    assert cells(lead.over(*KEY), *KEY) == [(0, 1, 0, 1.0), (1, 3, 3, 1.0)]


def test_lasting_lets_a_term_count_in_each_week_of_its_term_inside_the_horizon(model: Model) -> None:
    term = frame((0, 2, 1.0), (1, 9, 1.0), names=("f", "term", "one"))
    lasting = model["x"].where(pl.col("t") == 1).per(term, "one").lasting("term", 3).over(*KEY)
    assert cells(lasting, *KEY) == [(0, 1, 1, 1.0), (0, 2, 1, 1.0), (1, 1, 4, 1.0), (1, 2, 4, 1.0)]
    at_end = model["x"].where(pl.col("t") == 2).per(term, "one").lasting("term", 2)
    assert at_end.frame.is_empty()


def test_terms_add_up_change_sign_and_are_renamed(model: Model) -> None:
    x = model["x"].where((pl.col("f") == 0) & (pl.col("t") == 0))
    assert sorted(cells(x + -(x * 3.0), *KEY)) == [(0, 0, 0, -3.0), (0, 0, 0, 1.0)]
    assert cells(x.over("t").named(t="s"), "s") == [(0, 0, 1.0)]


# Variables


def test_variables_are_bounded_below_by_zero_and_by_their_columns() -> None:
    made = Model("test")
    index = pl.DataFrame({"t": [0, 1, 2], "lower": [1.0, None, 0.0], "upper": [4.0, 5.0, None]})
    made.add_variables("x", index, integer=pl.col("t") < 2)
    assert made.lower.tolist() == [1, 0, 0]
    assert made.upper.tolist() == [4, 5, np.inf]
    assert made.integer.tolist() == [True, True, False]
    assert made.families["x"].frame.columns == ["t", "col"]


def test_a_family_can_be_empty(model: Model) -> None:
    made = model.add_variables("none", frame().cast({"f": pl.Int64, "t": pl.Int64}), integer=True)
    assert len(made) == 0
    assert len(model.integer) == len(model.lower) == len(model.upper) == 6


def test_a_name_stands_for_one_family(model: Model) -> None:
    with pytest.raises(ValueError, match="x exists already"):
        model.add_variables("x", frame((0, 0)))


# Rows


def test_a_row_sums_over_what_it_does_not_name(model: Model) -> None:
    model.add("week", pl.DataFrame({"t": [0, 2], "rhs": [4.0, 6.0]}), "<=", model["x"])
    assert dense(model, "week") == [[1, 0, 0, 1, 0, 0], [0, 0, 1, 0, 0, 1]]
    assert model.rows["week"].rhs.tolist() == [4, 6]


def test_the_right_hand_side_is_zero_where_none_is_given(model: Model) -> None:
    model.add("change", frame((0, 1)), "==", model["x"], -model["x"].delayed(1))
    assert dense(model, "change") == [[-1, 1, 0, 0, 0, 0]]
    assert model.rows["change"].rhs.tolist() == [0]


def test_a_row_sums_the_terms_of_one_variable(model: Model) -> None:
    model.add("twice", frame((1, 2)), ">=", model["x"] * 2.0, model["x"])
    assert dense(model, "twice") == [[0, 0, 0, 0, 0, 3]]


def test_terms_that_cancel_leave_no_cell(model: Model) -> None:
    model.add("nothing", frame((1, 2)), "<=", model["x"], -model["x"])
    assert len(model.rows["nothing"]) == 0


def test_rows_without_variables_are_left_out_when_they_hold(model: Model) -> None:
    rows = pl.DataFrame({"f": [0, 7], "t": [0, 0], "rhs": [1.0, 5.0]})
    model.add("limit", rows, "<=", model["x"])
    assert model.rows["limit"].index.rows() == [(0, 0)]


@pytest.mark.parametrize(("sense", "rhs"), [("<=", -1.0), (">=", 1.0), ("==", 0.5)])
def test_rows_without_variables_that_cannot_hold_are_refused(model: Model, sense: Any, rhs: float) -> None:
    with pytest.raises(ValueError, match=r"limit cannot hold: .*'f': 7"):
        model.add("limit", pl.DataFrame({"f": [7], "rhs": [rhs]}), sense, model["x"])


def test_a_row_without_index_sums_everything(model: Model) -> None:
    model.add("all", pl.DataFrame({"rhs": [9.0]}), "<=", model["x"].over())
    assert dense(model, "all") == [[1] * 6]


# Costs


def test_cost_terms_add_up_by_name_to_the_objective(model: Model) -> None:
    model.add_cost("rent", model["x"] * 2.0, constant=5.0)
    model.add_cost("rent", model["x"].where(pl.col("t") == 0), constant=1.0)
    model.add_cost("late", model["x"].where(pl.col("t") == 2) * 10.0)
    model.add_cost("owned", constant=7.0)
    x = np.array([1.0, 0, 2, 0, 0, 1])
    assert model.cost_by_term(x) == {"rent": 15.0, "late": 30.0, "owned": 7.0}
    assert float(model.objective() @ x) + model.constant == 52.0


def test_values_are_read_back_by_index(model: Model) -> None:
    model.add_variables("y", frame((4, 4)))
    assert model.values("y", np.array([0.0, 0, 0, 0, 0, 0, 8])).rows() == [(4, 4, 8.0)]


# The same program in PuLP


@pytest.fixture(scope="module")
def small() -> Problem:
    """Two products on one robot: set-ups, a minimum lot, rented robots in tiers, orders and forecast."""
    terms = {"min_term_weeks": 2, "notice_weeks": 1, "mobilisation_fee": 20, "max_units": 3}
    return problem(
        network(
            {"firm_weeks": 1, "setup_weeks": 2, "lumpy_deal_share": 1},
            products=[{"product": "P", "price": 30}, {"product": "Q", "price": 20, "late_cost_per_week": 9}],
            routings=[
                {"product": "P", "robot_model": "R", "hours_per_unit": 0.7, "setup_cost": 15, "min_lot": 8},
                {"product": "Q", "robot_model": "R", "hours_per_unit": 0.3, "batch_size": 6, "yield": 0.9},
            ],
            offers=[offer("FLEX", 40, **terms)],
            offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 30}],
            orders=[
                order("A", 0, 30),
                order("B", 1, 50, priority=1),
                order("C", 2, 70),
                order("D", 3, 45, product="Q"),
            ],
            forecast=[*forecast([20] * 4), *forecast([30] * 4, product="Q")],
            opportunities=[deal("W", 3, 10)],
        )
    )


@pytest.fixture(scope="module")
def program(small: Problem) -> Model:
    return build(small, eligible(small), small.expected, caps=None)


@pytest.fixture(scope="module")
def written(program: Model) -> pulp.LpProblem:
    return program.to_pulp()


def index_names(family: str, index: pl.DataFrame) -> list[str]:
    return ["_".join([family, *map(str, row)]) for row in index.rows()]


def test_pulp_has_the_same_variables_bounds_and_kinds(program: Model, written: pulp.LpProblem) -> None:
    variables = written.variables()
    names = {
        column: name
        for family in program.families.values()
        for name, column in zip(
            index_names(family.name, family.frame.drop("col")), family.frame["col"].to_list(), strict=True
        )
    }
    assert sorted(variable.name for variable in variables) == sorted(names.values())
    for variable in variables:
        column = variable.id
        assert variable.name == names[column]
        assert variable.lowBound == program.lower[column]
        assert variable.upBound == program.upper[column]
        assert (variable.cat != pulp.LpContinuous) == program.integer[column]


def test_pulp_has_the_same_constraints(program: Model, written: pulp.LpProblem) -> None:
    constraints = {constraint.name: constraint for constraint in written.constraints()}
    senses = {"<=": pulp.LpConstraintLE, "==": pulp.LpConstraintEQ, ">=": pulp.LpConstraintGE}
    expected = {}
    for rows in program.rows.values():
        for number, name in enumerate(index_names(rows.name, rows.index)):
            span = slice(rows.start[number], rows.start[number + 1])
            coefficients = dict(zip(rows.col[span].tolist(), rows.coef[span].tolist(), strict=True))
            expected[name] = (senses[rows.sense], float(rows.rhs[number]), coefficients)
    assert constraints.keys() == expected.keys()
    for name, (sense, rhs, coefficients) in expected.items():
        constraint = constraints[name]
        assert constraint.sense == sense
        assert -constraint.constant == pytest.approx(rhs)
        assert {variable.id: value for variable, value in constraint.items()} == coefficients


def test_pulp_has_the_same_objective(program: Model, written: pulp.LpProblem) -> None:
    objective = written.objective
    assert objective is not None
    cost = program.objective()
    assert {variable.id: value for variable, value in objective.items()} == {
        int(column): cost[column] for column in np.flatnonzero(cost)
    }
    assert objective.constant == pytest.approx(program.constant)
    assert program.constant > 0  # expected demand that nobody serves


def test_pulp_has_rows_without_index_too(model: Model) -> None:
    model.add("all", pl.DataFrame({"rhs": [9.0]}), "<=", model["x"].over())
    problem = model.to_pulp()
    (constraint,) = problem.constraints()
    assert (constraint.name, -constraint.constant, len(constraint.items())) == ("all", 9.0, 6)


def test_pulp_has_bounds_and_kinds_that_differ_within_a_family() -> None:
    made = Model("test")
    index = pl.DataFrame({"t": [0, 1, 2, 3], "lower": [1.0, 0, 2, 0], "upper": [None, 5.0, 7.0, None]})
    made.add_variables("mostly_whole", index, integer=pl.col("t") > 0)
    made.add_variables("mostly_divisible", index, integer=pl.col("t") > 2)
    problem = made.to_pulp()
    variables = problem.variables()
    assert [variable.lowBound for variable in variables] == made.lower.tolist()
    assert [variable.upBound for variable in variables] == made.upper.tolist()
    assert [variable.cat == pulp.LpInteger for variable in variables] == made.integer.tolist()


def test_pulp_names_what_is_negative_far_apart_or_text() -> None:
    made = Model("test")
    made.add_variables("x", pl.DataFrame({"pool": [-1, 3], "process": ["a", "b"], "far": [5, 10**9]}))
    problem = made.to_pulp()
    assert [variable.name for variable in problem.variables()] == ["x_-1_a_5", "x_3_b_1000000000"]


def given_to_highs(solver: pulp.HiGHS, problem: pulp.LpProblem) -> dict[str, Any]:
    """What HiGHS has been handed: costs, bounds and kinds by variable, rows by name, offset."""
    solver.createAndConfigureSolver(problem)
    solver.buildSolverModel(problem)
    program = problem.solverModel.getLp()  # type: ignore[union-attr]
    used = [variable.id for variable in problem.exported_variables()]
    columns = used if program.num_col_ == len(used) else list(range(program.num_col_))
    start, index, value = program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_
    byrow = program.a_matrix_.format_ == highspy.MatrixFormat.kRowwise
    cells = {
        (outer, columns[index[place]]) if byrow else (index[place], columns[outer]): value[place]
        for outer in range(len(start) - 1)
        for place in range(start[outer], start[outer + 1])
    }
    kinds = program.integrality_ or [highspy.HighsVarType.kContinuous] * len(columns)
    bounds = zip(program.col_cost_, program.col_lower_, program.col_upper_, kinds, strict=True)
    names = [constraint.name for constraint in problem.constraints()]
    return {
        "columns": {
            column: what for column, what in zip(columns, bounds, strict=True) if column in set(used)
        },
        "rows": dict(zip(names, zip(program.row_lower_, program.row_upper_, strict=True), strict=True)),
        "cells": cells,
        "offset": program.offset_,
    }


def test_highs_is_handed_the_same_program_as_by_pulp(program: Model) -> None:
    """Every cost, bound, kind, row and cell; what stands in no row and costs nothing, PuLP leaves out."""
    problem = program.to_pulp()
    plain = given_to_highs(pulp.HiGHS(msg=False), problem)
    ours = given_to_highs(ArrayHiGHS(program, Limits(gap=0.0, seconds=1.0)), problem)
    assert ours == plain
    assert len(plain["cells"]) == sum(len(rows.col) for rows in program.rows.values())


def test_plain_highs_through_pulp_finds_the_same_optimum(program: Model) -> None:
    plain = program.to_pulp()
    plain.solve(pulp.HiGHS(msg=False, gapRel=0.0, threads=1))
    answer = attempt(program, Limits(gap=0.0, seconds=60))
    assert answer is not None
    assert plain.objective is not None
    assert plain.objective.value() == pytest.approx(answer.objective, abs=1e-4)
    assert answer.gap <= 1e-6


def test_pulp_gets_the_point_back(program: Model) -> None:
    """Whoever reads the problem afterwards finds the plan in it."""
    written = program.to_pulp()
    solver = ArrayHiGHS(program, Limits(gap=0.0, seconds=60))
    written.solve(solver)
    assert solver.x is not None
    values = {variable.id: variable.varValue for variable in written.variables()}
    assert [values[column] for column in range(len(solver.x))] == pytest.approx(solver.x.tolist())
