"""How fast forecasts are: 10,000 weekly series, unchanged data, and what is added to statsforecast."""

import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from bench.shared import ROOT
from planning.domain.calendar import WEEK
from planning.forecast import Remembered, forecast_demand, models
from planning.signals import read_folder, validate
from planning.store import Workspace
from planning.workflows.folders import import_folder, run_forecast
from planning.workflows.forecasting import forecast_code, forecast_network

START = date(2026, 11, 30)
SERIES, HORIZON, LEAD = 10_000, 26, 6
AS_OF = date(2026, 11, 24)


def main() -> None:
    """Print one table: what is done, series, seconds, and the figure asked for."""
    rows = [*overhead(), *unchanged_demo(), *ten_thousand(SERIES)]
    with pl.Config(tbl_rows=-1, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(rows, orient="row"))


def overhead() -> Iterator[dict[str, object]]:
    """CPU of the demo company's forecast over the CPU of the calls to statsforecast in it, one process."""
    network = validate(read_folder(ROOT / "data" / "demo"), AS_OF)
    pairs = network["history"].select("product", "market").unique()
    forecast_demand(network["history"].head(200), pairs.head(2), START, HORIZON)  # imports apart
    with _bare_seconds() as bare:
        started = time.process_time()
        forecast_demand(
            network["history"],
            pairs,
            START,
            HORIZON,
            campaigns=network["campaigns"],
            products=network["products"],
            activity=network["activity"],
            markets=network["markets"],
            lead_weeks=LEAD,
        )
        whole = time.process_time() - started
    yield _row(
        "demo company, one process", pairs.height, whole, f"{whole / bare[0]:.3f} × bare statsforecast"
    )


def unchanged_demo() -> Iterator[dict[str, object]]:
    """The demo company a second time, nothing changed, and with one product's history changed."""
    network = validate(read_folder(ROOT / "data" / "demo"), AS_OF)
    first = forecast_network(network)
    remembered = Remembered(forecast_code(), first.outcomes)
    started = time.monotonic()
    again = forecast_network(network, remembered=remembered)
    seconds = time.monotonic() - started
    same = again.quantiles.equals(first.quantiles)
    yield _row("demo company, unchanged", again.methods.height, seconds, f"same result: {same}")


def ten_thousand(count: int) -> Iterator[dict[str, object]]:
    """Fast mode over two to three years of seasonal, erratic, rare and new demand; then unchanged."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "company"
        _write_company(folder, count)
        workspace = Workspace.open(Path(scratch) / "takt.duckdb")
        import_folder(workspace, folder, AS_OF)
        started = time.monotonic()
        first = run_forecast(workspace, AS_OF)
        seconds = time.monotonic() - started
        both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = sum(resource.getrusage(who).ru_maxrss for who in both)
        cpu = sum((used := resource.getrusage(who)).ru_utime + used.ru_stime for who in both)
        memory = f"{cpu:.0f} CPU s; peak {peak / 2**20:.1f} GB of this and the largest other process"
        yield _row("weekly series, all cores (≤ 360 s, ≤ 4 GB)", count, seconds, memory)
        started = time.monotonic()
        again = run_forecast(workspace, AS_OF)
        seconds = time.monotonic() - started
        same = f"same result: {again.quantiles.equals(first.quantiles)}"
        yield _row("the same, unchanged (≤ 1 s)", count, seconds, same)
        workspace.close()


def _write_company(folder: Path, count: int) -> None:
    """A company with this much history, and the least there has to be besides."""
    folder.mkdir()
    history, pairs = _synthetic(count)
    history.write_csv(folder / "history.csv")
    products = pairs["product"]
    pl.DataFrame({"product": products, "robot_model": "R", "hours_per_unit": 0.1}).write_csv(
        folder / "routings.csv"
    )
    order = {"order_id": "SO-1", "due_date": START, "product": products[0], "market": "all", "quantity": 1}
    rows = {
        "settings": [{"key": "as_of", "value": str(AS_OF)}, {"key": "start_week", "value": str(START)}],
        "factories": [{"factory": "F"}],
        "orders": [order],
        "owned": [{"factory": "F", "robot_model": "R", "units": 1}],
        "offers": [{"offer": "O", "robot_model": "R", "weekly_rate": 100, "lead_time_weeks": LEAD}],
    }
    for name, table in rows.items():
        pl.DataFrame(table).write_csv(folder / f"{name}.csv")


def _synthetic(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """History of `count` series: levels, seasons, trends, a quarter rare, a tenth young; always the same."""
    rng = np.random.default_rng(20261130)
    weeks = 156
    t = np.arange(weeks)
    level = rng.lognormal(3, 1, (count, 1))
    season = 1 + rng.uniform(0, 0.4, (count, 1)) * np.sin(
        2 * np.pi * (t + rng.integers(0, 52, (count, 1))) / 52
    )
    trend = 1 + rng.normal(0, 0.3, (count, 1)) * t / weeks
    units = np.maximum(level * season * trend, 0) * rng.lognormal(0, 0.3, (count, weeks))
    rare = rng.random((count, 1)) < 0.25
    units = np.where(rare & (rng.random((count, weeks)) > 0.3), 0, np.round(units))
    first = np.where(rng.random(count) < 0.1, rng.integers(52, weeks - 4, count), 0)
    products = [f"P{n:05}" for n in range(count)]
    rows = pl.DataFrame(
        {
            "product": np.repeat(products, weeks),
            "market": "all",
            "t": np.tile(t, count),
            "first": np.repeat(first, weeks),
            "quantity": units.ravel(),
        }
    ).filter((pl.col("quantity") > 0) & (pl.col("t") >= pl.col("first")))
    dates = pl.lit(START - weeks * WEEK) + pl.duration(weeks=pl.col("t"))
    return (
        rows.select("product", "market", "quantity", date=dates),
        pl.DataFrame({"product": products, "market": "all"}),
    )


@contextmanager
def _bare_seconds() -> Iterator[list[float]]:
    """CPU seconds spent inside statsforecast's own forecast calls, in a list of one."""
    spent, make = [0.0], models._model

    class Timed:
        def __init__(self, model: models.Model) -> None:
            self._model = model

        def forecast(self, **call: object) -> object:
            started = time.process_time()
            try:
                return self._model.forecast(**call)  # type: ignore[arg-type]
            finally:
                spent[0] += time.process_time() - started

    models._model = lambda name, season: Timed(make(name, season))  # type: ignore[assignment, return-value]
    try:
        yield spent
    finally:
        models._model = make


def _row(what: str, series: int, seconds: float, figure: str) -> dict[str, object]:
    return {"what": what, "series": series, "seconds": round(seconds, 2), "figure": figure}
