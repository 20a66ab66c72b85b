"""Holidays: those of the market's own country, in the weeks nobody works."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK, weeks_between
from planning.forecast import forecast_demand
from planning.forecast.holiday_weeks import CHRISTMAS, NEW_YEAR, OTHER, holiday_signals
from tests.forecast.demand import START, history_of, in_north, noisy, quantity_of

FIRST = date(2024, 1, 1)
NORTH = pl.DataFrame({"market": ["north"], "country": ["DE"]})


def weeks_of(country: str, name: str) -> dict[date, float]:
    """Weeks of 2024 and 2025 in which the signal runs, with its strength."""
    markets = pl.DataFrame({"market": ["north"], "country": [country]})
    signal = holiday_signals(markets, in_north("p"), FIRST, 105)["p", "north"][name]
    return {FIRST + int(t) * WEEK: float(signal[t]) for t in np.flatnonzero(signal)}


def test_christmas_and_new_year_are_in_the_weeks_of_their_days() -> None:
    assert weeks_of("DE", CHRISTMAS) == {date(2024, 12, 23): 1.0, date(2025, 12, 22): 1.0}
    assert set(weeks_of("DE", NEW_YEAR)) == {date(2024, 1, 1), date(2024, 12, 30), date(2025, 12, 29)}


def test_other_holidays_count_the_working_days_they_take() -> None:
    german = weeks_of("DE", OTHER)
    assert german[date(2024, 3, 25)] == pytest.approx(0.2), "Good Friday"
    assert german[date(2024, 4, 1)] == pytest.approx(0.2), "Easter Monday"
    assert date(2024, 12, 23) not in german, "Christmas counts once"


def test_every_country_keeps_its_own() -> None:
    assert date(2024, 7, 1) in weeks_of("US", OTHER)
    assert date(2024, 7, 1) not in weeks_of("DE", OTHER)


def test_without_a_known_country_there_are_no_holidays() -> None:
    nowhere = pl.DataFrame({"market": ["north"], "country": ["XX"]})
    exchange = nowhere.with_columns(country=pl.lit("NYSE"))
    for markets in (None, nowhere, exchange, NORTH.with_columns(country=pl.lit(None, pl.String))):
        assert holiday_signals(markets, in_north("p"), FIRST, 105) == {}


def test_the_forecast_of_christmas_week_is_as_low_as_the_last_ones_were() -> None:
    first = START - 130 * WEEK
    christmas = [weeks_between(first, monday) for monday in (date(2024, 12, 23), date(2025, 12, 22))]
    history = {}
    for n in range(5):
        weeks = noisy(60, 130, seed=n)
        history[f"p{n}"] = [round(q * (0.4 if t in christmas else 1)) for t, q in enumerate(weeks)]
    catalogue = pl.DataFrame({"product": list(history), "family": ["gear"] * 5})
    forecast = forecast_demand(
        history_of(**history), in_north(*history), START, 8, products=catalogue, markets=NORTH
    )
    for product in history:
        weeks = quantity_of(forecast, product)
        assert weeks[3] < 0.65 * np.mean(weeks[:3]), "the week of 21 December 2026"
    assert all("Christmas: WAPE" in words for words in forecast.methods["signals"])
