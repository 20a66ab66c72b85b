"""Shorter ways to the linear relaxation beside the dual simplex HiGHS chooses, in CPU seconds of one thread.

The relaxation falls apart into one small program a product where what the products share (robot hours, and
in full companies materials, storage, carbon) has a price. From the basis of these the dual simplex is left
with the price's error. Prices come from a program of product groups, from one whose weeks are together,
or from the first solve of rule 8.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
import polars as pl

from bench.companies import SIZES, write_company
from bench.groups import grouped
from bench.plan import made_network
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.problem import Problem
from planning.netting import net_demand
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.highs import pass_program, quiet
from planning.optimise.solvers.joined import Joined
from planning.optimise.solvers.priced import Prices, corner_at, optimal, shared
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.telescoped import telescoped

#: HiGHS' own ways; "" is what it chooses, the dual simplex with presolve.
OPTIONS: dict[str, dict[str, str | int | float]] = {
    "dual simplex": {},
    "without presolve": {"presolve": "off"},
    "Devex weights": {"simplex_dual_edge_weight_strategy": 1},
    "without scaling": {"simplex_scale_strategy": 0},
    "costs not perturbed": {"dual_simplex_cost_perturbation_multiplier": 0.0},
    "interior point, no crossover": {"solver": "ipx", "run_crossover": "off"},
    "first order, to 1e-3": {"solver": "pdlp", "kkt_tolerance": 1e-3, "pdlp_optimality_tolerance": 1e-3},
}

#: Seconds of the clock each may take.
LONGEST = 300.0
_LIMITS = Limits(gap=1e-4, seconds=LONGEST)

#: Programs that tell prices of what products share.
SMALLER: dict[str, Callable[[Problem, Model], Joined]] = {
    "prices of groups, 1 of value": lambda problem, model: grouped(problem, model, 1, _LIMITS),
    "prices of groups, 2 of value": lambda problem, model: grouped(problem, model, 2, _LIMITS),
    "prices with 3 weeks together": lambda _problem, model: telescoped(model, 3, _LIMITS),
    "prices with 4 weeks together": lambda _problem, model: telescoped(model, 4, _LIMITS),
    "prices with 6 weeks together": lambda _problem, model: telescoped(model, 6, _LIMITS),
    "prices with 8 weeks together": lambda _problem, model: telescoped(model, 8, _LIMITS),
    "prices with 13 weeks together": lambda _problem, model: telescoped(model, 13, _LIMITS),
}


@dataclass(frozen=True)
class Tried:
    """What an idea gave: the optimum or, where it stopped before, what it had."""

    idea: str
    cpu: float
    objective: float
    iterations: int | None
    said: str


def main(*sizes: str) -> None:
    """Print one table: a row for each size, company and idea; S where none is named."""
    rows: list[dict[str, object]] = []
    for size in sizes or ("S",):
        for company in ("plain", "full"):
            problem = made_problem(size, company)
            can = eligible(problem)
            model = build(problem, can, problem.expected, caps=None)
            tried = [own_way(model, name) for name in OPTIONS]
            tried += [from_smaller(words, problem, model) for words in SMALLER]
            if company == "full":
                tried.append(from_first_solve(build(problem, can, problem.qualifying, caps=None), model))
            rows += [{"company": f"{size} {company}"} | vars(one) for one in tried]
    with pl.Config(
        tbl_width_chars=160, tbl_rows=-1, fmt_str_lengths=80, tbl_hide_dataframe_shape=True, float_precision=2
    ):
        print(pl.DataFrame(rows))


def made_problem(size: str, company: str) -> Problem:
    """The plan problem of a made company."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_company(Path(scratch) / "network", SIZES[size], full=company == "full")
        network = complete(made_network(folder, 0.015, LONGEST))
    net = net_demand(network)
    return formulate(network, net.orders, net.expected)


def own_way(model: Model, name: str) -> Tried:
    """HiGHS with its own options."""
    highs = _passed(model)
    for option, value in OPTIONS[name].items():
        highs.setOptionValue(option, value)
    began = time.process_time()
    highs.run()
    return _told(name, highs, time.process_time() - began)


def from_smaller(words: str, problem: Problem, model: Model) -> Tried:
    """Prices from a smaller program: products in groups, or weeks together."""
    began = time.process_time()
    small = SMALLER[words](problem, model)
    found = _solve(small.highs)
    price = {name: small.prices(name) for name in shared(model)} if found else {}
    return _priced(words, model, price, began)


def from_first_solve(qualifying: Model, model: Model) -> Tried:
    """Prices of the relaxation of qualifying demand, whose own time is not counted: it is solved anyway."""
    highs = _passed(qualifying)
    highs.run()
    by_family = qualifying.by_rows(np.asarray(highs.getSolution().row_dual))
    price = {name: by_family[name] for name in shared(model)}
    if any(len(one) != len(model.rows[name]) for name, one in price.items()):
        price = {}
    return _priced("prices of the first solve", model, price, time.process_time())


def _priced(idea: str, model: Model, price: Prices, began: float) -> Tried:
    corner = corner_at(model, price, _LIMITS, _solve) if price else None
    answer = relaxed(model, _LIMITS, basis=corner)
    said = "no corner" if corner is None else answer.stopped
    return Tried(idea, time.process_time() - began, answer.objective, None, said)


def _solve(highs: highspy.Highs) -> bool:
    return optimal(highs, LONGEST)


def _passed(model: Model) -> highspy.Highs:
    highs = quiet(_LIMITS)
    pass_program(highs, divisible(model))
    return highs


def _told(idea: str, highs: highspy.Highs, cpu: float) -> Tried:
    info = highs.getInfo()
    iterations = max(info.simplex_iteration_count, info.ipm_iteration_count, info.pdlp_iteration_count)
    said = highs.modelStatusToString(highs.getModelStatus())
    return Tried(idea, cpu, info.objective_function_value, iterations, said)
