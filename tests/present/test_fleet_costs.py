"""What robots cost, as the fleet buyer reads it beside the vendor's invoice."""

from datetime import date, timedelta
from typing import Any

import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_costs
from planning.present.fleet_tables import FleetChoice
from planning.present.view import Choice, View
from tests.builders.fleets import MODEL, Cell, a_fleet, made, with_contracts
from tests.builders.plans import START, WEEKS, a_network, week

EVERYTHING = Choice()
MONTHLY = {"billing": "month", "billing_rate": 400.0}
NEW = {
    "action": "rent",
    "id": "FX-1",
    "robot_model": MODEL,
    "factory": "F3",
    "units": 2,
    "on_rent_date": week(1),
    "off_rent_date": week(4),
}


def kept(*rentals: dict[str, Any], units: int = 1) -> Plan:
    """CT-1 stays on rent in Leeds for the whole plan; rentals beside it."""
    return a_fleet(*(Cell(0, units, t=t) for t in range(WEEKS)), rentals=list(rentals))


def told(plan: Plan, network: Network, today: date = START, choice: Choice = EVERYTHING) -> View:
    return fleet_costs.invoice_table(plan, network, choice, today)


def test_a_monthly_bill_is_a_line_a_month() -> None:
    frame = told(kept(), with_contracts({}, offer=MONTHLY)).frame
    november = frame.row(0, named=True)
    assert (november["what"], november["vendor"]) == ("Rent 1 × fdm_xl", "Robora")
    assert (november["amount"], november["calculation"]) == (400.0, "1 month at 400.00")
    assert (november["since"], november["until"]) == (date(2026, 11, 1), date(2026, 11, 30))
    # the plan ends in the middle of May, a month begun
    assert frame["month"].to_list()[-1] == date(2027, 5, 1)
    assert set(frame["amount"]) == {400.0}


def test_a_month_begun_part_way_says_what_part() -> None:
    network = with_contracts({"on_rent_date": date(2026, 11, 16)}, offer=MONTHLY)
    first = told(kept(), network).frame.row(0, named=True)
    assert (first["amount"], first["calculation"]) == (200.0, "0.5 months at 400.00")


def test_weeks_of_a_month_are_one_line() -> None:
    frame = told(kept(units=3), with_contracts({"units": 3})).frame
    december = frame.row(1, named=True)
    # Mondays 7, 14, 21 and 28 December
    assert (december["amount"], december["calculation"]) == (1_200.0, "4 weeks at 100.00")
    assert (december["since"], december["until"]) == (date(2026, 12, 7), date(2027, 1, 3))


def test_planned_rentals_and_their_fees_stand_beside_contracts() -> None:
    network = with_contracts({}, offer={"mobilisation_fee": 60.0, "demobilisation_fee": 40.0})
    frame = told(kept(NEW), network).frame
    new = frame.filter(frame["id"] == "FX-1")
    assert new.select("what", "amount", "calculation", "where").rows() == [
        ("Mobilisation 2 × fdm_xl", 120.0, "60.00 each", "Porto"),
        ("Rent 2 × fdm_xl", 200.0, "1 week at 100.00", "Porto"),
        ("Rent 2 × fdm_xl", 400.0, "2 weeks at 100.00", "Porto"),
        ("Demobilisation 2 × fdm_xl", 80.0, "40.00 each", "Porto"),
    ]


def test_lots_of_one_offer_are_told_apart() -> None:
    frame = told(kept(NEW, NEW | {"on_rent_date": week(2)}), with_contracts({})).frame
    december = frame.filter((frame["id"] == "FX-1") & (frame["month"] == date(2026, 12, 1)))
    assert december["calculation"].to_list() == ["2 weeks at 100.00"] * 2


@pytest.mark.parametrize(
    ("billing", "says"), [("day", "1 day at 400.00"), ("28_days", "1 × 28 days at 400.00")]
)
def test_what_a_price_is_for_is_said(billing: str, says: str) -> None:
    network = with_contracts(
        {"on_rent_date": week(0), "off_rent_date": week(0) + timedelta(days=1)},
        offer={"billing": billing, "billing_rate": 400.0},
    )
    assert told(kept(), network).frame["calculation"].to_list() == [says]


def test_the_next_two_months_are_summed_up() -> None:
    plan, network = kept(), with_contracts({}, offer=MONTHLY)
    assert (
        fleet_costs.to_pay(plan, network, told(plan, network)) == "November 2026: €400. December 2026: €400."
    )


def test_a_rental_whose_offer_is_gone_is_said_to_be_left_out() -> None:
    plan = kept(NEW | {"id": "GONE"})
    network = with_contracts({})
    table = told(plan, network)
    assert "GONE" not in table.frame["id"].to_list()
    assert "1 planned rental left out" in fleet_costs.to_pay(plan, network, table)
    assert fleet_costs.to_pay(kept(), a_network(), told(kept(), a_network())) == ""


def test_what_is_chosen_narrows_invoices() -> None:
    network = with_contracts({})
    porto = told(kept(NEW), network, choice=FleetChoice(factories=["F3"])).frame
    assert set(porto["id"]) == {"FX-1"}
    assert told(kept(NEW), network, choice=FleetChoice(robots=["mill"])).is_empty


def test_robots_of_a_factory_cost_a_good_unit_whatever_robot_is_looked_at() -> None:
    production = made(50.0).with_columns(quantity=50.0 + 0 * made(50.0)["gross"])
    plan = a_fleet(Cell(0, 2, attended_work=20.0), Cell(1, factory="F3"), production=production)
    choice = FleetChoice(factories=["F1"], robots=["mill"])
    row = fleet_costs.robot_cost_table(plan, a_network(), choice).frame.row(0, named=True)
    assert (row["where"], row["utilisation"], row["cost_per_unit"]) == ("Leeds", 0.25, 4.0)
    assert fleet_costs.robot_cost_table(plan, None, EVERYTHING).frame["where"].to_list() == ["F1", "F3"]
