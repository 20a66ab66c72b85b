"""Rule 6: contracts that run already — kept, returned at renewal dates, ended early; and units moved."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from planning.optimise.model.algebra import Model
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
NONE = {"max_units": 0}


def held(*contracts: Row, terms: Row | None = None, **more: Any) -> Planned:
    """Contracts under an offer of which nothing more can be rented; nothing to do but what `more` says."""
    tables = {"owned": [], "products": DEAR} | more
    return planned(offers=[offer("STD", 100, **NONE) | (terms or {})], contracts=contracts, **tables)


# Which units stay, and until when


def test_a_contract_runs_for_its_minimum_term_needed_or_not() -> None:
    plan = held(contract("C", "STD", -5, 2), terms={"demobilisation_fee": 8})
    assert plan.weekly("kept") == [1, 1, 0, 0]
    assert plan.costs == {"rent": 200, "demobilisation": 8}


def test_and_on_where_it_is_needed() -> None:
    plan = held(contract("C", "STD", -5, 2), forecast=forecast([40] * 4))
    assert plan.weekly("kept") == [1, 1, 1, 1]
    assert plan.costs == {"rent": 400}


def test_some_of_its_units_may_go_back() -> None:
    plan = held(contract("C", "STD", -5, 1, units=3), forecast=forecast([120, 80, 40, 40]))
    assert plan.weekly("kept") == [3, 2, 1, 1]


def test_a_returned_unit_does_not_come_back() -> None:
    no_store = [FACTORY | {"storage_units": 0}]
    plan = held(contract("C", "STD", -5, 1), forecast=forecast([40, 0, 0, 40]), factories=no_store)
    # two idle weeks at 100 are cheaper than the sales of week 3
    assert plan.weekly("kept") == [1, 1, 1, 1]


def test_notice_given_now_runs_out_first() -> None:
    plan = held(contract("C", "STD", -5, 1), terms={"notice_weeks": 3})
    assert plan.weekly("kept") == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("min_end", "notice", "kept"),
    [
        (-1, 0, [1, 1, 0, 0]),  # renewed in week −1 for three weeks
        (-1, 3, [1, 1, 1, 1]),  # notice for week 2 is too late, the next date is week 5
        (0, 0, [0, 0, 0, 0]),
        (0, 1, [1, 1, 1, 0]),
        (3, 0, [1, 1, 1, 0]),
    ],
)
def test_units_go_back_at_renewal_dates_only(min_end: int, notice: int, kept: list[float]) -> None:
    plan = held(contract("C", "STD", -9, min_end), terms={"renewal_weeks": 3, "notice_weeks": notice})
    assert plan.weekly("kept") == kept


def test_a_contract_with_an_off_rent_date_ends_by_itself() -> None:
    ending = contract("C", "STD", -5, 2, off=2, units=2)
    plan = held(ending, terms={"demobilisation_fee": 8}, forecast=forecast([80] * 4))
    assert plan.weekly("kept") == [2, 2, 0, 0]
    assert plan.costs == {"rent": 400, "demobilisation": 16, "lost_expected": 160 * 10_000}


def test_one_that_is_ordered_comes_on_its_date_without_further_fee() -> None:
    ordered = contract("C", "STD", 2, 9, status="ordered")
    plan = held(ordered, terms={"mobilisation_fee": 50})
    assert plan.weekly("kept") == [0, 0, 1, 1]
    # five weeks of it lie beyond the horizon, half of them paid for nothing
    assert plan.costs == {"rent": 200, "rent_tail": 250}


def test_a_part_week_is_paid_whole_at_the_end_and_not_at_the_start() -> None:
    """On rent from a Wednesday: the week after; off rent on a Wednesday: to the week's end."""
    dates = {"on_rent_date": "2026-12-02", "min_end_date": "2026-12-16"}
    row = {"contract": "C", "offer": "STD", "factory": "F", "units": 1, "status": "ordered"}
    plan = held(row | {name: date.fromisoformat(day) for name, day in dates.items()})
    assert plan.weekly("kept") == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "row",
    [
        contract("C", "STD", -9, -2, off=0),
        contract("C", "STD", -9, -2, off=3, status="ended"),
        contract("C", "STD", 4, 9, status="ordered"),
        contract("C", "STD", -9, 9, units=0),
    ],
    ids=["over", "ended", "after the horizon", "no units"],
)
def test_contracts_that_are_over_or_far_off_are_none(row: Row) -> None:
    plan = held(row, orders=[order("A", 0, 1)])
    assert plan.rows("kept").is_empty()
    assert plan.costs == {"lost_confirmed": 10_000}


