"""No fallback is silent: series and signals planted to break the models, each told in words."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand
from tests.forecast.demand import START, history_of, in_north, method_of, noisy, quantity_of

WEEKS = 90
CLASS_MEMBERS = ({"AutoCES", "DynamicOptimizedTheta", "AutoETS"}, {"TSB", "IMAPA", "ADIDA", "SES"})


def planted() -> pl.DataFrame:
    """Series that break models: gaps are weeks without a row, null ones rows without a quantity."""
    steady = noisy(40, WEEKS)
    rows = history_of(
        usual=steady, constant=[12] * WEEKS, all_zero=[0] * WEEKS, one_point=[0] * (WEEKS - 1) + [7],
        gap_ridden=steady, null=steady, half_null=steady, ramp=range(5, 5 + WEEKS),
    )  # fmt: skip
    gap = pl.col("date").is_between(START - 40 * WEEK, START - 31 * WEEK)
    rows = rows.filter((pl.col("product") != "gap_ridden") | ~gap)
    early = pl.col("date") < START - 20 * WEEK
    blank = (pl.col("product") == "null") | ((pl.col("product") == "half_null") & early)
    return rows.with_columns(quantity=pl.when(blank).then(None).otherwise("quantity"))


def signals() -> pl.DataFrame:
    """Deals, their twin on another channel, and one that never ran before."""
    mondays = [START - (WEEKS - t) * WEEK for t in (30, 45, 58, 70, 83, WEEKS + 2)]
    rows = [("deal", day, 1.0) for day in mondays] + [("twin", day, 0.5) for day in mondays]
    rows.append(("first time", mondays[-1], 1.0))
    return pl.DataFrame(
        [
            {
                "campaign": f"{channel} {day}", "channel": channel, "product": "usual",
                "start_date": day, "end_date": day + timedelta(days=6), "promotion": strength,
            }
            for channel, day, strength in rows
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    history = planted()
    pairs = in_north(*history["product"].unique().sort())
    return forecast_demand(history, pairs, START, 8, campaigns=signals())


@pytest.mark.parametrize(
    ("product", "told"),
    [
        ("constant", "constant history"),
        ("all_zero", "no demand in the history"),
        ("one_point", "1 week of history"),
        ("null", "no history"),
    ],
)
def test_what_stands_in_for_the_models_is_told(forecast: Forecast, product: str, told: str) -> None:
    assert told in str(method_of(forecast, product)["fallback"])


def test_a_gap_is_told_and_so_are_rows_without_a_quantity(forecast: Forecast) -> None:
    assert "sold out or closed? No demand in" in str(method_of(forecast, "gap_ridden")["unusual"])
    assert method_of(forecast, "null")["unusual"] == f"{WEEKS} rows without a quantity were passed over"
    assert "70 rows without a quantity" in str(method_of(forecast, "half_null")["unusual"])


def test_signals_that_cannot_be_used_are_told(forecast: Forecast) -> None:
    words = str(method_of(forecast, "usual")["signals"])
    assert "twin (collinear)" in words
    assert "first time (constant)" in words


def test_every_series_has_either_all_models_of_its_class_or_a_reason(forecast: Forecast) -> None:
    for row in forecast.methods.iter_rows(named=True):
        complete = any(all(name in row["method"] for name in members) for members in CLASS_MEMBERS)
        assert complete is (row["fallback"] is None), row["product"]
    values = forecast.quantiles.select("quantity", "p10", "p50", "p90").to_numpy()
    assert np.isfinite(values).all()
    assert (values >= 0).all()


def test_one_bad_series_changes_no_other(forecast: Forecast) -> None:
    history = planted().filter(pl.col("product") == "usual")
    alone = forecast_demand(history, in_north("usual"), START, 8, campaigns=signals())
    assert quantity_of(alone, "usual") == quantity_of(forecast, "usual")
