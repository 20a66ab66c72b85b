"""What became of forecasts, and when deals will be confirmed."""

from dataclasses import dataclass

import polars as pl

from planning.domain.network import Network
from planning.forecast.deals import ConfirmTimes, confirm_dates, confirm_times
from planning.forecast.live import live_record
from planning.forecast.series import weekly_history
from planning.store import StoredForecast, Workspace
from planning.workflows.forecasting import planning_lead_weeks


@dataclass(frozen=True)
class LiveRecord:
    """What has become of earlier forecasts, and what is known of deals.

    Parameters
    ----------
    series : as `live_record` returns it.
    confirm_times : how long deals took to be confirmed; None where too few were.
    deals : as `confirm_dates` returns it; None without confirm_times.
    """

    series: pl.DataFrame
    confirm_times: ConfirmTimes | None
    deals: pl.DataFrame | None


def look_back(workspace: Workspace, network: Network, stored: StoredForecast) -> LiveRecord:
    """Judge earlier forecasts by the history as it is now.

    Parameters
    ----------
    network : the one that holds.
    stored : the latest forecast, which knows how sure totals are.
    """
    policy, past, forecast = network.policy, workspace.past_forecasts(), stored.forecast
    known = weekly_history(
        network["history"],
        past.select("product", "market").unique(),
        policy.start_week,
        policy.as_of,
        policy.due_cutoff_weekday,
    )
    classes = classes_of(forecast.methods)
    times = confirm_times(network["opportunities"], network["orders"], policy.as_of)
    return LiveRecord(
        live_record(past, known, planning_lead_weeks(network), forecast.dependence, classes),
        times,
        None if times is None else confirm_dates(network["opportunities"], times, policy.as_of),
    )


def classes_of(methods: pl.DataFrame) -> dict[tuple[str, str], str]:
    """Class of every product and market, as `total_bands` takes it."""
    return {(p, m): c for p, m, c in methods.select("product", "market", "series_class").iter_rows()}
