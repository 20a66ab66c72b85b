"""Scenarios: duplicate, change, solve in the queue, promote or discard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planning.domain.plan import Plan
from planning.domain.scenario import Change
from planning.errors import NothingToPlanError
from planning.store import BASE, Basis, Promotion, Scenario, ScenarioChangedError, ScenarioError, Workspace
from planning.workflows.code_version import code_version
from planning.workflows.forecasting import Cancelled, Report
from planning.workflows.planning_run import PlanPayload, PlanResult, make_plan, plan_payload
from planning.workflows.scenario_network import ScenarioBase, joined_preview, scenario_input
from planning.workflows.versions import Shelf


@dataclass(frozen=True)
class ScenarioPayload:
    """What the worker needs for a scenario's plan: what it is stored against, and what it changes."""

    scenario: Scenario
    base: ScenarioBase
    plain: PlanPayload


class Scenarios:
    """What the Scenarios page asks. Methods may be called from any thread.

    Parameters
    ----------
    workspace : where scenarios and their plans are.
    shelf : plans at hand.
    today : as_of where settings.csv gives none.
    threads, solver : what plans.
    planner : who says so.
    """

    def __init__(
        self,
        workspace: Workspace,
        shelf: Shelf,
        today: Callable[[], date],
        *,
        threads: int = 1,
        solver: str = "HiGHS",
        planner: str = "planner",
    ) -> None:
        self._workspace, self._shelf, self._today = workspace, shelf, today
        self._threads, self._solver, self._planner = threads, solver, planner

    def open(self) -> list[Scenario]:
        """Those neither promoted nor discarded, the newest first."""
        return [one for one in self._workspace.scenarios() if one.status == "open"]

    def find(self, name: str) -> Scenario:
        """An open scenario by its name.

        Raises
        ------
        ScenarioError
            There is none.
        """
        found = [one for one in self.open() if one.name == name]
        if not found:
            raise ScenarioError(f"There is no open scenario called {name}.")
        return found[0]

    def duplicate(self, name: str, of: str = BASE) -> None:
        """Duplicate the base or a scenario: what differs is stored, however large the network.

        Raises
        ------
        ScenarioError
            The name will not do.
        """
        self._workspace.make_scenario(name, of)

    def change(self, name: str, changes: Sequence[Change], on: int) -> None:
        """Let a scenario say these changes.

        Raises
        ------
        ScenarioError
            Somebody changed it since revision `on`, or it is closed.
        """
        self._workspace.change_scenario(name, changes, on)

    def changed_by(self, name: str) -> str:
        """Who changed a scenario last."""
        return self._workspace.scenario_changed_by(name)

    def discard(self, name: str, on: int) -> None:
        """Put a scenario away as it was at revision `on`; its plans stay in the record.

        Raises
        ------
        ScenarioError
            Somebody changed it since, or it is closed.
        """
        self._workspace.discard_scenario(name, on)

    def plan(self, name: str = BASE) -> Plan | None:
        """The newest plan of a scenario, or of the base; None before the first one."""
        version = self.version(name)
        return None if version is None else self._shelf.plan(version)

    def version(self, name: str = BASE) -> int | None:
        """Version of the newest plan of a scenario, or of the base; None before the first one."""
        plans = self._workspace.plans(name)
        return None if plans.is_empty() else int(plans["version"][0])

    def is_outrun(self, scenario: Scenario) -> bool:
        """Whether its newest plan was made from other data, changes or a published plan than hold now."""
        version = self.version(scenario.name)
        basis = None if version is None else self._workspace.basis(version)
        if basis is None:
            return version is not None
        now = self._workspace.holding(), scenario.revision, self._workspace.published_version()
        return (basis.batch, basis.revision, basis.published) != now

    def payload(self, name: str) -> ScenarioPayload:
        """What its plan is made from: the network that holds, and the changes as they are now.

        Raises
        ------
        NothingToPlanError
            There is no network yet.
        ScenarioError
            There is no open scenario of this name.
        """
        scenario = self.find(name)
        plain = plan_payload(self._workspace, self._today(), self._threads, self._solver)
        held = self._workspace.held_files()
        if plain.basis is None or held.batch != plain.basis.batch:
            raise NothingToPlanError("Somebody imported data this very moment: solve again.")
        base = ScenarioBase(held, plain.network, plain.forecast, self._today(), self._planner)
        return ScenarioPayload(scenario, base, plain)

    def promote(self, name: str, reason: str, seen: int | None = None) -> int:
        """Let its changes hold, by an import that can be undone, and its plan be the proposal of the base.

        What comes back is the version of the proposal.

        Parameters
        ----------
        seen : version of its plan the planner looked at; not asked where None.

        Raises
        ------
        NothingToPlanError
            It has not been solved yet.
        ScenarioError
            The data or the changes are not those its plan was made from any more.
        OutOfTurnError
            Nobody says why.
        """
        scenario, version = self.find(name), self.version(name)
        if version is None:
            raise NothingToPlanError(f"The scenario {name} has no plan yet: solve it, then promote it.")
        if seen is not None and version != seen:
            raise ScenarioChangedError(
                f"The scenario {name} was solved again since you looked: its plan is v{version} now, you saw "
                f"v{seen}. Look at it, then promote it."
            )
        basis = self._workspace.basis(version)
        if basis is None or self.is_outrun(scenario):
            raise ScenarioError(
                f"The data or the scenario {name} changed since its plan was made: solve it again, then "
                "promote it."
            )
        return self._workspace.promote(self._promotion(name, version, basis), reason).version

    def _promotion(self, name: str, version: int, basis: Basis) -> Promotion:
        held = self._workspace.held_files(basis.batch)
        if not basis.differences:
            raise ScenarioError(f"The scenario {name} changes nothing: there is nothing to promote.")
        preview = joined_preview(held, basis.differences, basis.today)
        if preview.folder is None or preview.network is None:
            raise ValueError("a preview without faults has a network")
        return Promotion(name, version, preview.folder, preview.network, preview.record, basis.batch)


def make_scenario_plan(
    payload: ScenarioPayload, report: Report | None = None, cancelled: Cancelled | None = None
) -> PlanResult:
    """Apply the changes, then make and check the plan.

    Raises
    ------
    InputError : a change is about something that is not there, or cannot be loaded.
    NoPlanError, JobCancelledError : as for any plan.
    """
    given = scenario_input(payload.base, payload.scenario.changes, report, cancelled)
    plain = payload.plain
    number = plain.basis.forecast if plain.basis is not None and given.forecast is not None else None
    basis = Basis(
        batch=payload.base.held.batch or 0,
        today=payload.base.today,
        code_version=code_version(),
        threads=plain.threads,
        solver=plain.solver,
        forecast=None if given.made else number,
        published=None if plain.basis is None else plain.basis.published,
        revision=payload.scenario.revision,
        differences=given.differences,
    )
    network = replace(given.network, published=plain.network.published)
    asked = PlanPayload(network, given.forecast, plain.threads, plain.solver, payload.scenario.name, basis)
    result = make_plan(asked, report, cancelled)
    return replace(result, forecast=given.forecast) if given.made else result


def scenario_task(payload: ScenarioPayload, progress: Report, cancelled: Cancelled) -> PlanResult:
    """`make_scenario_plan` as the worker runs it."""
    return make_scenario_plan(payload, progress, cancelled)
