"""What ideas are measured on: a program within its caps, its relaxation, and today's fleet and plan of it."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.companies import SIZES, START, write_company
from bench.shared import ROOT, shared_data
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.problem import Problem
from planning.errors import NoPlanError
from planning.netting import net_demand
from planning.optimise.course import Course
from planning.optimise.fleet_step import fleet_step
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.commitment import caps_of, restricts
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.beside import Begun, Relaxation
from planning.optimise.solvers.runs import relaxed
from planning.optimise.steps import solve_in_steps
from planning.signals import read_folder, validate
from planning.workflows.forecasting import forecast_network, needs_forecast, with_forecast

#: Day and folder of the demo; that of the shared network of some size.
DEMO = (date(2026, 11, 24), ROOT / "data" / "demo")
SMALL_DAY = date(2026, 11, 26)


@dataclass(frozen=True)
class Case:
    """A program all ideas begin from, with what is shared by them solved once.

    Parameters
    ----------
    relaxation : of `model`; the bound all gaps are against. fleet : today's, lots divisible. spent : CPU
        seconds of both.
    """

    name: str
    problem: Problem
    model: Model
    limits: Limits
    relaxation: Answer
    fleet: Answer
    spent: tuple[float, float]

    @property
    def bound(self) -> float:
        """What no plan costs less than, the same for all ideas."""
        return max(self.relaxation.objective, self.fleet.bound)


def company_case(size: str, *, full: bool, gap: float, seconds: float) -> Case:
    """A made company."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_company(Path(scratch) / "network", SIZES[size], full=full)
        problem = network_problem(folder, START)
    return _case(f"{size} {'full' if full else 'plain'}", problem, Limits(gap, seconds))


def known_cases(seconds: float) -> Iterator[Case]:
    """The demo, and the shared network of some size where it is here, each to its own gap."""
    today, folder = DEMO
    known = [("demo", folder, today)]
    data = shared_data()
    if data is not None:
        known.append(("small-1", data / "networks" / "small-1", SMALL_DAY))
    for name, place, day in known:
        problem = network_problem(place, day)
        yield _case(name, problem, Limits(problem.policy.gap, seconds))


def network_problem(folder: Path, today: date) -> Problem:
    """The plan problem of a network folder, its demand forecast where it brings no forecast."""
    network = validate(read_folder(folder), today)
    if needs_forecast(network):
        network = with_forecast(network, forecast_network(network, lambda _progress: None))
    network = complete(network)
    net = net_demand(network)
    return formulate(network, net.orders, net.expected)


def _case(name: str, problem: Problem, limits: Limits) -> Case:
    can, caps = eligible(problem), None
    if restricts(problem):
        qualifying = build(problem, can, problem.qualifying, caps=None)
        caps = caps_of(qualifying, problem, can, solve_in_steps(qualifying, limits, shown=False).x)
    model = build(problem, can, problem.expected, caps)
    began = time.process_time()
    relaxation = relaxed(model, limits)
    known = time.process_time()
    fleet = fleet_step(model, Course(limits), begun(model, limits, relaxation))
    return Case(name, problem, model, limits, relaxation, fleet, (known - began, time.process_time() - known))


def begun(model: Model, limits: Limits, relaxation: Answer) -> Begun:
    """A relaxation that is there already, as a step asks for it."""
    there: Future[Answer | NoPlanError] = Future()
    there.set_result(relaxation)
    return Begun(Relaxation.of(model, limits), there)
