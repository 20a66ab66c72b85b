"""run_forecast: from history to the forecast table a plan is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.errors import JobCancelledError, NothingToPlanError
from planning.forecast import Forecast, apply_overrides, forecast_demand
from planning.store import Workspace
from planning.workflows.progress import Progress

Report = Callable[[Progress], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class ForecastResult:
    """A forecast and the input it was made from."""

    forecast: Forecast
    input_hash: str


def forecast_network(
    network: Network, report: Report | None = None, cancelled: Cancelled | None = None
) -> Forecast:
    """Forecast every product and market that occurs in history or orders.

    Raises
    ------
    JobCancelledError : `cancelled` said so.
    """

    def tell(share: float, what: str) -> None:
        if cancelled is not None and cancelled():
            raise JobCancelledError("The forecast was stopped; nothing has changed.")
        if report is not None:
            report(Progress(what, fraction=share))

    pairs = [network[name].select("product", "market") for name in ("history", "orders")]
    return forecast_demand(
        network["history"],
        pl.concat(pairs).unique().sort("product", "market"),
        network.policy.start_week,
        network.policy.horizon_weeks,
        campaigns=network["campaigns"],
        products=network["products"],
        activity=network["activity"],
        markets=network["markets"],
        as_of=network.policy.as_of,
        due_cutoff_weekday=network.policy.due_cutoff_weekday,
        progress=tell,
    )


def needs_forecast(network: Network) -> bool:
    """Whether the network brings no forecast of its own."""
    return network["forecast"].is_empty()


def can_learn(network: Network) -> bool:
    """Whether there is anything to forecast from."""
    return not (network["history"].is_empty() and network["orders"].is_empty())


def with_forecast(network: Network, forecast: Forecast | None) -> Network:
    """The network with the forecast a plan rests on: its own, else the model's, overrides on top.

    Without either there is nothing to override: the table stays empty.
    """
    if forecast is not None:
        table = forecast.quantiles.select(network["forecast"].columns)
    elif needs_forecast(network):
        return network
    else:
        table = network["forecast"]
    return network.with_tables(forecast=apply_overrides(table, network["overrides"], network.policy.as_of))


def forecast_payload(workspace: Workspace, today: date) -> Network:
    """What a new forecast is made from: the network that holds.

    Parameters
    ----------
    today : as_of where settings.csv gives none.

    Raises
    ------
    NothingToPlanError : nothing has been imported, there is nothing to learn from, or the network brings
        its own forecast.
    """
    network = workspace.load_network(today)
    if network is None:
        raise NothingToPlanError("There is no network yet. Import a network folder first.")
    if not needs_forecast(network):
        raise NothingToPlanError(
            "Your forecast.csv takes the place of Takt's own forecast. Import without it to have one made."
        )
    if not can_learn(network):
        raise NothingToPlanError(
            "There is neither history nor an order to forecast from. Import history.csv."
        )
    return network


def forecast_task(payload: Network, progress: Report, cancelled: Cancelled) -> ForecastResult:
    """`forecast_network` as the worker runs it."""
    return ForecastResult(forecast_network(payload, progress, cancelled), payload.input_hash)


def save_result(workspace: Workspace, result: ForecastResult) -> str:
    """Store a forecast; what comes back is told to the planner."""
    workspace.save_forecast(result.input_hash, result.forecast)
    return f"Forecast of {result.forecast.methods.height:,} series is ready."
