"""Versions of the plan: which came before which, how far each has come, and what the next step is."""

import threading
from collections import OrderedDict
from pathlib import Path

import polars as pl

from planning.domain.plan import Plan
from planning.errors import Fault, InputError
from planning.store import Basis, LedgerHead, Step, Workspace

#: Plans kept at hand, the latest asked for.
KEPT = 8

#: What is next for a plan of this status.
NEXT: dict[str, Step] = {
    "draft": "proposed",
    "proposed": "approved",
    "approved": "published",
    "replaced": "published",
}


class Shelf:
    """Stored plans at hand, so that each is the same value for as long as it is looked at.

    May be asked from any thread.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._plans: OrderedDict[int, Plan] = OrderedDict()

    def plan(self, version: int) -> Plan | None:
        """A plan by its version; None where there is none."""
        with self._lock:
            plan = self._plans.get(version) or self._workspace.load_plan(version)
            if plan is None:
                return None
            self._plans[version] = plan
            self._plans.move_to_end(version)
            while len(self._plans) > KEPT:
                self._plans.popitem(last=False)
            return plan


class Versions:
    """What the pages ask about versions of the plan. Methods may be called from any thread."""

    def __init__(self, workspace: Workspace, shelf: Shelf) -> None:
        self._workspace, self._shelf = workspace, shelf

    def every(self) -> pl.DataFrame:
        """Every version, the latest first.

        Returns
        -------
        version, scenario, created_at (UTC), solved (how the solve ended), objective, bound, gap, status
        (draft, proposed, approved, published or replaced), happened_at (UTC), actor and reason of the last
        step.
        """
        plans = self._workspace.plans(None).rename({"status": "solved"})
        return plans.join(self._workspace.standing(), on="version", how="left", maintain_order="left")

    def steps(self, version: int) -> pl.DataFrame:
        """What was decided about a version, the earliest first: step, happened_at (UTC), actor, reason."""
        steps = self._workspace.plan_steps().filter(pl.col("version") == version)
        return steps.select("step", "happened_at", "actor", "reason")

    def status(self, version: int) -> str:
        """draft, proposed, approved, published or replaced."""
        found = self._workspace.standing().filter(pl.col("version") == version)["status"]
        return "draft" if found.is_empty() else str(found[0])

    def next_step(self, version: int) -> Step | None:
        """What can be done about a version of the base now; None where it is published."""
        return NEXT.get(self.status(version))

    def published(self) -> int | None:
        """The version that is published; None where none is."""
        return self._workspace.published_version()

    def publications(self) -> int:
        """How many plans have been published so far; what a planner saw before publishing another."""
        return self._workspace.publications()

    def take(self, version: int, step: Step, reason: str, seen: int | None = None) -> None:
        """Propose, approve or publish a version.

        Parameters
        ----------
        seen : `publications` when the planner looked; not asked where None.

        Raises
        ------
        OutOfTurnError
            It is not its turn, most often because somebody took the step meanwhile; or nobody says why.
        """
        self._workspace.take_step(version, step, reason, seen=seen)

    def basis(self, version: int) -> Basis | None:
        """What a version was made from; None where it is from before that was kept."""
        return self._workspace.basis(version)

    def plan(self, version: int) -> Plan | None:
        """A version reopened: the plan as it was stored."""
        return self._shelf.plan(version)


def ledger_end(export_folder: Path) -> LedgerHead:
    """Where the ledger ended when the plan of this export was stored.

    Raises
    ------
    InputError
        It is no export folder, or one of a plan that was made without a workspace.
    """
    # What writes exports is loaded late: listing and verifying need not wait for it.
    from planning.export import read_folder

    said = read_folder(export_folder).summary.get("ledger")
    count, head = (said.get("count"), said.get("head")) if isinstance(said, dict) else (None, None)
    if not isinstance(count, int) or not isinstance(head, str) or count < 1:
        reason = "tells of no ledger: its plan was made without a workspace, or the file was changed"
        raise InputError([Fault("plan.json", reason, "Export a plan of the workspace.")])
    return LedgerHead(count, head)


def previous_version(plans: pl.DataFrame) -> int | None:
    """The version before the newest one of the same scenario; None when it is the only one.

    Parameters
    ----------
    plans : version and scenario of every stored plan, newest first.
    """
    if plans.is_empty():
        return None
    older = plans[1:].filter(pl.col("scenario") == plans["scenario"][0])["version"]
    return None if older.is_empty() else int(older[0])
