"""decide-by.ics: a day in the calendar for every decision, updated by the next plan, read by any calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.domain.plan import Plan
from planning.export import Names, decide_by_calendar
from tests.builders.plans import FACTORIES, a_plan, export_frame, week

NAMES = Names(factories=FACTORIES, robots={"fdm_xl": "FDM XL"})


def rental(**more: Any) -> dict[str, Any]:
    return {
        "action": "rent",
        "id": "FX-4",
        "vendor": "Robora",
        "robot_model": "COB",
        "factory": "F4",
        "units": 2,
        "decide_by": date(2026, 11, 30),
        "on_rent_date": date(2026, 12, 14),
        "off_rent_date": date(2027, 2, 1),
        "committed_cost": 8600.0,
        "tail_cost": 0.0,
        "reason": "late order SO-1042",
    } | more


def plan_of(*rows: dict[str, Any], version: int = 3, **summary: Any) -> Plan:
    plan = a_plan(version, **summary)
    return Plan(dict(plan.tables) | {"rentals": export_frame("rentals", list(rows))}, plan.summary)


def events(content: bytes) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert all(event.errors == [] for event in found)
    return found


def the_event(row: dict[str, Any], names: Names = NAMES, **more: Any) -> icalendar.Event:
    (event,) = events(decide_by_calendar(plan_of(row, **more), names))
    return event


def test_an_order_is_a_day_that_says_what_it_commits() -> None:
    event = the_event(rental())
    assert event["summary"] == "Order 2 × COB for Brno: commits EUR 8,600"
    assert event.start == date(2026, 11, 30)
    assert event.end == date(2026, 12, 1)
    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize(
    ("action", "more", "words"),
    [
        ("return", {"id": "CT-204"}, "Give notice on 2 × COB in Brno (CT-204)"),
        (
            "renew",
            {"id": "CT-117", "committed_cost": 15_300.0},
            "Renew 2 × COB in Brno (CT-117): commits EUR 15,300",
        ),
        ("terminate", {"id": "CT-9"}, "End 2 × COB in Brno early (CT-9)"),
        ("move", {"to_factory": "F3"}, "Move 2 × COB from Brno to Porto (FX-4)"),
    ],
)
def test_every_action_has_words(action: str, more: dict[str, Any], words: str) -> None:
    row = rental(**({"action": action, "committed_cost": 0.0} | more))
    assert the_event(row)["summary"] == words


def test_the_reason_dates_contract_and_plan_are_told() -> None:
    said = str(the_event(rental(tail_cost=1200.0, robot_model="fdm_xl"))["description"]).splitlines()
    assert said == [
        "Why: late order SO-1042",
        "Decide by: 2026-11-30",
        "On rent from: 2026-12-14",
        "Off rent from: 2027-02-01",
        "Offer: FX-4, Robora",
        "Robot model: fdm_xl, FDM XL",
        "Owed beyond the planned weeks: EUR 1,200",
        "Takt plan v3",
    ]


def test_it_reminds_two_days_before() -> None:
    (alarm,) = the_event(rental()).walk("VALARM")
    assert alarm["action"] == "DISPLAY"
    assert alarm["trigger"].dt == timedelta(days=-2)
    assert alarm["description"]


def test_every_decision_of_a_plan_is_there_once() -> None:
    plan = a_plan()
    found = events(decide_by_calendar(plan, NAMES))
    assert [event.start for event in found] == sorted(plan["rentals"]["decide_by"].to_list())
    assert len({event["uid"] for event in found}) == plan["rentals"].height == 6


def test_two_lots_of_one_offer_in_one_week_are_two_events() -> None:
    lots = [rental(off_rent_date=week(10)), rental(off_rent_date=week(20))]
    found = events(decide_by_calendar(plan_of(*lots), NAMES))
    assert len({event["uid"] for event in found}) == 2


def test_the_next_plan_updates_the_event_of_the_same_decision() -> None:
    before = the_event(rental())
    grown = rental(units=3, committed_cost=12_900.0, off_rent_date=week(30), reason="more orders")
    after = the_event(grown, version=4)
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert after["summary"] == "Order 3 × COB for Brno: commits EUR 12,900"


def test_notice_on_a_contract_stays_its_event_when_its_day_moves() -> None:
    first = rental(action="return", id="CT-1", decide_by=week(1), off_rent_date=week(3))
    later = rental(action="return", id="CT-1", decide_by=week(2), off_rent_date=week(4))
    assert the_event(first)["uid"] == the_event(later, version=4)["uid"]


@pytest.mark.parametrize(
    "other",
    [{"factory": "F1"}, {"id": "LR-2"}, {"on_rent_date": week(9)}, {"action": "move", "to_factory": "F3"}],
)
def test_another_decision_is_another_event(other: dict[str, Any]) -> None:
    assert the_event(rental())["uid"] != the_event(rental(**other))["uid"]


def test_it_is_stamped_with_the_making_of_the_plan_and_the_same_for_the_same_plan() -> None:
    plan = a_plan()
    content = decide_by_calendar(plan, NAMES)
    assert {event.stamp for event in events(content)} == {datetime(2026, 11, 23, 7, 15, tzinfo=UTC)}
    assert decide_by_calendar(plan, NAMES) == content


def test_what_has_no_day_to_decide_by_is_no_event() -> None:
    assert events(decide_by_calendar(plan_of(rental(decide_by=None)), NAMES)) == []


def test_lines_are_folded_and_signs_escaped_as_calendars_ask() -> None:
    reason = "Łódź; first, a comma\\ and then\nBEGIN:VEVENT\r\nUID:evil\rX-EVIL:1 " + "ß" * 100
    content = decide_by_calendar(plan_of(rental(reason=reason, id="A;B,C\\D")), NAMES)
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert content.count(b"BEGIN:VEVENT") - content.count(b" BEGIN:VEVENT") == 1
    (event,) = events(content)
    assert "X-EVIL" not in event
    told = str(event["description"])
    assert "Łódź; first, a comma\\ and then BEGIN:VEVENT" in told
    assert "Offer: A;B,C\\D, Robora" in told


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_whatever_stands_in_ids_and_reasons_the_calendar_can_be_read(id: str, reason: str, name: str) -> None:
    event = the_event(rental(id=id, reason=reason, vendor=name), Names(factories={"F4": name}))
    assert event.start == date(2026, 11, 30)
    assert len(event.walk("VALARM")) == 1
    assert str(event["summary"]).startswith("Order 2 × COB for ")
