"""Robots there and needed are told by week, factory and model, and summed where they are shown together."""

import polars as pl
import pytest

from planning.present import robot_weeks
from planning.present.fleet_tables import FleetChoice
from planning.present.view import Choice
from tests.builders.fleets import Cell, a_fleet
from tests.builders.plans import WEEKS, a_network, a_plan, week

ALL = Choice()


def test_a_factory_shows_every_week_with_its_models_together() -> None:
    plan = a_fleet(
        Cell(1, 2, 0, attended_work=60.0, t=3), Cell(0, 0, 3, robot_model="mill", attended_work=20.0, t=3)
    )
    places = robot_weeks.by_factory(robot_weeks.robot_weeks(plan, a_network(), ALL), plan)
    assert list(places) == ["Leeds"]
    leeds = places["Leeds"]
    assert leeds["week"].to_list() == [week(t) for t in range(WEEKS)]
    assert leeds.row(3) == (week(3), 1, 2, 3, 2.0)
    assert leeds.row(4) == (week(4), 0, 0, 0, 0.0)


def test_robots_shown_are_those_of_the_export() -> None:
    plan = a_plan()
    places = robot_weeks.by_factory(robot_weeks.robot_weeks(plan, a_network(), ALL), plan)
    shown = pl.concat(places.values()).select(pl.sum_horizontal("owned", "contract", "offer").sum()).item()
    assert shown == plan["fleet"]["units"].sum()
    together = robot_weeks.together(places)["All factories"]
    assert together["owned"].to_list() == [8] * WEEKS
    assert together["week"].is_sorted()


def test_two_factories_of_one_name_stay_two() -> None:
    network = a_network()
    same = network["factories"].with_columns(name=pl.lit("Works"))
    plan = a_fleet(Cell(1), Cell(2, factory="F2"))
    cells = robot_weeks.robot_weeks(plan, network.with_tables(factories=same), ALL)
    assert [rows["owned"][0] for rows in robot_weeks.by_factory(cells, plan).values()] == [1, 2]


def test_axes_reach_to_the_most_robots_there_or_needed() -> None:
    plan = a_fleet(Cell(1, 1, 1), Cell(2, attended_work=80.0, overtime=60.0, factory="F2"))
    cells = robot_weeks.robot_weeks(plan, a_network(), ALL)
    assert robot_weeks.most_robots(robot_weeks.by_factory(cells, plan)) == 3.5
    assert robot_weeks.most_robots({}) == 0.0


def map_of(most: int, *cells: Cell) -> tuple[list[str], int]:
    rows, left = robot_weeks.map_rows(robot_weeks.robot_weeks(a_fleet(*cells), a_network(), ALL), most)
    return rows["row"].unique(maintain_order=True).to_list(), left


FULL = Cell(1, attended_work=40.0, factory="F1")
SPARE = Cell(2, attended_work=40.0, factory="F2")
IDLE = Cell(5, factory="F3")
SHORT = Cell(1, attended_work=40.0, overtime=8.0, factory="F4")


def test_the_map_shows_the_shortest_first_then_the_most_to_spare() -> None:
    assert map_of(9, FULL, SPARE, IDLE, SHORT) == (["Brno · fdm_xl", "Porto · fdm_xl", "Gdańsk · fdm_xl"], 0)


def test_rows_without_anything_to_see_are_left_out_and_the_rest_is_counted() -> None:
    assert map_of(9, FULL) == ([], 0)
    assert map_of(1, FULL, SPARE, IDLE, SHORT) == (["Brno · fdm_xl"], 2)
    assert robot_weeks.how_to_read(2).endswith("2 more rows in the table below.")


def test_figures_are_of_what_is_chosen() -> None:
    plan = a_fleet(
        Cell(1, 2, 0, attended_work=60.0),
        Cell(1, 2, 3, attended_work=40.0, t=1),
        Cell(0, 1, 0, factory="F2"),
    )
    figures = {figure.label: figure.value for figure in robot_weeks.figures(plan, ALL)}
    # paid: 80 + 200 + 40 hours; used: 20 of the first week
    assert figures == {
        "On rent now": "3",
        "Peak on rent": "5",
        "Paid hours used": "6.2 %",
        "Rent a week now": "€300",
    }
    assert robot_weeks.figures(plan, FleetChoice(["F2"]))[0].value == "1"


def test_where_nothing_is_on_rent_figures_say_so() -> None:
    values = [figure.value for figure in robot_weeks.figures(a_fleet(Cell(2)), ALL)]
    assert values == ["0", "0", "–", "€0"]


def test_the_table_has_a_row_for_each_factory_model_and_week() -> None:
    plan = a_fleet(Cell(1, 2, 0, attended_work=60.0, overtime=4.0), Cell(1, t=1))
    view = robot_weeks.weeks_table(robot_weeks.robot_weeks(plan, a_network(), ALL))
    rows = view.frame.select(list(view.columns)).rows()
    assert rows[0] == (week(0), "Leeds", "FDM XL", 1, 2, 0, pytest.approx(1.6), pytest.approx(1.4), 64.0, 4.0)
    assert len(rows) == 2
