"""Robots charged line by line from the exported tables come to what the objective says, to the cent."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.assume import complete
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import KINDS, plan_charges, rates_paid, units_leaving
from planning.signals import read_folder, validate
from planning.workflows.planning_run import PlanPayload, make_plan
from tests.check import world

TODAY = date(2026, 11, 26)


def by_kind(plan: Plan, made: Network) -> dict[str, float]:
    sums = plan_charges(plan, made).group_by("kind").agg(pl.col("amount").sum())
    return dict.fromkeys(KINDS, 0.0) | {kind: round(money, 2) for kind, money in sums.iter_rows()}


def terms(plan: Plan) -> dict[str, float]:
    return {kind: round(plan.summary["costs"][kind], 2) for kind in KINDS}


def test_every_charge_is_the_objectives_to_the_cent(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    assert by_kind(plan, made) == terms(plan)
    unused = [kind for kind, money in terms(plan).items() if money <= 0]
    assert unused == [], "this plan is there to pay for everything"


def test_charges_come_to_what_was_worked_out_on_paper() -> None:
    made = complete(world.network())
    assert by_kind(world.plan(), made) == {kind: world.COSTS[kind] for kind in KINDS}


@pytest.mark.parametrize("name", ["tiny-2", "stress-tiny"])
def test_charges_are_the_objectives_on_the_reference_networks(name: str, shared_data: Path) -> None:
    """Whatever plan comes out: a rough one is as good as any for its arithmetic."""
    made = complete(validate(read_folder(shared_data / "networks" / name), TODAY))
    rough = replace(made, policy=replace(made.policy, gap=0.9, time_limit_seconds=60.0))
    plan = make_plan(PlanPayload(rough, None)).plan
    assert by_kind(plan, made) == terms(plan)
    assert sum(terms(plan).values()) > 0


def test_a_line_is_units_times_quantity_times_price(planned: tuple[Plan, Network]) -> None:
    lines = plan_charges(*planned)
    hours = pl.col("kind") == "overage"
    worked_out = pl.when(hours).then(1).otherwise("units") * pl.col("quantity") * pl.col("price")
    assert lines.filter((worked_out - pl.col("amount")).abs() > 1e-9).is_empty()
    assert lines.filter(pl.col("amount") <= 0).is_empty()


def test_rent_and_overage_are_what_fleet_csv_costs(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    lines = plan_charges(plan, made).filter(pl.col("kind").is_in(["rent", "overage", "owned"]))
    assert lines["amount"].sum() == pytest.approx(plan["fleet"]["cost"].sum())


def test_a_running_contract_counts_towards_the_tier_and_keeps_its_own_rate() -> None:
    paid = rates_paid(world.plan(), complete(world.network())).filter(pl.col("offer") == "ADD-STD")
    # two new units beside the one of C1 reach the tier of three: 80 instead of 100
    both = paid.filter(pl.col("units").sum().over("week") >= 3)
    assert set(both.select("id", "rate").iter_rows()) == {("C1", 90.0), ("ADD-STD", 80.0)}


def test_an_announced_end_costs_no_share_of_the_rent_left() -> None:
    made, plan = complete(world.network()), world.plan()
    left = units_leaving(plan, made).filter("early")
    assert left.select("contract", "leaving").rows() == [("C2", 1)]
    told = made["contracts"].with_columns(
        off_rent_date=pl.when(pl.col("contract") == "C2").then(left["week"][0]).otherwise("off_rent_date")
    )
    announced = made.with_tables(contracts=told)
    assert by_kind(plan, announced)["termination"] == 0.0
    assert by_kind(plan, announced)["demobilisation"] == by_kind(plan, made)["demobilisation"]


def test_a_network_brought_in_a_week_later_leaves_the_plans_charges_alone(
    planned: tuple[Plan, Network],
) -> None:
    plan, made = planned
    later = replace(made, policy=replace(made.policy, start_week=date(2026, 12, 7), horizon_weeks=9))
    assert by_kind(plan, later) == terms(plan)
