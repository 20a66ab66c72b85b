"""Forecast error on public demand: M3 monthly, car parts, orange juice, and a retailer with media signals."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench import moved_demand
from bench.shared import shared_data
from planning.domain.calendar import WEEK
from planning.forecast import forecast_demand
from planning.forecast.models import Recipe, point_forecast
from planning.forecast.series import classify

MONTHS = 12
#: Of the published Naive2 of the M3 competition, monthly.
NAIVE2_SMAPE, NAIVE2_MASE = 16.891, 1.037
WEEKS_AHEAD, APART = 8, 4

Row = dict[str, object]
Series = NDArray[np.float64]


def main() -> None:
    """Print one table: data set, how it was forecast, measure, target, bias and CPU seconds."""
    data = shared_data()
    if data is None:
        print("forecast: shared data sets are not here; nothing measured")
        return
    measurements: Sequence[Callable[[Path], list[Row]]] = (_m3, _car_parts, _orange_juice, _retailer)
    rows = [row for measure in measurements for row in measure(data)]
    with pl.Config(
        tbl_width_chars=200,
        tbl_cols=-1,
        tbl_rows=-1,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        print(pl.DataFrame(rows))


def _row(
    data: str, how: str, measure: str, value: float, target: str, *, bias: float | None = None, cpu: str = ""
) -> Row:
    return {
        "data": data,
        "forecast": how,
        "measure": measure,
        "value": round(value, 4),
        "target": target,
        "bias": "" if bias is None else f"{bias:+.1%}",
        "CPU s": cpu,
    }


def _m3(data: Path) -> list[Row]:
    """OWA of 1,428 monthly series 18 months ahead, and CPU seconds per 1,000 series."""
    rows = pl.read_csv(data / "m3_monthly.csv").sort("unique_id", "t")
    series = [
        tuple(group.filter(pl.col("is_test") == test)["y"].to_numpy() for test in (0, 1))
        for _, group in rows.group_by("unique_id", maintain_order=True)
    ]
    found = []
    for how, fast, most, most_cpu in (("fast mode", True, 0.815, 15), ("full mode", False, 0.805, 90)):
        recipe = Recipe(MONTHS, fast=fast)
        _forecast(series[0][0], 18, recipe)  # imports and compiles
        started = time.process_time()
        forecasts = [_forecast(known, 18, recipe) for known, _ in series]
        cpu = 1000 * (time.process_time() - started) / len(series)
        owa = _owa(series, forecasts)
        cpu_words = f"{cpu:.1f} per 1,000 (≤ {most_cpu})"
        found.append(_row("M3 monthly", how, "OWA", owa, f"≤ {most}", cpu=cpu_words))
    return found


def _forecast(known: Series, horizon: int, recipe: Recipe) -> Series:
    return point_forecast(known, classify(known), horizon, recipe).mean


def _owa(series: Sequence[Sequence[Series]], forecasts: Sequence[Series]) -> float:
    """½ (mean sMAPE / Naive2's + mean MASE / Naive2's), of Makridakis, Spiliotis and Assimakopoulos 2020."""
    errors = []
    for (known, actual), forecast in zip(series, forecasts, strict=True):
        miss = np.abs(forecast - actual)
        scale = np.abs(known[MONTHS:] - known[:-MONTHS]).mean()
        errors.append((np.mean(200 * miss / (np.abs(actual) + np.abs(forecast))), miss.mean() / scale))
    smape, mase = np.mean(errors, axis=0)
    return float(smape / NAIVE2_SMAPE + mase / NAIVE2_MASE) / 2


def _car_parts(data: Path) -> list[Row]:
    """Error of six-month totals over mean demand, root mean square over the parts sold often enough."""
    rows = pl.read_csv(data / "carparts_monthly.csv").sort("part", "month_no")
    parts = [group["demand"] for _, group in rows.group_by("part", maintain_order=True)]
    known_months, horizon = 45, 6
    errors, forecast_units, units = [], 0.0, 0.0
    started = time.process_time()
    for demand in parts:
        if demand.null_count() or not _sold_often_enough(demand.to_numpy()[:known_months]):
            continue
        months = demand.to_numpy().astype(np.float64)
        known, actual = months[:known_months], months[known_months:].sum()
        since_first = known[np.flatnonzero(known)[0] :]
        forecast = _forecast(since_first, horizon, Recipe(MONTHS, lead_weeks=horizon)).sum()
        errors.append((actual - forecast) / horizon / known.mean())
        forecast_units, units = forecast_units + forecast, units + actual
    cpu = f"{time.process_time() - started:.1f}"
    error, bias = float(np.sqrt(np.mean(np.square(errors)))), forecast_units / units - 1
    how = f"{len(errors):,} parts, by class"
    return [_row("car parts", how, "RMS error of totals", error, "≤ 0.65, |bias| ≤ 25 %", bias=bias, cpu=cpu)]


def _sold_often_enough(known: Series) -> bool:
    return bool((known != 0).sum() >= 10 and known[:15].any() and known[-15:].any())


def _orange_juice(data: Path) -> list[Row]:
    """WAPE of eleven brands with prices and promotions known ahead, and without."""
    demand, campaigns = moved_demand.orange_juice(data / "oj_chain_brand_weekly.csv")
    own = campaigns.filter(pl.col("channel").is_in(["price", "deal"])).with_columns(
        competitor_price=pl.lit(None, pl.Float64)
    )
    products = demand.select("product", family=pl.lit("juice")).unique()
    without, bias, cpu = _rolling(demand, 8)
    rows = [_row("orange juice", "without signals", "WAPE", without, "", bias=bias, cpu=cpu)]
    target = f"≤ 0.40 and ≤ {0.7 * without:.3f}"
    for how, known, goal in (
        ("price, competitor price, deal, feature", campaigns, target),
        ("price and deal alone", own, ""),
    ):
        error, bias, cpu = _rolling(demand, 8, campaigns=known, products=products)
        rows.append(_row("orange juice", how, "WAPE", error, goal, bias=bias, cpu=cpu))
    return rows


def _retailer(data: Path) -> list[Row]:
    """WAPE of one retailer's sales with markdowns and holidays known ahead and media that may lead."""
    demand, campaigns, activity = moved_demand.retailer(data / "mmm_stan_weekly.csv")
    without, bias, cpu = _rolling(demand, 20)
    gated, gated_bias, gated_cpu = _rolling(demand, 20, campaigns=campaigns, activity=activity)
    target = f"≤ {1.01 * without:.4f}"
    return [
        _row("mmm_stan", "without signals", "WAPE", without, "", bias=bias, cpu=cpu),
        _row("mmm_stan", "signals, gated", "WAPE", gated, target, bias=gated_bias, cpu=gated_cpu),
    ]


def _rolling(demand: pl.DataFrame, origins: int, **sources: pl.DataFrame) -> tuple[float, float, str]:
    """WAPE, bias and CPU seconds of forecasts eight weeks ahead, from origins four weeks apart."""
    pairs = demand.select("product", "market").unique()
    actual = demand.select("product", "market", week="date", actual="quantity")
    last = demand.select(pl.col("date").max()).item()
    judged, started = [], time.process_time()
    for origin in range(origins):
        start = last + WEEK - timedelta(weeks=WEEKS_AHEAD + APART * origin)
        known = demand.filter(pl.col("date") < start)
        forecast = forecast_demand(known, pairs, start, WEEKS_AHEAD, backtest=False, **sources)
        judged.append(forecast.quantiles.join(actual, on=["product", "market", "week"]))
    cpu = f"{time.process_time() - started:.1f}"
    cells = pl.concat(judged)
    miss, units = cells["quantity"] - cells["actual"], float(cells["actual"].sum())
    return float(miss.abs().sum()) / units, float(miss.sum()) / units, cpu
