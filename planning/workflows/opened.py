"""A version of the plan opened again: what it was made from stands beside it, as it was then."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import polars as pl

from planning.domain.assume import complete
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.store import BASE, StoredForecast, Workspace
from planning.workflows.outlook import Outlook, outlook_of
from planning.workflows.scenario_network import joined
from planning.workflows.versions import Shelf

#: Versions kept at hand with their data.
KEPT = 3


@dataclass(frozen=True)
class Opened:
    """A version as it was made.

    Parameters
    ----------
    plan : as it was stored.
    scenario : whose it is.
    network : complete, as it was made from; None where nobody knows any more.
    forecast : Takt's own that it rests on; None where the network brings one, or nobody knows.
    outlook : what would be confirmed, as that version counted it; None without network or forecast.
    """

    plan: Plan
    scenario: str
    network: Network | None
    forecast: StoredForecast | None
    outlook: Outlook | None

    @property
    def of(self) -> str:
        """The scenario it is of; empty for a plan of the base."""
        return "" if self.scenario == BASE else self.scenario


class Openings:
    """Versions a planner opened. May be asked from any thread."""

    def __init__(self, workspace: Workspace, shelf: Shelf) -> None:
        self._workspace, self._shelf = workspace, shelf
        self._lock = threading.Lock()
        self._opened: OrderedDict[int, Opened] = OrderedDict()

    def version(self, version: int) -> Opened | None:
        """A version with what it was made from; None where there is none."""
        with self._lock:
            if version not in self._opened:
                opened = self._open(version)
                if opened is None:
                    return None
                self._opened[version] = opened
            self._opened.move_to_end(version)
            while len(self._opened) > KEPT:
                self._opened.popitem(last=False)
            return self._opened[version]

    def _open(self, version: int) -> Opened | None:
        plan = self._shelf.plan(version)
        if plan is None:
            return None
        plans = self._workspace.plans(None).filter(pl.col("version") == version)
        scenario = str(plans["scenario"][0])
        basis = self._workspace.basis(version)
        if basis is None:
            return Opened(plan, scenario, None, None, None)
        if basis.differences:
            given = joined(self._workspace.held_files(basis.batch), basis.differences, basis.today)
        else:
            held = self._workspace.load_network(basis.today, basis.batch)
            if held is None:
                return Opened(plan, scenario, None, None, None)
            given = held
        stored = None if basis.forecast is None else self._workspace.load_forecast(basis.forecast)
        return Opened(plan, scenario, complete(given), stored, outlook_of(given, stored))
