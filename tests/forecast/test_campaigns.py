"""Campaigns: the calendar as weekly signals."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from planning.forecast.campaigns import COMPETITOR_PRICE, PRICE, weekly_signals

MONDAY = date(2026, 11, 30)
CATALOGUE = pl.DataFrame(
    {"product": ["b", "c", "d"], "family": ["housing", "housing", "gear"], "price": [10.0, 20.0, 5.0]}
)
PAIRS = pl.DataFrame({"product": ["b", "b", "c", "d"], "market": ["north", "south", "north", "north"]})


def campaign(**columns: object) -> dict[str, object]:
    usual = {
        "campaign": "autumn",
        "channel": "deal",
        "start_date": MONDAY,
        "end_date": MONDAY + timedelta(days=6),
    }
    return {**usual, **columns}


def signals_of(*rows: dict[str, object], **options: int) -> dict[tuple[str, str], dict[str, list[float]]]:
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    found = weekly_signals(frame, CATALOGUE, PAIRS, MONDAY, 4, **options)
    return {
        pair: {name: array.tolist() for name, array in by_name.items()} for pair, by_name in found.items()
    }


def test_a_familys_campaign_touches_all_its_products_in_every_market() -> None:
    assert set(signals_of(campaign(family="housing"))) == {("b", "north"), ("b", "south"), ("c", "north")}


def test_a_products_campaign_in_one_market_touches_that_alone() -> None:
    assert set(signals_of(campaign(product="b", market="south"))) == {("b", "south")}


def test_strength_is_promotion_times_the_share_of_the_week() -> None:
    wednesday = MONDAY + timedelta(days=2)
    row = campaign(product="d", promotion=0.5, start_date=wednesday, end_date=wednesday + timedelta(days=6))
    assert signals_of(row)["d", "north"]["deal"] == pytest.approx([0.5 * 5 / 7, 0.5 * 2 / 7, 0, 0])


def test_the_usual_spend_counts_one_and_double_spend_less_than_two() -> None:
    later = {"start_date": MONDAY + timedelta(days=7), "end_date": MONDAY + timedelta(days=13)}
    last = {"start_date": MONDAY + timedelta(days=14), "end_date": MONDAY + timedelta(days=20)}
    rows = [
        campaign(product="d", spend=s, **when) for s, when in ((100.0, {}), (100.0, later), (200.0, last))
    ]
    assert signals_of(*rows)["d", "north"]["deal"] == pytest.approx([1, 1, np.log2(3), 0])


def test_a_price_counts_against_the_list_price_and_once_however_many_channels_repeat_it() -> None:
    rows = [campaign(product="b", channel=c, price=8.0, promotion=1.0) for c in ("deal", "feature")]
    found = signals_of(*rows)["b", "north"]
    assert found[PRICE] == pytest.approx([np.log(0.8), 0, 0, 0])
    assert found["deal"] == found["feature"] == [1, 0, 0, 0]


def test_a_row_with_a_price_alone_has_no_strength() -> None:
    assert set(signals_of(campaign(product="b", channel="price", price=8.0))["b", "north"]) == {PRICE}


def test_competitors_prices_count_against_their_median() -> None:
    later = campaign(
        product="b",
        competitor_price=20.0,
        start_date=MONDAY + timedelta(days=7),
        end_date=MONDAY + timedelta(days=13),
    )
    found = signals_of(campaign(product="b", competitor_price=10.0), later)["b", "north"]
    assert found[COMPETITOR_PRICE] == pytest.approx([np.log(10 / 15), np.log(20 / 15), 0, 0])


def test_days_before_the_cutoff_count_for_the_week_before_like_the_demand() -> None:
    thursday = MONDAY + timedelta(days=3)
    row = campaign(product="d", start_date=thursday, end_date=thursday + timedelta(days=1))
    found = signals_of(row, due_cutoff_weekday=5)["d", "north"]["deal"]
    assert found == pytest.approx([1 / 7, 0, 0, 0])


def test_campaigns_outside_the_weeks_and_backwards_ones_touch_nothing() -> None:
    long_ago = campaign(product="d", start_date=date(2020, 1, 6), end_date=date(2020, 1, 12))
    backwards = campaign(product="d", end_date=MONDAY - timedelta(days=1))
    assert signals_of(long_ago) == signals_of(backwards) == {}
