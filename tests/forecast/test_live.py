"""Forecasts whose weeks are over are judged by what came."""

import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast import Dependence
from planning.forecast.live import live_record
from planning.forecast.series import weekly_history
from tests.forecast.demand import START, history_of, in_north

BEGAN = START - 4 * WEEK


def told(quantity: float = 100.0, began: object = BEGAN) -> pl.DataFrame:
    """A forecast of four weeks of product p, give or take a tenth."""
    rows = [
        {
            "start_week": began,
            "product": "p",
            "market": "north",
            "week": BEGAN + t * WEEK,
            "quantity": quantity,
        }
        | {"p10": 0.9 * quantity, "p50": quantity, "p90": 1.1 * quantity}
        for t in range(4)
    ]
    return pl.DataFrame(rows)


def live(last_weeks: list[float], past: pl.DataFrame | None = None, lead_weeks: int = 4) -> pl.DataFrame:
    known = weekly_history(history_of(p=[100.0] * 20 + last_weeks), in_north("p"), START)
    return live_record(told() if past is None else past, known, lead_weeks, Dependence(), {})


def test_demand_as_it_was_foretold_has_not_drifted() -> None:
    row = live([95.0, 110.0, 100.0, 103.0]).row(0, named=True)
    assert row["drifted"] is False
    assert row["live_wape"] == pytest.approx(18 / 408)
    assert row["live_bias"] == pytest.approx(-8 / 408)
    assert (row["forecast"], row["actual"]) == (400.0, 408.0)


@pytest.mark.parametrize("week", [60.0, 140.0])
def test_demand_that_leaves_its_range_raises_the_alarm(week: float) -> None:
    row = live([week] * 4).row(0, named=True)
    assert row["drifted"] is True
    assert not row["lowest"] <= row["actual"] <= row["highest"]


def test_a_forecast_whose_lead_time_is_not_over_is_not_judged() -> None:
    assert live([100.0] * 4, lead_weeks=5).is_empty()
    assert live([100.0] * 4, told().clear()).is_empty()
