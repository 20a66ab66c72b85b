"""run_forecast: from history to the forecast table a plan is made from."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl

import planning.forecast
from planning.domain.network import Network
from planning.errors import JobCancelledError, NothingToPlanError
from planning.forecast import Forecast, Remembered, apply_overrides, forecast_demand
from planning.store import StoredForecast, Workspace
from planning.workflows.cores import on_cores
from planning.workflows.progress import Progress

Report = Callable[[Progress], None]
Cancelled = Callable[[], bool]


#: A record further ahead than a quarter of a year would have too few past weeks to be made of.
LONGEST_LEAD_WEEKS = 13

#: Tables a forecast is made of; offers and lanes say how far ahead the record judges.
READ = ("history", "orders", "campaigns", "activity", "products", "markets", "offers", "lanes")


@dataclass(frozen=True)
class ForecastPayload:
    """What the worker needs.

    Parameters
    ----------
    network : what to forecast.
    remembered : what was found of its series when it was forecast last.
    stands : nothing the latest forecast was made of has changed since.
    """

    network: Network
    remembered: Remembered
    stands: bool = False

    @property
    def input_hash(self) -> str:
        """Of the network."""
        return self.network.input_hash


@dataclass(frozen=True)
class ForecastResult:
    """A forecast (None: the latest one stands) and the input it was made from."""

    forecast: Forecast | None
    input_hash: str


def forecast_network(
    network: Network,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
    remembered: Remembered | None = None,
) -> Forecast:
    """Forecast every product and market that occurs in history or orders, on all cores where that pays.

    Parameters
    ----------
    remembered : series that are as they were then are not forecast again; None remembers nothing.

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
    forecast = forecast_demand(
        network["history"],
        pl.concat(pairs).unique().sort("product", "market"),
        network.policy.start_week,
        network.policy.horizon_weeks,
        campaigns=network["campaigns"],
        products=network["products"],
        activity=network["activity"],
        markets=network["markets"],
        orders=network["orders"],
        as_of=network.policy.as_of,
        due_cutoff_weekday=network.policy.due_cutoff_weekday,
        progress=tell,
        lead_weeks=planning_lead_weeks(network),
        engine=on_cores,
        remembered=remembered or Remembered(forecast_code()),
    )
    return replace(forecast, made_of=made_of(network), made_by=_made_by(network))


def planning_lead_weeks(network: Network) -> int:
    """Weeks before which a plan cannot act on news: those the record judges the forecast over.

    The slowest robot model's quickest offer brings robots, the longest lane brings their work; never
    shorter than the firm zone, at most a quarter of a year.
    """
    quickest = network["offers"].group_by("robot_model").agg(pl.col("lead_time_weeks").min())
    robots = quickest["lead_time_weeks"].max() or 0
    lane = network["lanes"]["lead_time_weeks"].max() or 0
    weeks = max(int(str(robots)) + int(str(lane)), network.policy.firm_weeks, 1)
    return min(weeks, LONGEST_LEAD_WEEKS)


@cache
def forecast_code() -> str:
    """Names what finds the outcomes of series: the forecast's own code and the libraries under it.

    Made of the files themselves, so that nobody has to remember to count it up.
    """
    room = Path(planning.forecast.__file__).parent
    files = sorted([*room.glob("*.py"), room.parent / "domain" / "calendar.py"])
    code = hashlib.sha256()
    for file in files:
        code.update(file.name.encode() + file.read_bytes())
    for library in ("statsforecast", "coreforecast", "numpy", "scipy"):
        code.update(f"{library} {version(library)}".encode())
    return code.hexdigest()


def made_of(network: Network) -> str:
    """Names the data a forecast of this network is made of: the files it reads, and the weeks it is for.

    Overrides are none of them: they come on top.
    """
    policy = network.policy
    weeks = f"{policy.start_week} {policy.horizon_weeks} {policy.due_cutoff_weekday} {policy.firm_weeks}"
    files = [f"{name} {network.file_hashes.get(f'{name}.csv')}" for name in READ]
    return hashlib.sha256("\n".join([weeks, *files]).encode()).hexdigest()


def serves(stored: StoredForecast, network: Network) -> bool:
    """Whether a stored forecast was made from these data, for these weeks."""
    return stored.forecast.made_of == made_of(network)


def stands(stored: StoredForecast, network: Network) -> bool:
    """Whether a forecast made now would be the stored one again."""
    return serves(stored, network) and stored.forecast.made_by == _made_by(network)


def _made_by(network: Network) -> str:
    """Names the day, which decides what week is over, and the code."""
    return f"{network.policy.as_of} {forecast_code()}"


def remembered_by(workspace: Workspace) -> Remembered:
    """What was found of the series of the latest forecast."""
    return Remembered(forecast_code(), workspace.outcomes())


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


def forecast_payload(workspace: Workspace, today: date) -> ForecastPayload:
    """What a new forecast is made from: the network that holds, and the last forecast's outcomes.

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
    stored = workspace.load_forecast()
    if stored is not None and stands(stored, network):
        return ForecastPayload(network, Remembered(forecast_code()), stands=True)
    return ForecastPayload(network, remembered_by(workspace))


def forecast_task(payload: ForecastPayload, progress: Report, cancelled: Cancelled) -> ForecastResult:
    """`forecast_network` as the worker runs it."""
    if payload.stands:
        return ForecastResult(None, payload.input_hash)
    made = forecast_network(payload.network, progress, cancelled, payload.remembered)
    return ForecastResult(made, payload.input_hash)


def save_result(workspace: Workspace, result: ForecastResult) -> str:
    """Store a forecast; what comes back is told to the planner."""
    if result.forecast is None:
        return "The forecast stands: nothing it was made of has changed."
    workspace.save_forecast(result.input_hash, result.forecast)
    return f"Forecast of {result.forecast.methods.height:,} series is ready."
