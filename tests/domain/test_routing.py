"""Which routing rows hold where and when."""

from typing import Any

import polars as pl

from planning.domain.routing import resolve_routings
from tests.builders.networks import ROUTING, Row, network, week

TWO_FACTORIES = [{"factory": "F"}, {"factory": "G"}]
TWO_MODELS = [{"robot_model": "R"}, {"robot_model": "S"}]


def in_force(*routings: Row, column: str = "hours_per_unit") -> dict[tuple[str, int], dict[str, Any]]:
    """Factory and bucket → robot model → a column of the row in force; two factories, three weeks."""
    made = network({"horizon_weeks": 3}, factories=TWO_FACTORIES, robots=TWO_MODELS, routings=routings)
    cells: dict[tuple[str, int], dict[str, Any]] = {}
    for row in resolve_routings(made).iter_rows(named=True):
        cells.setdefault((row["factory"], row["t"]), {})[row["robot_model"]] = row[column]
    return cells


def at(factory: str, **values: Any) -> Row:
    return ROUTING | {"factory": factory} | values


def test_a_row_without_factory_holds_at_every_factory_in_every_week() -> None:
    assert in_force(ROUTING) == {(f, t): {"R": 1} for f in "FG" for t in range(3)}


def test_a_row_of_a_factory_holds_there_only() -> None:
    assert set(in_force(at("G"))) == {("G", 0), ("G", 1), ("G", 2)}


def test_a_factorys_row_replaces_the_general_one_of_the_same_model() -> None:
    rows = in_force(ROUTING, ROUTING | {"robot_model": "S", "hours_per_unit": 2}, at("G", hours_per_unit=7))
    assert rows["F", 0] == {"R": 1, "S": 2}
    assert rows["G", 0] == {"R": 7, "S": 2}
    assert in_force(at("G", hours_per_unit=7), ROUTING)["G", 0] == {"R": 7}


def test_the_latest_revision_in_force_holds() -> None:
    later = ROUTING | {"revision": "B", "effective_week": week(1), "hours_per_unit": 2}
    latest = ROUTING | {"revision": "A", "effective_week": week(2), "hours_per_unit": 3}
    rows = in_force(ROUTING, later, latest)
    assert [rows["F", t]["R"] for t in range(3)] == [1, 2, 3]


def test_of_two_from_the_same_week_the_greater_name_holds() -> None:
    same = {"effective_week": week(1)}
    first = ROUTING | same | {"revision": "A9", "hours_per_unit": 2}
    second = ROUTING | same | {"revision": "B1", "hours_per_unit": 3}
    assert [in_force(*pair)["F", 1]["R"] for pair in ((first, second), (second, first))] == [3, 3]


def test_a_named_revision_beats_none_from_the_same_week() -> None:
    named = ROUTING | {"revision": "A", "hours_per_unit": 2}
    assert in_force(ROUTING, named)["F", 0] == {"R": 2}


def test_before_its_first_revision_a_routing_does_not_hold() -> None:
    assert ("F", 0) not in in_force(ROUTING | {"revision": "A", "effective_week": week(1)})


def test_a_revision_from_before_the_start_holds_from_the_start() -> None:
    assert in_force(ROUTING | {"revision": "A", "effective_week": week(-9), "hours_per_unit": 4})["F", 0] == {
        "R": 4
    }


def test_a_new_revision_brings_all_its_robot_models_and_no_older_ones() -> None:
    old = [ROUTING, ROUTING | {"robot_model": "S", "hours_per_unit": 2}]
    new = ROUTING | {"revision": "B", "effective_week": week(1), "hours_per_unit": 3}
    rows = in_force(*old, new)
    assert rows["F", 0] == {"R": 1, "S": 2}
    assert rows["F", 1] == {"R": 3}


def test_a_factory_may_be_revised_alone() -> None:
    rows = in_force(ROUTING, at("G", revision="B", effective_week=week(1), hours_per_unit=3))
    assert [rows[f, 1]["R"] for f in "FG"] == [1, 3]


def test_within_a_revision_a_factorys_row_replaces_the_general_one() -> None:
    rows = in_force(
        ROUTING | {"revision": "B"},
        at("G", revision="B", hours_per_unit=3),
        at("G", revision="A", hours_per_unit=9),
    )
    assert rows["F", 0] == {"R": 1}
    assert rows["G", 0] == {"R": 3}


def test_alternatives_of_a_product_hold_side_by_side() -> None:
    made = network(routings=[ROUTING, ROUTING | {"routing": "P2"}])
    assert resolve_routings(made)["routing"].unique().sort().to_list() == ["P", "P2"]


def test_rows_come_sorted_with_all_that_the_plan_needs() -> None:
    made = network({"horizon_weeks": 2}, factories=TWO_FACTORIES, robots=TWO_MODELS, routings=[
        ROUTING | {"robot_model": "S", "min_lot": 3, "batch_size": 5, "yield": 0.9},
        ROUTING | {"min_lot": 3, "batch_size": 5, "yield": 0.9, "unit_cost": 2, "kgco2e_per_unit": 1},
    ])  # fmt: skip
    rows = resolve_routings(made)
    assert rows.equals(rows.sort("routing", "factory", "t", "robot_model"))
    first = rows.filter(pl.col("robot_model") == "R").row(0, named=True)
    assert (first["min_lot"], first["batch_size"], first["yield"], first["unit_cost"]) == (3, 5, 0.9, 2)
