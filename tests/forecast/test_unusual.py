"""Unusual weeks are told to the planner, and the history stays as it is."""

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK
from planning.forecast import forecast_demand
from planning.forecast.series import weekly_history
from planning.forecast.unusual import outliers, silent_weeks, stock_outs
from tests.forecast.demand import START, forecast_of, history_of, in_north, method_of, noisy, now_and_then


def test_weeks_without_demand_amid_steady_demand_may_be_a_stock_out() -> None:
    weeks = np.array(noisy(50, 60))
    weeks[[20, 21, 22, 40]] = 0
    assert stock_outs(weeks) == [20, 21, 22], "one week alone is none"
    assert stock_outs(np.array(now_and_then(8, 60))) == []


def test_a_week_far_off_its_neighbours_is_an_outlier_and_a_trend_makes_none() -> None:
    weeks = np.array(noisy(50, 60))
    assert outliers(weeks) == []
    assert outliers(weeks * np.exp(np.arange(60) / 30)) == []
    weeks[33] *= 12
    assert outliers(weeks) == [33]


def test_a_silence_that_chance_cannot_explain_is_told() -> None:
    assert silent_weeks(np.array(noisy(50, 40) + [0.0] * 3)) == 3
    rare = np.array(([8.0] + [0.0] * 3) * 12)
    assert silent_weeks(rare) == 0
    assert silent_weeks(np.concatenate([rare, np.zeros(20)])) == 23


def test_the_planner_reads_what_is_unusual_and_the_series_is_not_altered() -> None:
    weeks = noisy(50, 60)
    weeks[20:23] = [0.0] * 3
    weeks[45] = 900.0
    history = history_of(odd=weeks, late=noisy(30, 30), usual=noisy(40, 60))
    forecast = forecast_demand(history, in_north("odd", "late", "usual"), START, 8)
    odd = str(method_of(forecast, "odd")["unusual"])
    assert "sold out or closed? No demand in" in odd
    first = (START - 15 * WEEK).isocalendar()
    assert f"outliers in week {first.week} of {first.year}" in odd
    assert str(method_of(forecast, "late")["unusual"]).startswith("launched in week")
    assert method_of(forecast, "usual")["unusual"] is None
    series = {s.product: s for s in weekly_history(history, in_north("odd"), START).series}
    assert series["odd"].quantity.tolist() == weeks


def test_a_campaign_week_is_no_outlier() -> None:
    promoted = (30, 44, 58, 72, 86)
    history = {
        f"p{n}": [q * (6 if t in promoted else 1) for t, q in enumerate(noisy(80, 100, seed=n))]
        for n in range(4)
    }
    deals = pl.DataFrame(
        [
            {"campaign": f"c{t}", "channel": "deal", "family": "gear", "promotion": 1.0,
             "start_date": START - (100 - t) * WEEK, "end_date": START - (100 - t) * WEEK + WEEK * (6 / 7)}
            for t in promoted
        ]
    )  # fmt: skip
    catalogue = pl.DataFrame({"product": list(history), "family": ["gear"] * 4})
    told = forecast_demand(
        history_of(**history), in_north(*history), START, 8, campaigns=deals, products=catalogue
    )
    assert told.methods["unusual"].is_null().all()
    assert forecast_of(**history).methods["unusual"].str.contains("outliers").all()