def test_the_tail_of_a_contract_runs_to_its_minimum_end() -> None:
    assert held(contract("C", "STD", -5, 6, units=2)).costs == {"rent": 800, "rent_tail": 2 * 2 * 50}
    assert held(contract("C", "STD", -5, 6, off=5)).costs == {"rent": 400, "rent_tail": 50}


# Early termination


def ended(share: float | None, min_end: int = 10, notice: int = 1, **more: Any) -> Planned:
    terms = {"early_termination_share": share, "notice_weeks": notice, "demobilisation_fee": 8}
    return held(contract("C", "STD", -5, min_end, **more), terms=terms)


def test_ending_a_contract_early_costs_a_share_of_what_is_left_of_its_term() -> None:
    plan = ended(0.5)
    # from week 1 on nine weeks of rent are left, half of them due; keeping it: 400 and 300 of tail
    assert plan.weekly("kept") == [1, 0, 0, 0]
    assert plan.weekly("terminate") == [0, 1, 0, 0]
    assert plan.costs == {"rent": 100, "termination": 450, "demobilisation": 8}


def test_a_contract_that_costs_less_to_keep_is_kept() -> None:
    assert ended(0.9).costs == {"rent": 400, "rent_tail": 300}


def test_without_a_share_it_cannot_be_ended_early() -> None:
    assert ended(None).weekly("kept") == [1, 1, 1, 1]


def test_notice_holds_for_it_too() -> None:
    assert ended(0.1, notice=3).weekly("kept") == [1, 1, 1, 0]


def test_at_the_end_of_its_term_nothing_is_due() -> None:
    assert ended(0.5, min_end=1).costs == {"rent": 100, "demobilisation": 8}


def test_what_is_only_ordered_cannot_be_ended_early() -> None:
    assert ended(0.1, status="ordered").weekly("kept") == [1, 1, 1, 1]


def test_what_is_under_notice_can() -> None:
    assert ended(0.1, status="notice").weekly("kept") == [1, 0, 0, 0]


# Moves


MOVES = {"transfer_fee": 10, "transfer_weeks": 1, "max_units": 1, "factory": "F"}
TWO: Row = {
    "factories": [FACTORY, FACTORY | {"factory": "G"}],
    "markets": [{"market": "M"}, {"market": "N"}],
    "lanes": [{"factory": "F", "market": "M"}, {"factory": "G", "market": "N"}],
    "products": DEAR,
    "owned": [],
}


def two(at_f: list[float], at_g: list[float], terms: Row, *contracts: Row) -> Planned:
    """Demand that only F can serve, demand that only G can serve, and one robot, rented at F."""
    expected = [*forecast(at_f), *forecast(at_g, market="N")]
    return planned(
        {"horizon_weeks": len(at_f)},
        offers=[offer("MOVES", 50) | MOVES | terms],
        contracts=contracts,
        forecast=expected,
        **TWO,
    )


def test_a_moved_robot_works_nowhere_while_it_is_under_way() -> None:
    plan = two([40, 0, 0, 0], [0, 40, 40, 0], {})
    # it leaves F in week 1, counts at G from then on, and works there from week 2
    assert plan.weekly("on_rent", factory="F") == [1, 0, 0, 0]
    assert plan.weekly("on_rent", factory="G") == [0, 1, 1, 0]
    assert plan.weekly("robots", factory="G") == [0, 0, 1, 0]
    assert plan.costs == {"rent": 150, "transfer": 10, "lost_expected": 40 * 10_000}


