"""Settings are used as they are written, or refused; never quietly replaced."""

from datetime import date

import pytest

from planning.domain.policy import Policy
from tests.signals.mini import TODAY, aside, csv, network, refusal


def settings(*rows: str) -> str:
    return csv("key,value", *rows)


def test_without_settings_today_is_as_of() -> None:
    assert network().policy == Policy(as_of=TODAY, start_week=date(2026, 11, 30))


def test_settings_are_typed() -> None:
    policy = network(
        settings=settings("as_of,2026-06-03", "horizon_weeks,13", "gap,0.05", "firm_weeks,3", "currency,GBP")
    ).policy
    assert (policy.as_of, policy.start_week) == (date(2026, 6, 3), date(2026, 6, 8))
    assert (policy.horizon_weeks, policy.gap, policy.currency) == (13, 0.05, "GBP")
    assert policy.setup_weeks == 3


def test_an_empty_value_means_the_default() -> None:
    assert network(settings=settings("gap,", "as_of,")).policy == network().policy


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("horizon_week,12", "there is no such setting"),
        ("gap,small", "is not a number"),
        ("gap,2", "at most 1"),
        ("horizon_weeks,0", "at least 1"),
        ("horizon_weeks,12.5", "is not a whole number"),
        ("commit_threshold,0", "above 0"),
        ("time_limit_seconds,nan", "is not a number"),
        ("as_of,26.11.2026", "is not a date"),
        ("as_of,0001-01-01", "is not between 1900 and 2199"),
        ("start_week,2026-12-02", "is no Monday"),
        ("start_week,2036-12-01", "more than five years"),
        ("timezone,Mars/Base", "is no time zone"),
        (",12", "key is empty"),
        ("gap,0.1,0.2", "3 cells where the header has 2"),
    ],
)
def test_a_setting_that_cannot_be_used_refuses_the_folder(row: str, words: str) -> None:
    (fault,) = refusal(settings=settings("firm_weeks,2", row))
    assert (fault.file, fault.line) == ("settings.csv", 3)
    assert words in fault.reason


def test_a_misspelt_setting_is_told_the_right_name() -> None:
    (fault,) = refusal(settings=settings("horizonweeks,12"))
    assert fault.remedy == "Did you mean 'horizon_weeks'?"


def test_a_setting_said_twice_with_different_values_refuses_the_folder() -> None:
    faults = refusal(settings=settings("gap,0.1", "gap,0.2"))
    assert [fault.line for fault in faults] == [2, 3]


def test_a_setting_said_twice_alike_is_kept_aside_once() -> None:
    understood = network(settings=settings("gap,0.1", "gap,0.1"))
    assert understood.policy.gap == 0.1
    assert aside(understood, "line", "reason") == [(3, "is the same as line 2")]


def test_all_settings_that_cannot_be_used_are_told_with_everything_else() -> None:
    faults = refusal(
        settings=settings("gap,2", "tail_use,x"), stock=csv("factory,product,quantity", "XX,0012,1")
    )
    assert [(fault.file, fault.line) for fault in faults] == [
        ("settings.csv", 2),
        ("settings.csv", 3),
        ("stock.csv", 2),
    ]


def test_as_of_says_which_dates_are_near() -> None:
    old = csv("order_id,due_date,product,market,quantity", "S,1992-06-05,0012,DE,4")
    assert network(orders=old)["orders"].is_empty()
    assert network(orders=old, settings=settings("as_of,1992-06-01"))["orders"].height == 1


def test_leap_days_have_their_five_years_too() -> None:
    old = csv("order_id,due_date,product,market,quantity", "A,2019-02-28,0012,DE,4", "B,2019-02-27,0012,DE,4")
    understood = network(orders=old, settings=settings("as_of,2024-02-29"))
    assert understood["orders"]["order_id"].to_list() == ["A"]
