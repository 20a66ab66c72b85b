"""When work may lie in the week."""

from datetime import datetime, timedelta

import polars as pl

from planning.check.facts import Facts
from planning.check.windows import windows
from planning.domain.schema import INPUT
from tests.check import world
from tests.check.tables import given, table

START = datetime(2026, 11, 30)


def spans(facts: Facts, factory: str, *, attended: bool) -> list[tuple[float, float]]:
    """Windows of the first week as hours from Monday 00:00."""
    first = windows(facts).filter(
        (pl.col("factory") == factory) & (pl.col("attended") == attended) & (pl.col("week") == START.date())
    )
    hour = timedelta(hours=1)
    pairs = first.sort("opens").select("opens", "closes").rows()
    return [((opens - START) / hour, (closes - START) / hour) for opens, closes in pairs]


def test_shifts_lie_where_they_are_listed_past_midnight_too() -> None:
    facts = Facts(world.network(), world.plan())
    assert spans(facts, "F1", attended=True) == [(24 * day + 6, 24 * day + 14) for day in range(5)]
    assert spans(facts, "F1", attended=False) == [(24 * day + 22, 24 * day + 27) for day in range(4)]


def test_a_sunday_night_reaches_into_both_weeks() -> None:
    shifts = table(INPUT["shifts"], "factory,weekday,start,end,attended F1,7,22:00,06:00,false")
    facts = Facts(world.network().with_tables(shifts=shifts), world.plan())
    assert spans(facts, "F1", attended=False) == [(-2, 6), (6 * 24 + 22, 7 * 24 + 6)]


def test_without_shifts_attended_hours_run_monday_to_friday_from_six() -> None:
    facts = Facts(world.network(), world.plan())
    assert spans(facts, "F2", attended=True) == [(24 * day + 6, 24 * day + 14) for day in range(5)]
    assert spans(facts, "F2", attended=False)[:2] == [(0, 6), (14, 30)]


def test_hours_that_do_not_fit_into_five_days_may_lie_anywhere() -> None:
    network, plan = given("factories", {"factory": "F2"}, attended_hours_per_week=168.0)(
        world.network(), world.plan()
    )
    assert (0.0, 168.0) in spans(Facts(network, plan), "F2", attended=True)
