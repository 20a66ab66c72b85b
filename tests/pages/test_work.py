"""The work under way on every page: two kinds, waiting ones, failures to dismiss, the end told once."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from planning.domain.plan import Plan
from planning.present import settings_tables, words
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, a_job, labels, said, visit
from tests.builders.plans import a_network, a_plan

KILLED = "The worker process was killed (signal 9) before it had a result."


def a_page() -> None:
    from pages.work import replan_button, work_panel
    from planning.workflows.desk import the_desk

    replan_button(the_desk(), first=False)
    work_panel(the_desk(), the_desk().board().ended, "EUR")


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_plan(), held=a_network())
    with serving(desk):
        yield desk


@pytest.fixture
def page(desk: StandInDesk) -> AppTest:
    return AppTest.from_function(a_page)


def test_idle_nothing_is_told(page: AppTest) -> None:
    page.run()
    assert labels(page) == ["Re-plan"]
    assert said(page) == ""


def test_work_and_what_waits_for_its_turn_are_shown_and_can_each_be_cancelled(
    desk: StandInDesk, page: AppTest
) -> None:
    desk.work = a_job("running", stage="planning", fraction=0.5, gap=0.02, objective=2_000_000.0)
    desk.others = (a_job("queued", id="job-2", kind="forecast", title="Forecast"),)
    page.run()
    assert page.button(key="replan").disabled
    page.button(key="cancel-job-2").click().run()
    assert desk.cancelled == ["job-2"]
    page.button(key="cancel-job-1").click().run()
    assert desk.cancelled == ["job-2", "job-1"]


@pytest.mark.parametrize("page", ["today", "plan", "fleet", "schedule", "scenarios"])
def test_while_the_first_plan_is_made_every_page_says_so_and_what_cancel_leaves(
    desk: StandInDesk, page: str
) -> None:
    desk.shown, desk.work = None, a_job("running", stage="planning")
    told = visit(page).info[0].value
    assert told == words.FIRST_PLAN
    assert "**Cancel** ends it with the best plan found by then" in told


@pytest.mark.parametrize("page", ["today", "plan", "fleet"])
def test_who_acts_on_a_plan_is_warned_while_nobody_knows_how_good_it_is(desk: StandInDesk, page: str) -> None:
    desk.shown = a_plan(status="cancelled", gap=0.953, gap_controllable=1.078)
    assert any("Re-plan before you order" in warning.value for warning in visit(page).warning)
    desk.shown = a_plan(status="cancelled", gap=0.02, gap_controllable=0.06)
    assert not any("Re-plan before you order" in warning.value for warning in visit(page).warning)


class EndsMeanwhile(StandInDesk):
    """A desk whose planning run ends just after a page has read what it shows."""

    def plan(self) -> Plan | None:
        read = self.shown
        if self.work is not None and self.work.is_active:
            self.shown, self.work = a_plan(4), a_job("finished", message="Plan v4 is ready.")
        return read


@pytest.mark.parametrize(
    "page", ["today", "signals", "forecast", "plan", "fleet", "schedule", "scenarios", "thread", "settings"]
)
def test_a_plan_that_is_ready_while_a_page_is_drawn_is_on_it(page: str) -> None:
    with serving(EndsMeanwhile(shown=a_plan(3), held=a_network(), work=a_job("running", stage="planning"))):
        query = {"section": settings_tables.EVERYTHING} if page == "settings" else {}
        assert "Plan v4, " in said(visit(page, **query))


def test_cancel_says_whether_a_plan_comes_of_it(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("running", stage="forecasting")
    assert page.run().button(key="cancel-job-1").help == "No plan is found yet: nothing changes."
    desk.work = a_job("running", stage="planning", objective=2_000_000.0)
    assert page.run().button(key="cancel-job-1").help == "Ends it with the best plan so far."
    desk.work = a_job("running", kind="forecast", title="Forecast", stage="forecasting")
    assert not page.run().button(key="cancel-job-1").help


def test_a_forecast_under_way_does_not_keep_a_plan_from_being_asked_for(
    desk: StandInDesk, page: AppTest
) -> None:
    desk.work = a_job("running", kind="forecast", title="Forecast")
    page.run()
    assert not page.button(key="replan").disabled


def test_a_failure_is_told_with_an_id_until_it_is_dismissed(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("failed", id="3f2a91bc77", message=KILLED)
    page.run()
    assert page.error[0].value == KILLED
    assert page.error[0].title == "Planning run failed (error id 3f2a91bc)"
    page.button(key="dismiss-3f2a91bc77").click().run()
    assert not page.error
    assert not page.run().error


def test_another_failure_is_told_again(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("failed", message=KILLED)
    page.run()
    page.button(key="dismiss-job-1").click().run()
    desk.work = a_job("failed", id="job-2", message=KILLED)
    assert page.run().error[0].value == KILLED


def test_a_failure_goes_with_the_next_start_and_the_next_success(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("failed", message=KILLED)
    assert page.run().error
    page.button(key="replan").click().run()
    assert desk.started == 1
    assert not page.error


def test_a_failed_forecast_stands_beside_a_plan_that_is_ready(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("finished", id="job-2", message="Plan v4 is ready.")
    desk.others = (a_job("failed", kind="forecast", title="Forecast", message=KILLED),)
    page.run()
    assert page.error[0].title == "Forecast failed (error id job-1)"


def test_the_end_is_told_once_to_everybody_who_has_a_page_open(desk: StandInDesk, page: AppTest) -> None:
    page.run()
    desk.work = a_job("finished", message="Plan v4 is ready.")
    assert [toast.value for toast in page.run().toast] == ["Plan v4 is ready."]
    assert not page.run().toast


def test_who_comes_later_is_not_told_of_what_has_long_ended(desk: StandInDesk, page: AppTest) -> None:
    desk.work = a_job("finished", message="Plan v4 is ready.")
    assert not page.run().toast


def test_a_cancelled_run_is_no_failure(desk: StandInDesk, page: AppTest) -> None:
    page.run()
    desk.work = a_job("cancelled", message="Cancelled. Nothing was changed.")
    page.run()
    assert [toast.value for toast in page.toast] == ["Cancelled. Nothing was changed."]
    assert not page.error


def test_what_is_refused_is_told_in_words(desk: StandInDesk, page: AppTest) -> None:
    desk.refusal = "A planning run is under way already (running)."
    page.run()
    page.button(key="replan").click().run()
    assert [warning.value for warning in page.warning] == [desk.refusal]
    assert desk.started == 0
