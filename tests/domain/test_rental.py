"""Rental terms in buckets."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from planning.domain.problem import Coder, names_of
from planning.domain.rental import contract_terms, offer_terms, standing_offers, tier_rates
from tests.builders.networks import Row, contract, network, offer, week

TWO_FACTORIES = [{"factory": "F"}, {"factory": "G"}]


def test_what_is_long_is_a_matter_of_the_flexible_weeks() -> None:
    offers = [
        offer("A", 1, min_term_weeks=13),
        offer("B", 1, min_term_weeks=14),
        offer("C", 1, renewal_weeks=14),
        offer("D", 1, renewal_weeks=13),
    ]
    made = network(offers=offers)
    terms = offer_terms(made, Coder(names_of(made)))
    assert terms["long_start"].to_list() == [False, True, False, False]
    assert terms["long_renewal"].to_list() == [False, False, True, False]


def test_terms_come_in_order_of_the_offers_with_no_limit_as_null() -> None:
    made = network(offers=[offer("Z", 2, max_units=3, transfer_fee=9), offer("A", 1)])
    terms = offer_terms(made, Coder(names_of(made)))
    assert terms.select("o", "rate", "max_units", "transfer_fee", "included").rows() == [
        (0, 1, None, None, None),
        (1, 2, 3, 9, None),
    ]


def standing(**terms: Any) -> list[tuple[int, bool]]:
    """Factory and whether it may be rented there, of one offer over four weeks."""
    made = network(factories=TWO_FACTORIES, offers=[offer("A", 1, **terms)])
    rows = standing_offers(made, Coder(names_of(made)), 4)
    return rows.select("f", "rentable").rows()


def test_an_offer_may_be_rented_everywhere_or_at_its_factory() -> None:
    assert standing() == [(0, True), (1, True)]
    assert standing(factory="G") == [(1, True)]


def test_with_a_transfer_fee_it_may_stand_where_it_is_not_rented() -> None:
    assert standing(factory="G", transfer_fee=0) == [(0, False), (1, True)]


def test_what_cannot_come_within_the_horizon_stands_nowhere() -> None:
    assert standing(lead_time_weeks=3) == [(0, True), (1, True)]
    assert standing(lead_time_weeks=4) == []
    assert standing(max_units=0) == []


def test_tiers_follow_one_another_from_the_list_rate_on() -> None:
    tiers = [
        {"offer": "A", "from_units": 5, "weekly_rate": 60},
        {"offer": "A", "from_units": 3, "weekly_rate": 80},
    ]
    made = network(offers=[offer("A", 100), offer("B", 7)], offer_tiers=tiers)
    rows = tier_rates(made, Coder(names_of(made)))
    assert rows.rows() == [(0, 0, 3, 100), (0, 3, 5, 80), (0, 5, None, 60), (1, 0, None, 7)]


def test_the_list_rate_holds_below_the_first_tier_only() -> None:
    made = network(offers=[offer("A", 100)], offer_tiers=[{"offer": "A", "from_units": 1, "weekly_rate": 60}])
    assert tier_rates(made, Coder(names_of(made))).rows() == [(0, 0, 1, 100), (0, 1, None, 60)]


def terms_of(*contracts: Row) -> pl.DataFrame:
    made = network(offers=[offer("A", 100)], contracts=contracts)
    return contract_terms(made, Coder(names_of(made)))


def test_the_dates_of_a_contract_become_weeks() -> None:
    row = terms_of(contract("C", "A", -3, 2, units=4, off=5)).row(0, named=True)
    assert (row["on"], row["min_end"], row["off"], row["units"], row["running"]) == (-3, 2, 5, 4, True)
    assert terms_of(contract("C", "A", -3, 2))["off"].to_list() == [None]


@pytest.mark.parametrize("weekday", [2, 4, 7])
def test_part_weeks_round_up_to_a_monday(weekday: int) -> None:
    days = {
        name: week(t, weekday) for name, t in (("on_rent_date", 0), ("min_end_date", 2), ("off_rent_date", 3))
    }
    row = terms_of(contract("C", "A", 0, 2) | days).row(0, named=True)
    assert (row["on"], row["min_end"], row["off"]) == (1, 3, 4)


@pytest.mark.parametrize(("status", "running"), [("on_rent", True), ("notice", True), ("ordered", False)])
def test_what_runs_may_be_ended_early(status: str, running: bool) -> None:
    assert terms_of(contract("C", "A", 0, 2, status=status))["running"].to_list() == [running]


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (contract("C", "A", 3, 9), True),
        (contract("C", "A", 4, 9), False),  # after the horizon
        (contract("C", "A", -9, -1), True),  # rolls on
        (contract("C", "A", -9, -1, off=1), True),
        (contract("C", "A", -9, -1, off=0), False),
        (contract("C", "A", 2, 2, off=2), False),  # gone before it comes
        (contract("C", "A", -9, 9, status="ended"), False),
        (contract("C", "A", -9, 9, units=0), False),
    ],
)
def test_only_contracts_on_rent_in_the_horizon_count(row: Row, counts: bool) -> None:
    assert terms_of(row).height == counts


def test_a_contract_without_a_rate_pays_its_offers_at_its_units() -> None:
    made = network(
        offers=[offer("A", 100)],
        offer_tiers=[{"offer": "A", "from_units": 3, "weekly_rate": 80}],
        contracts=[
            contract("C1", "A", 0, 2, units=2),
            contract("C2", "A", 0, 2, units=3),
            contract("C3", "A", 0, 2, units=3, weekly_rate=95),
        ],
    )
    assert contract_terms(made, Coder(names_of(made)))["rate"].to_list() == [100, 80, 95]


def test_a_contract_is_known_by_its_offer_and_factory() -> None:
    made = network(
        factories=TWO_FACTORIES,
        offers=[offer("A", 1), offer("B", 1)],
        contracts=[contract("C", "B", 0, 2, factory="G", on_rent_date=date(2026, 11, 30))],
    )
    row = contract_terms(made, Coder(names_of(made))).row(0, named=True)
    assert (row["c"], row["o"], row["f"], row["on"]) == (0, 1, 1, 0)
