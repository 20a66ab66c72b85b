"""The planner's verbs on folders and on the workspace, as the command line and the app use them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from planning.check import Violation, check
from planning.domain.assume import complete
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import NothingToPlanError
from planning.export import Names, names_of, people_files, refuse_other_folder, write_folder
from planning.export import read_folder as read_export
from planning.forecast import Forecast
from planning.signals import counts, read_folder, validate
from planning.store import Workspace
from planning.workflows.forecasting import (
    Cancelled,
    Report,
    forecast_network,
    remembered_by,
    stands,
    with_forecast,
)
from planning.workflows.network_import import import_folder
from planning.workflows.planning_run import (
    PlanPayload,
    PlanResult,
    better_there,
    make_plan,
    plan_payload,
    save_result,
)

__all__ = [
    "FolderRun",
    "check_export",
    "export_plan",
    "import_folder",
    "load_version",
    "plan_workspace",
    "run_folder",
    "run_forecast",
]


@dataclass(frozen=True)
class FolderRun:
    """A plan made from a folder, and what of the folder could be used: file, rows_in, loaded, kept_aside."""

    network: Network
    result: PlanResult
    counts: pl.DataFrame

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.result.plan


def run_folder(  # noqa: PLR0917 - as the command line gives them
    network_folder: Path,
    out: Path,
    today: date,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = "HiGHS",
    *,
    people: bool = False,
    semicolons: bool = False,
) -> FolderRun:
    """Folder in, folder out, in memory: read, forecast, plan, check, export.

    Parameters
    ----------
    today : as_of where settings.csv gives none. threads, solver : what plans. people : write the files for
    people, too. semicolons : see `write_folder`.

    Raises
    ------
    InputError, NoPlanError, RefusedPlanError : nothing is written then.
    """
    refuse_other_folder(out)
    folder = read_folder(network_folder)
    network = validate(folder, today)
    result = make_plan(PlanPayload(network, None, threads, solver), report, cancelled)
    beside = people_files(result.plan, names_of(network)) if people else None
    write_folder(result.plan, out, beside, semicolons=semicolons)
    return FolderRun(network, result, counts(folder, network))


def run_forecast(workspace: Workspace, today: date, report: Report | None = None) -> Forecast:
    """Forecast the network that holds, and store it; the latest forecast where that stands.

    Raises
    ------
    NothingToPlanError : nothing has been imported yet.
    """
    network = workspace.load_network(today)
    if network is None:
        raise NothingToPlanError("There is no network yet. Import a network folder first.")
    stored = workspace.load_forecast()
    if stored is not None and stands(stored, network):
        return stored.forecast
    forecast = forecast_network(network, report, remembered=remembered_by(workspace))
    workspace.save_forecast(network.input_hash, forecast)
    return forecast


def plan_workspace(  # noqa: PLR0917 - as the command line gives them
    workspace: Workspace,
    today: date,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 1,
    solver: str = "HiGHS",
) -> tuple[int, Plan]:
    """Plan the network that holds, and store the plan; returns its version and the plan.

    Parameters
    ----------
    cancelled : asked whether to stop; the best plan by then is stored, unless a better one of the same data
        is there, which then is returned.
    """
    result = make_plan(plan_payload(workspace, today, threads, solver), report, cancelled)
    version = better_there(workspace, result) or save_result(workspace, result)
    return version, load_version(workspace, version)


def load_version(workspace: Workspace, version: int | None = None) -> Plan:
    """A stored plan, the newest when `version` is None.

    Raises
    ------
    NothingToPlanError : there is no such plan.
    """
    plan = workspace.load_plan(version)
    if plan is None:
        which = "no plan yet" if version is None else f"no plan v{version}"
        raise NothingToPlanError(f"There is {which}. Make one: python -m planning plan.")
    return plan


def export_plan(
    workspace: Workspace,
    out: Path,
    version: int | None = None,
    people: Names | None = None,
    *,
    semicolons: bool = False,
) -> Plan:
    """Write a stored plan's export folder; with the files for people where the names they use are given.

    Parameters
    ----------
    version : the published one when None; the newest where none is published.
    semicolons : see `write_folder`.
    """
    plan = load_version(workspace, workspace.published_version() if version is None else version)
    beside = None if people is None else people_files(plan, people)
    write_folder(plan, out, beside, semicolons=semicolons)
    return plan


def check_export(network_folder: Path, export_folder: Path, today: date) -> list[Violation]:
    """Re-check every rule and cost of an export against its network folder, from the files alone.

    The network's own forecast.csv is used where there is one; without it expected demand is taken from
    the export's demand.csv.
    """
    plan = read_export(export_folder)
    network = validate(read_folder(network_folder), _as_of(plan, today))
    if plan.summary.get("input_hash") != network.input_hash:
        words = "this export was made from another network folder, or from this one before its files changed"
        return [Violation("input", "plan.json", 0.0, words)]
    return check(complete(with_forecast(network, None)), plan)


def _as_of(plan: Plan, today: date) -> date:
    """The day the plan was made for, where settings.csv leaves as_of to the clock."""
    policy = plan.summary.get("policy")
    said = policy.get("as_of") if isinstance(policy, dict) else None
    try:
        return date.fromisoformat(said) if isinstance(said, str) else today
    except ValueError:
        return today
