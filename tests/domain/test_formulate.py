"""From a network to the plan problem: ids become indices, dates buckets, and nothing is lost on the way."""

from typing import Any

import polars as pl
import pytest

from planning.domain.problem import Coder, Problem, names_of
from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROBOT,
    ROUTING,
    Row,
    certain,
    forecast,
    network,
    order,
    problem,
    week,
)

TWO_FACTORIES = [FACTORY, FACTORY | {"factory": "G"}]
TWO_MODELS = [ROBOT, ROBOT | {"robot_model": "S"}]


def made(settings: Row | None = None, **tables: Any) -> Problem:
    return problem(network(settings, **tables))


def only(frame: pl.DataFrame, **where: Any) -> dict[str, Any]:
    rows = frame.filter(**where) if where else frame
    assert rows.height == 1, rows
    return rows.row(0, named=True)


# Names


def test_ids_are_numbered_in_the_order_of_their_text() -> None:
    products = [PRODUCT | {"product": name} for name in ("P10", "P9", "p1", "0012")]
    routings = [ROUTING | {"product": row["product"], "routing": row["product"]} for row in products]
    names = names_of(network(products=products, routings=routings))
    assert names.p == ["0012", "P10", "P9", "p1"]


def test_indices_are_read_back_as_ids() -> None:
    names = names_of(network(factories=TWO_FACTORIES))
    rows = pl.DataFrame({"f": [1, 0], "p": [0, 0]})
    assert names.decode(rows, factory="f", product="p").rows() == [(1, 0, "G", "P"), (0, 0, "F", "P")]


def test_a_missing_id_stays_missing() -> None:
    code = Coder(names_of(network()))
    assert code(pl.DataFrame({"factory": ["F", None, "?"]}), "factory")["f"].to_list() == [0, None, None]


# Demand


def test_orders_of_one_product_market_class_and_week_are_one_demand() -> None:
    orders = [order("A", 1, 5), order("B", 1, 7), order("C", 1, 4, priority=1), order("D", -3, 2)]
    due = made(orders=orders).due
    assert due.rows() == [(0, 0, 1, 1, 4), (0, 0, 3, 0, 2), (0, 0, 3, 1, 12)]


def test_expected_demand_is_what_can_be_reached_of_it() -> None:
    stock = [{"factory": "F", "product": "P", "quantity": 4}]
    mine = made({"firm_weeks": 1}, forecast=certain([10, 20, 0, 5]), stock=stock)
    assert mine.expected.rows() == mine.qualifying.rows() == [(0, 0, 0, 4), (0, 0, 1, 20), (0, 0, 3, 5)]


def test_both_solves_have_their_own_demand() -> None:
    rows = [row | {"p10": 6, "p50": 9, "p90": 12} for row in forecast([10])]
    mine = made(forecast=rows)
    assert mine.expected["quantity"].to_list() == [10]
    assert mine.qualifying["quantity"].to_list() == [6]


def test_goods_in_transit_add_up_by_week() -> None:
    row = {"factory": "F", "market": "M", "product": "P"}
    arrivals = [(-2, 3), (0, 4), (2, 5), (4, 9)]
    transit = made(in_transit=[row | {"arrive_week": week(t), "quantity": q} for t, q in arrivals]).transit
    assert transit.rows() == [(0, 0, 0, 7), (0, 0, 2, 5)]


# Hours


def hours(calendar: list[Row]) -> dict[str, Any]:
    factory = FACTORY | {"unattended_hours_per_week": 20, "overtime_hours_per_week": 5}
    mine = made(factories=[factory], robots=TWO_MODELS, calendar=calendar)
    return only(mine.hours, r=0, t=1)


DAY = {"factory": "F", "week": week(1)}


def test_hours_are_the_factorys_and_availability_the_models() -> None:
    row = hours([])
    assert (row["attended"], row["unattended"], row["overtime"], row["availability"]) == (40, 20, 5, 1)


def test_a_calendar_row_changes_what_it_names() -> None:
    row = hours([DAY | {"attended_hours": 32}])
    assert (row["attended"], row["unattended"], row["availability"]) == (32, 20, 1)


def test_a_models_row_beats_the_general_one_column_by_column() -> None:
    general = DAY | {"attended_hours": 32, "unattended_hours": 0, "availability": 0.5}
    row = hours([general, DAY | {"robot_model": "R", "unattended_hours": 60}])
    assert (row["attended"], row["unattended"], row["availability"]) == (32, 60, 0.5)
    both = hours([general, DAY | {"robot_model": "R", "attended_hours": 10, "availability": 0.9}])
    assert (both["attended"], both["unattended"], both["availability"]) == (10, 0, 0.9)
    other = hours([DAY | {"robot_model": "S", "attended_hours": 1}])
    assert other["attended"] == 40


def test_a_day_without_hours_is_no_missing_day() -> None:
    assert hours([DAY | {"attended_hours": 0, "availability": 0}])["attended"] == 0


def test_people_are_there_for_the_factorys_own_hours() -> None:
    calendar = [DAY | {"attended_hours": 32}, DAY | {"robot_model": "R", "attended_hours": 10}]
    staff = made(calendar=calendar).staff_hours
    assert [row["attended"] for row in staff.sort("t").iter_rows(named=True)] == [40, 32, 40, 40]


