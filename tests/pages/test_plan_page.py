"""The Plan page in each of its states, without a browser."""

from collections.abc import Iterator

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.domain.plan import Plan
from planning.present import words
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, a_job, labels, said, table, visit
from tests.builders.plans import FACTORIES, WEEKS, a_network, a_plan, export_frame, week


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_plan(), held=a_network())
    with serving(desk):
        yield desk


def primary(page: AppTest) -> list[str]:
    """Every primary action on the page, a menu included."""
    buttons = [button.label for button in page.button if button.proto.type == "primary"]
    menus = [menu.proto.popover for menu in page.get("popover")]
    return buttons + [menu.label for menu in menus if menu.type == "primary"]


def has_table(page: AppTest, column: str) -> bool:
    return any(column in frame.value.columns for frame in page.dataframe)


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
    assert "Rentals to decide" in [heading.value for heading in first.header]
    assert len(second.metric) == 4


def test_there_is_one_primary_action_to_take_the_plan_away_or_to_renew_a_stale_one(desk: StandInDesk) -> None:
    assert primary(visit("plan")) == ["Export"]
    desk.stale = True
    assert primary(visit("plan")) == ["Re-plan"]
    desk.shown = None
    assert primary(visit("plan")) == ["Make a plan"]
    desk.shown, desk.held, desk.stale = a_plan(), None, False
    assert primary(visit("plan")) == ["Export"]


@pytest.mark.parametrize(
    ("status", "label"), [("draft", "Propose"), ("proposed", "Approve"), ("approved", "Publish")]
)
def test_the_next_step_is_the_primary_action_asks_why_and_is_taken(
    desk: StandInDesk, status: str, label: str
) -> None:
    desk.versions.now = status
    page = visit("plan")
    assert primary(page) == [label]
    assert f"Plan v3, solved, {status}" in said(page)
    (why,) = [field for field in page.text_input if field.label == "Why"]
    why.set_value("covers the fair").run()
    page.button(key="take-step").click().run()
    (step,) = desk.versions.taken
    assert step == (3, desk.versions.now, "covers the fair")
    assert f"Plan v3, solved, {desk.versions.now}" in said(visit("plan"))


def test_a_step_somebody_else_took_is_told_and_what_was_typed_stays(desk: StandInDesk) -> None:
    desk.versions.now, desk.versions.refusal = "proposed", "Plan v3 cannot be approved now: Ben was first."
    page = visit("plan")
    page.text_input[0].set_value("agreed").run()
    page.button(key="take-step").click().run()
    assert [error.value for error in page.error] == [desk.versions.refusal]
    assert page.text_input[0].value == "agreed"


def test_versions_are_listed_with_who_and_why(desk: StandInDesk) -> None:
    rows = table(visit("plan"), "actor")
    assert (list(rows["version"]), list(rows["actor"]), list(rows["reason"])) == ([3], ["Ana"], ["the fair"])


def test_late_and_refused_orders_are_told_with_their_cause(desk: StandInDesk) -> None:
    orders = table(visit("plan"), "outcome")
    assert list(orders["outcome"]) == ["Refused", "Still open at the end", "Late", "Late"]
    assert "holiday week in Gdańsk" in set(orders["cause"])


def test_every_open_order_is_one_click_away_those_not_on_time_first(desk: StandInDesk) -> None:
    page = visit("plan")
    page.radio(key="orders").set_value("All open").run()
    orders = table(page, "outcome")
    assert list(orders["order"]) == ["SO-1077/1", "SO-1103/1", "SO-1042/1", "0012/1", "SO-1001/1"]
    assert list(orders["outcome"])[-1] == "On time"
    linked = visit("plan", orders="All open")
    assert len(table(linked, "outcome")) == 5


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
    assert not page.get("popover")


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


def test_a_week_at_a_factory_opens_by_link_and_by_picking(desk: StandInDesk) -> None:
    linked = visit("plan", week="2026-W50", at="Leeds")
    assert "**Leeds, week 50**" in said(linked)
    made = desk.plan()["production"].filter((pl.col("week") == week(2)) & (pl.col("factory") == "F1"))
    assert sum(table(linked, "for_confirmed")["quantity"]) == pytest.approx(made["quantity"].sum())

    page = visit("plan")
    assert not has_table(page, "for_confirmed")
    page.selectbox(key="week").set_value(week(2)).run()
    assert "**All factories, week 50**" in said(page)
    page.selectbox(key="at").set_value("F1").run()
    assert "**Leeds, week 50**" in said(page)
    assert list(table(page, "for_confirmed")["quantity"]) == list(table(linked, "for_confirmed")["quantity"])


def test_a_factory_left_by_the_filter_closes_its_week(desk: StandInDesk) -> None:
    page = visit("plan", week="2026-W50", at="Porto")
    page.multiselect(key="factory").select("F1").run()
    assert not page.exception
    assert "**Leeds, week 50**" in said(page)
    assert page.selectbox(key="at").value is None


def test_a_week_and_a_factory_nobody_knows_open_nothing(desk: StandInDesk) -> None:
    assert not has_table(visit("plan", week="1999-W01", at="Atlantis"), "for_confirmed")


