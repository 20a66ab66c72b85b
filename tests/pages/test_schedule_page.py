"""The Schedule page in each of its states, without a browser."""

from collections.abc import Iterator

import pytest

from planning.domain.plan import Plan
from planning.present import schedule_charts, words
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, labels, said, table, visit
from tests.builders.plans import a_plan
from tests.builders.schedules import a_job, a_network_with_shifts, a_scheduled_plan


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_scheduled_plan(), held=a_network_with_shifts())
    with serving(desk):
        yield desk


def test_the_answer_comes_first_then_the_chart_and_the_figures(desk: StandInDesk) -> None:
    """On a phone columns stand below one another in the order in which they are written."""
    page = visit("schedule")
    assert [title.value for title in page.title] == ["Schedule"]
    assert "Week 48: 2 of 7 jobs serve late orders, on 3 robots" in said(page)
    chart, figures = page.columns[:2]
    assert len(chart.metric) == 0
    assert [(metric.label, metric.value) for metric in figures.metric] == [
        ("Late jobs", "2"),
        ("Jobs", "7"),
        ("Hours used", "40.0 %"),
        ("Unattended", "17.5 %"),
    ]


def test_the_first_week_with_jobs_is_shown_and_how_far_the_schedule_reaches(desk: StandInDesk) -> None:
    page = visit("schedule")
    assert page.selectbox(key="week").value == "2026-W48"
    assert page.selectbox(key="week").options == ["2026-W48", "2026-W49", "All weeks"]
    assert "Laid out until Sun 6 Dec 2026" in said(page)


def test_jobs_are_listed_late_first(desk: StandInDesk) -> None:
    jobs = table(visit("schedule"), "work_order")
    assert list(jobs["work_order"]) == ["WO-4", "WO-3", "WO-0", "WO-2", "WO-1", "WO-5", "WO-1"]
    assert list(jobs["outcome"])[:3] == ["Late", "Late", "On time"]
    assert "Overtime" in set(jobs["hours"])


def test_filters_narrow_the_list_and_its_figures(desk: StandInDesk) -> None:
    page = visit("schedule")
    page.multiselect(key="factory").select("F3").run()
    assert list(table(page, "work_order")["work_order"]) == ["WO-4", "WO-5"]
    assert page.metric[0].value == "1"
    page.multiselect(key="product").select("0001").run()
    assert list(table(page, "work_order")["work_order"]) == ["WO-5"]


def test_an_address_with_factory_and_week_shows_the_same(desk: StandInDesk) -> None:
    page = visit("schedule", factory="Leeds", week="2026-W49")
    assert list(table(page, "work_order")["work_order"]) == ["WO-6"]
    assert "Week 49: no job serves a late order" in said(page)


def test_all_weeks_can_be_shown_at_once(desk: StandInDesk) -> None:
    assert len(table(visit("schedule", week="All weeks"), "work_order")) == 8


def test_a_week_that_is_not_laid_out_leads_to_the_first_one(desk: StandInDesk) -> None:
    assert visit("schedule", week="2019-W01").selectbox(key="week").value == "2026-W48"


def test_a_factory_without_jobs_in_the_week_says_where_it_has_some(desk: StandInDesk) -> None:
    page = visit("schedule", factory="Porto", week="2026-W49")
    assert page.info[0].value == "No jobs in week 49 for this choice; there are some in week 48."
    assert len(page.dataframe) == 0


def test_without_data_or_without_a_plan_the_page_says_what_to_do(desk: StandInDesk) -> None:
    desk.shown = None
    assert visit("schedule").info[0].value == words.NO_PLAN
    desk.held = None
    page = visit("schedule")
    assert page.info[0].value == words.NO_DATA
    assert labels(page) == ["Bring data in"]


def test_a_plan_without_near_work_says_so(desk: StandInDesk) -> None:
    desk.shown = a_plan()
    assert "no schedule" in visit("schedule").info[0].value


def test_a_plan_whose_network_is_gone_is_shown_all_the_same(desk: StandInDesk) -> None:
    desk.held = None
    assert len(table(visit("schedule"), "work_order")) == 7


def test_more_robots_than_a_chart_holds_are_told_and_can_be_chosen(desk: StandInDesk) -> None:
    robots = schedule_charts.MOST_ROBOTS + 5
    desk.shown = a_scheduled_plan(*(a_job(n, "F1", n, 6, 8) for n in range(1, robots + 1)))
    page = visit("schedule")
    assert "45 robots are too many for one chart" in said(page)
    assert page.selectbox(key="robots").options == [
        "Leeds · fdm_xl 1 to Leeds · fdm_xl 40",
        "Leeds · fdm_xl 41 to Leeds · fdm_xl 45",
    ]
    assert len(table(page, "work_order")) == robots


def test_a_job_asked_for_is_shown_once_with_its_orders(desk: StandInDesk) -> None:
    page = visit("schedule")
    page.session_state["job"] = (3, 4)
    page.run()
    assert "**10 units of Gear 36**" in said(page)
    assert list(table(page, "order")["order"]) == ["SO-1042/1", "SO-2000/1"]
    page.run()
    assert "**10 units of Gear 36**" not in said(page)


def test_a_job_for_expected_demand_says_so(desk: StandInDesk) -> None:
    page = visit("schedule")
    page.session_state["job"] = (3, 1)
    assert "made for expected demand" in said(page.run())


def test_a_job_of_an_older_plan_is_forgotten(desk: StandInDesk) -> None:
    page = visit("schedule")
    page.session_state["job"] = (3, 4)
    newer = a_scheduled_plan()
    desk.shown = Plan(newer.tables, dict(newer.summary) | {"version": 4})
    assert "**10 units" not in said(page.run())
