"""make_plan: forecast where needed, net, solve, lay out, check; a plan that breaks a rule is refused."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from planning.check import check
from planning.configuration import read_configuration
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.stability import published_by
from planning.errors import NothingToPlanError, RefusedPlanError
from planning.export import Stamp, plan_of, plan_tables
from planning.export.production import work_by_model
from planning.forecast import Forecast, Remembered
from planning.netting import NetDemand, net_demand
from planning.optimise.corner import corner_of
from planning.optimise.plan import Solution, solve_plan
from planning.optimise.rule_money import rule_money
from planning.optimise.solvers.answer import Incumbent, relative_gap
from planning.optimise.solvers.others import solver_called
from planning.schedule import lay_out
from planning.store import BASE, Basis, Workspace
from planning.workflows.beside import beside_a_plan
from planning.workflows.code_version import code_version
from planning.workflows.forecasting import (
    Cancelled,
    Report,
    forecast_network,
    needs_forecast,
    remembered_by,
    serves,
    with_forecast,
)
from planning.workflows.progress import Progress

#: What is being solved, in a planner's words.
STAGES = {
    "commitment": "Deciding what long rent is sure enough for",
    "plan": "Planning production and robots",
    "around": "Planning what has changed",
}

#: How far a solve is when its time limit is reached.
_IN_TIME = 0.7

#: Time for pricing the commitment rule, as a share of the solves' own limit.
_PRICING_SHARE = 0.5


@dataclass(frozen=True)
class PlanPayload:
    """What the worker needs: the network, its forecast where one is stored already, solver and threads.

    Parameters
    ----------
    scenario : whose plan it will be.
    basis : what it takes to make it again; None: it is not stored.
    remembered : what was found of its series before; None where nothing is to be forecast.
    """

    network: Network
    forecast: Forecast | None
    threads: int = 1
    solver: str = "HiGHS"
    scenario: str = BASE
    basis: Basis | None = None
    remembered: Remembered | None = None


@dataclass(frozen=True)
class PlanResult:
    """A checked plan, the forecast made for it (None: there was one) and the input it was made from."""

    plan: Plan
    forecast: Forecast | None
    input_hash: str
    scenario: str = BASE
    basis: Basis | None = None


def make_plan(
    payload: PlanPayload, report: Report | None = None, cancelled: Cancelled | None = None
) -> PlanResult:
    """Make and check a plan.

    Raises
    ------
    NoPlanError : the solver found none.
    RefusedPlanError : the checker found a violation.
    JobCancelledError : stopped before there was a plan.
    ConfigurationError : the solver or the cluster is not there; told before anything is forecast.
    """
    solver = solver_called(payload.solver)
    with beside_a_plan(read_configuration()) as beside:
        return _made(payload, solver, beside, report or (lambda _progress: None), cancelled)


def _made(
    payload: PlanPayload, solver: str, beside: Executor | None, tell: Report, cancelled: Cancelled | None
) -> PlanResult:
    made = None
    if payload.forecast is None and needs_forecast(payload.network):
        scaled = _scaled(tell, 0.0, 0.3)
        made = forecast_network(payload.network, scaled, cancelled, payload.remembered)
    network = complete(with_forecast(payload.network, made or payload.forecast))
    started = time.monotonic()
    net = net_demand(network)
    tell(Progress("Setting the problem up", fraction=0.3))
    problem = formulate(network, net.orders, net.expected)
    watch = solving(tell, started, network.policy.time_limit_seconds)
    solution = solve_plan(problem, watch, cancelled, payload.threads, solver, beside)
    tell(Progress("Pricing the commitment rule", fraction=0.9, **_state(solution)))
    pricing_seconds = network.policy.time_limit_seconds * _PRICING_SHARE
    money = rule_money(solution, pricing_seconds, cancelled, payload.threads, solver, beside)
    plan = finished_plan(network, net, solution, money, started, tell)
    basis = payload.basis and replace(payload.basis, corner=corner_of(solution))
    return PlanResult(plan, made, network.input_hash, payload.scenario, basis)


def finished_plan(  # noqa: PLR0917 - what a plan is made of, in its order
    network: Network,
    net: NetDemand,
    solution: Solution,
    money: dict[str, float | None],
    started: float,
    tell: Report,
) -> Plan:
    """A solved problem as a checked plan with its schedule.

    Parameters
    ----------
    money : what the commitment rule costs and saves. started : `time.monotonic` when its making began.

    Raises
    ------
    RefusedPlanError : a rule is broken, or a cost does not recompute.
    """
    seconds = time.monotonic() - started
    tell(Progress("Laying the schedule out", fraction=0.92, **_state(solution)))
    tables = plan_tables(network, net, solution)
    tables["schedule"] = lay_out(network, tables, work_by_model(solution))
    stamp = Stamp(uuid.uuid4().hex, 0, datetime.now(UTC).isoformat(timespec="seconds"), seconds)
    plan = plan_of(network, net, solution, tables, money, stamp)
    tell(Progress("Checking every rule", fraction=0.95, **_state(solution)))
    return checked(network, plan)


def checked(network: Network, plan: Plan) -> Plan:
    """The plan with its checker's word in plan.json.

    Raises
    ------
    RefusedPlanError : a rule is broken, or a cost does not recompute.
    """
    violations = check(network, plan)
    if violations:
        raise RefusedPlanError([f"{v.rule}, {v.where}: {v.message}" for v in violations])
    return replace(plan, summary=dict(plan.summary) | {"checker": {"violations": 0}})


def plan_payload(workspace: Workspace, today: date, threads: int = 1, solver: str = "HiGHS") -> PlanPayload:
    """What a new plan is made from: the network that holds, and its forecast if that is not outrun.

    Frozen weeks and the price of change refer to the plan published here; before the first one to the
    plan that came with the network.

    Parameters
    ----------
    today : as_of where settings.csv gives none.

    Raises
    ------
    NothingToPlanError : nothing has been imported yet.
    """
    network, batch = workspace.load_network(today), workspace.holding()
    if network is None or batch is None:
        raise NothingToPlanError("There is no network yet. Import a network folder first.")
    stored = workspace.load_forecast()
    fresh = stored if stored is not None and needs_forecast(network) and serves(stored, network) else None
    number = None if fresh is None else fresh.number
    published = workspace.published_version()
    basis = Basis(batch, today, code_version(), threads, solver, number, published)
    network = with_published(workspace, network, published)
    if fresh is not None or not needs_forecast(network):
        forecast = None if fresh is None else fresh.forecast
        return PlanPayload(network, forecast, threads, solver, basis=basis)
    return PlanPayload(network, None, threads, solver, basis=basis, remembered=remembered_by(workspace))


def with_published(workspace: Workspace, network: Network, version: int | None) -> Network:
    """The network with this version as its published plan; as it is where there is none."""
    plan = None if version is None else workspace.load_plan(version)
    return network if plan is None else replace(network, published=published_by(plan))


def plan_task(payload: PlanPayload, progress: Report, cancelled: Cancelled) -> PlanResult:
    """`make_plan` as the worker runs it."""
    return make_plan(payload, progress, cancelled)


def save_result(workspace: Workspace, result: PlanResult) -> int:
    """Store a plan and the forecast made for it; returns the plan's version."""
    basis = result.basis
    if result.forecast is not None:
        number = workspace.save_forecast(result.input_hash, result.forecast, scenario=result.scenario)
        basis = None if basis is None else replace(basis, forecast=number)
    return workspace.save_plan(result.plan, result.input_hash, result.scenario, basis=basis).version


