"""How sure the forecast of several series, or of several weeks, is as a whole."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.forecast import Forecast, families_of, total_bands
from planning.forecast.live import SERIES
from planning.workflows.forecasting import planning_lead_weeks
from planning.workflows.live_record import classes_of

#: Choices of so many planners are kept, the latest asked for.
KEPT = 32


@dataclass(frozen=True)
class LeadTimeTotal:
    """Demand of the planning lead time as a whole.

    Parameters
    ----------
    weeks : the lead time, from the first planned week on.
    units : its mean.
    p10, p90 : null where nothing is known of how weeks and series go together.
    """

    weeks: int
    units: float
    p10: float | None
    p90: float | None


class TotalDemand:
    """Bands of totals, each worked out once. May be asked from any thread.

    Parameters
    ----------
    network : with the forecast that holds, overrides on top.
    made : Takt's forecast, which knows how errors go together; None where the network brings its own,
        of which only single rows are known.
    """

    def __init__(self, network: Network, made: Forecast | None) -> None:
        policy = network.policy
        planned = pl.col("week").is_between(policy.start_week, policy.end_week, closed="left")
        self._forecast = network["forecast"].filter(planned)
        self._policy, self._made = policy, made
        self._families = families_of(network["products"])
        self._classes = {} if made is None else classes_of(made.methods)
        self._lead_weeks = min(planning_lead_weeks(network), policy.horizon_weeks)
        self._kept: OrderedDict[tuple[str, tuple[tuple[str, ...], ...]], pl.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def by_week(self, shown: pl.DataFrame) -> pl.DataFrame:
        """week, p10, p90 of all series in `shown` (product, market) together.

        Null for several series of a forecast Takt did not make: of those nobody knows how they go together.
        """
        rows = self._rows(shown)
        if shown.height == 1:
            return rows.select("week", "p10", "p90")
        if self._made is None:
            return rows.clear().select("week", "p10", "p90")
        return self._once("week", shown, lambda: self._bands(rows, ["week"]).select("week", "p10", "p90"))

    def of_lead_time(self, shown: pl.DataFrame) -> LeadTimeTotal:
        """What the series in `shown` come to over the planning lead time."""
        end = self._policy.start_week + self._lead_weeks * WEEK
        rows = self._rows(shown).filter(pl.col("week") < end).with_columns(pl.lit(0).alias("all"))
        units = float(rows["quantity"].sum())
        if self._made is None or rows.is_empty():
            return LeadTimeTotal(self._lead_weeks, units, None, None)
        found = self._once("lead time", shown, lambda: self._bands(rows, ["all"])).row(0, named=True)
        return LeadTimeTotal(self._lead_weeks, units, found["p10"], found["p90"])

    def _rows(self, shown: pl.DataFrame) -> pl.DataFrame:
        return self._forecast.join(shown.select(SERIES), on=SERIES, how="semi")

    def _bands(self, rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
        assert self._made is not None
        return total_bands(
            rows,
            by,
            self._made.dependence,
            self._policy.start_week,
            classes=self._classes,
            families=self._families,
        )

    def _once(self, what: str, shown: pl.DataFrame, work: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        key = what, tuple(shown.select(SERIES).sort(SERIES).iter_rows())
        with self._lock:
            if key not in self._kept:
                self._kept[key] = work()
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
