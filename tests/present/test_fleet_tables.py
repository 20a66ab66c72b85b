"""Rentals are told by the day they have to be decided, contracts by their next notice."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_tables
from planning.present.fleet_tables import FleetChoice, due_in
from planning.present.view import Choice
from tests.builders.fleets import Cell, a_fleet, with_contracts
from tests.builders.plans import a_network, a_plan, input_frame, week

ALL = Choice()
MONDAY = date(2026, 11, 23)


def test_rentals_come_by_their_deadline() -> None:
    rows = fleet_tables.rentals(a_plan(), a_network(), ALL)
    assert rows.frame["decide_by"].is_sorted()
    assert rows.frame["what"][0] == "Return 1 × fdm_xl"
    assert rows.frame["robot"][0] == "FDM XL"
    assert rows.frame["where"].to_list()[-1] == "Gdańsk to Porto"
    assert fleet_tables.due_soon(rows, date(2026, 11, 23), days=14) == 3


def test_a_returned_contract_tells_the_rent_it_frees() -> None:
    contracts = input_frame("contracts", [{"contract": "CT-204", "offer": "FX-4", "weekly_rate": 610.0}])
    offers = input_frame("offers", [{"offer": "FX-4", "weekly_rate": 725.0}])
    network = a_network().with_tables(contracts=contracts, offers=offers)
    rows = fleet_tables.rentals(a_plan(), network, ALL).frame
    assert dict(rows.select("id", "weekly").unique().iter_rows())["CT-204"] == 610.0
    assert rows.filter(pl.col("id") == "FX-4")["weekly"].to_list() == [2 * 725.0, 725.0]
    assert rows.height == 6


# What to decide


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-8, "Overdue by 8 days"),
        (-1, "Overdue by 1 day"),
        (0, "Today"),
        (6, "This week"),
        (7, "Next week"),
        (21, "In 3 weeks"),
    ],
)
def test_how_soon_a_day_is_is_told_by_week_and_overdue_by_the_word(days: int, said: str) -> None:
    assert due_in(MONDAY + timedelta(days=days), MONDAY) == said


def test_without_a_day_nothing_is_due() -> None:
    assert due_in(None, MONDAY) is None


def test_what_is_overdue_comes_first_and_is_counted_apart() -> None:
    asked = fleet_tables.decisions(a_plan(), a_network(), ALL, MONDAY)
    assert asked.frame["due"].to_list()[:3] == ["Overdue by 7 days", "Next week", "In 2 weeks"]
    # 11 600 + 7 250 + 46 800: what is rented anew; a renewal or a move commits to nothing here
    assert fleet_tables.to_decide(a_plan(), asked, MONDAY) == (
        "1 overdue, 2 of 6 due within 14 days. New rentals commit €65,650 in all."
    )


def test_where_nothing_is_rented_anew_nothing_is_said_to_be_committed() -> None:
    plan = a_fleet(Cell(contract=1), rentals=[change("return", 1, 10, decide_by=week(8))])
    asked = fleet_tables.decisions(plan, with_contracts({}), ALL, MONDAY)
    assert fleet_tables.to_decide(plan, asked, MONDAY) == "0 of 1 due within 14 days."


def test_only_new_rentals_show_what_they_commit_to() -> None:
    rows = fleet_tables.decisions(a_plan(), a_network(), ALL, MONDAY).frame
    by_action = rows.group_by("action").agg(pl.col("committed_cost").null_count() == pl.len()).sort("action")
    assert dict(by_action.iter_rows()) == {"move": True, "renew": True, "rent": False, "return": True}


def returned(**contract: Any) -> dict[str, Any]:
    """The row of a contract of 100 a week that the plan returns in week 10."""
    row = {"action": "return", "id": "CT-1", "robot_model": "fdm_xl", "factory": "F1", "units": 2}
    dates = {"decide_by": week(8), "on_rent_date": date(2026, 9, 7), "off_rent_date": week(10)}
    plan = a_fleet(Cell(contract=2), rentals=[row | dates])
    network = with_contracts({"units": 2} | contract, offer={"renewal_weeks": 4})
    return fleet_tables.decisions(plan, network, ALL, MONDAY).frame.row(0, named=True)


def test_missed_notice_keeps_a_contract_for_a_whole_renewal() -> None:
    assert returned()["missed"] == "Stays to Mon 1 Mar 2027: €800"


def test_missed_notice_keeps_a_contract_no_longer_than_its_agreed_end() -> None:
    assert returned(off_rent_date=week(11))["missed"] == "Stays to Mon 8 Feb 2027: €200"


def kept(today: date = MONDAY, offer: dict[str, Any] | None = None, **contract: Any) -> list[str]:
    """What is to be decided of a contract for which the plan asks for nothing."""
    plan = a_fleet(Cell(contract=1))
    network = with_contracts(contract, offer=offer)
    return fleet_tables.decisions(plan, network, ALL, today).frame["what"].to_list()


def test_the_notice_date_of_a_contract_the_plan_keeps_is_told_in_the_next_quarter() -> None:
    assert kept(min_end_date=week(15)) == ["Keep 1 × fdm_xl"]
    assert kept(min_end_date=week(16)) == []
    assert kept(today=week(1), min_end_date=week(16)) == ["Keep 1 × fdm_xl"]


def test_a_contract_that_could_be_ended_any_week_has_no_date_to_tell() -> None:
    assert kept(min_end_date=week(-4)) == []
    assert kept(min_end_date=week(-4), offer={"renewal_weeks": 4}) == ["Keep 1 × fdm_xl"]


def test_a_contract_the_plan_does_not_know_is_not_said_to_be_kept() -> None:
    assert fleet_tables.decisions(a_fleet(Cell()), with_contracts({}), ALL, MONDAY).is_empty


def test_without_data_the_plan_still_tells_what_to_decide() -> None:
    assert fleet_tables.decisions(a_plan(), None, ALL, MONDAY).frame.height == 6


def test_robots_are_narrowed_down_by_model_and_factory() -> None:
    plan = a_fleet(Cell(contract=1), Cell(robot_model="mill"), Cell(factory="F2"))
    chosen = FleetChoice(factories=["F1"], robots=["mill"]).of(plan["fleet"])
    assert chosen.select("factory", "robot_model").rows() == [("F1", "mill")]
    assert FleetChoice().of(plan["fleet"]).height == plan["fleet"].height


def test_nothing_to_decide_is_told_with_its_reason() -> None:
    owned, rented = a_fleet(Cell(owned=2)), a_fleet(Cell(contract=2))
    assert fleet_tables.nothing_to_decide(owned, ALL).startswith("Owned capacity covers demand")
    assert "robots on rent and owned" in fleet_tables.nothing_to_decide(rented, ALL)


# Contracts


def contract_row(plan: Plan, network: Network) -> dict[str, Any]:
    view = fleet_tables.contracts(plan, network, ALL, MONDAY)
    assert set(view.columns) <= set(view.frame.columns)
    return view.frame.row(0, named=True)


def change(action: str, units: int, off: int | None, **more: Any) -> dict[str, Any]:
    row = {"action": action, "id": "CT-1", "robot_model": "fdm_xl", "factory": "F1", "units": units}
    return row | {"off_rent_date": None if off is None else week(off)} | more


@pytest.mark.parametrize(
    ("changes", "fate"),
    [
        ([], "Keep 3 to the end of the plan"),
        ([change("return", 3, 10)], "Return 3 on Mon 1 Feb 2027"),
        ([change("return", 3, 12), change("renew", 3, 12)], "Return 3 on Mon 15 Feb 2027"),
        ([change("renew", 3, None)], "Renew 3, keep to the end of the plan"),
        (
            [change("renew", 2, None), change("return", 1, 10)],
            "Return 1 on Mon 1 Feb 2027; renew 2, keep to the end of the plan",
        ),
        (
            [change("terminate", 1, 4)],
            "End 1 early on Mon 21 Dec 2026; keep 2 to the end of the plan",
        ),
        (
            [change("move", 2, 4, to_factory="F3")],
            "Move 2 to Porto on Mon 21 Dec 2026; keep 3 to the end of the plan",
        ),
    ],
)
def test_what_the_plan_does_with_a_contract_is_told(changes: list[dict[str, Any]], fate: str) -> None:
    plan = a_fleet(Cell(contract=3), rentals=changes)
    assert contract_row(plan, with_contracts({"units": 3}))["fate"] == fate


def test_an_agreed_end_is_told_and_so_is_a_contract_the_plan_does_not_know() -> None:
    agreed = with_contracts({"min_end_date": week(-2), "off_rent_date": week(1), "units": 2})
    assert contract_row(a_fleet(Cell(contract=2)), agreed)["fate"] == "2 end on Mon 30 Nov 2026"
    unknown = contract_row(a_fleet(Cell()), with_contracts({}))
    assert (unknown["fate"], unknown["used"]) == ("Not in this plan", None)


def test_a_contract_shows_its_terms_and_how_much_of_what_is_paid_is_used() -> None:
    # 60 hours of work: 40 on the owned robot, 20 of 80 on the two under contract; nothing a week later
    plan = a_fleet(Cell(contract=2, attended_work=60.0), Cell(contract=2, t=1))
    row = contract_row(plan, with_contracts({"units": 2, "weekly_rate": 90.0}))
    assert row["used"] == pytest.approx(20 / 160)
    assert (row["weekly"], row["weekly_rate"], row["vendor"]) == (180.0, 90.0, "Robora")
    assert (row["notice_by"], row["ends"]) == (date(2027, 1, 18), date(2027, 2, 1))
    # ten weeks from Monday 23 November to 1 February
    assert row["rent_due"] == 1_800.0
    assert (row["robot"], row["where"]) == ("FDM XL", "Leeds")
