"""The outlook: the forecast that holds, and what of it orders and deals have taken already."""

import threading
from dataclasses import dataclass

import polars as pl

from planning.domain.assume import complete
from planning.domain.calendar import week_of_index_expr
from planning.domain.network import Network
from planning.netting import NetDemand, net_demand
from planning.store import StoredForecast
from planning.workflows.forecasting import needs_forecast, serves, with_forecast
from planning.workflows.total_demand import TotalDemand

_KEY = ["product", "market", "t"]


@dataclass(frozen=True)
class Outlook:
    """What will be confirmed, as a plan made now would count it.

    Parameters
    ----------
    network : complete, with the forecast that holds in its table `forecast`, overrides on top.
    without_overrides : that forecast as it was before them.
    stored : the forecast Takt made; None where the network brings its own.
    up_to_date : the forecast was made from the data as they are now, for the weeks a plan would cover.
    total : how sure totals over series and weeks are.
    net : demand after netting.
    netted : product, market, week; units of forecast, by_orders and by_deals (what orders and deals took of
        it), left, deals (as they count), expected (deals + left), unreachable (of it) and confirmed (open
        units of orders, past due in the first week). Rows that are all zero are left out.
    """

    network: Network
    without_overrides: pl.DataFrame
    stored: StoredForecast | None
    up_to_date: bool
    total: TotalDemand
    net: NetDemand
    netted: pl.DataFrame


def outlook_of(network: Network, stored: StoredForecast | None) -> Outlook | None:
    """The outlook; None where there is no forecast yet.

    Parameters
    ----------
    network : as it was imported, or completed already.
    stored : the latest forecast Takt made; passed over where the network brings its own.
    """
    own = not needs_forecast(network)
    if stored is None and not own:
        return None
    behind = None if own else stored
    whole = complete(with_forecast(network, None if behind is None else behind.forecast))
    net = net_demand(whole)
    return Outlook(
        network=whole,
        without_overrides=network["forecast"] if behind is None else behind.forecast.quantiles,
        stored=behind,
        up_to_date=own or (stored is not None and serves(stored, network)),
        total=TotalDemand(whole, None if behind is None else behind.forecast),
        net=net,
        netted=_netted(net, network),
    )


class Outlooks:
    """Keeps the outlook last asked for. May be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[str, int | None] | None = None
        self._outlook: Outlook | None = None

    def of(self, network: Network, stored: StoredForecast | None) -> Outlook | None:
        """`outlook_of`, worked out once for a network and a forecast."""
        with self._lock:
            key = network.input_hash, None if stored is None else stored.number
            if key != self._key:
                self._outlook, self._key = outlook_of(network, stored), key
            return self._outlook


def _netted(net: NetDemand, network: Network) -> pl.DataFrame:
    confirmed = net.orders.group_by(_KEY).agg(confirmed=pl.col("quantity").sum())
    expected = net.expected.select(*_KEY, "expected", "unreachable")
    joined = net.consumption.join(expected, on=_KEY, how="full", coalesce=True)
    rows = joined.join(confirmed, on=_KEY, how="full", coalesce=True).with_columns(
        week=week_of_index_expr("t", network.policy.start_week)
    )
    units = ("forecast", "by_orders", "by_deals", "left", "deals", "expected", "unreachable", "confirmed")
    return rows.select("product", "market", "week", pl.col(units).fill_null(0.0)).sort(
        "product", "market", "week"
    )
