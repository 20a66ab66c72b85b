"""The room's front door: history in, weekly quantiles and the record of every series out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK, weeks_between
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.forecast.analogues import awaited_launches, with_analogues
from planning.forecast.backtest import LEAD_WEEKS, Record, Trial, record
from planning.forecast.dependence import learn_dependence
from planning.forecast.distributed import DistributedFrame, distributed
from planning.forecast.distribution import Calibration, calibrate, excess, quantiles_of, tail_ratio
from planning.forecast.engine import Engine, Terms, in_turn, parts_of
from planning.forecast.lift import lifted
from planning.forecast.models import Recipe
from planning.forecast.outcome import Outcome
from planning.forecast.paths import Dependence
from planning.forecast.pools import Sources, signal_pools
from planning.forecast.remembered import OUTCOMES_SCHEMA, Found, Remembered, find_outcomes, outcomes_frame
from planning.forecast.series import History, SeriesClass, Weekly, WeeklySeries, weekly_history
from planning.forecast.unusual import launched

FAST_FROM_SERIES = 1500

Progress = Callable[[float, str], None]

QUANTILES_SCHEMA: dict[str, type[pl.DataType]] = {
    "product": pl.String,
    "market": pl.String,
    "week": pl.Date,
    "quantity": pl.Float64,
    "p10": pl.Float64,
    "p50": pl.Float64,
    "p90": pl.Float64,
}


@dataclass(frozen=True)
class Forecast:
    """Demand to come, and how it was found.

    Parameters
    ----------
    quantiles : product, market, week (Monday), quantity (mean), p10, p50, p90: units, 0 ≤ p10 ≤ p50
        ≤ p90, one row per series and week of the horizon. The mean of rare demand may lie above
        p90.
    methods : one row per series: series_class; method (the models, in words); fallback (why
        something simpler had to serve, else null); signals (campaign signals that entered and
        what they gained, or why none did; null without any); unusual (launch, stock-outs, outliers, an
        end of demand, rows without a quantity; null without any); weeks_of_history, first_week (null
        without demand), last_week and mean_weekly (units) of the filled calendar; wape, naive_wape,
        bias, better_than_naive, mase, pinball, coverage and value_added (see `Record`; null where nothing
        could be judged) over weeks_judged weeks, up to lead_weeks ahead from each of `origins` past weeks.
    dependence : how errors of weeks and series go together, for `total_bands`.
    outcomes : what to remember for the next forecast, see `Remembered`.
    made_of, made_by : name the data it was made from, and the day and code that made it, where its maker
        says so: of the same by the same it would be the same.
    """

    quantiles: pl.DataFrame
    methods: pl.DataFrame
    dependence: Dependence = field(default_factory=Dependence)
    outcomes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OUTCOMES_SCHEMA))
    made_of: str | None = None
    made_by: str | None = None


def forecast_demand(
    history: pl.DataFrame | DistributedFrame,
    series: pl.DataFrame,
    start_week: date,
    horizon_weeks: int,
    *,
    campaigns: pl.DataFrame | None = None,
    products: pl.DataFrame | None = None,
    activity: pl.DataFrame | None = None,
    markets: pl.DataFrame | None = None,
    orders: pl.DataFrame | None = None,
    season_length: int = 52,
    as_of: date | None = None,
    due_cutoff_weekday: int = 1,
    progress: Progress | None = None,
    backtest: bool = True,
    lead_weeks: int = LEAD_WEEKS,
    engine: Engine = in_turn,
    remembered: Remembered | None = None,
) -> Forecast:
    """Forecast the weekly demand of every product and market in `series`.

    The calendar is filled (`weekly_history`), each series served by the models of its class
    (`point_forecast`), signals (`judge`) and long seasons (`season_of`) taken out before and put back
    after, forecasts made as of past weeks for the record (`record`) and the width of intervals
    (`calibrate`) and totals (`learn_dependence`); the fast recipe serves from 1,500 series on. The
    result depends on neither row order, clock, engine nor memory.

    Parameters
    ----------
    history : date, product, market, quantity: demand by requested delivery, several rows a day allowed;
        what falls in start_week or later is passed over. Of a distributed frame (Dask, Ray, Spark) the
        work is done where it is, see `distributed`.
    series : product, market to forecast, with or without history.
    start_week, horizon_weeks : Monday of the first week to forecast, and how many.
    campaigns, activity, products, markets : what moves demand, see `Sources`.
    orders : say when what has no history is launched, see `with_analogues`.
    season_length, lead_weeks : weeks of a season; of the planning lead time, at which the record judges.
    as_of : today: weeks not over by then are unknown; null takes all before start_week as over.
    due_cutoff_weekday : dates before this weekday belong to the week before (1: none do).
    progress : told the share done and what is being done; what it raises ends the forecast.
    backtest : forecast past weeks too; without it there is no record and intervals are the prior's.
    engine : does the work of a `Part`, here or elsewhere.
    remembered : outcomes of an earlier forecast: series that are as they were are not forecast again.
    """
    if not isinstance(history, pl.DataFrame):
        history, engine = distributed(history)
    filled = weekly_history(history, series, start_week, as_of, due_cutoff_weekday)
    awaited = awaited_launches(orders, filled.last_week, due_cutoff_weekday)
    known = with_analogues(filled, families_of(products), awaited)
    steps = weeks_between(known.last_week, start_week) - 1 + horizon_weeks
    terms = Terms(steps, Recipe(season_length, len(known.series) >= FAST_FROM_SERIES, lead_weeks), backtest)
    tell = progress or (lambda _share, _what: None)
    tell(0.0, "Learning what campaigns and holidays did")
    sources = Sources(campaigns, activity, products, markets)
    parts = parts_of(known.series, signal_pools(known, sources, steps, due_cutoff_weekday), terms)
    found = find_outcomes(parts, engine, remembered or Remembered(code=""), _counting(known, tell))
    weeks = [start_week + t * WEEK for t in range(horizon_weeks)]
    tell(1.0, "Learning how sure it is")
    return _with_intervals(known, found, families_of(products), lead_weeks, weeks)


def _counting(known: History, tell: Progress) -> Callable[[int], None]:
    """Series done as progress."""
    count = len(known.series)
    return lambda done: tell(done / max(count, 1), f"Forecasting: {done:,} of {count:,} series")


def _with_intervals(
    known: History, found: Found, families: Mapping[str, str], lead_weeks: int, weeks: Sequence[date]
) -> Forecast:
    """What all series together say of how sure each one is, and each one's record."""
    calibration = calibrate(_errors(found))
    trials = {pair: outcome.trials for pair, outcome in sorted(found.outcomes.items())}
    return Forecast(
        quantiles=_quantiles_frame(known, found, calibration, weeks),
        methods=_methods_frame(known, found, calibration, lead_weeks),
        dependence=learn_dependence(trials, calibration, families, lead_weeks),
        outcomes=outcomes_frame(found),
    )


