"""A company in which every rule occurs, as a problem to solve."""

from pathlib import Path

import pytest

from bench.companies import START, Size, write_company
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.problem import Problem
from planning.netting import net_demand
from planning.optimise.model.algebra import Model
from planning.signals import read_folder, validate
from tests.optimise.hard_programs import program


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """A company of eight products that uses every rule."""
    folder: Path = tmp_path_factory.mktemp("company")
    write_company(folder, Size(products=8, factories=2, weeks=7, models=2), full=True, seed=3)
    network = complete(validate(read_folder(folder), START))
    net = net_demand(network)
    return formulate(network, net.orders, net.expected)


@pytest.fixture(scope="module")
def model(problem: Problem) -> Model:
    """Its program, with all demand and no caps."""
    return program(problem)
