"""The job list tells which jobs serve late orders, in which hours they run, and what they come to."""

from datetime import date, datetime

import polars as pl
import pytest

from planning.domain.plan import Plan
from planning.present import schedule_tables as tables
from planning.present.schedule_jobs import jobs, laid_out_weeks, orders_of
from planning.present.view import Choice
from tests.builders.plans import a_plan, week
from tests.builders.schedules import a_job, a_network_with_shifts, a_scheduled_plan

ALL = Choice()


def fates(frame: pl.DataFrame) -> dict[int, tuple[str | None, int | None]]:
    return {number: tuple(told) for number, *told in frame.select("number", "fate", "late_weeks").iter_rows()}


def test_a_job_is_late_when_the_delivery_it_joins_is_late() -> None:
    """Leeds makes SO-2000 in time for its first delivery; from Porto it takes a week, into the late one."""
    told = fates(jobs(a_scheduled_plan(), a_network_with_shifts(), ALL, week(0)))
    assert told[3] == ("on_time", None)
    assert told[4] == ("late", 1)
    assert told[5] == ("late", 2)


def test_without_a_network_goods_arrive_in_the_week_they_are_made() -> None:
    assert fates(jobs(a_scheduled_plan(), None, ALL, week(0)))[5] == ("on_time", None)


def test_a_job_for_expected_demand_is_neither_late_nor_on_time() -> None:
    frame = jobs(a_scheduled_plan(), a_network_with_shifts(), ALL, week(0))
    assert fates(frame)[1] == (None, None)
    listed = tables.job_list(frame).frame
    assert set(listed.filter(pl.col("work_order") == "WO-1")["orders"]) == {"Expected demand"}


def test_an_order_line_the_plan_does_not_promise_is_not_called_on_time() -> None:
    plan = a_scheduled_plan(a_job(1, "F1", 1, 6, 8, for_orders="SO-9/1"))
    assert fates(jobs(plan, a_network_with_shifts(), ALL, None)) == {0: (None, None)}


def test_late_jobs_come_first_and_then_what_starts_first() -> None:
    frame = jobs(a_scheduled_plan(), a_network_with_shifts(), ALL, week(0))
    assert frame["number"].to_list() == [5, 4, 0, 3, 1, 6, 2]


def test_the_list_says_who_ordered_what_is_due_when_and_promised_when() -> None:
    frame = jobs(a_scheduled_plan(), a_network_with_shifts(), ALL, week(0))
    row = tables.job_list(frame).frame.filter(pl.col("work_order") == "WO-3").row(0, named=True)
    assert row["orders"] == "SO-2000/1, SO-1042/1"
    assert row["customers"] == "Bela, Cy"
    assert (row["due"], row["promised"]) == (week(0), week(2))
    assert (row["factory"], row["robot"], row["product"]) == ("Leeds", "fdm_xl 2", "Gear 36")
    assert (row["start"], row["end"]) == (datetime(2026, 11, 23, 16), datetime(2026, 11, 23, 20))
    assert (row["outcome"], row["status"], row["hours"]) == ("Late", "Pinned", "Attended")


def test_work_after_the_shift_is_overtime_where_robots_work_overtime() -> None:
    """Porto's people leave at 14:00 and stay an hour; in Leeds nobody works overtime in this plan."""
    frame = jobs(a_scheduled_plan(), a_network_with_shifts(), ALL, week(0))
    kinds = dict(frame.select("number", "hours_kind").iter_rows())
    assert kinds == {
        0: "attended",
        1: "attended",
        2: "unattended",
        3: "attended",
        4: "attended",
        5: "attended",
        6: "overtime",
    }
    without = jobs(a_scheduled_plan(), None, ALL, week(0))
    assert "overtime" not in set(without["hours_kind"]), "without shifts nobody can tell"


@pytest.mark.parametrize(
    ("choice", "of_week", "numbers"),
    [
        (ALL, None, {0, 1, 2, 3, 4, 5, 6, 7}),
        (ALL, week(1), {7}),
        (Choice(["F3"]), week(0), {5, 6}),
        (Choice(["F3"]), week(1), set()),
        (Choice([], ["0004"]), None, {4, 5}),
    ],
)
def test_every_job_of_the_choice_is_in_the_list_exactly_once(
    choice: Choice, of_week: date | None, numbers: set[int]
) -> None:
    frame = jobs(a_scheduled_plan(), a_network_with_shifts(), choice, of_week)
    assert sorted(frame["number"]) == sorted(numbers)
    assert tables.job_list(frame).frame.height == len(numbers)


