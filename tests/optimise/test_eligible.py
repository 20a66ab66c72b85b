"""Only what can be part of a good plan becomes a decision, and nothing else is lost by that."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from planning.domain.problem import Problem
from planning.optimise.model.build import build
from planning.optimise.model.eligible import Eligible, eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.runs import attempt
from tests.builders.networks import (
    PRODUCT,
    ROUTING,
    Row,
    contract,
    forecast,
    network,
    offer,
    order,
    problem,
    week,
)

PAST_ALL = 1e6
TWO_PRODUCTS = [PRODUCT, PRODUCT | {"product": "Q"}]
TWO_FACTORIES = [{"factory": "F"}, {"factory": "G"}]
TWO_MARKETS = [{"market": "M"}, {"market": "N"}]


def can(**tables: Any) -> Eligible:
    """What can occur in a network with an order of 30 in week 2."""
    return eligible(problem(network(**({"orders": [order("A", 2, 30)]} | tables))))


def weeks(frame: pl.DataFrame, **where: int) -> list[int]:
    return sorted(frame.filter(**where)["t"].to_list())


# What is made where


def test_a_product_nobody_asks_for_is_not_made() -> None:
    made = can(products=TWO_PRODUCTS, routings=[ROUTING, ROUTING | {"product": "Q", "routing": "Q"}])
    assert made.routes["p"].unique().to_list() == [0]
    assert made.sold.rows() == [(0, 0)]


def test_but_what_is_started_goes_on() -> None:
    work = {"work_order": "W", "factory": "F", "routing": "Q", "week": week(0), "quantity_left": 5}
    made = can(
        products=TWO_PRODUCTS,
        routings=[ROUTING, ROUTING | {"product": "Q", "routing": "Q"}],
        firm_work=[work | {"status": "started"}],
    )
    assert weeks(made.routes, p=1) == [0]


def test_nothing_is_made_where_no_robot_of_the_model_can_ever_stand() -> None:
    made = can(factories=TWO_FACTORIES)
    assert made.routes["f"].unique().to_list() == [0]
    offered = can(factories=TWO_FACTORIES, offers=[offer("FLEX", 50, factory="G")])
    assert offered.routes["f"].unique().sort().to_list() == [0, 1]


def test_a_unit_made_on_two_models_needs_both_to_stand_there() -> None:
    robots = [{"robot_model": "R", "availability": 1}, {"robot_model": "S", "availability": 1}]
    rows = [ROUTING, ROUTING | {"robot_model": "S"}]
    assert can(robots=robots, routings=rows).routes.is_empty()
    owned = [{"factory": "F", "robot_model": model, "units": 1} for model in ("R", "S")]
    assert weeks(can(robots=robots, routings=rows, owned=owned).routes) == [0, 1, 2, 3]


def test_nothing_is_made_in_a_week_without_hours() -> None:
    holiday = {"factory": "F", "week": week(1), "attended_hours": 0}
    assert weeks(can(calendar=[holiday]).routes) == [0, 2, 3]


def test_goods_are_made_after_their_due_week_too() -> None:
    assert weeks(can(orders=[order("A", 0, 30)]).routes) == [0, 1, 2, 3]


def test_expected_demand_is_made_in_its_week_or_before() -> None:
    assert weeks(can(orders=[], forecast=forecast({1: 30})).routes) == [0, 1]


def test_a_route_makes_no_more_than_is_asked_for() -> None:
    asked = [order("A", 0, 30), order("B", 2, 25)]
    made = can(orders=asked, markets=TWO_MARKETS, forecast=forecast({0: 5, 2: 10}, market="N"))
    assert made.routes.sort("t")["most"].to_list() == [70, 65, 65, 55]


def test_a_batch_may_make_more_gross_units() -> None:
    rows = [ROUTING | {"batch_size": 8, "yield": 0.9}]
    cell = can(routings=rows).routes.row(0, named=True)
    assert (cell["most"], cell["most_batches"], cell["most_gross"]) == (30, 5, 40)


def test_hours_limit_what_can_be_made_gross() -> None:
    made = can(orders=[order("A", 2, 70)])
    assert made.routes["most_gross"].to_list() == pytest.approx([40] * 4, abs=1e-5)


def test_a_set_up_leaves_fewer_hours_to_make_things_in() -> None:
    made = eligible(
        problem(
            network({"setup_weeks": 2}, routings=[ROUTING | {"setup_hours": 6}], orders=[order("A", 2, 70)])
        )
    )
    # beyond the set-up weeks six hours are spread over every unit
    assert made.routes["most_gross"].to_list() == pytest.approx([34, 34, 40 / 7, 40 / 7], abs=1e-5)


def test_in_the_firm_weeks_no_more_than_is_sold() -> None:
    tables = {
        "orders": [order("A", 3, 30)],
        "forecast": forecast({2: 90}, market="N"),
        "markets": TWO_MARKETS,
    }
    made = eligible(problem(network({"firm_weeks": 2}, **tables)))
    assert made.routes.sort("t")["most"].to_list() == [30, 30, 120, 30]


def test_in_a_frozen_week_only_what_is_published_or_firm() -> None:
    row = {"factory": "F", "product": "P", "routing": "P"}
    published = [row | {"week": week(0), "quantity": 12}, row | {"week": week(3), "quantity": 5}]
    made = eligible(
        problem(network({"frozen_weeks": 2}, {"production": published}, orders=[order("A", 3, 30)]))
    )
    assert made.routes.sort("t").select("t", "most").rows() == [(0, 12), (2, 30), (3, 30)]


# What is shipped where


def test_goods_leave_only_when_they_arrive_within_the_horizon() -> None:
    lane = {"factory": "F", "market": "M", "lead_time_weeks": 2}
    assert weeks(can(lanes=[lane]).ships) == [0, 1]


def test_goods_for_orders_arrive_from_the_first_due_week_on() -> None:
    assert weeks(can(orders=[order("A", 1, 30), order("B", 3, 30)]).ships) == [1, 2, 3]


def test_goods_for_expected_demand_arrive_in_its_week() -> None:
    made = can(orders=[order("A", 3, 30)], forecast=forecast({1: 90}))
    assert weeks(made.ships) == [1, 3]


def test_goods_go_only_where_they_are_asked_for() -> None:
    assert can(markets=TWO_MARKETS).ships["m"].unique().to_list() == [0]


def test_goods_in_stock_may_be_shipped_from_where_nothing_is_made() -> None:
    stock = [{"factory": "G", "product": "P", "quantity": 3}]
    made = can(factories=TWO_FACTORIES, stock=stock)
    assert made.makes.rows() == [(0, 0), (0, 1)]
    assert weeks(made.ships, f=1) == [2, 3]


# Where robots may stand


def test_robots_stand_where_they_are_owned_rented_or_can_be_rented() -> None:
    factories = [{"factory": name} for name in "FGH"]
    made = can(
        factories=factories,
        offers=[offer("FLEX", 50, factory="H", max_units=4)],
        contracts=[contract("C", "FLEX", -1, 3, factory="G", units=2)],
    )
    assert made.places.select("f", "most").rows() == [(0, 1), (1, 2), (2, 4)]


def test_a_robot_that_may_be_moved_can_stand_everywhere() -> None:
    made = can(
        factories=TWO_FACTORIES,
        owned=[],
        offers=[offer("MOVES", 50, transfer_fee=5, factory="F", max_units=0)],
        contracts=[contract("C", "MOVES", -1, 3)],
    )
    assert made.places.select("f", "most").rows() == [(0, 1), (1, 1)]


def test_the_floor_limits_robots_but_not_those_that_stand_already() -> None:
    crowded = {"factory": "F", "floor_slots": 3}
    robots = [{"robot_model": "R", "floor_slots": 2, "availability": 1}]
    assert can(factories=[crowded], robots=robots, owned=[], offers=[offer("FLEX", 5)]).places.row(0) == (
        0,
        0,
        1,
    )
    owned = [{"factory": "F", "robot_model": "R", "units": 4}]
    assert can(factories=[crowded], robots=robots, owned=owned).places.row(0) == (0, 0, 4)


@pytest.mark.parametrize(
    "terms",
    [
        {"lead_time_weeks": 4},  # comes after the horizon
        {"max_units": 0},
        {"robot_model": "S"},  # nothing to do for it
    ],
    ids=str,
)
def test_an_offer_that_can_do_nothing_is_no_decision(terms: Row) -> None:
    robots = [{"robot_model": "R", "availability": 1}, {"robot_model": "S"}]
    assert can(robots=robots, offers=[offer("NO", 50, **terms)]).standing.is_empty()


def test_no_more_robots_are_rented_than_work_or_a_tier_could_use() -> None:
    large = [order("A", 2, 130)]
    assert can(orders=large, offers=[offer("FLEX", 5)]).standing["most"].to_list() == [4]
    capped = can(orders=large, offers=[offer("FLEX", 5, max_units=2)])
    assert capped.standing["most"].to_list() == [2]
    tiers = [{"offer": "FLEX", "from_units": 7, "weekly_rate": 1}]
    assert can(offers=[offer("FLEX", 5)], offer_tiers=tiers).standing["most"].to_list() == [7]


# Nothing is lost


def generous(made: Problem) -> Eligible:
    """As `eligible`, with all its upper limits out of the way and every shipment allowed."""
    pruned = eligible(made)
    weeks = pl.DataFrame({"t": range(made.weeks)}, schema={"t": pl.Int64})
    ships = pruned.makes.join(made.lanes.select("f", "m", "lead"), on="f").join(weeks, how="cross")
    ships = ships.filter(pl.col("t") + pl.col("lead") < made.weeks).join(pruned.sold, on=["p", "m"])
    top = made.offers.select("o", limit=pl.col("max_units").fill_null(20))
    return replace(
        pruned,
        routes=pruned.routes.with_columns(most=pl.lit(PAST_ALL), most_gross=pl.lit(PAST_ALL)),
        ships=ships.select("p", "f", "m", "t", "lead").sort("p", "f", "m", "t"),
        standing=pruned.standing.drop("most").join(top.rename({"limit": "most"}), on="o").sort("o", "f"),
    )


def busy() -> Problem:
    """Two products, factories and markets; more work than owned robots; an offer with a tier."""
    return problem(
        network(
            factories=[{"factory": "F"}, {"factory": "G", "attended_hours_per_week": 30}],
            markets=TWO_MARKETS,
            products=TWO_PRODUCTS,
            routings=[ROUTING, ROUTING | {"product": "Q", "routing": "Q", "hours_per_unit": 0.6}],
            lanes=[
                {"factory": "F", "market": "M"},
                {"factory": "G", "market": "M", "lead_time_weeks": 1, "cost_per_unit": 2},
                {"factory": "G", "market": "N", "cost_per_unit": 1},
            ],
            offers=[offer("FLEX", 70, min_term_weeks=2, mobilisation_fee=15, max_units=3)],
            offer_tiers=[{"offer": "FLEX", "from_units": 2, "weekly_rate": 50}],
            stock=[{"factory": "F", "product": "P", "quantity": 12}],
            orders=[order("A", 0, 55), order("B", 2, 60, market="N"), order("C", 1, 80, product="Q")],
            forecast=[*forecast([10, 20, 30, 40]), *forecast([15] * 4, product="Q", market="N")],
        )
    )


def test_what_is_left_out_could_not_have_helped() -> None:
    made = busy()
    pruned, unpruned = eligible(made), generous(made)
    assert unpruned.ships.height > pruned.ships.height
    exact = Limits(gap=0.0, seconds=60)
    best, wide = (attempt(build(made, each, made.expected, None), exact) for each in (pruned, unpruned))
    assert best is not None
    assert wide is not None
    assert best.objective == pytest.approx(wide.objective, rel=1e-6)
