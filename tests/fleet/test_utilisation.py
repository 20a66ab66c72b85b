"""How well what is paid for is used."""

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import cost_per_good_unit, paid_hours, robot_cost_by_factory, utilisation
from tests.builders.fleets import Cell, a_fleet, made


def test_only_robots_on_rent_are_paid_by_the_hour() -> None:
    # the owned robot works its 40 hours first; of the two on contract 50 of 80 are left
    fleet = a_fleet(Cell(1, 2, attended_work=90.0))["fleet"]
    assert utilisation(fleet) == 50 / 80
    assert utilisation(a_fleet(Cell(1, attended_work=40.0))["fleet"]) is None
    assert utilisation(a_fleet()["fleet"]) is None


def test_robots_that_stand_still_for_want_of_hours_have_no_utilisation() -> None:
    assert utilisation(a_fleet(Cell(0, 2, attended=0.0))["fleet"]) is None


def test_paid_hours_are_told_apart_by_what_is_asked() -> None:
    fleet = a_fleet(Cell(0, 1, 1, attended_work=60.0), Cell(0, 1, factory="F2", attended_work=10.0))["fleet"]
    by_source = paid_hours(fleet, "source").select("source", "paid", "worked").rows()
    assert by_source == [("contract", 80.0, 50.0), ("offer", 40.0, 20.0)]
    assert paid_hours(fleet, "factory")["utilisation"].to_list() == [60 / 80, 10 / 40]


def test_a_good_unit_costs_money_not_weight() -> None:
    assert cost_per_good_unit(1_100.0, 100.0, 50.0) == 20.0
    assert cost_per_good_unit(1_100.0, 100.0, 0.0) is None


def test_the_robots_of_a_factory_cost_what_they_cost_a_good_unit_made_there() -> None:
    production = made(40.0).with_columns(quantity=pl.lit(40.0))
    plan = a_fleet(Cell(1, 2, attended_work=40.0), Cell(0, 1, factory="F2"), production=production)
    rows = robot_cost_by_factory(plan).select("factory", "robot_weeks", "cost", "cost_per_unit").rows()
    assert rows == [("F1", 2, 200.0, 5.0), ("F2", 1, 100.0, None)]


def test_figures_are_those_of_plan_json(planned: tuple[Plan, Network]) -> None:
    plan, _ = planned
    kpis = plan.summary["kpis"]
    assert utilisation(plan["fleet"]) == pytest.approx(kpis["paid_hour_utilisation"])
    sums = robot_cost_by_factory(plan).sum().row(0, named=True)
    assert sums["worked"] / sums["paid"] == pytest.approx(kpis["paid_hour_utilisation"])
    assert sums["robot_weeks"] == kpis["rented_robot_weeks"]
    costs = plan.summary["costs"]
    assert sums["cost"] == pytest.approx(costs["rent"] + costs["overage"] + costs["owned"])
