"""Rule 6: new robots on rent under the vendors' terms."""

from typing import Any

import polars as pl
import pytest

from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.runs import attempt
from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    Planned,
    Row,
    contract,
    forecast,
    network,
    offer,
    order,
    planned,
    problem,
)

#: Worth any rent of these tests.
DEAR = [PRODUCT | {"price": 10_000, "lost_cost": 10_000}]


def wanted(*weekly: float, offers: list[Row], **more: Any) -> Planned:
    """Units that are expected week by week, and no robots but those that are rented for them."""
    settings = {"horizon_weeks": len(weekly)} | more.pop("settings", {})
    tables = {"owned": [], "products": DEAR} | more
    return planned(settings, forecast=forecast(weekly), offers=offers, **tables)


# Lead time, notice, fees


def test_robots_come_no_sooner_than_their_lead_time() -> None:
    plan = planned(owned=[], offers=[offer("FLEX", 30, lead_time_weeks=2)], orders=[order("A", 0, 30)])
    assert plan.weekly("on_rent") == [0, 0, 1, 0]
    assert plan.costs == {"late": 600, "rent": 30}


def test_robots_without_lead_time_work_at_once() -> None:
    plan = planned(owned=[], offers=[offer("FLEX", 30)], orders=[order("A", 0, 30)])
    assert plan.weekly("on_rent") == [1, 0, 0, 0]
    assert plan.costs == {"rent": 30}


def test_nothing_goes_back_before_notice_given_now_runs_out() -> None:
    plan = wanted(40, 0, 0, 0, offers=[offer("FLEX", 30, notice_weeks=3)])
    assert plan.weekly("on_rent") == [1, 1, 1, 0]
    assert plan.costs == {"rent": 90}


def test_notice_can_be_given_while_the_minimum_term_runs() -> None:
    plan = wanted(0, 0, 40, 0, 0, offers=[offer("FLEX", 30, notice_weeks=3)])
    assert plan.weekly("on_rent") == [0, 0, 1, 0, 0]


def test_each_unit_is_mobilised_when_it_comes_and_demobilised_when_it_goes_back() -> None:
    fees = {"mobilisation_fee": 7, "demobilisation_fee": 5}
    plan = wanted(80, 40, 0, 40, offers=[offer("FLEX", 30, **fees)])
    assert plan.weekly("on_rent") == [2, 1, 0, 1]
    # the one on rent in the last week goes back after the horizon
    assert plan.costs == {"rent": 120, "mobilisation": 21, "demobilisation": 10}


def test_fees_can_make_it_cheaper_to_keep_a_robot() -> None:
    plan = wanted(40, 0, 40, 0, offers=[offer("FLEX", 30, mobilisation_fee=31)])
    assert plan.weekly("on_rent") == [1, 1, 1, 0]
    assert plan.costs == {"rent": 90, "mobilisation": 31}


def test_robots_that_cost_more_than_they_earn_are_not_rented() -> None:
    plan = planned(owned=[], offers=[offer("FLEX", 6001)], orders=[order("A", 0, 30)])
    assert plan.costs == {"lost_confirmed": 6000}


# Minimum term


def test_a_robot_stays_for_its_minimum_term() -> None:
    plan = wanted(40, 0, 0, 0, offers=[offer("FLEX", 50, min_term_weeks=3)])
    assert plan.weekly("on_rent") == [1, 1, 1, 0]
    assert plan.costs == {"rent": 150}


def test_after_it_any_week_will_do() -> None:
    plan = wanted(40, 40, 40, 40, 0, offers=[offer("FLEX", 50, min_term_weeks=3)])
    assert plan.weekly("on_rent") == [1, 1, 1, 1, 0]


#: One robot in week 3, two in week 4, and no place to put what is made ahead.
STACKED = (0, 0, 0, 40, 80, 0, 0)
NO_STORE = [FACTORY | {"storage_units": 0}]
THREE_WEEKS = offer("FLEX", 50, min_term_weeks=3)


def test_the_minimum_term_of_every_start_holds_however_they_are_stacked() -> None:
    plan = wanted(*STACKED, offers=[THREE_WEEKS], factories=NO_STORE)
    # one unit for weeks 3–5 and one for 4–6, or two for three weeks: six robot-weeks either way
    assert plan.costs == {"rent": 300}


