"""The settings of a plan."""

from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planning.domain.policy import Policy
from planning.domain.schema import SETTINGS

TODAY = date(2026, 11, 26)
USUAL = Policy.from_settings({}, TODAY)


def test_policy_and_schema_know_the_same_settings() -> None:
    assert [field.name for field in fields(Policy)] == [field.name for field in SETTINGS]


def test_defaults_are_those_of_the_schema() -> None:
    values = USUAL.as_settings()
    for field in SETTINGS:
        if field.default is not None:
            assert values[field.name] == field.default, field.name


def test_the_plan_starts_on_the_monday_on_or_after_as_of() -> None:
    assert USUAL.start_week == date(2026, 11, 30)
    assert Policy.from_settings({"as_of": date(2026, 11, 30)}, TODAY).start_week == date(2026, 11, 30)


def test_set_ups_are_planned_as_long_as_the_firm_zone_unless_said() -> None:
    assert Policy.from_settings({"firm_weeks": 4}, TODAY).setup_weeks == 4
    assert Policy.from_settings({"firm_weeks": 4, "setup_weeks": 0}, TODAY).setup_weeks == 0


def test_nothing_given_means_the_default() -> None:
    assert Policy.from_settings({"gap": None, "as_of": None}, TODAY) == USUAL


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 260))
def test_weeks_are_the_buckets(as_of: date, horizon: int) -> None:
    policy = Policy.from_settings({"as_of": as_of, "horizon_weeks": horizon}, TODAY)
    assert len(policy.weeks) == horizon
    assert [policy.bucket(week) for week in policy.weeks] == list(range(horizon))
    assert policy.bucket(policy.end_week) == horizon


def test_what_is_due_early_in_a_week_has_the_bucket_before() -> None:
    assert USUAL.due_bucket(date(2026, 12, 10)) == 0
    assert USUAL.due_bucket(date(2026, 12, 11)) == 1


def test_settings_come_back_as_plan_json_shows_them() -> None:
    assert USUAL.as_settings()["as_of"] == "2026-11-26"
    assert USUAL.as_settings()["carbon_cap_kg"] is None
