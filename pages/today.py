"""Today: what needs a decision, by when, how much hangs on it, and what doing nothing costs."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from pages.address import tell_misses
from pages.decide import ask_to_decide, decide_what_was_asked
from pages.empty import tell_nothing_yet
from pages.filters import pick_one
from pages.header import head
from pages.shown import Shown, shown
from pages.today_row import decision
from pages.tour import list_stops, offer_tour
from pages.view import pick_row, show_view
from pages.welcome import welcome
from pages.work import replan_button
from planning.domain.plan import Plan
from planning.present import today_tables, words
from planning.present.action import Action, Ranking
from planning.present.actions import decisions
from planning.present.view import View
from planning.workflows.desk import Desk, the_desk


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown(desk)
    plan, network = about.plan, about.network
    with head(desk, "Today", about):
        if network is not None and not about.reads_only:
            replan_button(desk, first=plan is None)
    if plan is None and network is None:
        welcome(desk)
        return
    nothing_yet = tell_nothing_yet(plan, network)
    offer_tour(desk)
    today = desk.today() if plan is None else max(desk.today(), words.as_of(plan))
    assigned: dict[str, str] = dict(desk.deciding.assigned().select("action", "assignee").iter_rows())
    every, off = today_tables.awake(_ranking(desk, about, today), desk.deciding.waiting(), today)
    whose = pick_whose(assigned, desk.deciding.planner)
    ranking = today_tables.of_whom(every, assigned, whose, desk.deciding.planner)
    if not nothing_yet or ranking.waiting:
        _decisions(desk, about, ranking, assigned, today)
        if not off.is_empty:
            with st.expander(f"Put off: {off.frame.height}", key="put-off-until"):
                show_view(off, "put-off", alt="Decisions put off, by the day they come back")
    if plan is not None:
        _accepted(desk, plan, today)
        _figures(plan, every)
    list_stops(desk)


def pick_whose(assigned: Mapping[str, str], planner: str) -> str:
    """Whose decisions are listed; in the sidebar and in the address."""
    with st.sidebar:
        whose = pick_one("whose", today_tables.choices(assigned, planner), to_show="Everybody's are shown.")
    tell_misses("whose")
    return whose


def _ranking(desk: Desk, about: Shown, today: date) -> Ranking:
    """Every decision, ranked; forecasts are told of as long as the plan rests on them."""
    plan, network, opened = about.plan, about.network, about.opened
    if opened is not None:
        made = None if opened.forecast is None else opened.forecast.forecast
        return decisions(opened.plan, network, opened.plan["rejected_rows"], made, today=today)
    stored = desk.forecast()
    rests = plan is not None and stored is not None and stored.input_hash == plan.summary["input_hash"]
    forecast = stored.forecast if rests and stored is not None else None
    step = None if plan is None else desk.versions.next_step(plan.summary["version"])
    return decisions(
        plan, network, desk.kept_aside(), forecast, today=today, stale=desk.is_stale(), step=step or ""
    )


def _decisions(desk: Desk, about: Shown, ranking: Ranking, assigned: Mapping[str, str], today: date) -> None:
    st.header("Needs your decision", anchor=False, help=today_tables.ORDER)
    plan, network = about.plan, about.network
    currency = words.currency(plan, network)
    first, actions = today_tables.shown_first(ranking), (*ranking.waiting, *ranking.later)
    if first:
        with st.container(border=True, gap="medium"):
            for action in first:
                decision(action, about, assigned.get(action.key), today)
    else:
        told = today_tables.nothing_to_decide(ranking, st.session_state["whose"])
        st.success(words.plain(told), icon=":material/check_circle:")
    rest = today_tables.rest_of(ranking)
    if rest:
        with st.expander(f"All decisions: {rest}", key="all-decisions"):
            _all(about, today_tables.all_decisions(ranking, currency, assigned), actions)
    decide_what_was_asked(desk, actions, about, assigned)


def _all(about: Shown, view: View, actions: Sequence[Action]) -> None:
    """Every decision; a row ticked is opened."""
    if about.reads_only:
        show_view(view, "decisions", alt="All decisions", rows=12)
        return
    pick_row(view, "decisions", lambda row: ask_to_decide(actions[row].key), alt="All decisions", rows=12)
    st.caption("Tick a row (Shift+Space) to accept it, give it to somebody or put it off.")


def _accepted(desk: Desk, plan: Plan, today: date) -> None:
    done = today_tables.accepted(desk.deciding.accepted(), plan.summary["policy"]["timezone"], today)
    if not done.is_empty:
        with st.expander(f"Accepted in the last {today_tables.DAYS_TOLD} days: {done.frame.height}"):
            show_view(done, "accepted", alt="Decisions accepted, the latest first")


def _figures(plan: Plan, ranking: Ranking) -> None:
    with st.grid(4, min_column_width=140, gap="small"):
        for figure in today_tables.figures(plan, ranking):
            st.metric(figure.label, figure.value, help=figure.help, border=True)
