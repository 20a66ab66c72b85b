"""The Plan page in each of its states, without a browser."""

from collections.abc import Iterator

import pytest

from planning.domain.plan import Plan
from planning.present import words
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, a_job, labels, said, table, visit
from tests.builders.plans import a_network, a_plan


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_plan(), held=a_network())
    with serving(desk):
        yield desk


def test_a_plan_is_shown_with_its_version_and_the_week_of_its_data(desk: StandInDesk) -> None:
    page = visit("plan")
    assert [title.value for title in page.title] == ["Plan"]
    assert "Plan v3, solved" in said(page)
    assert "Data to week 47" in said(page)


def test_four_figures_and_no_more(desk: StandInDesk) -> None:
    assert [(metric.label, metric.value) for metric in visit("plan").metric] == [
        ("Cost", "€1.19 M"),
        ("Confirmed on time", "96.4 %"),
        ("Robots on rent, peak", "34"),
        ("Saving left, at most", "8.1 %"),
    ]


def test_decisions_come_before_figures(desk: StandInDesk) -> None:
    """On a phone columns stand below one another in the order in which they are written."""
    page = visit("plan")
    first, second = page.columns[:2]
    assert "Rentals to decide" in [heading.value for heading in first.subheader]
    assert len(second.metric) == 4


def test_there_is_one_primary_action(desk: StandInDesk) -> None:
    assert labels(visit("plan")) == ["Re-plan"]


def test_late_and_refused_orders_are_told_with_their_cause(desk: StandInDesk) -> None:
    orders = table(visit("plan"), "outcome")
    assert set(orders["outcome"]) == {"Late", "Refused", "Still open at the end"}
    assert "holiday week in Gdańsk" in set(orders["cause"])


def test_cost_is_told_by_line_with_gap_and_bound_in_words(desk: StandInDesk) -> None:
    page = visit("plan")
    assert "Robot rent" in set(table(page, "share")["line"])
    assert "It is proven that under the same rules at most" in said(page)


def test_what_was_assumed_and_kept_aside_is_counted_and_told(desk: StandInDesk) -> None:
    desk.shown = a_plan(assumed=["Lanes: free of charge."])
    desk.aside = 3
    page = visit("plan")
    assert page.expander[0].label == "What this rests on: 1 assumption, 3 rows kept aside"
    assert "Lanes: free of charge." in said(page)
    assert len(table(page, "raw")) == 3


def test_a_plan_on_time_says_so(desk: StandInDesk) -> None:
    plan = a_plan()
    tables = dict(plan.tables) | {"promises": plan["promises"].clear(), "rentals": plan["rentals"].clear()}
    desk.shown = Plan(tables, plan.summary)
    page = visit("plan")
    assert "every open order is delivered in its week" in said(page)
    assert "the robots you have are what this plan needs" in said(page)


def test_a_stale_plan_is_badged(desk: StandInDesk) -> None:
    assert "Stale" not in said(visit("plan"))
    desk.stale = True
    assert "Stale: the data changed since" in said(visit("plan"))


def test_a_plan_that_bends_rules_says_which_and_asks_for_approval(desk: StandInDesk) -> None:
    entry = {"rule": "floor", "factory": "F1", "week": "2026-12-07", "amount": 2.0, "unit_price": 500.0}
    desk.shown = a_plan(relaxed=[entry])
    page = visit("plan")
    assert "bends 1 rule" in page.warning[0].value
    assert "More robots than the floor has room for" in set(table(page, "rule")["rule"])


def test_without_data_the_page_says_what_to_do_and_offers_no_action(desk: StandInDesk) -> None:
    desk.shown, desk.held = None, None
    page = visit("plan")
    assert page.info[0].value == words.NO_DATA
    assert labels(page) == ["Bring data in"]


def test_without_a_plan_the_action_is_to_make_one(desk: StandInDesk) -> None:
    desk.shown = None
    page = visit("plan")
    assert page.info[0].value == words.NO_PLAN
    assert labels(page) == ["Make a plan"]
    assert "Data to week 47" in said(page)


def test_replan_starts_once_and_shows_progress(desk: StandInDesk) -> None:
    page = visit("plan")
    page.button(key="replan").click().run()
    assert desk.started == 1
    assert page.button(key="replan").disabled
    assert "Cancel" in labels(page)


def test_a_visitor_who_reloads_finds_the_work_under_way(desk: StandInDesk) -> None:
    desk.work = a_job("running", stage="planning", fraction=0.5, gap=0.02, objective=2_000_000.0)
    page = visit("plan")
    assert page.button(key="replan").disabled
    page.button(key="cancel-job-1").click().run()
    assert desk.cancelled == ["job-1"]


def test_what_runs_already_is_told_in_words(desk: StandInDesk) -> None:
    desk.refusal = "A planning run is under way already (running)."
    page = visit("plan")
    page.button(key="replan").click().run()
    assert [warning.value for warning in page.warning] == [desk.refusal]
    assert desk.started == 0


def test_a_failed_run_is_told_and_the_old_plan_stays(desk: StandInDesk) -> None:
    desk.work = a_job("failed", message="The worker process was killed (signal 9).")
    page = visit("plan")
    assert page.error[0].value == "The worker process was killed (signal 9)."
    assert "Plan v3" in said(page)
    assert not page.button(key="replan").disabled


def test_the_end_of_the_work_is_told_to_who_watched_it(desk: StandInDesk) -> None:
    page = visit("plan")
    page.button(key="replan").click().run()
    desk.work = a_job("finished", message="Plan v4 is ready.")
    desk.shown = a_plan(4)
    page.run()
    assert [toast.value for toast in page.toast] == ["Plan v4 is ready."]
    assert "Plan v4" in said(page)
    assert not page.run().toast


def test_filters_narrow_tables_and_leave_the_figures(desk: StandInDesk) -> None:
    page = visit("plan")
    page.multiselect(key="factory").select("F1").run()
    page.multiselect(key="product").select("0004").run()
    assert list(table(page, "all").columns) == ["week", "factory F1", "all"]
    assert set(table(page, "outcome")["product"]) == {"Gear 36"}
    assert page.metric[0].value == "€1.19 M"
    assert "stay those of the whole plan" in said(page)


def test_an_address_with_filters_shows_the_same(desk: StandInDesk) -> None:
    page = visit("plan", factory="Leeds")
    assert page.multiselect(key="factory").value == ["F1"]


def test_a_filter_nobody_knows_shows_everything(desk: StandInDesk) -> None:
    assert visit("plan", factory="Atlantis").multiselect(key="factory").value == []
