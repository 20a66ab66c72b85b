"""Overrides: shared out as the forecast is, standing whatever the forecast becomes, judged by what came."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.calendar import WEEK
from planning.domain.schema import INPUT
from planning.forecast import apply_overrides, changed_by, spread, value_added
from planning.forecast.series import weekly_history
from tests.forecast.demand import HISTORY, START

AS_OF = START - timedelta(5)
units = st.floats(0, 1e6, allow_nan=False).map(lambda number: round(number, 3))
quantities = st.lists(units, min_size=1, max_size=40)


def forecast(quantities: list[float], product: str = "p1") -> pl.DataFrame:
    """One series from START on, half and twice the mean as its quantiles."""
    rows = [(product, "north", START + t * WEEK, q, q / 2, q, 2 * q) for t, q in enumerate(quantities)]
    return pl.DataFrame(rows, INPUT["forecast"].polars_schema, orient="row")


def override(quantity: float, week: date = START, **more: Any) -> dict[str, Any]:
    return {"product": "p1", "market": "north", "week": week, "quantity": quantity} | more


def overrides(*rows: dict[str, Any]) -> pl.DataFrame:
    known = dict.fromkeys(INPUT["overrides"].columns)
    return pl.DataFrame([known | row for row in rows], INPUT["overrides"].polars_schema)


@given(quantities, units)
def test_what_is_said_of_many_rows_adds_up_to_what_was_said(shares: list[float], said: float) -> None:
    rows = spread(forecast(shares), said)
    assert rows["quantity"].sum() == pytest.approx(said, rel=1e-12, abs=1e-6)
    assert (rows["quantity"] >= 0).all()


@given(quantities.filter(lambda shares: sum(shares) > 1), units)
def test_every_row_gets_the_share_the_forecast_gives_it(shares: list[float], said: float) -> None:
    rows = spread(forecast(shares), said)
    fair = [said * share / sum(shares) for share in shares]
    assert rows["quantity"].to_list() == pytest.approx(fair, rel=1e-9, abs=2e-6)


def test_where_nothing_is_forecast_all_get_the_same() -> None:
    assert spread(forecast([0, 0, 0, 0]), 10)["quantity"].to_list() == [2.5] * 4


@given(quantities, st.floats(-1, 5))
def test_a_change_keeps_the_shares_and_changes_the_total(shares: list[float], change: float) -> None:
    rows = changed_by(forecast(shares), change)
    assert rows["quantity"].to_list() == pytest.approx([q * (1 + change) for q in shares], abs=1e-6)


@given(quantities, quantities, units)
def test_an_override_stands_whatever_the_forecast_becomes(
    now: list[float], anew: list[float], said: float
) -> None:
    row = overrides(override(said))
    for made in (forecast(now), forecast(anew)):
        applied = apply_overrides(made, row, AS_OF)
        assert applied["quantity"][0] == said
        assert applied["quantity"][1:].equals(made["quantity"][1:])


@given(quantities, units, st.integers(1, 60))
def test_an_override_whose_last_day_is_over_falls_away(made: list[float], said: float, days_ago: int) -> None:
    over = overrides(override(said, expires=AS_OF - timedelta(days_ago)))
    assert apply_overrides(forecast(made), over, AS_OF).equals(forecast(made))


def test_on_its_last_day_an_override_still_holds() -> None:
    last = overrides(override(7, expires=AS_OF))
    assert apply_overrides(forecast([5.0]), last, AS_OF)["quantity"].to_list() == [7]


def came(*weeks: float) -> pl.DataFrame:
    """History up to the week before START."""
    rows = [(START - (len(weeks) - t) * WEEK, "p1", "north", q) for t, q in enumerate(weeks)]
    return pl.DataFrame(rows, HISTORY, orient="row")


def judged(rows: pl.DataFrame, model: float, history: pl.DataFrame) -> pl.DataFrame:
    said = rows.select("product", "market", "week").with_columns(quantity=pl.lit(model))
    known = weekly_history(history, rows.select("product", "market"), START, START)
    return value_added(rows, said, known)


def test_value_added_is_the_error_an_override_spared() -> None:
    """10 came; the model said 20. 12 is 8 units closer, 35 is 15 units worse."""
    week = START - WEEK
    assert judged(overrides(override(12, week)), 20, came(9, 10))["gain"].to_list() == [8]
    assert judged(overrides(override(35, week)), 20, came(9, 10))["gain"].to_list() == [-15]


@given(units, units, units)
def test_saying_what_the_model_says_adds_nothing_and_the_truth_adds_most(
    model: float, said: float, actual: float
) -> None:
    week, history = START - WEEK, came(5, actual)
    gain = judged(overrides(override(said, week)), model, history)["gain"].item()
    assert judged(overrides(override(model, week)), model, history)["gain"].item() == 0
    assert gain <= judged(overrides(override(actual, week)), model, history)["gain"].item() + 1e-9


def test_only_what_held_when_its_week_began_is_judged_and_only_once_the_week_is_over() -> None:
    past, ahead = START - WEEK, START + WEEK
    rows = overrides(
        override(12, past, expires=past - timedelta(1)), override(12, START - 2 * WEEK), override(12, ahead)
    )
    assert judged(rows, 20, came(9, 10))["week"].to_list() == [START - 2 * WEEK]


def test_a_week_in_which_nothing_came_is_judged_as_zero() -> None:
    assert judged(overrides(override(3, START - WEEK)), 5, came(9, 0))["gain"].to_list() == [2]
