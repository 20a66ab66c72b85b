"""The Today page in each of its states, without a browser."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.present import first_words, words
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, labels, said, table, visit
from tests.builders.plans import a_network, a_plan, export_frame, week

#: What every page offers beside its decisions.
ALWAYS = ["Re-plan"]
#: And beside those that are shown.
SHOWN = [*ALWAYS, "Put it off"]


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
        ("Decisions waiting", str(len(labels(page)) - len(SHOWN))),
        ("Confirmed on time", "96.4 %"),
        ("On rent, W48 / W49", "0 / 0"),
        ("Paid hours used", "81.0 %"),
    ]


def test_at_most_seven_are_shown_and_the_rest_is_counted_and_listed(desk: StandInDesk) -> None:
    desk.shown = a_quiet_plan(rentals=[*rents(9, week(0)), *rents(2, week(10))])
    page = visit("today")
    assert labels(page) == [*ALWAYS, *["See rental"] * 7, "Put it off"]
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
    assert labels(page) == ["Make a plan", "See rows", "Put it off"]
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


def test_a_decision_put_off_leaves_the_list_and_comes_back_on_its_day(desk: StandInDesk) -> None:
    page = visit("today")
    before = labels(page)
    what = page.selectbox(key="put-off-what").options[0]
    page.text_input(key="put-off-why").set_value("waiting for a quote")
    page.button(key="put-it-off").click().run()
    assert len(labels(page)) == len(before) - 1
    (told,) = desk.off
    assert told["reason"] == "waiting for a quote"
    assert what not in list(page.selectbox(key="put-off-what").options)
    assert table(page, "until")["reason"].to_list() == ["waiting for a quote"]
    told["until"] = desk.today()
    assert labels(visit("today")) == before, "its day has come, also after a reload"


def test_putting_off_beyond_the_deadline_tells_what_that_costs(desk: StandInDesk) -> None:
    page = visit("today")
    page.date_input(key="put-off-day").set_value(date(2027, 6, 1)).run()
    assert "If nothing is done" in page.warning[0].value
