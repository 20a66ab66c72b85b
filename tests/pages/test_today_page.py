"""The Today page in each of its states, without a browser."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.present import first_words, plan_orders, words
from planning.present.action import Action, narrowed_to
from planning.present.actions import decisions
from planning.present.view import Choice
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, labels, said, table, visit
from tests.builders.plans import a_network, a_plan, export_frame, week

#: What every page offers beside its decisions.
ALWAYS = ["Re-plan"]


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_plan(), held=a_network())
    with serving(desk):
        yield desk


def a_quiet_plan(**tables: list[dict[str, Any]]) -> Plan:
    empty = {name: table.empty() for name, table in EXPORT.items()}
    return Plan(empty | {name: export_frame(name, rows) for name, rows in tables.items()}, a_plan().summary)


def rents(count: int, decide_by: date) -> list[dict[str, Any]]:
    row = {"action": "rent", "robot_model": "fdm_xl", "units": 1, "decide_by": decide_by, "factory": "F1"}
    dates = {"on_rent_date": week(8), "off_rent_date": week(12)}
    return [row | dates | {"id": f"FX-{n:02d}", "committed_cost": 1000.0 + n} for n in range(count)]


def test_each_decision_is_told_with_money_deadline_cause_and_what_doing_nothing_costs(
    desk: StandInDesk,
) -> None:
    page = visit("today")
    words_said = said(page)
    # Refused: 24 units at a lost cost of 240 each; the order it is about is due in the first week.
    assert "**Decide on refused order line SO-1077/1, Housing A**" in words_said
    assert "**€5,760**" in words_said
    assert "No robot before week 52" in words_said
    assert "are not delivered, which costs €5,760." in words_said
    assert "**Give notice for 1 × fdm\\_xl at Gdańsk (CT-204), off rent from 15 Feb**" in words_said
    assert "overdue" in words_said.lower()


def test_four_figures_and_no_more(desk: StandInDesk) -> None:
    page = visit("today")
    assert [(metric.label, metric.value) for metric in page.metric] == [
        ("Decisions waiting", str(labels(page).count("Decide"))),
        ("Confirmed on time", "96.4 %"),
        ("On rent, W48 / W49", "0 / 0"),
        ("Paid hours used", "81.0 %"),
    ]


def test_at_most_seven_are_shown_and_the_rest_is_counted_and_listed(desk: StandInDesk) -> None:
    desk.shown = a_quiet_plan(rentals=[*rents(9, week(0)), *rents(2, week(10))])
    page = visit("today")
    assert labels(page) == [*ALWAYS, *["See rental", "Decide"] * 7]
    assert page.expander[0].label == "All decisions: 2 more waiting, 2 due later"
    assert len(table(page, "deadline")) == 11
    assert table(page, "deadline")["money"].to_list()[:2] == [1008.0, 1007.0]


def test_nothing_to_decide_is_said_with_the_next_deadline(desk: StandInDesk) -> None:
    desk.shown = a_quiet_plan(rentals=rents(1, week(10)))
    page = visit("today")
    assert page.success[0].value == (
        "Nothing to decide today. Next: Order 1 × fdm\\_xl at Leeds (FX-00), on rent from 18 Jan, by "
        f"{words.day(week(10))}."
    )
    assert labels(page) == ALWAYS


def test_a_stale_plan_is_the_first_thing_to_decide(desk: StandInDesk) -> None:
    desk.stale = True
    page = visit("today")
    first = next(text.value for text in page.markdown if text.value.startswith("**"))
    assert first == "**Re-plan: the data changed since this plan was made**"


def test_without_a_plan_rows_kept_aside_are_still_there_to_fix(desk: StandInDesk) -> None:
    desk.shown, desk.aside = None, 3
    page = visit("today")
    assert page.info[0].value == words.NO_PLAN
    assert labels(page) == ["Make a plan", "See rows", "Decide"]
    assert "**Fix 3 rows of orders.csv**" in said(page)
    desk.aside = 0
    assert labels(visit("today")) == ["Make a plan"]


def test_without_data_the_page_says_what_to_do(desk: StandInDesk) -> None:
    desk.shown, desk.held = None, None
    page = visit("today")
    assert page.info[0].value == first_words.GREETING
    assert labels(page) == ["Load the demo company", "Upload a folder", "Start from templates"]
    assert not page.metric


def test_the_primary_action_is_to_plan_anew(desk: StandInDesk) -> None:
    page = visit("today")
    page.button(key="replan").click().run()
    assert desk.started == 1
    assert page.button(key="replan").disabled


def test_deadlines_are_told_from_the_day_it_is(desk: StandInDesk) -> None:
    day = desk.today()
    for days, told in ((-1, "overdue"), (0, "today"), (1, "in 1 day"), (6, "in 6 days")):
        desk.shown = a_quiet_plan(rentals=rents(1, day + timedelta(days=days)))
        assert told in said(visit("today")).lower()


def test_names_are_shown_as_the_data_have_them(desk: StandInDesk) -> None:
    rows = [row | {"id": "FX *$1_$2* :red[x]"} for row in rents(1, week(0))]
    desk.shown = a_quiet_plan(rentals=rows)
    assert "(FX \\*\\$1\\_\\$2\\* \\:red\\[x\\])" in said(visit("today"))


def open_first(page: AppTest) -> str:
    """Open the first decision; what comes back is what it is about."""
    button = next(button for button in page.button if button.label == "Decide")
    button.click().run()
    assert not page.exception
    return str(button.key).removeprefix("decide-")


def test_a_decision_put_off_leaves_the_list_and_comes_back_on_its_day(desk: StandInDesk) -> None:
    page = visit("today")
    before = labels(page)
    key = open_first(page)
    page.text_input(key=f"decide-later-{key}").set_value("waiting for a quote")
    page.button(key="decide-put-off").click().run()
    assert len(labels(page)) == len(before) - 2
    (told,) = desk.deciding.off
    assert (told["action"], told["reason"]) == (key, "waiting for a quote")
    assert table(page, "until")["reason"].to_list() == ["waiting for a quote"]
    told["until"] = desk.today()
    assert labels(visit("today")) == before, "its day has come, also after a reload"


def test_putting_off_beyond_the_deadline_tells_what_that_costs(desk: StandInDesk) -> None:
    page = visit("today")
    key = open_first(page)
    page.date_input(key=f"decide-until-{key}").set_value(date(2027, 6, 1)).run()
    assert "If nothing is done" in page.warning[0].value


def test_a_decision_given_to_somebody_shows_the_name_and_can_be_filtered(desk: StandInDesk) -> None:
    page = visit("today")
    key = open_first(page)
    page.selectbox(key=f"decide-to-{key}").set_value("Ana").run()
    page.button(key="decide-assign").click().run()
    assert desk.deciding.given == {key: "Ana"}
    again = visit("today")
    assert "Given to Ana." in said(again)
    mine = visit("today", whose="mine")
    assert labels(mine).count("Decide") == 1
    assert "Given to Ana." in said(mine)
    theirs = visit("today", whose="nobody")
    assert labels(theirs).count("Decide") == labels(again).count("Decide") - 1
    desk.deciding.given.clear()
    assert visit("today", whose="mine").success[0].value == "Nothing to decide is yours."


def test_a_decision_taken_back_is_nobodys_again(desk: StandInDesk) -> None:
    key = open_first(visit("today"))
    desk.deciding.given[key] = "Ben"
    page = visit("today")
    open_first(page)
    page.button(key="decide-nobody").click().run()
    assert "Given to" not in said(visit("today"))


def test_replanning_is_accepted_in_place(desk: StandInDesk) -> None:
    desk.stale = True
    page = visit("today")
    assert open_first(page) == "replan"
    page.button(key="decide-accept").click().run()
    assert desk.started == 1
    assert [row["action"] for row in desk.deciding.done] == ["replan"]
    assert table(visit("today"), "reason")["actor"].to_list() == ["Ana"]


def test_the_next_step_of_the_plan_is_a_decision_that_needs_a_reason(desk: StandInDesk) -> None:
    desk.versions.now = "proposed"
    page = visit("today")
    assert "**Approve plan v3**" in said(page)
    key = "step:approved:v3"
    page.button(key=f"decide-{key}").click().run()
    page.text_input(key=f"decide-why-{key}").set_value("agreed on Monday")
    page.button(key="decide-accept").click().run()
    assert desk.versions.taken == [(3, "approved", "agreed on Monday")]
    assert "**Approve plan v3**" not in said(visit("today"))


def test_what_is_refused_is_told_where_it_was_pressed(desk: StandInDesk) -> None:
    desk.versions.now, desk.versions.refusal = "proposed", "Plan v3 was approved by Ben meanwhile."
    page = visit("today")
    page.button(key="decide-step:approved:v3").click().run()
    page.button(key="decide-accept").click().run()
    assert page.error[0].value == "Plan v3 was approved by Ben meanwhile."
    assert desk.deciding.done == []


def test_a_rental_is_ordered_in_place_once_the_plan_is_approved(desk: StandInDesk) -> None:
    desk.shown = a_quiet_plan(rentals=rents(1, week(0)))
    (key,) = [key for key in keys(visit("today")) if key.startswith("rent:")]
    rent = {"contract": "v3-FX-00-F1", "offer": "FX-00", "factory": "F1", "on_rent_date": week(8)}
    desk.to_order = pl.DataFrame([rent, rent | {"contract": "another", "offer": "FX-99"}])
    page = visit("today")
    page.button(key=f"decide-{key}").click().run()
    assert [button.label for button in page.button if button.key == "decide-accept"] == ["Order it"]
    page.button(key="decide-accept").click().run()
    assert desk.ordered == ["v3-FX-00-F1"]

    desk.versions.now = "draft"
    page = visit("today")
    page.button(key=f"decide-{key}").click().run()
    assert "It can be done here once the plan is approved" in said(page)
    assert "decide-accept" not in [button.key for button in page.button]


def test_a_decision_of_the_list_of_all_can_be_taken_too(desk: StandInDesk) -> None:
    desk.shown = a_quiet_plan(rentals=rents(1, week(10)))
    page = visit("today")
    page.session_state["deciding"] = later(desk)[0].key
    page.run()
    assert "decide-put-off" in [button.key for button in page.button]


def test_see_orders_leads_to_the_orders_of_its_cause(desk: StandInDesk) -> None:
    assert desk.shown is not None
    every = decisions(desk.shown, desk.held, desk.kept_aside(), today=desk.today())
    found = [action for action in (*every.waiting, *every.later) if action.address == "plan"]
    assert found
    network = a_network()
    orders = []
    for action in found:
        query = narrowed_to(action, desk.shown, network)
        page = visit("plan", **query)
        shown = table(page, "late_weeks")["order"].to_list()
        assert shown, action.what
        assert page.selectbox(key="cause").value == action.key
        orders += shown
    late = plan_orders.not_on_time(plan_orders.order_lines(desk.shown, network, Choice()))
    assert sorted(orders) == sorted(late.frame["order"]), "every line that is not on time has one cause"


def keys(page: AppTest) -> list[str]:
    return [str(b.key).removeprefix("decide-") for b in page.button if b.label == "Decide"]


def later(desk: StandInDesk) -> tuple[Action, ...]:
    return decisions(desk.shown, desk.held, desk.kept_aside(), today=desk.today()).later
