"""A scenario's network: the files that hold, joined by what it changes, validated like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.scenario import Change, DemandScaled, RowChange
from planning.domain.scenario_rows import changed_rows, scaled_demand
from planning.errors import Fault, InputError
from planning.forecast import Forecast
from planning.signals import Folder, validate
from planning.store import HeldFiles
from planning.workflows.forecasting import (
    Cancelled,
    Report,
    can_learn,
    forecast_network,
    needs_forecast,
    with_forecast,
)
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview, preview_upload

Differences = Mapping[str, bytes]


@dataclass(frozen=True)
class ScenarioBase:
    """What a scenario is stored against.

    Parameters
    ----------
    held : the files of the import.
    network : what `validate` made of them, before anything is assumed.
    forecast : Takt's own of that network, where there is one that is not outrun.
    today : as_of where settings.csv gives none.
    author : who says so, in overrides.
    """

    held: HeldFiles
    network: Network
    forecast: Forecast | None
    today: date
    author: str


@dataclass(frozen=True)
class ScenarioInput:
    """What a scenario's plan is made from.

    Parameters
    ----------
    differences : table → CSV by which its files differ from the import.
    network : of the files joined.
    forecast : Takt's own for it; None where the network brings one.
    made : whether that forecast had to be made, because the changes touch what it is made from.
    """

    differences: Differences
    network: Network
    forecast: Forecast | None
    made: bool


def scenario_input(
    base: ScenarioBase,
    changes: Sequence[Change],
    report: Report | None = None,
    cancelled: Cancelled | None = None,
) -> ScenarioInput:
    """Apply the changes: first those of rows, then more or less demand than is forecast after them.

    Raises
    ------
    InputError
        A change is about something that is not there, or what it says cannot be loaded.
    JobCancelledError
        `cancelled` said so.
    """
    _refuse_idle_campaigns(base.network, changes)
    differences = {table: _csv(rows) for table, rows in changed_rows(changes, base.network).items()}
    network = joined(base.held, differences, base.today)
    forecast, made = base.forecast, False
    if needs_forecast(network) and can_learn(network):
        if forecast is None or not forecast_alike(network, base.network):
            forecast, made = forecast_network(network, report, cancelled), True
    else:
        forecast = None
    if any(isinstance(change, DemandScaled) for change in changes):
        holds = with_forecast(network, forecast)["forecast"]
        overrides = scaled_demand(changes, network, holds, base.author)
        differences |= {"overrides": _csv(overrides)}
        network = joined(base.held, differences, base.today)
    return ScenarioInput(differences, network, forecast, made)


def _refuse_idle_campaigns(network: Network, changes: Sequence[Change]) -> None:
    """A campaign lifts Takt's own forecast only: where the network brings one it would quietly do nothing."""
    campaigns = [one for one in changes if isinstance(one, RowChange) and one.table == "campaigns"]
    if campaigns and not needs_forecast(network):
        reason = "your forecast.csv takes the place of Takt's own forecast, so a campaign changes nothing"
        remedy = "Say more or less demand instead, or import without forecast.csv."
        raise InputError([Fault("scenario", reason, remedy)])


def joined(held: HeldFiles, differences: Differences, today: date) -> Network:
    """The network of the files that hold, joined by the differences; raises like `joined_preview`."""
    if not differences:
        return validate(Folder.from_files(held.files, held.published), today)
    network = joined_preview(held, differences, today).network
    if network is None:
        raise ValueError("a preview without faults has a network")
    return network


def joined_preview(held: HeldFiles, differences: Differences, today: date) -> Preview:
    """What the differences do to the files that hold, as an upload of them would.

    Raises
    ------
    InputError
        What they say cannot be loaded, whole.
    """
    incoming = [Incoming(f"{table}.csv", data, table) for table, data in differences.items()]
    preview = preview_upload("scenario", held, incoming, today)
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults:
        raise InputError([replace(fault, line=None) for fault in faults])
    return preview


def forecast_alike(network: Network, other: Network) -> bool:
    """Whether Takt's forecast of both is the same: all it is made from is equal."""
    mine, theirs = (_forecast_from(one) for one in (network, other))
    same = all(a.equals(b) for a, b in zip(mine, theirs, strict=True))
    policies = (network.policy, other.policy)
    known = [(p.start_week, p.horizon_weeks, p.as_of, p.due_cutoff_weekday) for p in policies]
    return same and known[0] == known[1]


def _forecast_from(network: Network) -> list[pl.DataFrame]:
    pairs = [network[name].select("product", "market") for name in ("history", "orders")]
    series = pl.concat(pairs).unique().sort("product", "market")
    return [series, network["history"], network["campaigns"], network["products"]]


def _csv(rows: pl.DataFrame) -> bytes:
    return rows.write_csv().encode()