def test_a_plan_in_many_pieces_is_read_like_one_in_one() -> None:
    """Text in many pieces of which some are empty once brought polars down."""
    plan = a_scheduled_plan()
    rows = plan["schedule"]
    pieces = pl.concat([rows.slice(n, 1) for n in range(rows.height)] * 3, rechunk=False)
    plan = Plan(dict(plan.tables) | {"schedule": pieces}, plan.summary)
    assert jobs(plan, a_network_with_shifts(), Choice(["F3"]), week(0)).height == 6


def test_key_figures_by_hand() -> None:
    """Of 100 hours, 7 + 7 + 7 + 10 + 4 are used in Leeds and 4 + 1 in Porto; 7 of them are unattended."""
    plan, network = a_scheduled_plan(), a_network_with_shifts()
    told = tables.figures(plan, jobs(plan, network, ALL, week(0)), ALL, [week(0)])
    assert [(figure.label, figure.value) for figure in told] == [
        ("Late jobs", "2"),
        ("Jobs", "7"),
        ("Hours used", "40.0 %"),
        ("Unattended", "17.5 %"),
    ]
    assert "40 hours" in told[2].help
    assert "of 100" in told[2].help


def test_hours_are_those_of_the_factories_chosen_whatever_the_product() -> None:
    plan, network, choice = a_scheduled_plan(), a_network_with_shifts(), Choice(["F3"], ["0004"])
    told = tables.figures(plan, jobs(plan, network, choice, week(0)), choice, [week(0)])
    assert told[2].value == "10.0 %", "4 of Porto's 40 hours"


def test_an_empty_choice_has_no_shares() -> None:
    plan = a_scheduled_plan()
    nothing = jobs(plan, a_network_with_shifts(), Choice(["F9"]), None)
    assert [figure.value for figure in tables.figures(plan, nothing, Choice(["F9"]), [week(0)])] == [
        "0",
        "0",
        "–",
        "–",
    ]


def test_the_weeks_laid_out_are_told_with_the_firm_ones() -> None:
    plan = a_scheduled_plan()
    assert laid_out_weeks(plan) == [week(0), week(1)]
    assert tables.laid_out(plan, laid_out_weeks(plan)) == (
        "Laid out until Sun 6 Dec 2026; firm until Sun 6 Dec 2026."
    )
    assert laid_out_weeks(a_plan()) == []


def test_a_week_without_work_between_others_can_be_chosen() -> None:
    plan = a_scheduled_plan(a_job(1, "F1", 1, 6, 8), a_job(2, "F1", 1, 6, 8, bucket=2))
    assert laid_out_weeks(plan) == [week(0), week(1), week(2)]


def test_what_the_choice_comes_to_is_one_sentence() -> None:
    plan, network = a_scheduled_plan(), a_network_with_shifts()
    assert tables.answer(jobs(plan, network, ALL, week(0)), week(0)) == (
        "Week 48: 2 of 7 jobs serve late orders, on 3 robots"
    )
    assert tables.answer(jobs(plan, network, ALL, week(1)), week(1)) == (
        "Week 49: no job serves a late order, on 1 robot"
    )


def test_a_choice_without_jobs_says_where_there_are_some() -> None:
    plan, network = a_scheduled_plan(), a_network_with_shifts()
    elsewhere = jobs(plan, network, Choice(["F3"]), None)
    assert tables.nothing_here(elsewhere, week(1)) == (
        "No jobs in week 49 for this choice; there are some in week 48."
    )
    assert "nor in any other week" in tables.nothing_here(elsewhere.clear(), week(1))


def test_a_job_is_told_with_the_orders_it_serves_late_ones_first() -> None:
    plan, network = a_scheduled_plan(), a_network_with_shifts()
    job = jobs(plan, network, ALL, week(0)).filter(pl.col("number") == 4).row(0, named=True)
    assert tables.one_job(job) == (
        "**10 units of Gear 36** by routing 0001/fdm_xl on Leeds · fdm_xl 2, Mon 23 Nov 16:00 to "
        "Mon 23 Nov 20:00. 4.0 h run, attended. Pinned."
    )
    told = orders_of(plan, network, job).select("order", "customer", "delivered_week", "status")
    assert told.rows() == [("SO-1042/1", "Bela", week(2), "late"), ("SO-2000/1", "Cy", week(0), "on_time")]
    assert tables.job_orders(plan, network, job).frame["outcome"].to_list() == ["Late", "On time"]
