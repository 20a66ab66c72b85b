"""After a change: what the last plan gives the full plan that follows, beside today's way.

One order more touches little, and a quick plan comes first. A new forecast touches every product.

What a plan decided is read from its tables, as for a quick plan, and clipped to what the new problem allows.
CPU seconds of one thread; the relaxation without caps is counted where it is used, though the app solves it
beside the rest. All gaps are against the new problem's relaxation within its own caps.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from bench.cases import DEMO
from bench.companies import SIZES, START, write_company
from bench.plan import made_network
from bench.shared import copy_network
from planning.domain.assume import complete
from planning.domain.calendar import WEEK
from planning.domain.decisions import Decisions, decisions_of
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.domain.problem import Problem
from planning.domain.touched import touched
from planning.errors import NoPlanError
from planning.forecast import Forecast
from planning.netting import net_demand
from planning.optimise.around import solve_around
from planning.optimise.as_kept import ROBOTS, held_as_kept, were
from planning.optimise.carried import carried_over
from planning.optimise.course import Course, better
from planning.optimise.first import first_plan
from planning.optimise.holding import columns
from planning.optimise.lot_rounding import with_whole_lots
from planning.optimise.lot_step import plan_around
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.model.build import build
from planning.optimise.model.commitment import caps_of
from planning.optimise.model.eligible import eligible
from planning.optimise.model.rent import FLEET
from planning.optimise.rounding import is_whole
from planning.optimise.solvers.answer import Answer, Limits, relative_gap
from planning.optimise.solvers.priced import solve_relaxation
from planning.optimise.solvers.runs import attempt, relaxed
from planning.optimise.solvers.validity import keeps_rules
from planning.optimise.steps import solve_in_steps
from planning.signals import read_folder, validate
from planning.workflows.forecasting import forecast_network, needs_forecast, with_forecast
from planning.workflows.planning_run import PlanPayload, make_plan
from planning.workflows.quick_plan import SMALL

#: Gap asked of made companies, and seconds no solve here ends on.
GAP, SECONDS = 0.015, 1800.0

#: Of a new forecast: how much more or less it is at most, and the seed of it.
CHANGED, SEED = 0.1, 1

#: Seconds a search of everything gets.
SEARCH = 60.0

_LOTS = ("run", "gross", "batch")


@dataclass(frozen=True)
class Changed:
    """A problem after a change, the one before it, and what the plan of that decided."""

    name: str
    change: str
    before: Problem
    now: Problem
    last: Decisions

    @property
    def limits(self) -> Limits:
        """Of a full plan."""
        return Limits(self.now.policy.gap, SECONDS)


@dataclass(frozen=True)
class Solves:
    """What both ways have in common: the programs of the new problem, and what the first solve gave.

    Parameters
    ----------
    spent : CPU seconds of the first solve with its plan carried over, and of both relaxations.
    """

    model: Model
    unlimited: Model
    kept: Answer | None
    linear: Answer
    spent: tuple[float, float]


Way = Callable[[Changed, Solves], Answer | None]


def main(*sizes: str) -> None:
    """Print one table: a row for each company and way; full S and the demo where no size is named."""
    changes = [changed for size in sizes or ("S",) for changed in company(size)]
    if not sizes:
        changes += demo()
    rows = [row for changed in changes for row in measured(changed)]
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_rows=-1, fmt_str_lengths=80, tbl_hide_dataframe_shape=True
    ):
        print(pl.DataFrame(rows))


def company(size: str) -> list[Changed]:
    """A full company: one order of it twice, and another forecast."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_company(Path(scratch) / "network", SIZES[size], full=True)
        before = made_network(folder, GAP, SECONDS)
        _order_again(folder, pl.col("due_date") >= str(START + 2 * WEEK))
        now = made_network(folder, GAP, SECONDS)
    return _changed(f"{size} full", before, now)


def demo() -> list[Changed]:
    """The demo: one order of it twice, and another forecast."""
    today, source = DEMO
    with tempfile.TemporaryDirectory() as scratch:
        folder = copy_network(source, Path(scratch) / "demo", time_limit_seconds=SECONDS)
        before = validate(read_folder(folder), today)
        _order_again(folder, (pl.col("due_date") >= "2026-12-14") & (pl.col("status") == "confirmed"))
        now = validate(read_folder(folder), today)
    return _changed("demo", before, now)


def _order_again(folder: Path, which: pl.Expr) -> None:
    """The first such order of a network folder once more."""
    orders = pl.read_csv(folder / "orders.csv", infer_schema=False)
    one = orders.filter(which).head(1).with_columns(order_id=pl.lit("ONE-MORE"))
    pl.concat([orders, one]).write_csv(folder / "orders.csv")


def _changed(name: str, before: Network, now: Network) -> list[Changed]:
    forecast = forecast_network(before, lambda _progress: None) if needs_forecast(before) else None
    plan = make_plan(PlanPayload(before, forecast)).plan
    old, more = (_problem(network, forecast) for network in (before, now))
    return [
        Changed(name, "one order more", old, more, decisions_of(plan, more)),
        Changed(name, "a new forecast", old, _forecast_anew(old), decisions_of(plan, old)),
    ]


def _forecast_anew(problem: Problem) -> Problem:
    """`problem` with all demand of each product that is not ordered yet up to so much more or less."""
    dice = np.random.default_rng(SEED)
    factor = pl.Series(dice.uniform(1 - CHANGED, 1 + CHANGED, len(problem.names.p)))
    expected, qualifying = (
        rows.with_columns(pl.col("quantity") * factor[rows["p"].to_numpy()])
        for rows in (problem.expected, problem.qualifying)
    )
    return replace(problem, expected=expected, qualifying=qualifying)


