"""The kinds of work that take their time: what the worker runs of each, and how its result is kept."""

from functools import partial
from typing import Any

from planning.store import Workspace
from planning.workflows import forecasting, planning_run, quick_plan, reproduction
from planning.workflows.jobs import JobKind


def job_kinds(workspace: Workspace) -> list[JobKind]:
    """Every kind of work on a workspace."""
    return [
        JobKind(
            name="quick",
            title="Quick plan",
            task="planning.workflows.quick_plan:quick_task",
            save=partial(quick_plan.save_quick, workspace),
        ),
        JobKind(
            name="plan",
            title="Planning run",
            task="planning.workflows.planning_run:plan_task",
            save=partial(_save_plan, workspace),
        ),
        JobKind(
            name="forecast",
            title="Forecast",
            task="planning.workflows.forecasting:forecast_task",
            save=partial(forecasting.save_result, workspace),
        ),
        JobKind(
            name="scenario",
            title="Scenario run",
            task="planning.workflows.scenarios:scenario_task",
            save=partial(_save_scenario, workspace),
        ),
        JobKind(
            name="reproduction",
            title="Reproduction",
            task="planning.workflows.reproduction:reproduction_task",
            save=partial(reproduction.save_result, workspace),
        ),
    ]


def _save_plan(workspace: Workspace, result: Any) -> str:
    better = planning_run.better_there(workspace, result)
    if better is not None:
        return f"Stopped. Plan v{better} stays: what was found by then costs no less."
    version = planning_run.save_result(workspace, result)
    if result.plan.summary["status"] == "cancelled":
        return f"Stopped. Plan v{version} is the best found by then."
    return f"Plan v{version} is ready."


def _save_scenario(workspace: Workspace, result: Any) -> str:
    version = planning_run.save_result(workspace, result)
    return f"Scenario {result.scenario}: plan v{version} is ready to compare."