@pytest.mark.parametrize(("weeks", "served"), [(0, [40, 40, 40]), (1, [0, 40, 40]), (2, [0, 0, 40])])
def test_the_longer_the_way_the_more_is_lost(weeks: int, served: list[float]) -> None:
    plan = two([40, 0, 0, 0], [0, 40, 40, 40], {"transfer_weeks": weeks})
    assert plan.weekly("serve_expected", market="N")[1:] == served


def test_a_robot_without_transfer_fee_stays_at_its_factory() -> None:
    plan = two([40, 0, 0], [0, 0, 40], {"transfer_fee": None, "factory": None})
    assert plan.weekly("on_rent", factory="F") == [1, 0, 0]
    # the vendor's only robot went back and came again, to G
    assert plan.weekly("start", factory="G") == [0, 0, 1]
    assert "transfer" not in plan.costs
    tied = two([40, 0, 0], [0, 0, 40], {"transfer_fee": None})
    assert tied.total("serve_expected", market="N") == 0


def test_its_minimum_term_moves_with_it() -> None:
    plan = two([40, 0, 0, 0], [0, 0, 40, 0], {"min_term_weeks": 4, "mobilisation_fee": 7})
    assert plan.total("start") == 1
    assert [sum(pair) for pair in zip(*(plan.weekly("on_rent", factory=f) for f in "FG"), strict=True)] == [
        1
    ] * 4
    assert plan.costs == {"rent": 200, "mobilisation": 7, "transfer": 10}


def test_a_minimum_term_is_not_over_because_an_older_robot_stands_elsewhere() -> None:
    """F's robot may not go back after two of its three weeks in the name of the one that stands at G."""
    anywhere = {"factory": None, "max_units": 2, "min_term_weeks": 3, "transfer_fee": 1e6}
    plan = two([0, 40, 40, 0, 0], [40, 40, 40, 40, 40], anywhere)
    assert sum(plan.weekly("on_rent", factory="F")) == 3
    assert plan.costs == {"rent": 8 * 50}


def test_renewals_move_with_it_too() -> None:
    terms = {"min_term_weeks": 2, "renewal_weeks": 2, "mobilisation_fee": 900}
    plan = two([40, 0, 0, 0, 0], [0, 0, 40, 0, 0], terms)
    # two weeks and one renewal of two
    assert plan.costs == {"rent": 200, "mobilisation": 900, "transfer": 10}


@pytest.mark.parametrize(
    ("at_f", "at_g", "weeks_at_f", "weeks_at_g"),
    [
        ([40, 40, 40, 0, 0, 0], [0, 40, 0, 0, 0, 0], 4, 2),  # G's may not leave after one week in F's name
        ([40, 40, 40, 0, 0, 0], [0, 40, 40, 40, 0, 0], 4, 4),  # nor each in the week the other one could
    ],
)
def test_robots_that_renew_do_not_swap_their_terms_between_factories(
    at_f: list[float], at_g: list[float], weeks_at_f: int, weeks_at_g: int
) -> None:
    terms = {"min_term_weeks": 2, "renewal_weeks": 2, "transfer_fee": 1e6, "factory": None, "max_units": None}
    plan = two(at_f, at_g, terms)
    assert plan.total("on_rent", factory="F") == weeks_at_f
    assert plan.total("on_rent", factory="G") == weeks_at_g
    assert plan.costs == {"rent": 50 * (weeks_at_f + weeks_at_g)}


def test_a_move_that_costs_more_than_it_earns_is_not_made() -> None:
    plan = two([40, 0, 0, 0], [0, 40, 40, 0], {"transfer_fee": 1e6})
    assert plan.total("move") == 0


def test_the_units_of_a_contract_are_moved_as_well() -> None:
    running = contract("C", "MOVES", -5, 4)
    plan = two([40, 0, 0, 0], [0, 0, 40, 40], {"max_units": 0}, running)
    assert plan.weekly("kept", factory="F") == [1, 0, 0, 0]
    assert plan.weekly("kept", factory="G") == [0, 1, 1, 1]
    assert plan.weekly("robots", factory="G") == [0, 0, 1, 1]
    assert plan.costs == {"rent": 200, "transfer": 10}


