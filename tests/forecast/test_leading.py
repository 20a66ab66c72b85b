"""Leading signals: only what has been seen before the forecast begins, and only where it pays."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand
from planning.forecast.leading import leading_signals
from tests.forecast.demand import START, history_of, in_north

WEEKS, AHEAD = 120, 4
FIRST = START - WEEKS * WEEK


def visits_of(counts: list[float], product: str = "p") -> pl.DataFrame:
    """A row a week from the first week of the history on."""
    return pl.DataFrame(
        {
            "date": [FIRST + t * WEEK + timedelta(days=2) for t in range(len(counts))],
            "channel": ["web"] * len(counts),
            "product": [product] * len(counts),
            "visits": counts,
        }
    )


def test_a_week_is_told_what_was_seen_the_whole_horizon_before() -> None:
    seen = [10.0, 1000.0, 10.0, 10.0]
    found = leading_signals(visits_of(seen), None, in_north("p"), FIRST, 10, lag=AHEAD)
    (signal,) = found["p", "north"].values()
    assert signal.argmax() == 1 + AHEAD
    assert signal[:AHEAD].tolist() == [0.0] * AHEAD
    assert list(found["p", "north"]) == ["web visits 4 weeks before"]


def test_orders_are_nearest_to_leads_then_to_carts_and_visits() -> None:
    rows = visits_of([10.0, 20.0]).with_columns(leads=pl.Series([1.0, 2.0]))
    found = leading_signals(rows, None, in_north("p"), FIRST, 10, lag=AHEAD)
    assert list(found["p", "north"]) == ["web leads 4 weeks before"]


def test_a_familys_activity_speaks_of_all_its_products() -> None:
    rows = visits_of([10.0, 20.0]).with_columns(product=pl.lit(None, pl.String), family=pl.lit("gear"))
    catalogue = pl.DataFrame({"product": ["a", "b", "c"], "family": ["gear", "gear", "other"]})
    found = leading_signals(rows, catalogue, in_north("a", "b", "c"), FIRST, 10, lag=AHEAD)
    assert set(found) == {("a", "north"), ("b", "north")}


def forecast_with(visits: list[float], demand: list[float]) -> Forecast:
    return forecast_demand(
        history_of(p=demand), in_north("p"), START, AHEAD, activity=visits_of(visits), backtest=False
    )


def test_activity_that_leads_enters_and_moves_the_weeks_it_speaks_of() -> None:
    rng = np.random.default_rng(4)
    crowds = np.where(rng.random(WEEKS) < 0.25, 400.0, 100.0)
    crowds[-AHEAD:] = [100, 400, 100, 100]
    demand = [100.0] * AHEAD + [float(q) for q in crowds[:-AHEAD] * rng.lognormal(0, 0.1, WEEKS - AHEAD)]
    forecast = forecast_with(crowds.tolist(), demand)
    assert "web visits 4 weeks before: WAPE" in forecast.methods["signals"].item()
    weeks = forecast.quantiles["quantity"]
    assert weeks[1] > 2.5 * weeks[0]


@pytest.mark.parametrize("seed", range(3))
def test_activity_that_only_makes_noise_stays_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise, demand = rng.lognormal(5, 1, WEEKS), rng.lognormal(4, 0.3, WEEKS)
    words = forecast_with(noise.tolist(), demand.tolist()).methods["signals"].item()
    assert words == "left out: web visits 4 weeks before (no gain)"
