"""Contracts at the end of a week: what is said, else what the plan decided, else their dates."""

from datetime import date
from typing import Any

import pytest

from planning.errors import InputError
from planning.rolling import Actuals, RolledWeek, roll_week
from tests.rolling.weeks import NEXT, WEEK, a_network, a_plan, nothing_said, said

HEADER = "contract,offer,factory,units,weekly_rate,on_rent_date,min_end_date,off_rent_date,status\n"
HELD = HEADER + (
    "COMES,FLEX,PO,2,,2026-11-30,2026-12-28,,ordered\n"
    "LATER,FLEX,PO,1,,2026-12-14,2027-01-11,,ordered\n"
    "GOES,FLEX,PO,1,95,2026-09-07,2026-10-05,2026-12-07,notice\n"
    "STAYS,FLEX,PO,3,90,2026-09-07,2026-10-05,,on_rent\n"
)


def roll(*events: dict[str, Any], **tables: list[dict[str, Any]]) -> RolledWeek:
    network = a_network(contracts=HELD)
    actuals = Actuals(contract_events=said("contract_events", *events)) if events else nothing_said()
    return roll_week(network, a_plan(**tables), actuals)


def after(rolled: RolledWeek) -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in rolled.updated["contracts"].iter_rows(named=True)}


def test_dates_say_what_came_and_what_went_and_it_is_told() -> None:
    rolled = roll()
    now = after(rolled)
    assert {id: row["status"] for id, row in now.items()} == {"COMES": "on_rent", "GOES": "ended"}
    told = " ".join(rolled.assumed)
    assert "COMES: taken as arrived on 2026-11-30" in told
    assert "GOES: taken as returned on 2026-12-07" in told


def test_a_late_arrival_moves_its_minimum_term_along() -> None:
    row = after(roll({"contract": "COMES", "event": "arrived", "date": date(2026, 12, 9)}))["COMES"]
    assert (row["on_rent_date"], row["min_end_date"]) == (date(2026, 12, 9), date(2027, 1, 6))
    assert row["status"] == "ordered"
    soon = after(roll({"contract": "COMES", "event": "arrived", "date": date(2026, 12, 2)}))["COMES"]
    assert soon["status"] == "on_rent"


def test_notice_for_some_robots_parts_the_contract() -> None:
    off = date(2026, 12, 21)
    rows = after(roll({"contract": "STAYS", "event": "notice", "date": off, "units": 1}))
    assert (rows["STAYS"]["units"], rows["STAYS"]["off_rent_date"]) == (2, None)
    part = rows["STAYS-2"]
    assert (part["units"], part["off_rent_date"], part["status"]) == (1, off, "notice")
    assert (part["weekly_rate"], part["offer"], part["min_end_date"]) == (90, "FLEX", date(2026, 10, 5))


def test_notice_the_plan_asked_for_this_week_is_taken_as_given() -> None:
    decided = {"action": "return", "id": "STAYS", "units": 3, "decide_by": WEEK}
    rolled = roll(rentals=[decided | {"off_rent_date": date(2026, 12, 14)}])
    row = after(rolled)["STAYS"]
    assert (row["off_rent_date"], row["status"]) == (date(2026, 12, 14), "notice")
    assert any("STAYS" in line and "as planned" in line for line in rolled.assumed)
    next_week = roll(rentals=[decided | {"decide_by": NEXT, "off_rent_date": date(2026, 12, 21)}])
    assert "STAYS" not in after(next_week), "that is next week's decision"


def test_what_is_said_of_a_contract_stands_before_what_the_plan_decided() -> None:
    decided = {"action": "return", "id": "STAYS", "units": 3, "decide_by": WEEK}
    rolled = roll(
        {"contract": "STAYS", "event": "notice", "date": date(2026, 12, 28)},
        rentals=[decided | {"off_rent_date": date(2026, 12, 14)}],
    )
    assert after(rolled)["STAYS"]["off_rent_date"] == date(2026, 12, 28)


def test_a_renewal_runs_on_and_a_return_ends() -> None:
    renewed = after(roll({"contract": "GOES", "event": "renewed", "date": date(2027, 3, 1)}))["GOES"]
    assert (renewed["min_end_date"], renewed["off_rent_date"]) == (date(2027, 3, 1), None)
    assert renewed["status"] == "on_rent"
    assert after(roll({"contract": "STAYS", "event": "returned"}))["STAYS"]["status"] == "ended"


def test_robots_that_had_to_be_ordered_and_are_not_are_told() -> None:
    asked = {"action": "rent", "id": "FLEX", "factory": "PO", "units": 2, "decide_by": WEEK}
    rolled = roll(rentals=[asked | {"on_rent_date": date(2026, 12, 14)}])
    words = rolled.differed.filter(what="Contract")["words"].to_list()
    assert words == [
        "1 of FLEX for PO were to be ordered by 2026-11-30 and are not: no contract is written for them."
    ], "one of the two is ordered: LATER"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"contract": "STAYS", "event": "notice"}, "does not say when"),
        ({"contract": "STAYS", "event": "returned", "units": 4}, "4 robots, and the contract has 3"),
    ],
)
def test_an_event_that_cannot_be_is_refused(event: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        roll(event)