def moving(transfer_weeks: int) -> Model:
    """Two factories, robots to rent at F and a contract there, all of them movable; five weeks.

    A robot of our own stands at each: nobody may borrow its hours for one that is under way.
    """
    terms = offer("MOVES", 50) | MOVES | {"transfer_weeks": transfer_weeks, "max_units": 2}
    made = problem(
        network(
            {"horizon_weeks": 5},
            offers=[terms],
            contracts=[contract("C", "MOVES", -5, 0)],
            forecast=[*forecast([40] * 5), *forecast([40] * 5, market="N")],
            **TWO | {"owned": [{"factory": f, "robot_model": "R", "units": 1} for f in "FG"]},
        )
    )
    return build(made, eligible(made), made.expected, None)


def can_be(model: Model, *decided: tuple[str, dict[str, int], float]) -> bool:
    """Whether a plan exists in which these decisions are taken."""
    lower, upper = model.lower.copy(), model.upper.copy()
    for family, where, value in decided:
        matches = [pl.col(name) == number for name, number in where.items()]
        columns = model.families[family].frame.filter(matches)["col"].to_numpy()
        assert len(columns) == 1
        lower[columns] = upper[columns] = value
    held_model = replace(model, lower=lower, upper=upper, integer=np.zeros_like(model.integer))
    return attempt(held_model, Limits(gap=0.0, seconds=30)) is not None


F, G = 0, 1


def leaves(f: int, f2: int, t: int, units: float = 1) -> tuple[str, dict[str, int], float]:
    return "move", {"o": 0, "f": f, "f2": f2, "t": t}, units


def at(family: str, f: int, t: int, units: float) -> tuple[str, dict[str, int], float]:
    return family, {"o": 0, "f": f, "t": t}, units


RENTED = (at("start", F, 0, 1), at("start", F, 1, 0), at("start", F, 2, 0), at("start", F, 3, 0))


def test_a_unit_under_way_is_not_moved_on_or_returned() -> None:
    model = moving(transfer_weeks=2)
    gone = (*RENTED, leaves(F, G, 1))
    assert can_be(model, *gone)
    assert not can_be(model, *gone, leaves(G, F, 2))  # still under way in week 2
    assert not can_be(model, *gone, at("stop", G, 2, 1))
    assert can_be(model, *gone, leaves(G, F, 3))  # it worked at G in no week, but it was there
    assert can_be(model, *gone, at("stop", G, 3, 1))


def test_a_unit_is_not_moved_in_the_week_it_comes_or_goes() -> None:
    model = moving(transfer_weeks=1)
    second = (at("start", F, 0, 0), at("start", F, 1, 1), at("start", F, 2, 0), at("start", F, 3, 0))
    assert not can_be(model, *second, leaves(F, G, 1))
    assert can_be(model, *second, leaves(F, G, 2))
    assert not can_be(model, *RENTED, leaves(F, G, 1), at("stop", F, 1, 1))


def test_no_more_units_leave_than_are_there() -> None:
    model = moving(transfer_weeks=0)
    assert not can_be(model, *RENTED, leaves(F, G, 1, 2))
    assert not can_be(model, *RENTED, leaves(F, G, 1), leaves(F, G, 2))
    # round trips of units that are not there cancel in the balance, and are refused all the same
    assert not can_be(model, *RENTED, leaves(F, G, 1, 1), leaves(G, F, 1, 1))


def test_units_of_a_contract_that_are_under_way_stay() -> None:
    model = moving(transfer_weeks=2)

    def moved(f: int, f2: int, t: int) -> tuple[str, dict[str, int], float]:
        return "move_contract", {"c": 0, "f": f, "f2": f2, "t": t}, 1

    assert can_be(model, moved(F, G, 1))
    assert not can_be(model, moved(F, G, 1), ("drop", {"c": 0, "f": G, "t": 2}, 1))
    assert not can_be(model, moved(F, G, 1), moved(G, F, 2))
    assert can_be(model, moved(F, G, 1), ("drop", {"c": 0, "f": G, "t": 3}, 1))
