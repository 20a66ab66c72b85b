"""Whole robots from the linear relaxation: whatever is rounded, the vendors' terms are kept."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from bench.companies import SIZES, START, write_company
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.netting import net_demand
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.rounding import is_whole, with_whole_robots
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt, relaxed
from planning.signals import read_folder, validate

LIMITS = Limits(gap=0.01, seconds=60)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A made company of 20 products that has to rent most of its robots, for 4 to 52 weeks."""
    folder = write_company(tmp_path_factory.mktemp("company"), SIZES["S"], seed=3)
    network = complete(validate(read_folder(folder), START))
    net = net_demand(network)
    problem = formulate(network, net.orders, net.expected)
    problem = replace(problem, owned=problem.owned.with_columns(pl.col("units") - 3))
    return build(problem, eligible(problem), problem.expected, caps=None)


@pytest.fixture(scope="module")
def linear(model: Model) -> Answer:
    return relaxed(model, LIMITS)


def divisible(model: Model) -> Model:
    return replace(model, integer=np.zeros_like(model.integer))


@pytest.mark.parametrize("upwards", [0.3, 0.6, 0.9])
def test_rounded_rents_and_returns_keep_every_term_and_leave_no_part_of_a_robot(
    model: Model, linear: Answer, upwards: float
) -> None:
    starts = model.families["start"].frame["col"].to_numpy()
    assert not is_whole(model, linear.x)
    held = with_whole_robots(model, linear.x, upwards)
    answer = attempt(divisible(held), LIMITS)
    assert answer is not None
    assert is_whole(model, answer.x)
    assert answer.x[starts].sum() > 0
    assert answer.objective >= linear.objective


def test_from_the_basis_of_the_relaxation_the_same_plan_costs_the_same(model: Model, linear: Answer) -> None:
    held = divisible(with_whole_robots(model, linear.x, 0.6))
    afresh, warm = attempt(held, LIMITS), attempt(held, LIMITS, basis=linear.basis)
    assert afresh is not None
    assert warm is not None
    assert linear.basis is not None
    assert warm.objective == pytest.approx(afresh.objective, rel=1e-9)
