"""plan.json: valid, complete, and its costs add up."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import polars as pl
import pytest

from planning.domain.plan import Plan
from planning.export import plan_files
from planning.workflows.folders import FolderRun

#: What outside programs may rely on, key by key.
KEYS = {
    "": """plan_id version created_at start_week horizon_weeks status relaxed objective bound gap
        gap_controllable solver seconds input_hash ledger policy commitment kpis costs checker""",
    "ledger": "count head",
    "commitment": "objective bound gap caps",
    "checker": "violations",
    "kpis": """on_time_share fill_rate late_unit_weeks refused_units peak_robots_on_rent
        rented_robot_weeks paid_hour_utilisation cost_per_good_unit kgco2e waste_units change_share
        orders_beyond_horizon commitment_cost_if_all commitment_saving_if_qualifying""",
    "costs": """rent rent_tail mobilisation demobilisation termination transfer overage owned overtime
        unit setup energy material transport holding late priority lost_confirmed lost_expected waste
        carbon change relaxed""",
    "policy": """as_of start_week horizon_weeks currency due_cutoff_weekday frozen_weeks firm_weeks
        setup_weeks commit_threshold flex_term_weeks tail_use lumpy_deal_share consumption_back_weeks
        consumption_forward_weeks carbon_price_per_kg carbon_cap_kg change_cost_per_unit gap
        time_limit_seconds timezone""",
}


def no_constant(word: str) -> NoReturn:
    raise AssertionError(f"{word} is no JSON")


@pytest.fixture(scope="module")
def told(company_plan: Plan) -> dict[str, Any]:
    """plan.json as a strict reader reads it."""
    content = plan_files(company_plan)["plan.json"].decode("utf-8")
    read: dict[str, Any] = json.loads(content, parse_constant=no_constant)
    return read


@pytest.mark.parametrize("part", KEYS)
def test_every_key_of_the_contract_is_there(part: str, told: Mapping[str, Any]) -> None:
    assert set((told[part] if part else told).keys()) >= set(KEYS[part].split())


def test_the_costs_are_the_terms_of_the_objective_and_add_up_to_it(told: Mapping[str, Any]) -> None:
    assert set(told["costs"]) == set(KEYS["costs"].split())
    assert sum(told["costs"].values()) == pytest.approx(told["objective"], abs=1e-6)
    assert told["objective"] > 0


def test_gap_and_bound_belong_together(told: Mapping[str, Any]) -> None:
    assert told["bound"] <= told["objective"]
    gap = (told["objective"] - told["bound"]) / abs(told["objective"])
    assert told["gap"] == pytest.approx(gap, abs=1e-9)


def test_no_figure_is_minus_nothing(company_plan: Plan) -> None:
    assert b"-0.0" not in plan_files(company_plan)["plan.json"]


def test_the_key_figures_can_be_counted_again_from_the_files(
    told: Mapping[str, Any], company_plan: Plan
) -> None:
    promises, demand, fleet = (company_plan[name] for name in ("promises", "demand", "fleet"))
    asked = float(promises["delivered_quantity"].sum())
    on_time = float(promises.filter(pl.col("status") == "on_time")["delivered_quantity"].sum())
    kpis = told["kpis"]
    assert 0 < kpis["on_time_share"] < 1, "else this plan says little"
    assert kpis["on_time_share"] == pytest.approx(on_time / asked)
    assert kpis["late_unit_weeks"] == pytest.approx(demand["backlog"].sum())
    rented = fleet.filter(pl.col("source") != "owned")
    assert kpis["rented_robot_weeks"] == rented["units"].sum()
    made = float(company_plan["production"]["quantity"].sum())
    money = told["objective"] - told["costs"]["priority"]
    assert kpis["cost_per_good_unit"] == pytest.approx(money / made)


def test_it_says_which_input_and_settings_it_was_made_from(
    told: Mapping[str, Any], company_run: FolderRun
) -> None:
    network = company_run.network
    assert told["input_hash"] == network.input_hash
    assert len(told["input_hash"]) == 64
    assert told["policy"] == network.policy.as_settings()
    assert told["start_week"] == network.policy.start_week.isoformat()
    assert told["checker"] == {"violations": 0}
    assert any("lanes" in line for line in told["assumed"])