def test_a_week_in_which_a_factory_makes_nothing_says_so(desk: StandInDesk) -> None:
    plan = desk.plan()
    idle = plan["production"].filter((pl.col("week") != week(2)) | (pl.col("factory") != "F1"))
    desk.shown = Plan(dict(plan.tables) | {"production": idle}, plan.summary)
    assert "Nothing is made there that week." in said(visit("plan", week="2026-W50", at="Leeds"))


def test_a_week_opened_tells_the_orders_it_is_for(desk: StandInDesk) -> None:
    plan = desk.plan()
    schedule = export_frame(
        "schedule",
        [
            {
                "factory": "F1",
                "week": week(1),
                "robot_model": "fdm_xl",
                "product": "0001",
                "routing": "0001/fdm_xl",
                "setup_hours": 0.5,
                "run_hours": 4.0,
                "for_orders": "SO-1001/1",
            }
        ],
    )
    desk.shown = Plan(dict(plan.tables) | {"schedule": schedule}, plan.summary)
    page = visit("plan", week="2026-W49", at="Leeds")
    assert "**For 1 order line**" in said(page)
    assert "as the schedule has them" in said(page)
    assert "hours fdm_xl" in table(page, "for_confirmed").columns


def test_robot_load_is_drawn_and_told_in_words(desk: StandInDesk) -> None:
    assert "No robot works in this plan." in said(visit("plan"))
    plan = desk.plan()
    hours = [
        {
            "factory": factory,
            "robot_model": "fdm_xl",
            "week": week(at),
            "attended_available": 60.0,
            "unattended_available": 0.0,
            "attended_used": 45.0,
            "unattended_used": 0.0,
            "overtime_used": 0.0,
        }
        for factory in FACTORIES
        for at in range(WEEKS)
    ]
    desk.shown = Plan(dict(plan.tables) | {"hours": export_frame("hours", hours)}, plan.summary)
    page = visit("plan")
    assert "at 75.0 %. No overtime." in said(page)
    assert len(page.get("vega_lite_chart")) == 2


def test_an_only_plan_is_compared_with_nothing(desk: StandInDesk) -> None:
    assert "changes" not in [button.key for button in visit("plan").button]


def test_what_changed_since_the_last_plan_is_one_click_away(desk: StandInDesk) -> None:
    earlier = a_plan(2)
    made = earlier["production"].with_columns(quantity=pl.col("quantity") + 5)
    desk.earlier = Plan(dict(earlier.tables) | {"production": made}, earlier.summary)
    page = visit("plan")
    assert "What changed since plan v2" in labels(page)
    page.button(key="changes").click().run()
    assert "It costs the same" in said(page)
    assert "**Production**, 416 changes" in said(page)
    assert set(table(page, "worth")["quantity"]) == {-5.0}


def test_a_plan_like_the_last_one_says_so(desk: StandInDesk) -> None:
    desk.earlier = a_plan(2)
    page = visit("plan")
    page.button(key="changes").click().run()
    assert "Nothing changed since plan v2." in said(page)


def test_filters_narrow_tables_and_leave_the_figures(desk: StandInDesk) -> None:
    page = visit("plan")
    page.multiselect(key="factory").select("F1").run()
    page.multiselect(key="product").select("0004").run()
    assert list(table(page, "all").columns) == ["week", "factory F1", "all"]
    assert set(table(page, "outcome")["product"]) == {"Gear 36"}
    assert page.metric[0].value == "€1.19 M"
    assert "stay those of the whole plan. Robot load is not told apart by product." in said(page)
    assert "orders whose product it ships to their market" in said(page)


def test_orders_narrow_to_a_market_and_to_the_factories_that_ship_for_them(desk: StandInDesk) -> None:
    plan = desk.plan()
    to_germany = {"factory": "F3", "market": "DE", "product": "0004", "quantity": 9.0}
    weeks = {"ship_week": week(1), "arrive_week": week(2)}
    shipments = export_frame("shipments", [to_germany | weeks])
    desk.shown = Plan(dict(plan.tables) | {"shipments": shipments}, plan.summary)
    assert "SO-1042/1" in set(table(visit("plan", factory="Porto"), "outcome")["order"])
    assert "SO-1042/1" not in set(table(visit("plan", factory="Leeds"), "outcome")["order"])
    german = table(visit("plan", market="Germany"), "outcome")
    assert set(german["order"]) == {"SO-1042/1", "0012/1"}


def test_shares_are_written_as_everywhere(desk: StandInDesk) -> None:
    """The table tells per cent, as the sentences beside it do, and not a share of one."""
    assert sum(table(visit("plan"), "share")["share"].fillna(0)) == pytest.approx(100)


def test_an_address_with_filters_shows_the_same(desk: StandInDesk) -> None:
    page = visit("plan", factory="Leeds")
    assert page.multiselect(key="factory").value == ["F1"]


def test_a_filter_nobody_knows_shows_everything(desk: StandInDesk) -> None:
    assert visit("plan", factory="Atlantis").multiselect(key="factory").value == []
