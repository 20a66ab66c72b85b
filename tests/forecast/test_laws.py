"""Laws every forecast keeps, whatever the history."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.calendar import WEEK
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.forecast import Forecast, forecast_demand
from planning.forecast.forecast import QUANTILES_SCHEMA
from tests.forecast.demand import START, history_of, in_north, noisy, now_and_then

weekly = st.lists(st.floats(0, 1e6, allow_nan=False).map(lambda q: round(q, 2)), min_size=0, max_size=30)
histories = st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), weekly, min_size=1)


def forecast(history: pl.DataFrame, *products: str, horizon: int = 6) -> Forecast:
    return forecast_demand(history, in_north(*products), START, horizon)


@settings(max_examples=25)
@given(histories)
def test_every_series_has_every_week_with_ordered_quantiles(products: dict[str, list[float]]) -> None:
    found = forecast(history_of(**products), *products)
    keys = found.quantiles.select("product", "market", "week")
    expected = [(p, "north", START + t * WEEK) for p in sorted(products) for t in range(6)]
    assert keys.rows() == expected
    assert found.methods["product"].to_list() == sorted(products)
    values = found.quantiles.select("quantity", "p10", "p50", "p90")
    assert np.isfinite(values.to_numpy()).all()
    assert (values.min_horizontal() >= 0).all()
    assert (found.quantiles["p10"] <= found.quantiles["p50"]).all()
    assert (found.quantiles["p50"] <= found.quantiles["p90"]).all()


ROOT = Path(__file__).parents[2]
MIXED = {
    "steady": noisy(60, 45),
    "rare": now_and_then(9, 45, seed=4),
    "new": noisy(7, 4),
    "trend": list(range(5, 50)),
}


@settings(max_examples=4)
@given(st.randoms(use_true_random=False))
def test_row_order_and_split_rows_change_nothing(random: object) -> None:
    history = history_of(**{name: [q + 0.1 for q in weeks] for name, weeks in MIXED.items()})
    halves = history.with_columns(pl.col("quantity") / 2)
    split = pl.concat([halves, halves])
    usual = forecast(history, *MIXED)
    order = list(range(history.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = forecast_demand(history[order], in_north(*reversed(MIXED)), START, 6)
    assert shuffled.quantiles.equals(usual.quantiles)
    assert shuffled.methods.equals(usual.methods)
    assert forecast(split, *MIXED).quantiles.equals(usual.quantiles)


def test_the_same_history_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from tests.forecast.test_laws import *; "
        "sys.stdout.write(forecast(history_of(**MIXED), *MIXED).quantiles.write_csv())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == forecast(history_of(**MIXED), *MIXED).quantiles.write_csv()


@pytest.mark.parametrize("factor", [0.5, 10.0, 1000.0])
def test_counting_in_other_units_scales_the_forecast(factor: float) -> None:
    history = history_of(**MIXED)
    usual = forecast(history, *MIXED).quantiles
    scaled = forecast(history.with_columns(pl.col("quantity") * factor), *MIXED).quantiles
    for column in ("quantity", "p10", "p50", "p90"):
        expected = usual[column].to_numpy() * factor
        assert scaled[column].to_numpy() == pytest.approx(expected, rel=0.02, abs=0.02 * factor)


def test_another_series_moves_no_other_mean() -> None:
    alone = forecast(history_of(steady=MIXED["steady"]), "steady").quantiles["quantity"]
    among = forecast(history_of(**MIXED), *MIXED).quantiles.filter(pl.col("product") == "steady")["quantity"]
    assert among.equals(alone)


def test_a_longer_horizon_begins_like_a_short_one() -> None:
    history = history_of(**MIXED)
    short, long = (
        forecast(history, *MIXED, horizon=5).quantiles,
        forecast(history, *MIXED, horizon=30).quantiles,
    )
    assert long.filter(pl.col("week") < START + 5 * WEEK).equals(short)


def test_history_that_ends_before_the_plan_is_forecast_through_the_gap() -> None:
    history = history_of(ramp=[10.0 + 2 * t + (t % 3) for t in range(60)])
    early = forecast_demand(history.filter(pl.col("date") < START - 4 * WEEK), in_north("ramp"), START, 6)
    assert early.methods["last_week"].item() == START - 5 * WEEK
    assert early.quantiles["week"][0] == START
    assert early.quantiles["quantity"][0] == pytest.approx(131, rel=0.05)


def test_intervals_widen_with_the_weeks_ahead() -> None:
    found = forecast(history_of(steady=noisy(100, 80)), "steady", horizon=26).quantiles
    width = (found["p90"] - found["p10"]).to_numpy()
    assert width[25] > width[0] > 0


def test_nothing_to_forecast_gives_empty_frames_of_the_same_columns() -> None:
    found = forecast_demand(history_of(steady=[1, 2, 3]), in_north(), START, 6)
    assert found.quantiles.schema == pl.Schema(QUANTILES_SCHEMA)
    assert found.methods.schema == pl.Schema(METHODS_SCHEMA)
    assert found.quantiles.height == found.methods.height == 0


def test_no_history_at_all_is_zero_everywhere() -> None:
    found = forecast_demand(history_of().clear(), in_north("p1", "p2"), START, 3)
    assert found.quantiles["p90"].to_list() == [0.0] * 6
    assert found.methods["fallback"].to_list() == ["no history"] * 2


def test_progress_runs_from_nothing_to_all_and_what_it_raises_stops_the_forecast() -> None:
    seen: list[float] = []
    forecast_demand(
        history_of(**MIXED), in_north(*MIXED), START, 3, progress=lambda share, _: seen.append(share)
    )
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert seen == sorted(seen)

    def cancel(share: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forecast_demand(history_of(**MIXED), in_north(*MIXED), START, 3, progress=cancel)


def test_importing_the_room_leaves_statsforecast_and_pandas_alone() -> None:
    code = (
        "import sys, planning.forecast; sys.exit('statsforecast' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_weeks_are_mondays_whatever_day_the_history_names() -> None:
    history = history_of(steady=MIXED["steady"]).with_columns(pl.col("date").dt.offset_by("4d"))
    found = forecast(history, "steady").quantiles
    assert found["week"].dt.weekday().unique().to_list() == [1]
    assert found["week"][0] == date(2026, 11, 30)
