"""The Fleet page in each of its states, without a browser."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.domain.plan import Plan
from planning.present import words
from planning.workflows.desk import serving
from tests.builders.desk import NOON, StandInDesk, labels, said, table, visit
from tests.builders.fleets import Cell, a_fleet, with_contracts
from tests.builders.plans import a_network, a_plan, week

#: Leeds rents two robots and is to give one back; Porto has what it needs.
CELLS = (
    *(Cell(1, 2, 0, attended_work=100.0, t=t) for t in range(4)),
    *(Cell(2, attended_work=60.0, factory="F3", t=t) for t in range(4)),
)
RETURNED = {
    "action": "return",
    "id": "CT-1",
    "vendor": "Robora",
    "robot_model": "fdm_xl",
    "factory": "F1",
    "units": 1,
    "decide_by": week(8),
    "off_rent_date": week(10),
    "committed_cost": 0.0,
}


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_fleet(*CELLS, rentals=[RETURNED]), held=with_contracts({"units": 2}))
    with serving(desk):
        yield desk


def primaries(page: AppTest) -> list[str]:
    return [button.label for button in page.get("download_button") if button.proto.type == "primary"]


def test_a_plan_is_shown_with_its_version_and_the_week_of_its_data(desk: StandInDesk) -> None:
    page = visit("fleet")
    assert [title.value for title in page.title] == ["Fleet"]
    assert "Plan v3, solved" in said(page)
    assert "Data to week 47" in said(page)


def test_what_to_decide_comes_before_figures_and_there_are_four(desk: StandInDesk) -> None:
    page = visit("fleet")
    kinds = [element.type for element in page.main if element.type in {"dataframe", "metric"}]
    assert kinds[0] == "dataframe"
    assert kinds.count("metric") == 4
    assert table(page, "due")["what"].tolist() == ["Return 1 × fdm_xl"]
    assert "0 of 1 due within 14 days" in said(page)


def test_there_is_one_primary_action_and_nothing_to_approve(desk: StandInDesk) -> None:
    page = visit("fleet")
    assert primaries(page) == ["Dates to calendar"]
    assert labels(page) == []


def test_without_a_date_to_decide_there_is_no_calendar_to_take_away(desk: StandInDesk) -> None:
    desk.shown = a_fleet(*CELLS)
    assert primaries(visit("fleet")) == []


def test_contracts_tell_what_the_plan_does_with_them(desk: StandInDesk) -> None:
    contracts = table(visit("fleet"), "fate")
    assert contracts["fate"].tolist() == ["Return 1 on Mon 1 Feb 2027; keep 1 to the end of the plan"]
    assert contracts["weekly"].tolist() == [200.0]


def test_what_vendors_will_invoice_can_be_opened(desk: StandInDesk) -> None:
    desk.held = with_contracts({"units": 2}, offer={"billing": "month", "billing_rate": 400.0})
    page = visit("fleet")
    assert "What vendors will invoice, by month" in [box.label for box in page.expander]
    # fleet.csv has both on rent to 21 December: that month is charged whole
    invoices = table(page, "calculation")
    assert invoices["amount"].tolist() == [800.0, 800.0]
    assert "November 2026: €800. December 2026: €800." in said(page)


def test_without_contracts_and_rentals_there_is_nothing_to_invoice(desk: StandInDesk) -> None:
    desk.shown, desk.held = a_fleet(*CELLS), a_network()
    page = visit("fleet")
    assert [box.label for box in page.expander if "invoice" in box.label] == []


def test_the_cost_of_a_good_unit_stands_beside_the_hours_paid_for(desk: StandInDesk) -> None:
    costs = table(visit("fleet"), "cost_per_unit")
    assert costs["where"].tolist() == ["Leeds", "Porto"]
    assert costs["robot_weeks"].tolist() == [8, 0]


def test_a_missed_date_is_overdue_by_the_calendar_on_the_wall(desk: StandInDesk) -> None:
    shown = desk.shown
    assert shown is not None
    late = NOON.date() - timedelta(days=3)
    rentals = shown["rentals"].with_columns(decide_by=pl.lit(late))
    desk.shown = Plan(dict(shown.tables) | {"rentals": rentals}, shown.summary)
    page = visit("fleet")
    assert table(page, "due")["due"].tolist() == ["Overdue by 3 days"]
    assert "1 overdue, " in said(page)


def test_robots_are_drawn_for_each_factory_and_spare_ones_in_one_map(desk: StandInDesk) -> None:
    page = visit("fleet")
    assert "**Leeds**" in said(page)
    assert "**Porto**" in said(page)
    assert len(page.get("vega_lite_chart")) == 3
    assert len(table(page, "surplus")) == len(CELLS)


def test_where_robots_are_always_as_many_as_needed_there_is_no_map(desk: StandInDesk) -> None:
    desk.shown = a_fleet(Cell(1, attended_work=40.0))
    page = visit("fleet")
    assert "Everywhere and always as many robots as the plan's work needs" in said(page)
    assert len(page.get("vega_lite_chart")) == 1


def test_more_factories_than_can_be_drawn_are_drawn_together(desk: StandInDesk) -> None:
    desk.shown = a_fleet(*(Cell(2, factory=f"F{number}") for number in range(9)))
    page = visit("fleet")
    assert "9 factories: choose some on the left" in said(page)
    assert "**All factories**" in said(page)


def test_where_owned_robots_do_it_all_the_page_says_so(desk: StandInDesk) -> None:
    desk.shown, desk.held = a_fleet(Cell(2, attended_work=40.0)), a_network()
    page = visit("fleet")
    assert page.info[0].value.startswith("Owned capacity covers demand")
    assert "No contract is running." in said(page)


def test_an_address_with_factory_and_robot_shows_the_same(desk: StandInDesk) -> None:
    page = visit("fleet", factory="Porto", robot="FDM XL")
    assert page.multiselect(key="factory").value == ["F3"]
    assert page.multiselect(key="robot").value == ["fdm_xl"]
    assert set(table(page, "surplus")["factory_name"]) == {"Porto"}
    assert page.metric[0].value == "0"
    assert "Owned capacity covers demand" in page.info[0].value


def test_without_data_the_page_says_what_to_do(desk: StandInDesk) -> None:
    desk.shown, desk.held = None, None
    page = visit("fleet")
    assert page.info[0].value == words.NO_DATA
    assert primaries(page) == []


def test_without_a_plan_there_is_nothing_to_show_yet(desk: StandInDesk) -> None:
    desk.shown = None
    page = visit("fleet")
    assert page.info[0].value == words.NO_PLAN
    assert not page.metric


def test_a_plan_whose_data_were_taken_back_is_still_shown(desk: StandInDesk) -> None:
    desk.shown, desk.held = a_plan(), None
    page = visit("fleet")
    assert len(table(page, "due")) == 6
    assert not page.exception


def test_a_plan_without_any_robot_is_no_fault(desk: StandInDesk) -> None:
    desk.shown, desk.held = a_fleet(), a_network()
    assert "Owned capacity covers demand" in visit("fleet").info[0].value


@pytest.fixture
def approved(desk: StandInDesk) -> StandInDesk:
    """A desk whose plan is approved, with a rental to order this week and one much later."""
    lot = {"units": 2, "robot_model": "fdm_xl", "offer": "FLEX", "factory": "F1", "done": False}
    near = {"on_rent_date": week(2), "min_end_date": week(6), "decide_by": week(0), "committed_cost": 1200.0}
    far = {"on_rent_date": week(12), "min_end_date": week(16), "decide_by": week(10), "committed_cost": 900.0}
    desk.to_order = pl.DataFrame([{"contract": "near"} | lot | near, {"contract": "far"} | lot | far])
    desk.versions.now = "approved"
    return desk


def test_rentals_of_an_approved_plan_are_the_primary_action_those_due_soon_chosen(
    approved: StandInDesk,
) -> None:
    page = visit("fleet")
    assert primaries(page) == []
    menus = [menu.proto.popover for menu in page.get("popover")]
    assert [menu.label for menu in menus if menu.type == "primary"] == ["Approve rentals"]
    assert page.multiselect(key="rentals-chosen").value == ["near"]
    assert "2 robots, committing €1,200." in said(page)
    page.button(key="order-them").click().run()
    assert approved.ordered == ["near"]


@pytest.mark.parametrize("status", ["draft", "proposed", "replaced"])
def test_rentals_of_a_plan_that_is_not_approved_cannot_be_ordered(approved: StandInDesk, status: str) -> None:
    approved.versions.now = status
    assert primaries(visit("fleet")) == ["Dates to calendar"]
    approved.versions.now, approved.stale = "approved", True
    assert primaries(visit("fleet")) == ["Dates to calendar"]
