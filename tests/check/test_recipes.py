"""Which routing row holds where and when."""

import polars as pl

from planning.check.facts import Facts
from planning.domain.schema import INPUT
from tests.check import world
from tests.check.tables import table

HEADER = "routing,product,factory,revision,effective_week,robot_model,hours_per_unit "


def hours(rows: str, factory: str = "F1") -> list[dict[str, float]]:
    """Hours per unit of routing R by robot model, week by week."""
    network = world.network().with_tables(routings=table(INPUT["routings"], HEADER + rows))
    in_force = Facts(network, world.plan()).in_force.filter(pl.col("factory") == factory)
    weeks = [in_force.filter(pl.col("t") == t) for t in range(world.POLICY.horizon_weeks)]
    return [dict(week.sort("robot_model").select("robot_model", "hours_per_unit").rows()) for week in weeks]


def test_a_factory_s_row_replaces_the_general_row_of_the_same_robot_model() -> None:
    rows = "R,P1,,,,ADD,1 R,P1,,,,MILL,2 R,P1,F1,,,ADD,3"
    assert hours(rows) == [{"ADD": 3, "MILL": 2}] * 5
    assert hours(rows, "F2") == [{"ADD": 1, "MILL": 2}] * 5


def test_the_latest_effective_revision_holds_as_a_whole() -> None:
    rows = "R,P1,,A,,ADD,1 R,P1,,A,,MILL,2 R,P1,,B,2026-12-14,ADD,4 R,P1,,C,2027-06-07,ADD,9"
    assert hours(rows) == [{"ADD": 1, "MILL": 2}] * 2 + [{"ADD": 4}] * 3


def test_of_two_revisions_the_greater_name_holds() -> None:
    assert hours("R,P1,,A,,ADD,1 R,P1,,B,,ADD,2") == [{"ADD": 2}] * 5


def test_a_later_general_revision_holds_where_the_factory_has_an_earlier_row() -> None:
    assert hours("R,P1,F1,A,,ADD,1 R,P1,,B,2026-12-28,ADD,2") == [{"ADD": 1}] * 4 + [{"ADD": 2}]


def test_nothing_holds_before_its_first_week() -> None:
    assert hours("R,P1,,A,2026-12-21,ADD,1") == [{}] * 3 + [{"ADD": 1}] * 2


def test_a_routing_without_name_is_product_and_robot_model() -> None:
    network = world.network().with_tables(routings=table(INPUT["routings"], HEADER + ",P1,,,,ADD,1"))
    assert set(Facts(network, world.plan()).in_force["routing"]) == {"P1/ADD"}
