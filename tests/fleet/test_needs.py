"""Robots needed are the fewest that do the plan's work without overtime."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.network import Network
from planning.fleet import robots_needed
from tests.builders.fleets import Cell, a_fleet, a_move, made, with_lights_out
from tests.builders.plans import week

WEEKS = 6


@st.composite
def weeks_of_work(draw: st.DrawFn, *, overtime: bool = True, unattended: bool = True) -> list[Cell]:
    """What one factory's robots do in some weeks, within their hours."""
    share = st.floats(0, 1)
    cells = []
    for t in range(draw(st.integers(1, WEEKS))):
        owned, contract, offer = (draw(st.integers(0, 5)) for _ in range(3))
        robots = owned + contract + offer
        attended, night = draw(st.floats(10, 100)), draw(st.floats(10, 60)) if unattended else 0.0
        cells.append(
            Cell(
                owned,
                contract,
                offer,
                attended=attended,
                unattended=night,
                attended_work=draw(share) * attended * robots,
                unattended_work=draw(share) * night * robots,
                overtime=draw(share) * 8 * robots if overtime else 0.0,
                t=t,
            )
        )
    return [cell for cell in cells if cell.there]


def needs(cells: list[Cell], network: Network | None = None) -> list[tuple[Cell, dict[str, float]]]:
    """Each cell with its row."""
    rows = robots_needed(a_fleet(*cells), network).rows(named=True)
    assert len(rows) == len(cells)
    return list(zip(cells, rows, strict=True))


@given(weeks_of_work())
def test_the_robots_needed_do_the_work_and_one_hour_less_would_not(cells: list[Cell]) -> None:
    for cell, row in needs(cells):
        room_with_people = row["needed"] * cell.attended - (cell.attended_work + cell.overtime)
        room = row["needed"] * (cell.attended + cell.unattended) - cell.work
        assert min(room_with_people, room) == pytest.approx(0, abs=1e-6)


@given(weeks_of_work())
def test_surplus_and_needed_are_the_robots_there(cells: list[Cell]) -> None:
    for cell, row in needs(cells):
        assert row["there"] == cell.owned + cell.contract + cell.offer
        assert row["surplus"] + row["needed"] == pytest.approx(row["there"])


@given(weeks_of_work(unattended=False))
def test_with_people_there_all_the_time_needed_robots_times_their_hours_are_the_hours_worked(
    cells: list[Cell],
) -> None:
    for cell, row in needs(cells):
        assert row["needed"] * row["hours"] == pytest.approx(cell.work)


@given(weeks_of_work(overtime=False))
def test_without_overtime_no_plan_needs_more_robots_than_there_are(cells: list[Cell]) -> None:
    assert all(row["needed"] <= row["there"] + 1e-6 for _, row in needs(cells))


@given(weeks_of_work(), st.floats(0, 600))
def test_the_more_work_could_run_unattended_the_fewer_robots_are_needed(
    cells: list[Cell], gross: float
) -> None:
    production = pl.concat([made(gross, cell.t) for cell in cells]) if cells else made(0)
    plan = a_fleet(*cells, production=production)
    by_day = robots_needed(plan, with_lights_out(lights_out=False))["needed"]
    at_night = robots_needed(plan, with_lights_out())["needed"]
    assert (at_night <= by_day + 1e-9).all()


def test_work_that_takes_people_is_counted_by_attended_hours_alone() -> None:
    # 60 hours with people there, a robot has 40 of them and 20 unattended: 1.5 robots, not 1.
    plan = a_fleet(Cell(owned=2, unattended=20.0, attended_work=60.0))
    row = robots_needed(plan, None).row(0, named=True)
    assert (row["needed"], row["surplus"], row["hours"]) == (1.5, 0.5, 60.0)


def test_lights_out_work_run_by_day_could_run_by_night() -> None:
    plan = a_fleet(Cell(owned=2, unattended=20.0, attended_work=60.0), production=made(60.0))
    assert robots_needed(plan, with_lights_out())["needed"].to_list() == [1.0]
    assert robots_needed(plan, with_lights_out(lights_out=False))["needed"].to_list() == [1.5]
    # of 60 hours, 20 are set-up, which takes people: 40 of them fit one robot, 60 of all fit one robot
    setup = a_fleet(Cell(owned=2, unattended=20.0, attended_work=60.0), production=made(15.0))
    assert robots_needed(setup, with_lights_out())["needed"].to_list() == [45.0 / 40.0]


def test_a_later_revision_may_take_the_night_off_a_routing() -> None:
    rows = with_lights_out()["routings"]
    attended = rows.with_columns(revision=pl.lit("B"), effective_week=pl.lit(week(1)), lights_out=False)
    network = with_lights_out().with_tables(routings=pl.concat([rows, attended.select(rows.columns)]))
    cells = [Cell(owned=2, unattended=20.0, attended_work=60.0, t=t) for t in (0, 1)]
    plan = a_fleet(*cells, production=pl.concat([made(60.0, 0), made(60.0, 1)]))
    assert robots_needed(plan, network)["needed"].to_list() == [1.0, 1.5]


def test_overtime_means_robots_are_short() -> None:
    plan = a_fleet(Cell(owned=2, attended_work=80.0, overtime=4.0))
    row = robots_needed(plan, None).row(0, named=True)
    assert row["needed"] == pytest.approx(2.1)
    assert row["surplus"] == pytest.approx(-0.1)
    assert row["overtime"] == 4.0


def test_robots_on_the_move_do_not_count_as_there() -> None:
    # They leave F2 in week 2 and work at F1 from week 4; fleet.csv has them at F1 meanwhile.
    cells = [
        Cell(owned=1, contract=2, moving=moving, attended_work=40.0, t=t) for t, moving in ((3, 2), (4, 0))
    ]
    rows = robots_needed(a_fleet(*cells, rentals=[a_move("F2", "F1", units=2, leaves=2, counts=4)]), None)
    assert rows["contract"].to_list() == [2, 2]
    assert rows["there"].to_list() == [1, 3]
    assert rows["surplus"].to_list() == [0.0, 2.0]


def test_in_a_week_without_hours_no_robot_is_spare_or_short() -> None:
    row = robots_needed(a_fleet(Cell(owned=2, attended=0.0)), None).row(0, named=True)
    assert (row["there"], row["needed"], row["surplus"]) == (2, 0.0, None)


def test_a_network_brought_in_later_still_speaks_for_the_weeks_of_the_plan() -> None:
    network = with_lights_out()
    policy = replace(network.policy, start_week=network.policy.start_week + timedelta(weeks=4))
    plan = a_fleet(Cell(owned=2, unattended=20.0, attended_work=60.0), production=made(60.0))
    assert robots_needed(plan, replace(network, policy=policy))["needed"].to_list() == [1.0]


def test_sources_are_told_apart_and_models_too() -> None:
    plan = a_fleet(Cell(1, 2, 3, t=1), Cell(4, robot_model="mill", t=1), Cell(5, factory="F2"))
    rows = robots_needed(plan, None).select("factory", "robot_model", "week", "owned", "contract", "offer")
    assert rows.rows() == [
        ("F1", "fdm_xl", week(1), 1, 2, 3),
        ("F1", "mill", week(1), 4, 0, 0),
        ("F2", "fdm_xl", week(0), 5, 0, 0),
    ]
