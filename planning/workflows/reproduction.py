"""A version made again: re-solved to the same answer, or checked again where its time was up."""

from dataclasses import dataclass, replace

from planning.check import check
from planning.domain.assume import complete
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.errors import NothingToPlanError
from planning.forecast import Forecast
from planning.store import Basis, Workspace
from planning.workflows.forecasting import Cancelled, Report, with_forecast
from planning.workflows.planning_run import PlanPayload, make_plan, with_published
from planning.workflows.scenario_network import joined

#: How a solve ends that comes out the same the next time: time decides nothing in it.
REPEATABLE = ("optimal", "gap")


@dataclass(frozen=True)
class ReproductionPayload:
    """A stored plan and what it was made from."""

    plan: Plan
    payload: PlanPayload


@dataclass(frozen=True)
class Reproduction:
    """What became of making a version again.

    Parameters
    ----------
    solved : it was solved again; else its stored solution was checked again.
    same : it is the same plan, row by row; of a stored one, that no rule is broken and no cost differs.
    differs : the first tables that differ, or the first violations.
    """

    version: int
    solved: bool
    same: bool
    differs: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In a planner's words."""
        if self.solved and self.same:
            return f"Plan v{self.version} was solved again and is the same, row by row."
        if self.solved:
            return f"Plan v{self.version} came out differently: {', '.join(self.differs)} differ."
        if self.same:
            return (
                f"Plan v{self.version} ended because its time was up, so it stands as it was stored; "
                "every rule and cost of it was checked again, with no violation."
            )
        return f"Plan v{self.version} as it is stored breaks {len(self.differs)} rule(s): {self.differs[0]}."


def reproduction_payload(workspace: Workspace, version: int) -> ReproductionPayload:
    """What a version was made from: import, differences, forecast, published plan, day, solver and threads.

    Raises
    ------
    NothingToPlanError
        There is no such version, or it is from before that was kept.
    """
    plan, basis = workspace.load_plan(version), workspace.basis(version)
    if plan is None:
        raise NothingToPlanError(f"There is no plan v{version}.")
    if basis is None:
        raise NothingToPlanError(
            f"Plan v{version} was stored by a Takt that did not keep what plans are made from: it can be "
            "opened and exported, but not made again."
        )
    return ReproductionPayload(plan, payload_of(workspace, basis))


def payload_of(workspace: Workspace, basis: Basis) -> PlanPayload:
    """The payload of a plan with this basis, as it was."""
    if basis.differences:
        network = joined(workspace.held_files(basis.batch), basis.differences, basis.today)
    else:
        held = workspace.load_network(basis.today, basis.batch)
        if held is None:
            raise NothingToPlanError(f"Import {basis.batch} is not in the workspace.")
        network = held
    network = with_published(workspace, network, basis.published)
    stored = None if basis.forecast is None else workspace.load_forecast(basis.forecast)
    forecast: Forecast | None = None if stored is None else stored.forecast
    return PlanPayload(network, forecast, basis.threads, basis.solver)


def reproduce(
    asked: ReproductionPayload, report: Report | None = None, cancelled: Cancelled | None = None
) -> Reproduction:
    """Make a version again.

    Raises
    ------
    NoPlanError, JobCancelledError : as for any plan.
    """
    version, plan = int(asked.plan.summary["version"]), asked.plan
    if plan.summary["status"] not in REPEATABLE:
        network = complete(with_forecast(asked.payload.network, asked.payload.forecast))
        found = check(network, plan)
        words = tuple(f"{v.rule}, {v.where}: {v.message}" for v in found)
        return Reproduction(version, solved=False, same=not found, differs=words)
    again = make_plan(replace(asked.payload, basis=None), report, cancelled).plan
    differs = [name for name in EXPORT if not again[name].equals(plan[name])]
    for figure in ("objective", "costs"):
        if again.summary[figure] != plan.summary[figure]:
            differs.append(figure)
    return Reproduction(version, solved=True, same=not differs, differs=tuple(differs))


def reproduction_task(payload: ReproductionPayload, progress: Report, cancelled: Cancelled) -> Reproduction:
    """`reproduce` as the worker runs it."""
    return reproduce(payload, progress, cancelled)


def save_result(workspace: Workspace, result: Reproduction) -> str:
    """Keep in the ledger what came of it; what comes back is told to the planner."""
    workspace.note_reproduction(result.version, result.same)
    return result.told