def families_of(products: pl.DataFrame | None) -> dict[str, str]:
    """Family of every product that has one."""
    if products is None:
        return {}
    return dict(products.select("product", "family").drop_nulls().iter_rows())


def _errors(found: Found) -> list[tuple[SeriesClass, Weekly]]:
    """What every trial says about the width of the intervals, in the order of the series."""
    return [_error(t) for _, outcome in sorted(found.outcomes.items()) for t in outcome.trials]


def _error(trial: Trial) -> tuple[SeriesClass, Weekly]:
    if trial.series_class.regular:
        return trial.series_class, excess(trial.plain, trial.mean, trial.spread)
    return trial.series_class, tail_ratio(trial.plain, trial.mean, trial.shape)


def _quantiles_frame(
    known: History, found: Found, calibration: Calibration, weeks: Sequence[date]
) -> pl.DataFrame:
    """Quantiles of all series with the campaigns put back; the weeks before the horizon fall away."""
    series = known.series
    if not series or not weeks:
        return pl.DataFrame(schema=QUANTILES_SCHEMA)
    gap = weeks_between(known.last_week, weeks[0]) - 1
    columns: dict[str, list[Weekly]] = {name: [] for name in ("quantity", "p10", "p50", "p90")}
    for one in series:
        outcome = found.outcomes[one.product, one.market]
        told = _told(outcome, calibration)
        for name, plain in zip(columns, told, strict=True):
            columns[name].append(lifted(plain, outcome.log_lift)[gap:])
    keys = {
        "product": [s.product for s in series for _ in weeks],
        "market": [s.market for s in series for _ in weeks],
        "week": list(weeks) * len(series),
    }
    values = {name: np.concatenate(arrays) for name, arrays in columns.items()}
    return pl.DataFrame({**keys, **values}, schema=QUANTILES_SCHEMA)


def _told(outcome: Outcome, calibration: Calibration) -> tuple[Weekly, Weekly, Weekly, Weekly]:
    """Mean, p10, p50 and p90 without season and campaigns."""
    point = outcome.point
    found = quantiles_of(outcome.series_class, point.mean, point.spread, outcome.shape, calibration)
    return point.mean, found.p10, found.p50, found.p90


def _methods_frame(known: History, found: Found, calibration: Calibration, lead_weeks: int) -> pl.DataFrame:
    began = min((s.first_week for s in known.series if s.first_week), default=None)
    rows = []
    for series in known.series:
        outcome = found.outcomes[series.product, series.market]
        judged = record(outcome.trials, calibration, lead_weeks)
        own = {
            "last_week": known.last_week,
            "unusual": "; ".join(w for w in (launched(series, began), outcome.unusual) if w) or None,
            "lead_weeks": lead_weeks,
        }
        rows.append(_method(series, outcome, judged) | own)
    return pl.DataFrame(rows, METHODS_SCHEMA, orient="row")


def _method(series: WeeklySeries, outcome: Outcome, judged: Record) -> dict[str, object]:
    size = series.quantity.size
    return {
        "product": series.product,
        "market": series.market,
        "series_class": str(outcome.series_class),
        "method": outcome.point.method,
        "fallback": outcome.point.fallback,
        "signals": outcome.signals,
        "weeks_of_history": size,
        "first_week": series.first_week,
        "mean_weekly": float(series.quantity.mean()) if size else 0.0,
        "wape": judged.wape,
        "naive_wape": judged.naive_wape,
        "bias": judged.bias,
        "better_than_naive": judged.better_than_naive,
        "mase": judged.mase,
        "pinball": judged.pinball,
        "coverage": judged.coverage,
        "value_added": judged.value_added,
        "origins": judged.origins,
        "weeks_judged": judged.weeks,
    }