def test_operators_of_a_week_beat_the_general_ones() -> None:
    row = {"factory": "F", "process": "print", "operators": 2}
    people = [row | {"week": week(1), "operators": 0}, row, row | {"week": week(9), "operators": 7}]
    limits = made(operators=people).operators.sort("t")
    assert limits["operators"].to_list() == [2, 0, 2, 2]
    only_then = made(operators=[row | {"week": week(3)}]).operators
    assert only_then.select("t", "operators").rows() == [(3, 2)]


# Routings

LOT = ROUTING | {"setup_hours": 6, "setup_cost": 12, "typical_lot": 4, "unit_cost": 3, "kgco2e_per_unit": 0.5}
POWER = [ROBOT | {"power_kw": 2}]


def test_in_the_set_up_weeks_a_set_up_is_charged_once() -> None:
    mine = made({"setup_weeks": 1}, robots=POWER, routings=[LOT])
    route, work = only(mine.routes, t=0), only(mine.work, t=0)
    assert route["has_setup"]
    assert (route["setup_cost"], route["prorata_cost"], route["unit_cost"], route["kg"]) == (12, 0, 3, 0.5)
    assert (work["setup_hours"], work["gross_hours"], work["unit_hours"]) == (6, 1, 1)
    # an hour and a set-up of six hours at 2 kW
    assert (route["kwh"], route["setup_kwh"]) == (2, 12)


def test_beyond_them_it_is_spread_over_the_lot() -> None:
    mine = made({"setup_weeks": 1}, robots=POWER, routings=[LOT])
    route, work = only(mine.routes, t=1), only(mine.work, t=1)
    assert not route["has_setup"]
    assert (route["setup_cost"], route["prorata_cost"]) == (0, 3)
    assert (work["setup_hours"], work["gross_hours"], work["unit_hours"]) == (0, 2.5, 1)
    assert (route["kwh"], route["setup_kwh"]) == (2 + 3, 0)


@pytest.mark.parametrize(
    ("lot", "asks"),
    [({}, False), ({"setup_hours": 1}, True), ({"setup_cost": 1}, True), ({"min_lot": 2}, True)],
    ids=str,
)
def test_what_takes_neither_time_nor_money_nor_a_lot_needs_no_set_up(lot: Row, asks: bool) -> None:
    mine = made({"setup_weeks": 4}, routings=[ROUTING | lot])
    assert mine.routes["has_setup"].unique().to_list() == [asks]


def test_of_several_models_hours_are_their_own_and_costs_add_up() -> None:
    mine = made(
        {"setup_weeks": 4},
        robots=[ROBOT | {"power_kw": 2}, ROBOT | {"robot_model": "S", "power_kw": 5}],
        routings=[LOT, LOT | {"robot_model": "S", "hours_per_unit": 3, "setup_hours": 1, "unit_cost": 4}],
    )
    route = only(mine.routes, t=0)
    assert (route["unit_cost"], route["setup_cost"], route["kg"]) == (7, 24, 1)
    assert (route["kwh"], route["setup_kwh"]) == (1 * 2 + 3 * 5, 6 * 2 + 1 * 5)
    assert mine.work.filter(t=0).sort("r")["gross_hours"].to_list() == [1, 3]


def test_energy_that_is_told_is_not_derived() -> None:
    mine = made(robots=POWER, routings=[ROUTING | {"energy_kwh_per_unit": 9}])
    assert only(mine.routes, t=0)["kwh"] == 9


# Materials


def test_material_of_a_routing_and_of_its_product_add_up() -> None:
    bom = [
        {"product": "P", "material": "powder", "quantity_per_unit": 2},
        {"product": "P", "routing": "P2", "material": "powder", "quantity_per_unit": 1},
        {"product": "P", "routing": "P2", "material": "glue", "quantity_per_unit": 0.5},
    ]
    materials = [{"material": name, "unit_cost": 1} for name in ("glue", "powder")]
    mine = made(routings=[ROUTING, ROUTING | {"routing": "P2"}], materials=materials, bom=bom)
    assert mine.bom.rows() == [(0, 1, 2), (1, 0, 0.5), (1, 1, 3)]


def test_supply_counts_from_the_first_week_to_the_last() -> None:
    row = {"material": "powder", "factory": "F", "quantity": 5}
    supply = [row | {"week": week(t)} for t in (-2, 3, 4)]
    mine = made(
        materials=[{"material": "powder", "unit_cost": 7}],
        supply=[*supply, row | {"week": week(0), "unit_cost": 0}],
    )
    assert mine.supply.sort("t", "unit_cost").select("t", "quantity", "unit_cost").rows() == [
        (0, 5, 0),
        (0, 5, 7),
        (3, 5, 7),
    ]


def test_the_same_network_in_another_order_is_the_same_problem() -> None:
    tables: Row = {
        "factories": TWO_FACTORIES,
        "robots": TWO_MODELS,
        "products": [PRODUCT, PRODUCT | {"product": "Q"}],
        "routings": [ROUTING, ROUTING | {"product": "Q", "routing": "Q", "robot_model": "S"}],
        "orders": [order("A", 0, 5), order("B", 1, 7, product="Q"), order("C", 1, 9, product="Q")],
        "forecast": [*forecast([4] * 4), *forecast([6] * 4, product="Q")],
        "stock": [{"factory": f, "product": p, "quantity": 3} for f in "FG" for p in "PQ"],
    }
    one, other = made(**tables), made(**{name: rows[::-1] for name, rows in tables.items()})
    assert one.names == other.names
    for name in ("products", "hours", "routes", "work", "lanes", "stock", "due", "expected", "firm_limit"):
        left, right = getattr(one, name), getattr(other, name)
        assert left.sort(left.columns).equals(right.sort(left.columns)), name
