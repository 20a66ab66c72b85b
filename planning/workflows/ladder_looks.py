"""What successive imports show of the ladder: the steps of deals, and what is learned from them."""

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import InputError, NothingToPlanError
from planning.netting.ladder_steps import ladder_steps, stages_reached
from planning.netting.win_rates import adopted, learned_rates
from planning.signals.cells import ANY_DATE, read_rows
from planning.signals.source import SourceFile
from planning.store import ImportReceipt, Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.incoming import Incoming
from planning.workflows.uploads import Uploads

DEALS = "opportunities"
STAGES_FILE = "stages.csv"


class LadderLooks:
    """The deals as every import that was not undone had them. Methods may be called from any thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._known: tuple[int | None, str, pl.DataFrame] | None = None

    def steps(self, network: Network) -> pl.DataFrame:
        """Every step of every deal; see `ladder_steps`. The same network is looked at once."""
        holding = self._workspace.holding()
        with self._lock:
            if self._known is None or self._known[:2] != (holding, network.input_hash):
                self._known = (holding, network.input_hash, self._steps(network))
            return self._known[2]

    def _steps(self, network: Network) -> pl.DataFrame:
        looks = [
            (_day(moment, network.policy.timezone), _deals(data))
            for moment, data in self._workspace.looks_at(f"{DEALS}.csv")
        ]
        # What holds may be an earlier content that was taken back: it is what was seen last all the same.
        last = looks[-1][0] if looks else network.policy.as_of
        return ladder_steps([*looks, (last, network[DEALS])], network)


def rates_learned(steps: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Probabilities learned from the deals that closed; see `learned_rates`."""
    return learned_rates(stages_reached(steps, network), network)


def adopt(uploads: Uploads, network: Network | None, rates: pl.DataFrame, drawn_on: str) -> ImportReceipt:
    """Import the learned probabilities as stages.csv: undone like any import.

    Parameters
    ----------
    network : the one that holds now.
    rates : of `rates_learned`.
    drawn_on : input_hash of the network they were learned from.

    Raises
    ------
    ChangedMeanwhileError
        They were learned from other data.
    InputError
        The network would not take them.
    NothingToPlanError
        They hold already.
    """
    if network is None or network.input_hash != drawn_on:
        raise ChangedMeanwhileError(
            "Somebody changed the data since you looked, so no probability was adopted. Below is what is "
            "learned now: look again and adopt it." + uploads.meanwhile(of=drawn_on)
        )
    table = adopted(network, rates).write_csv().encode()
    preview = uploads.preview([Incoming(STAGES_FILE, table, "stages")])
    if preview.faults:
        raise InputError(preview.faults)
    if not preview.loads:
        raise NothingToPlanError("These probabilities hold already, so nothing was adopted.")
    return uploads.load(preview)


def _deals(data: bytes) -> pl.DataFrame:
    table = INPUT[DEALS]
    good, _ = read_rows(SourceFile.read(table, data), table, ANY_DATE)
    return good.select(table.columns).unique("opportunity_id", keep="first", maintain_order=True)


def _day(moment: datetime, timezone: str) -> date:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date()
