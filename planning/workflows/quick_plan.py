"""A quick plan around the newest one: what a small change touches is decided again, all else stays."""

import logging
import time
from dataclasses import dataclass, replace

from planning.domain.assume import complete
from planning.domain.decisions import decisions_of
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.problem import Problem
from planning.domain.touched import touched
from planning.errors import NoPlanError, RefusedPlanError
from planning.netting import NetDemand, net_demand
from planning.optimise.around import solve_around
from planning.optimise.corner import corner_of
from planning.optimise.rule_money import NO_MONEY
from planning.store import Workspace
from planning.workflows.forecasting import Cancelled, Report, with_forecast
from planning.workflows.planning_run import (
    PlanPayload,
    PlanResult,
    finished_plan,
    save_result,
    solving,
)
from planning.workflows.progress import Progress
from planning.workflows.reproduction import payload_of

#: Share of the products a change may touch: beyond, a quick plan would be neither quick nor around another.
SMALL = 0.5

log = logging.getLogger("takt.quick_plan")


@dataclass(frozen=True)
class QuickPayload:
    """What the worker needs: a plan, what it was made from, and what there is now.

    Parameters
    ----------
    now : with the forecast of the plan: forecasting anew is left to the full plan.
    corner : where the relaxation of the plan ended, where that is known.
    """

    plan: Plan
    made_from: PlanPayload
    now: PlanPayload
    corner: bytes | None = None


def quick_payload(workspace: Workspace, now: PlanPayload) -> QuickPayload | None:
    """What a quick plan is made from; None where there is no plan of other data and these weeks.

    Parameters
    ----------
    now : what the full plan is made from.
    """
    plan = workspace.load_plan()
    basis = None if plan is None else workspace.basis(int(plan.summary["version"]))
    if plan is None or basis is None or now.basis is None:
        return None
    made_from = payload_of(workspace, basis)
    before, after = made_from.network, now.network
    weeks = {(one.policy.start_week, one.policy.horizon_weeks) for one in (before, after)}
    if len(weeks) > 1 or before.input_hash == after.input_hash:
        return None
    same = replace(now.basis, forecast=basis.forecast)
    same_forecast = replace(now, forecast=made_from.forecast, remembered=None, basis=same)
    return QuickPayload(plan, made_from, same_forecast, basis.corner)


def quick_plan(
    asked: QuickPayload, report: Report | None = None, cancelled: Cancelled | None = None
) -> PlanResult | None:
    """A checked plan around the one there is; None where too much is touched, or nothing fits around it.

    Raises
    ------
    JobCancelledError : stopped before there was a plan.
    """
    tell = report or (lambda _progress: None)
    started = time.monotonic()
    tell(Progress("Looking for what has changed", fraction=0.05))
    old, _, _ = _problem_of(asked.made_from)
    problem, network, net = _problem_of(asked.now)
    free = touched(old, problem)
    if free is None or free.is_nothing or free.products.height > SMALL * len(problem.names.p):
        return None
    watch = solving(tell, started, network.policy.time_limit_seconds)
    now, kept = asked.now, decisions_of(asked.plan, problem)
    try:
        solution = solve_around(
            problem, kept, old, free, watch, cancelled, now.threads, now.solver, asked.corner
        )
        plan = finished_plan(network, net, solution, dict(NO_MONEY), started, tell)
    except (NoPlanError, RefusedPlanError) as error:
        log.warning("no quick plan: %s", error)
        return None
    # where its own relaxation was not needed, that of the plan it keeps is the nearest there is
    basis = now.basis and replace(now.basis, corner=corner_of(solution) or asked.corner)
    return PlanResult(plan, None, network.input_hash, basis=basis)


def _problem_of(payload: PlanPayload) -> tuple[Problem, Network, NetDemand]:
    network = complete(with_forecast(payload.network, payload.forecast))
    net = net_demand(network)
    return formulate(network, net.orders, net.expected), network, net


def quick_task(payload: QuickPayload, progress: Report, cancelled: Cancelled) -> PlanResult | None:
    """`quick_plan` as the worker runs it."""
    return quick_plan(payload, progress, cancelled)


def save_quick(workspace: Workspace, result: PlanResult | None) -> str:
    """Store a quick plan; what comes back is told to the planner."""
    if result is None:
        return "The change touches too much for a quick plan; the full one follows."
    around = result.plan.summary["around"]["version"]
    version = save_result(workspace, result)
    return f"Plan v{version} is ready, made around v{around} within seconds. The full plan follows."