def test_the_pairwise_shortcut_would_let_stacked_starts_escape() -> None:
    """Why `min_term` sums starts: n[u] ≥ n[t] − n[t−1] for t ≤ u < t + 3 is met by 1, 2, 1, 1 units."""
    settings = {"horizon_weeks": len(STACKED)}
    made = problem(
        network(
            settings,
            factories=NO_STORE,
            products=DEAR,
            owned=[],
            forecast=forecast(STACKED),
            offers=[THREE_WEEKS],
        )
    )
    model = build(made, eligible(made), made.expected, None)
    assert optimum(model) == pytest.approx(300)
    del model.rows["min_term"]
    units = model["on_rent"].over("t")
    for later in (1, 2):
        weeks = pl.DataFrame({"t": range(len(STACKED) - later)})
        then = Terms(units.frame.with_columns(pl.col("t") - later))
        model.add(f"pair{later}", weeks, "<=", units, -units.delayed(1), -then)
    assert optimum(model) == pytest.approx(250)


def optimum(model: Model) -> float:
    answer = attempt(model, Limits(gap=0.0, seconds=60))
    assert answer is not None
    return answer.objective


# Renewals


LOTS = {"min_term_weeks": 2, "renewal_weeks": 3, "mobilisation_fee": 1000}


def test_after_the_minimum_term_a_robot_stays_for_whole_renewals() -> None:
    plan = wanted(40, 40, 40, 0, 0, 0, offers=[offer("LOTS", 50, **LOTS)])
    assert plan.weekly("on_rent") == [1, 1, 1, 1, 1, 0]
    assert plan.costs == {"rent": 250, "mobilisation": 1000}


def test_or_goes_back_at_the_end_of_its_minimum_term() -> None:
    plan = wanted(40, 40, 0, 0, 0, 0, offers=[offer("LOTS", 50, **LOTS)])
    assert plan.weekly("on_rent") == [1, 1, 0, 0, 0, 0]


def test_without_fees_a_second_lot_is_cheaper_than_a_renewal() -> None:
    plan = wanted(40, 40, 40, 0, 0, 0, offers=[offer("LOTS", 50, **LOTS | {"mobilisation_fee": 0})])
    assert plan.total("on_rent") == 4
    assert plan.total("start") == 2


def test_a_renewal_runs_on_where_notice_cannot_be_given_in_time() -> None:
    plan = wanted(40, 0, 0, 0, 0, 0, offers=[offer("LOTS", 50, **LOTS, notice_weeks=3)])
    # the minimum term ends in week 2, notice given now in week 3: so the renewal runs to week 5
    assert plan.weekly("on_rent") == [1, 1, 1, 1, 1, 0]


# Rent beyond the horizon


@pytest.mark.parametrize(("tail_use", "tail"), [(0.5, 100), (0, 200), (1, 0)])
def test_minimum_term_weeks_beyond_the_horizon_are_paid_but_for_their_use(
    tail_use: float, tail: float
) -> None:
    terms = offer("FLEX", 50, min_term_weeks=7, lead_time_weeks=1, mobilisation_fee=1)
    plan = wanted(0, 40, 40, 40, settings={"tail_use": tail_use}, offers=[terms])
    # on rent from week 1 to week 8, four of them after the horizon
    assert plan.weekly("on_rent") == [0, 1, 1, 1]
    assert plan.costs == {"rent": 150, "mobilisation": 1} | ({"rent_tail": tail} if tail else {})


def test_a_minimum_term_that_ends_within_the_horizon_has_no_tail() -> None:
    plan = wanted(40, 40, 40, 40, offers=[offer("FLEX", 50, min_term_weeks=4)])
    assert plan.costs == {"rent": 200}


def test_a_renewal_across_the_end_is_a_tail_too() -> None:
    plan = wanted(40, 40, 40, 40, offers=[offer("LOTS", 50, **LOTS)])
    # weeks 0 and 1, then a renewal for weeks 2, 3 and 4
    assert plan.costs == {"rent": 200, "mobilisation": 1000, "rent_tail": 25}


def test_a_start_just_before_the_end_may_not_pay() -> None:
    cheap = [PRODUCT | {"price": 10}]
    terms = offer("FLEX", 50, min_term_weeks=13)
    # 40 units at 10 in the last week are worth 400; the robot costs 50 and half of 12 weeks' 50
    assert wanted(0, 40, offers=[terms], products=cheap).costs == {"rent": 50, "rent_tail": 300}
    assert wanted(0, 34, offers=[terms], products=cheap).total("on_rent") == 0


# Limits


def test_the_vendor_has_no_more_units_than_he_has() -> None:
    plan = wanted(200, 0, offers=[offer("FLEX", 50, max_units=3)])
    assert plan.weekly("on_rent") == [3, 0]