def better_there(workspace: Workspace, result: PlanResult) -> int | None:
    """The newest version, where it is of the same import and costs less than a plan whose solve was stopped.

    What was found before the stop may be far dearer than the quick plan it was to follow, and would take its
    place on every page. Of a plan whose solve went to its end nothing is asked: it knows more.
    """
    there, basis = workspace.load_plan(), result.basis
    if there is None or basis is None or result.plan.summary["status"] != "cancelled":
        return None
    version = int(there.summary["version"])
    made_from = workspace.basis(version)
    if made_from is None or (made_from.batch, made_from.published) != (basis.batch, basis.published):
        return None
    return version if there.summary["objective"] <= result.plan.summary["objective"] else None


def _state(solution: Solution) -> dict[str, float]:
    answer = solution.answer
    return {"gap": answer.gap, "bound": answer.bound, "objective": answer.objective}


def _scaled(tell: Report, start: float, end: float) -> Report:
    """Progress of a part as progress of the whole."""

    def report(progress: Progress) -> None:
        share = progress.fraction if progress.fraction is not None else 0.0
        tell(replace(progress, fraction=start + share * (end - start)))

    return report


def solving(tell: Report, started: float, limit: float) -> Callable[[str, Incumbent], None]:
    """Tells a solve's progress in a planner's words; past its time limit it goes on ever more slowly."""

    def watch(stage: str, incumbent: Incumbent) -> None:
        share = _share_of((time.monotonic() - started) / limit)
        objective, bound = incumbent.objective, incumbent.bound
        gap = None if objective is None or bound is None else relative_gap(objective, bound)
        words = f"{STAGES[stage]}: {incumbent.step}" if incumbent.step else STAGES[stage]
        tell(Progress(words, 0.35 + 0.55 * share, gap, bound, objective))

    return watch


def _share_of(spent: float) -> float:
    """How far a solve is, 0–1, after so much of its time limit: a large one may need several times that."""
    return _IN_TIME * spent if spent <= 1.0 else 1.0 - (1.0 - _IN_TIME) / spent
