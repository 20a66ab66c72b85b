"""When open deals will be confirmed, learned from closed ones."""

from datetime import date, timedelta

import polars as pl
import pytest

from planning.forecast.deals import confirm_dates, confirm_times

TODAY = date(2026, 11, 24)


def deals(waited: list[int], ages: list[int], lost: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Opportunities won after so many days, long ago; others open for so many days; and orders of the won."""
    won = [
        {"opportunity_id": f"w{n}", "observed_date": TODAY - timedelta(days=400), "status": "won"}
        | {"order_id": f"o{n}"}
        for n in range(len(waited))
    ]
    others = [
        {"opportunity_id": f"open{n}", "observed_date": TODAY - timedelta(days=age), "status": "open"}
        | {"order_id": None}
        for n, age in enumerate(ages)
    ]
    gone = [won[0] | {"opportunity_id": f"l{n}", "status": "lost", "order_id": None} for n in range(lost)]
    orders = [
        {"order_id": f"o{n}", "order_date": TODAY - timedelta(days=400 - days)}
        for n, days in enumerate(waited)
    ]
    return pl.DataFrame([*won, *others, *gone], infer_schema_length=None), pl.DataFrame(orders)


TEN_TO_A_HUNDRED = list(range(10, 101, 10))


def test_half_the_deals_are_confirmed_by_the_median_wait() -> None:
    opportunities, orders = deals(TEN_TO_A_HUNDRED, [0])
    times = confirm_times(opportunities, orders, TODAY)
    assert times is not None
    assert (times.after(0, 0.1), times.after(0, 0.5), times.after(0, 0.9)) == (10, 50, 90)
    found = confirm_dates(opportunities, times, TODAY)
    assert found.row(0) == ("open0", *(TODAY + timedelta(days=d) for d in (10, 50, 90)))


def test_a_deal_that_has_waited_already_is_confirmed_after_today() -> None:
    opportunities, orders = deals(TEN_TO_A_HUNDRED, [60])
    times = confirm_times(opportunities, orders, TODAY)
    assert times is not None
    row = confirm_dates(opportunities, times, TODAY).row(0, named=True)
    assert TODAY < row["p10"] < row["p50"] < row["p90"] == TODAY + timedelta(days=40)


def test_deals_that_wait_longer_make_the_wait_longer() -> None:
    """Ten quick wins among forty that have waited 35 days: the quick ones are not the rule."""
    alone, among = (confirm_times(*deals(TEN_TO_A_HUNDRED, ages), TODAY) for ages in ([], [35] * 40))
    assert alone is not None
    assert among is not None
    assert among.after(0, 0.5) > alone.after(0, 0.5)  # type: ignore[operator]


def test_a_deal_older_than_any_that_was_confirmed_has_no_date() -> None:
    opportunities, orders = deals(TEN_TO_A_HUNDRED, [200])
    times = confirm_times(opportunities, orders, TODAY)
    assert times is not None
    assert confirm_dates(opportunities, times, TODAY).row(0) == ("open0", None, None, None)


@pytest.mark.parametrize(("wins", "learned"), [(7, False), (8, True)])
def test_fewer_than_eight_confirmed_deals_say_too_little(wins: int, learned: bool) -> None:
    assert (confirm_times(*deals([20] * wins, [5]), TODAY) is not None) is learned


def test_lost_deals_say_nothing_of_when() -> None:
    with_lost, without = (confirm_times(*deals(TEN_TO_A_HUNDRED, [], lost), TODAY) for lost in (30, 0))
    assert with_lost is not None
    assert without is not None
    assert with_lost.waiting.tolist() == without.waiting.tolist()
