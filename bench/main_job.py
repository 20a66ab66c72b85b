"""The main job on real demand: time, gap, and forecast error four weeks ahead against a simple rule."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

import polars as pl

from bench import real_demand
from bench.shared import shared_data
from planning.forecast import forecast_demand
from planning.workflows.folders import run_folder


def main() -> None:
    """Print one table: data set, series, weeks, seconds, gap, violations, WAPE of forecast and rule."""
    data = shared_data()
    if data is None:
        print("main_job: shared data sets are not here; nothing measured")
        return
    juice, campaigns = real_demand.orange_juice(data / "oj_chain_brand_weekly.csv")
    shop = real_demand.web_shop(data / "online_retail_weekly_1000sku.csv")
    rows = [
        _row("orange juice", juice, campaigns, 26, season_weeks=52),
        _row("online retail", shop, None, 13, season_weeks=None),
    ]
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame(rows))


def _row(
    name: str, history: pl.DataFrame, campaigns: pl.DataFrame | None, horizon: int, season_weeks: int | None
) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        network = real_demand.build_network(Path(scratch) / "network", history, campaigns, horizon)
        started, cpu = time.monotonic(), time.process_time()
        run = run_folder(network, Path(scratch) / "out", real_demand.AS_OF)
        seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    summary = run.plan.summary
    error, rule = _errors(history, campaigns, season_weeks)
    return {
        "data": name,
        "series": history.select("product", "market").unique().height,
        "seconds": round(seconds, 1),
        "cpu": round(cpu, 1),
        "status": summary["status"],
        "gap": f"{summary['gap']:.2%}",
        "violations": summary["checker"]["violations"],
        "WAPE h=4": round(error, 3),
        "rule": "seasonal naive" if season_weeks else "mean of last 4 weeks",
        "WAPE rule": round(rule, 3),
    }


def _errors(
    history: pl.DataFrame, campaigns: pl.DataFrame | None, season_weeks: int | None
) -> tuple[float, float]:
    """WAPE over the last four weeks, not shown to either: of the forecast, and of the simple rule."""
    weeks = real_demand.HOLD_OUT_WEEKS
    start = real_demand.AS_OF - timedelta(weeks=weeks)
    known = history.filter(pl.col("date") < start)
    pairs = history.select("product", "market").unique().sort("product", "market")
    forecast = forecast_demand(known, pairs, start, weeks, campaigns=campaigns)
    key = ["product", "market"]
    asked = history.filter(pl.col("date") >= start).rename({"date": "week"})
    cells = forecast.quantiles.select(*key, "week", forecast="quantity").join(
        asked, on=[*key, "week"], how="left"
    )
    cells = cells.with_columns(pl.col("quantity").fill_null(0.0))
    if season_weeks is None:
        last = known.filter(pl.col("date") >= start - timedelta(weeks=4))
        rule = last.group_by(key).agg(rule=pl.col("quantity").sum() / 4)
        cells = cells.join(rule, on=key, how="left")
    else:
        ago = known.select(*key, week=pl.col("date") + pl.duration(weeks=season_weeks), rule="quantity")
        cells = cells.join(ago, on=[*key, "week"], how="left")
    cells = cells.with_columns(pl.col("rule").fill_null(0.0))
    total = float(cells["quantity"].sum())

    def wape(column: str) -> float:
        return float(cells.select((pl.col(column) - pl.col("quantity")).abs().sum()).item()) / total

    return wape("forecast"), wape("rule")