def test_max_units_hold_over_all_factories_together() -> None:
    plan = wanted(
        200,
        factories=[FACTORY, FACTORY | {"factory": "G"}],
        offers=[offer("FLEX", 50, max_units=3)],
    )
    assert plan.weekly("on_rent") == [3]


def test_running_contracts_are_among_them() -> None:
    plan = wanted(
        200,
        200,
        offers=[offer("FLEX", 50, max_units=3)],
        contracts=[contract("C", "FLEX", -1, 1, units=2, off=1)],
    )
    assert plan.weekly("kept") == [2, 0]
    assert plan.weekly("on_rent") == [1, 3]


def test_contracts_beyond_max_units_are_no_fault_but_leave_no_room() -> None:
    plan = wanted(
        200,
        200,
        offers=[offer("FLEX", 50, max_units=2)],
        contracts=[contract("C", "FLEX", -1, 1, units=3, off=1)],
    )
    assert plan.weekly("kept") == [3, 0]
    assert plan.weekly("on_rent") == [0, 2]


def test_contracts_that_roll_on_may_be_returned_to_make_room_for_cheaper_units() -> None:
    held = contract("C", "FLEX", -1, 1, units=3, weekly_rate=90)
    plan = wanted(120, 80, offers=[offer("FLEX", 50, max_units=2)], contracts=[held])
    # from week 1 on two new units at 50 instead of two old ones at 90
    assert plan.weekly("kept") == [3, 0]
    assert plan.weekly("on_rent") == [0, 2]
    assert plan.costs == {"rent": 270 + 100}


def test_but_not_to_have_more_units_than_the_vendor_has() -> None:
    held = contract("C", "FLEX", -1, 1, units=3, weekly_rate=90)
    plan = wanted(120, 120, offers=[offer("FLEX", 50, max_units=2)], contracts=[held])
    # three new units at 50 would be cheaper than three old ones at 90; he has two
    assert plan.weekly("kept") == [3, 3]
    assert plan.weekly("on_rent") == [0, 0]


def test_an_offer_of_one_factory_is_rented_there_only() -> None:
    lanes = [{"factory": "F", "market": "M"}]
    factories = [FACTORY, FACTORY | {"factory": "G"}]
    assert (
        wanted(40, factories=factories, lanes=lanes, offers=[offer("FLEX", 50, factory="F")]).total("start")
        == 1
    )
    assert (
        wanted(40, factories=factories, lanes=lanes, offers=[offer("FLEX", 50, factory="G")]).total("start")
        == 0
    )


# Tiers


TIERS = [
    {"offer": "FLEX", "from_units": 3, "weekly_rate": 60},
    {"offer": "FLEX", "from_units": 5, "weekly_rate": 50},
]


@pytest.mark.parametrize(
    ("units", "rented", "rent"),
    [
        (1, 1, 100),
        (2, 3, 180),  # three at 60 cost less than two at 100
        (3, 3, 180),
        (4, 4, 240),
        (5, 5, 250),
    ],
)
def test_from_so_many_units_on_all_of_them_cost_less(units: int, rented: int, rent: float) -> None:
    plan = wanted(40 * units, offers=[offer("FLEX", 100)], offer_tiers=TIERS)
    assert plan.weekly("on_rent") == [rented]
    assert plan.costs == {"rent": rent}


def test_a_tier_is_reached_at_one_factory() -> None:
    factories = [FACTORY | {"floor_slots": 2}, FACTORY | {"factory": "G", "floor_slots": 2}]
    plan = wanted(160, factories=factories, offers=[offer("FLEX", 100)], offer_tiers=TIERS)
    assert plan.costs == {"rent": 400}


def test_running_contracts_count_towards_a_tier_and_keep_their_own_rate() -> None:
    held = contract("C", "FLEX", -1, 1, units=2, weekly_rate=90)
    plan = wanted(120, offers=[offer("FLEX", 100)], offer_tiers=TIERS, contracts=[held])
    assert plan.costs == {"rent": 180 + 60}


def test_each_week_has_its_own_tier() -> None:
    plan = wanted(120, 40, offers=[offer("FLEX", 100)], offer_tiers=TIERS)
    assert plan.costs == {"rent": 180 + 100}


def test_the_tail_of_a_tiered_offer_is_charged_at_its_list_rate() -> None:
    plan = wanted(120, offers=[offer("FLEX", 100, min_term_weeks=2)], offer_tiers=TIERS)
    assert plan.costs == {"rent": 180, "rent_tail": 3 * 50}
