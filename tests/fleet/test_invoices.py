"""What vendors will invoice: rent as they bill it, and the plan's fees."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import invoices, plan_charges
from tests.builders.networks import START

MONTHLY = {"billing": "month", "billing_rate": 260.0}


def billed(made: Network, offer: str, **terms: Any) -> Network:
    """The network with other terms of one offer."""
    changed = [
        pl.when(pl.col("offer") == offer).then(pl.lit(v)).otherwise(k).alias(k) for k, v in terms.items()
    ]
    return made.with_tables(offers=made["offers"].with_columns(changed))


def of(lines: pl.DataFrame, id: str, kind: str = "rent") -> pl.DataFrame:
    return lines.filter((pl.col("id") == id) & (pl.col("kind") == kind))


def test_bills_by_the_week_come_to_the_plans_rent_and_fees(planned: tuple[Plan, Network]) -> None:
    """Every offer bills by the week and every date is a Monday: only the tail is nobody's invoice yet."""
    plan, made = planned
    told = invoices(plan, made, START)
    charged = plan_charges(plan, made).filter(~pl.col("kind").is_in(["owned", "rent_tail"]))
    sums = [
        frame.group_by("kind").agg(pl.col("amount").sum()).sort("kind").rows() for frame in (told, charged)
    ]
    assert sums[0] == sums[1]


def test_what_is_over_before_today_is_no_longer_told(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    today = START + timedelta(weeks=2, days=3)
    told = invoices(plan, made, today)
    assert told["period_start"].min() == START + timedelta(weeks=2)
    every = invoices(plan, made, START)
    fees = every.filter(pl.col("period_end").is_null() & (pl.col("period_start") < today))
    assert fees.height > 0
    assert fees.join(told, on=fees.columns, how="semi", nulls_equal=True).is_empty()


def test_a_contract_billed_by_the_month_is_charged_from_its_first_day_to_the_month_it_leaves_in(
    planned: tuple[Plan, Network],
) -> None:
    plan, made = planned
    # one unit from 16 November; the plan ends it on 4 January, and January has begun
    lines = of(invoices(plan, billed(made, "ENDS", **MONTHLY), date(2026, 11, 26)), "C-ENDS")
    assert lines.select("period_start", "period_end", "amount", "per").rows() == [
        (date(2026, 11, 16), date(2026, 12, 1), 130.0, "month"),
        (date(2026, 12, 1), date(2027, 1, 1), 260.0, "month"),
        (date(2027, 1, 1), date(2027, 2, 1), 260.0, "month"),
    ]


def test_a_new_rent_pays_the_tier_it_reaches_in_proportion_of_the_price_of_a_period(
    planned: tuple[Plan, Network],
) -> None:
    plan, made = planned
    lines = of(invoices(plan, billed(made, "FLEX", billing="28_days", billing_rate=360.0), START), "FLEX")
    # two units reach the tier of 70 instead of the list's 90
    assert set(lines["units"]) == {2}
    assert set(lines["price"]) == {280.0}
    assert set(lines["amount"]) == {560.0}


def test_monthly_invoices_of_a_weekly_rate_come_to_the_same_rent(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    weekly = float(of(invoices(plan, made, START), "C-OVER")["amount"].sum())
    monthly = of(invoices(plan, billed(made, "MOVES", billing="month"), date(2026, 9, 1)), "C-OVER")
    assert monthly["period_start"].dt.day().to_list() == [28, 1, 1, 1]
    weeks_before = 9 * 60.0
    assert monthly["amount"].sum() == pytest.approx(weekly + weeks_before, abs=0.02)


def test_units_that_leave_at_different_times_are_told_apart(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    more = made["contracts"].with_columns(
        units=pl.when(pl.col("contract") == "C-OVER").then(3).otherwise("units"),
        off_rent_date=pl.when(pl.col("contract") == "C-OVER")
        .then(date(2026, 12, 14))
        .otherwise("off_rent_date"),
    )
    lines = of(invoices(plan, made.with_tables(contracts=more), START), "C-OVER")
    # fleet.csv keeps one in the first week: two leave at once, one a week later
    assert lines.select("period_start", "units").rows() == [(START, 1)]


def test_a_contract_the_plan_does_not_know_runs_on(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    later = made["contracts"].filter(pl.col("contract") == "C-COMES").with_columns(contract=pl.lit("C-NEW"))
    told = invoices(plan, made.with_tables(contracts=pl.concat([made["contracts"], later])), START)
    weeks = of(told, "C-NEW")
    assert weeks["period_start"].to_list() == [START + timedelta(weeks=t) for t in range(1, 6)]


def test_an_offer_that_is_gone_is_left_out(planned: tuple[Plan, Network]) -> None:
    plan, made = planned
    without = made.with_tables(offers=made["offers"].filter(pl.col("offer") != "LONG"))
    told = invoices(plan, without, START)
    assert of(told, "LONG").is_empty()
    assert not of(told, "FLEX").is_empty()