def _problem(network: Network, forecast: Forecast | None) -> Problem:
    whole = complete(with_forecast(network, forecast))
    net = net_demand(whole)
    return formulate(whole, net.orders, net.expected)


def measured(changed: Changed) -> list[dict[str, object]]:
    """A row for each step of today's way and for what the last plan gives in its place."""
    solves = _solved(changed)
    ways: tuple[tuple[str, Way], ...] = (
        ("a first plan: what stands already, as today", _what_stands),
        ("a first plan: the last one's whole decisions", lambda *both: _as_it_was(both[1].unlimited, *both)),
        ("a first plan: a quick one, as today", _quick),
        ("second solve: as today", _today),
        ("second solve: the last plan is there at the start", _begun),
        ("second solve: the last robots, then lots as today", _last_robots),
        ("second solve: the last robots and lots, divisible ones decided", _within_caps),
        ("second solve: the same, then everything searched from there", _searched),
    )
    first, second = solves.spent
    rows = [
        _row(changed, "first solve, its plan for all demand", first, solves.kept, solves),
        _row(changed, "what any plan must cost, without caps and within", second, solves.linear, solves),
    ]
    for words, way in ways:
        began = time.process_time()
        try:
            answer = way(changed, solves)
        except NoPlanError:
            answer = None
        rows.append(_row(changed, words, time.process_time() - began, answer, solves))
    return rows


def _solved(changed: Changed) -> Solves:
    problem, limits, can = changed.now, changed.limits, eligible(changed.now)
    unlimited = build(problem, can, problem.expected, caps=None)
    qualifying = build(problem, can, problem.qualifying, caps=None)
    began = time.process_time()
    certain = solve_in_steps(qualifying, limits, shown=False)
    model = build(problem, can, problem.expected, caps_of(qualifying, problem, can, certain.x))
    kept = carried_over(certain, qualifying, model, limits)
    decided = time.process_time()
    linear = relaxed(model, limits, basis=solve_relaxation(unlimited, limits).basis)
    return Solves(model, unlimited, kept, linear, (decided - began, time.process_time() - decided))


def _what_stands(changed: Changed, solves: Solves) -> Answer | None:
    return first_plan(solves.unlimited, changed.limits)


def _as_it_was(model: Model, changed: Changed, solves: Solves) -> Answer | None:
    """Robots and all that is made whole as they were, shipments rounded down, the rest decided.

    Goods at a market are sold: what was shipped may be more than is asked for now.
    """
    held = held_as_kept(model, changed.last, (*ROBOTS, *_LOTS))
    lower, upper = held.lower.copy(), held.upper.copy()
    cells = model.families["make"].frame
    cols = cells["col"].to_numpy()
    whole = model.integer[cols]
    made, cols = were(cells, changed.last, "make")[whole], cols[whole]
    lower[cols] = upper[cols] = np.clip(made, lower[cols], upper[cols])
    held = replace(held, lower=lower, upper=upper)
    basis = solves.linear.basis if model is solves.model else None
    linear = attempt(divisible(held), changed.limits, basis=basis)
    if linear is None or is_whole(model, linear.x):
        return linear
    return with_whole_lots(held, linear, Course(changed.limits))


def _quick(changed: Changed, _solves: Solves) -> Answer | None:
    free = touched(changed.before, changed.now)
    if free is None or free.products.height > SMALL * len(changed.now.names.p):
        return None
    return solve_around(changed.now, changed.last, changed.before, free).answer


def _today(changed: Changed, solves: Solves) -> Answer:
    return _second(changed, solves, solves.kept)


def _begun(changed: Changed, solves: Solves) -> Answer:
    return _second(changed, solves, better(solves.kept, _within_caps(changed, solves)))


def _second(changed: Changed, solves: Solves, first: Answer | None) -> Answer:
    return solve_in_steps(solves.model, changed.limits, first=first, near=solves.linear.basis)


def _last_robots(changed: Changed, solves: Solves) -> Answer | None:
    whole = replace(solves.model, integer=solves.model.integer & columns(solves.model, FLEET))
    held = held_as_kept(whole, changed.last, ROBOTS)
    fleet = attempt(divisible(held), changed.limits, basis=solves.linear.basis)
    if fleet is not None and not is_whole(whole, fleet.x):
        fleet = attempt(held, changed.limits)
    if fleet is None:
        return None
    fleet = replace(
        fleet, x=np.where(whole.integer, np.round(fleet.x), fleet.x), bound=solves.linear.objective
    )
    return plan_around(solves.model, fleet, Course(changed.limits))


def _within_caps(changed: Changed, solves: Solves) -> Answer | None:
    return _as_it_was(solves.model, changed, solves)


def _searched(changed: Changed, solves: Solves) -> Answer | None:
    last = _within_caps(changed, solves)
    return (
        None if last is None else attempt(solves.model, replace(changed.limits, seconds=SEARCH), start=last.x)
    )


def _row(changed: Changed, way: str, cpu: float, answer: Answer | None, solves: Solves) -> dict[str, object]:
    gap = None if answer is None else relative_gap(answer.objective, solves.linear.objective)
    within = answer is not None and keeps_rules(solves.model, answer.x)
    return {
        "company": changed.name,
        "after": changed.change,
        "what": way,
        "CPU": round(cpu, 1),
        "gap": "none" if gap is None else f"{gap:.2%}",
        "within the caps": "yes" if within else "no",
    }
