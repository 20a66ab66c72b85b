"""The schedule a factory lead gets: who works on what, on which robot, from when to when."""

from datetime import date

import polars as pl
import pytest

from planning.errors import RefusedPlanError
from tests.schedule.shop import MONDAY, Row, delivered, hours_of, laid, made, network, owned, step, used, week


def lines(schedule: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return schedule.select(columns).rows()


def berlin(**more: float) -> list[Row]:
    return [{"factory": "berlin", "attended_hours_per_week": 40.0} | more]


def test_the_first_job_starts_on_monday_at_six() -> None:
    work = [step("gear", 1.0)]
    found = laid(network(), work, [made(work, "gear", 10)], [owned(1, 40)])
    assert lines(found, "work_order", "robot", "quantity", "start", "end", "run_hours") == [
        ("berlin/gear/2026-W49", 1, 8.0, "2026-11-30T06:00:00", "2026-11-30T14:00:00", 8.0),
        ("berlin/gear/2026-W49", 1, 2.0, "2026-12-01T06:00:00", "2026-12-01T08:00:00", 2.0),
    ]


def test_a_robot_that_is_available_half_the_time_needs_twice_the_time() -> None:
    work = [step("gear", 1.0)]
    shop = network(robots=[{"robot_model": "printer", "availability": 0.5}])
    found = laid(shop, work, [made(work, "gear", 4)], [owned(1, 20)])
    assert lines(found, "start", "end", "run_hours") == [("2026-11-30T06:00:00", "2026-11-30T14:00:00", 4.0)]


def test_a_full_week_of_three_robots_fills_their_shifts() -> None:
    work = [step("gear", 0.7), step("case", 1.3)]
    shop = network(robots=[{"robot_model": "printer", "availability": 0.85}])
    quantity = 3 * 34 / 2
    plan = [made(work, "gear", quantity / 0.7), made(work, "case", quantity / 1.3)]
    found = laid(shop, work, plan, [owned(3, 34)])
    assert sum(hours_of(row) for row in found.to_dicts()) == pytest.approx(120, abs=0.001)
    assert found["run_hours"].sum() == pytest.approx(102, abs=1e-5)


def test_what_is_due_first_is_made_first() -> None:
    work = [step("late", 1.0), step("soon", 1.0), step("unsold", 1.0)]
    plan = [made(work, name, 4) for name in ("late", "soon")] + [
        made(work, "unsold", 4, for_confirmed=0.0, for_expected=4.0)
    ]
    promises = [
        delivered("A", "late", 4, due_week=week(1), delivered_week=week(1)),
        delivered("B", "soon", 4),
    ]
    found = laid(network(), work, plan, [owned(1, 40)], promises=promises).sort("start")
    assert lines(found, "routing", "for_orders", "start")[:3] == [
        ("soon", "B/1", "2026-11-30T06:00:00"),
        ("late", "A/1", "2026-11-30T10:00:00"),
        ("unsold", "", "2026-12-01T06:00:00"),
    ]


def test_a_due_date_counts_to_the_day_and_priority_breaks_the_tie() -> None:
    def order(name: str, product: str, day: int, priority: int) -> Row:
        return {
            "order_id": name,
            "product": product,
            "market": "de",
            "quantity": 2,
            "due_date": date(2026, 12, day),
            "priority": priority,
            "line": 1,
        }

    shop = network(orders=[order("A", "a", 4, 2), order("B", "b", 3, 2), order("C", "c", 4, 1)])
    work = [step(name, 1.0) for name in "abc"]
    plan = [made(work, name, 2) for name in "abc"]
    promises = [delivered(name.upper(), name, 2) for name in "abc"]
    found = laid(shop, work, plan, [owned(1, 40)], promises=promises).sort("start")
    assert found["routing"].to_list() == ["b", "c", "a"]


def test_a_set_up_comes_once_and_first() -> None:
    work = [step("gear", 1.0, setup_hours=2.0)]
    found = laid(network(), work, [made(work, "gear", 10, setup=1)], [owned(2, 40)])
    assert lines(found, "robot", "quantity", "end", "setup_hours", "run_hours") == [
        (1, 6.0, "2026-11-30T14:00:00", 2.0, 6.0),
        (1, 4.0, "2026-12-01T10:00:00", 0.0, 4.0),
    ]


def test_far_set_ups_are_a_share_of_every_part() -> None:
    work = [step("gear", 1.0, setup_hours=2.0, prorata_setup_hours=0.25, week=week(3))]
    found = laid(network(), work, [made(work, "gear", 8, week=week(3))], [owned(1, 40, week=week(3))])
    assert lines(found, "start", "setup_hours", "run_hours", "status") == [
        ("2026-12-21T06:00:00", 1.6, 6.4, "planned"),
        ("2026-12-22T06:00:00", 0.4, 1.6, "planned"),
    ]


def test_a_lights_out_job_is_set_up_by_day_and_runs_at_night() -> None:
    work = [step("gear", 1.0, setup_hours=1.0, lights_out=True), step("case", 1.0)]
    shop = network(factories=berlin(unattended_hours_per_week=50.0))
    plan = [made(work, "gear", 30, setup=1, unattended_hours=20.0), made(work, "case", 20)]
    hours = [used(attended_used=31.0, unattended_used=20.0)]
    found = laid(shop, work, plan, [owned(1, 90)], hours, [delivered("A", "gear", 30)])
    nights = found.filter("unattended")
    assert lines(nights, "routing", "start", "end", "setup_hours") == [
        ("gear", "2026-11-30T14:00:00", "2026-12-01T00:00:00", 0.0),
        ("gear", "2026-12-01T14:00:00", "2026-12-02T00:00:00", 0.0),
    ]
    assert found.sort("start").row(0, named=True)["setup_hours"] == 1.0


def test_a_night_run_waits_for_its_set_up_on_its_own_robot() -> None:
    work = [step("case", 1.0), step("gear", 1.0, setup_hours=1.0, lights_out=True)]
    shop = network(factories=berlin(unattended_hours_per_week=50.0))
    plan = [
        made(work, "case", 20),
        made(work, "gear", 10, setup=1, unattended_hours=10.0, for_confirmed=0.0, for_expected=10.0),
    ]
    hours = [used(attended_used=21.0, unattended_used=10.0)]
    found = laid(shop, work, plan, [owned(1, 90)], hours, [delivered("A", "case", 20)])
    assert lines(found.filter(routing="gear"), "quantity", "start", "end") == [
        (0.0, "2026-12-02T10:00:00", "2026-12-02T11:00:00"),
        (10.0, "2026-12-02T14:00:00", "2026-12-03T00:00:00"),
    ]


def test_started_work_goes_on_by_day_and_night() -> None:
    work = [step("gear", 1.0, lights_out=True)]
    shop = network(
        factories=berlin(unattended_hours_per_week=20.0),
        firm_work=[
            {"work_order": "W7", "factory": "berlin", "routing": "gear"}
            | {"week": MONDAY, "quantity_left": 10, "status": "started"}
        ],
    )
    plan = [made(work, "gear", 16, unattended_hours=8.0)]
    found = laid(shop, work, plan, [owned(1, 60)], [used(attended_used=8.0, unattended_used=8.0)])
    assert lines(found, "work_order", "quantity", "start", "end", "unattended") == [
        ("W7", 8.0, "2026-11-30T06:00:00", "2026-11-30T14:00:00", False),
        ("W7", 2.0, "2026-11-30T14:00:00", "2026-11-30T16:00:00", True),
        ("berlin/gear/2026-W49", 2.0, "2026-11-30T16:00:00", "2026-11-30T18:00:00", True),
        ("berlin/gear/2026-W49", 4.0, "2026-12-01T14:00:00", "2026-12-01T18:00:00", True),
    ]


def test_overtime_lies_after_the_shift_and_takes_what_is_due_last() -> None:
    work = [step("gear", 1.0), step("case", 1.0)]
    shop = network(factories=berlin(overtime_hours_per_week=10.0))
    plan = [made(work, "gear", 38), made(work, "case", 5, for_confirmed=0.0, for_expected=5.0)]
    hours = [used(attended_used=40.0, overtime_used=3.0)]
    found = laid(shop, work, plan, [owned(1, 40)], hours, [delivered("A", "gear", 38)])
    extra = found.filter(pl.col("start").str.slice(11, 2).cast(pl.Int64) >= 14)
    assert lines(extra, "routing", "start", "end", "run_hours", "unattended") == [
        ("case", "2026-11-30T14:00:00", "2026-11-30T16:00:00", 2.0, False),
        ("case", "2026-12-01T14:00:00", "2026-12-01T15:00:00", 1.0, False),
    ]


def test_a_holiday_week_has_fewer_hours_for_everybody_or_for_one_model() -> None:
    work = [step("gear", 1.0), step("case", 1.0, robot_model="mill")]
    shop = network(
        robots=[{"robot_model": name, "availability": 1.0} for name in ("mill", "printer")],
        shifts=[
            {"factory": "berlin", "weekday": day, "start": "07:00", "end": "15:00", "attended": True}
            for day in range(1, 6)
        ],
        calendar=[
            {"factory": "berlin", "week": MONDAY, "attended_hours": 16.0},
            {
                "factory": "berlin",
                "week": MONDAY,
                "robot_model": "mill",
                "attended_hours": 24.0,
                "availability": 0.5,
            },
        ],
    )
    plan = [made(work, "gear", 16), made(work, "case", 12)]
    found = laid(shop, work, plan, [owned(1, 16), owned(1, 12, robot_model="mill")])
    last = found.group_by("robot_model").agg(pl.col("end").max()).sort("robot_model")
    assert last.rows() == [("mill", "2026-12-02T15:00:00"), ("printer", "2026-12-01T15:00:00")]


def test_shifts_that_are_too_short_are_filled_before_hours_outside_them_are_used() -> None:
    work = [step("gear", 1.0)]
    day = {"factory": "berlin", "weekday": 1, "start": "06:00", "end": "16:00", "attended": True}
    shop = network(robots=[{"robot_model": "printer", "availability": 0.5}], shifts=[day])
    inside = laid(shop, work, [made(work, "gear", 9)], [owned(1, 20)])
    assert inside["end"].to_list() == ["2026-11-30T16:00:00"]
    beyond = laid(shop, work, [made(work, "gear", 20)], [owned(1, 20)])
    assert sum(hours_of(row) for row in beyond.to_dicts()) == pytest.approx(40)


def test_a_unit_in_transfer_has_no_number() -> None:
    work = [step("gear", 1.0)]
    fleet = [owned(1, 40), owned(2, 0, source="offer", id="flex")]
    found = laid(network(), work, [made(work, "gear", 40)], fleet)
    assert found["robot"].unique().to_list() == [1]


def test_a_routing_of_two_robot_models_has_rows_for_each() -> None:
    work = [step("gear", 1.0), step("gear", 0.5, robot_model="mill", setup_hours=1.0)]
    shop = network(robots=[{"robot_model": name, "availability": 1.0} for name in ("mill", "printer")])
    found = laid(
        shop, work, [made(work, "gear", 6, setup=1)], [owned(1, 40), owned(1, 40, robot_model="mill")]
    )
    assert lines(found, "robot_model", "quantity", "setup_hours", "run_hours") == [
        ("mill", 6.0, 1.0, 3.0),
        ("printer", 6.0, 0.0, 6.0),
    ]


def test_firm_work_keeps_its_work_order_and_started_work_comes_first() -> None:
    work = [step("case", 1.0), step("gear", 1.0, setup_hours=1.0)]
    firm = [
        {
            "work_order": "W7",
            "factory": "berlin",
            "routing": "gear",
            "week": week(-2),
            "quantity_left": 2,
            "status": "started",
        },
        {
            "work_order": "W8",
            "factory": "berlin",
            "routing": "gear",
            "week": MONDAY,
            "quantity_left": 1,
            "status": "pinned",
        },
    ]
    plan = [made(work, "case", 2), made(work, "gear", 4, setup=1)]
    promises = [delivered("A", "case", 2), delivered("B", "gear", 3), delivered("C", "gear", 1)]
    found = laid(network(firm_work=firm), work, plan, [owned(1, 40)], promises=promises).sort("start")
    assert lines(found, "work_order", "quantity", "setup_hours", "for_orders", "status") == [
        ("W7", 2.0, 1.0, "B/1", "started"),
        ("W8", 1.0, 0.0, "B/1", "pinned"),
        ("berlin/gear/2026-W49", 1.0, 0.0, "C/1", "firm"),
        ("berlin/case/2026-W49", 2.0, 0.0, "A/1", "firm"),
    ]


def test_firm_weeks_are_firm_and_later_ones_planned() -> None:
    weeks = [week(number) for number in range(6)]
    work = [step("gear", 1.0, week=monday) for monday in weeks]
    plan = [made(work, "gear", 1, week=monday) for monday in weeks]
    fleet = [owned(1, 40, week=monday) for monday in weeks]
    found = laid(network({"firm_weeks": 3}), work, plan, fleet)
    assert lines(found, "week", "status") == list(
        zip(weeks[:4], ["firm", "firm", "firm", "planned"], strict=True)
    )
    assert laid(network({"firm_weeks": 5}), work, plan, fleet)["week"].to_list() == weeks[:5]
    assert laid(network(), work, plan, fleet, weeks=99)["week"].to_list() == weeks
    assert laid(network(), work, plan, fleet, weeks=0).is_empty()


def test_work_orders_are_unique_even_where_ids_hold_the_separator() -> None:
    work = [step("b/c", 1.0, factory="a"), step("c", 1.0, factory="a/b")]
    shop = network(factories=[{"factory": name} for name in ("a", "a/b")])
    plan = [made(work, "b/c", 1, factory="a"), made(work, "c", 1, factory="a/b")]
    found = laid(shop, work, plan, [owned(1, 40, factory="a"), owned(1, 40, factory="a/b")])
    assert found["work_order"].to_list() == ["a/b/c/2026-W49", "a/b/c/2026-W49#2"]


def test_work_that_does_not_fit_is_refused_in_words() -> None:
    work = [step("gear", 1.0), step("case", 1.0, robot_model="mill")]
    shop = network(robots=[{"robot_model": name, "availability": 1.0} for name in ("mill", "printer")])
    with pytest.raises(RefusedPlanError) as refused:
        laid(shop, work, [made(work, "gear", 81), made(work, "case", 1)], [owned(2, 40)])
    assert refused.value.violations == (
        "berlin, mill, week 2026-11-30: there is work but no robot",
        "berlin, printer, week 2026-11-30: 81.000 attended hours of work do not fit 2 robots of 40.000 hours",
    )


def test_rounding_is_no_reason_to_refuse() -> None:
    work = [step("gear", 1.0)]
    found = laid(network(), work, [made(work, "gear", 40.0004)], [owned(1, 40)])
    assert found["run_hours"].sum() == pytest.approx(40.0004, abs=0.001)


def test_hours_that_are_not_those_of_the_routing_are_refused() -> None:
    work = [step("gear", 1.0), step("case", 1.0, lights_out=False)]
    plan = [
        made(work, "gear", 5, robot_hours=6.0),
        made(work, "case", 5, unattended_hours=2.0),
        made(work, "lid", 1, robot_hours=1.0),
    ]
    with pytest.raises(RefusedPlanError) as refused:
        laid(network(), work, plan, [owned(1, 40)], [used(attended_used=8.0, unattended_used=2.0)])
    assert refused.value.violations == (
        "berlin, gear, week 2026-11-30: production has 6.000 robot hours, its routing takes 5.000",
        "berlin, lid, week 2026-11-30: production has 1.000 robot hours, its routing takes 0.000",
        "berlin, case, week 2026-11-30: 2.000 unattended hours, "
        "but only 0.000 can run on robots with nobody there",
    )


def test_nothing_made_is_nothing_to_do() -> None:
    found = laid(network(), [step("gear", 1.0)], [], [owned(1, 40)])
    assert found.is_empty()
    assert found.columns[0] == "work_order"
