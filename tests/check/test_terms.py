"""Rent beyond the horizon, rates by tier, and contracts near their end, worked out by hand."""

import polars as pl
import pytest

from planning.check import check, recompute_costs
from planning.check.facts import Facts
from planning.check.terms import contract_tails
from tests.check import world
from tests.check.tables import Spoil, both, given, policy, wrong

W2, W3 = "2026-12-14", "2026-12-21"


def costs(*spoils: Spoil) -> dict[str, float]:
    """Costs of the small company's plan once the terms are others."""
    return recompute_costs(*both(*spoils)(world.network(), world.plan()))


@pytest.mark.parametrize(
    ("term", "renewal", "weeks"),
    [
        (4, 1, 0),  # on rent from week 1, so the term ends with the horizon
        (9, 1, 5),  # five weeks of the minimum term lie beyond
        (3, 1, 0),  # renews weekly
        (3, 4, 3),  # the renewal of week 4 runs three weeks past the end
        (2, 2, 0),  # the renewal of week 3 ends with the horizon
        (1, 3, 0),  # so does that of week 2
    ],
)
def test_a_tail_is_the_minimum_term_or_renewal_beyond_the_horizon(
    term: int, renewal: int, weeks: int
) -> None:
    changed = given("offers", {"offer": "ADD-STD"}, min_term_weeks=term, renewal_weeks=renewal)
    contract_c3 = 150 * 0.5 * 2
    assert costs(changed)["rent_tail"] == pytest.approx(contract_c3 + 2 * 100 * 0.5 * weeks)


def test_tail_use_is_the_share_that_is_not_charged() -> None:
    assert costs(policy(tail_use=0.75))["rent_tail"] == pytest.approx(world.COSTS["rent_tail"] / 2)
    assert costs(policy(tail_use=1.0))["rent_tail"] == 0


@pytest.mark.parametrize(("off", "weeks"), [(None, 2), ("2027-01-11", 1), ("2027-03-01", 2)])
def test_a_contract_owes_nothing_after_its_announced_end(off: str | None, weeks: int) -> None:
    network, plan = given("contracts", {"contract": "C3"}, off_rent_date=off)(world.network(), world.plan())
    facts = Facts(network, plan)
    tails = contract_tails(facts.kept, facts.policy).filter(pl.col("contract") == "C3")
    assert tails["beyond"].to_list() == [weeks]


def test_rental_dates_round_up_to_a_monday() -> None:
    changed = given("contracts", {"contract": "C1"}, min_end_date="2026-12-16")
    assert check(*changed(world.network(), world.plan())) == []


def test_early_termination_pays_its_share_of_the_weeks_left() -> None:
    assert (
        costs(given("contracts", {"contract": "C2"}, min_end_date="2027-01-11"))["termination"]
        == 0.5 * 200 * 4
    )
    assert costs(given("offers", {"offer": "MILL-STD"}, early_termination_share=0.25))["termination"] == 100
    announced = given("contracts", {"contract": "C2"}, off_rent_date=W2, status="notice")
    assert costs(announced)["termination"] == 0


def test_an_ordered_contract_pays_no_mobilisation() -> None:
    changed = given("offers", {"offer": "ADD-FLEX"}, mobilisation_fee=1000.0)
    assert costs(changed)["mobilisation"] == 2 * 60 + 1000


def test_every_unit_that_goes_off_rent_inside_the_horizon_is_demobilised() -> None:
    announced = given("contracts", {"contract": "C1"}, off_rent_date=W3, status="notice")
    assert costs(announced)["demobilisation"] == world.COSTS["demobilisation"]
    to_the_end = wrong("rentals", {"id": "ADD-FLEX", "action": "rent"}, off_rent_date="2027-01-04")
    assert costs(to_the_end)["demobilisation"] == world.COSTS["demobilisation"] - 20


def test_a_tier_counts_running_contracts_and_sets_the_rate_of_new_units_only() -> None:
    at_two = given("offer_tiers", {"offer": "ADD-STD"}, from_units=2)
    assert costs(at_two)["rent"] == world.COSTS["rent"] - 2 * 2 * 20
    never = given("offer_tiers", {"offer": "ADD-STD"}, from_units=4)
    assert costs(never)["rent"] == world.COSTS["rent"] + 2 * 2 * 20


def test_a_contract_without_a_rate_pays_the_offer_s_at_its_units() -> None:
    by_list = given("contracts", {"contract": "C1"}, weekly_rate=None)
    assert costs(by_list)["rent"] == world.COSTS["rent"] + 3 * 10
    tiered = both(by_list, given("offer_tiers", {"offer": "ADD-STD"}, from_units=1))
    assert costs(tiered)["rent"] == world.COSTS["rent"] - 3 * 10 - 2 * 2 * 20
