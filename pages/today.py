"""Today: what needs a decision, by when, how much hangs on it, and what doing nothing costs."""

from datetime import date

import streamlit as st

from pages.empty import tell_nothing_yet
from pages.header import head
from pages.places import go
from pages.put_off import put_off
from pages.tour import list_stops, offer_tour
from pages.view import show_view
from pages.welcome import welcome
from pages.work import replan_button
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import today_tables, words
from planning.present.action import Action, Ranking, narrowed_to
from planning.present.actions import decisions
from planning.workflows.desk import Desk, the_desk

#: What it is; beside it, in one line also on a phone, by when, how much, and the way to it.
WIDTHS = [2, 1]
DEADLINE_PIXELS, MONEY_PIXELS, BUTTON_PIXELS = 92, 98, 112


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    plan, network = desk.plan(), desk.network()
    with head(desk, "Today"):
        if network is not None:
            replan_button(desk, first=plan is None)
    if plan is None and network is None:
        welcome(desk)
        return
    nothing_yet = tell_nothing_yet(plan, network, planning=desk.board().active("plan") is not None)
    offer_tour(desk)
    today = desk.today() if plan is None else max(desk.today(), words.as_of(plan))
    ranking, off = today_tables.awake(_ranking(desk, plan, network, today), desk.snoozed(), today)
    if not nothing_yet or ranking.waiting:
        _decisions(ranking, plan, network, today)
        put_off(desk, today_tables.shown_first(ranking), off, today)
    if plan is not None:
        _figures(plan, ranking)
    list_stops(desk)


def _ranking(desk: Desk, plan: Plan | None, network: Network | None, today: date) -> Ranking:
    """Every decision, ranked; forecasts are told of as long as the plan rests on them."""
    stored = desk.forecast()
    rests = plan is not None and stored is not None and stored.input_hash == plan.summary["input_hash"]
    forecast = stored.forecast if rests and stored is not None else None
    return decisions(plan, network, desk.kept_aside(), forecast, today=today, stale=desk.is_stale())


def _decisions(ranking: Ranking, plan: Plan | None, network: Network | None, today: date) -> None:
    st.header("Needs your decision", anchor=False, help=today_tables.ORDER)
    currency = words.currency(plan, network)
    first = today_tables.shown_first(ranking)
    if first:
        with st.container(border=True, gap="medium"):
            for action in first:
                _row(action, plan, network, today)
    else:
        st.success(words.plain(today_tables.nothing_to_decide(ranking)), icon=":material/check_circle:")
    rest = today_tables.rest_of(ranking)
    if rest:
        with st.expander(f"All decisions: {rest}", key="all-decisions"):
            show_view(
                today_tables.all_decisions(ranking, currency), "decisions", alt="All decisions", rows=12
            )


def _row(action: Action, plan: Plan | None, network: Network | None, today: date) -> None:
    """One decision; its button opens the page it is decided on, narrowed to what it is about."""
    told, way = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    with told, st.container(gap=None):
        st.markdown(f"**{words.plain(action.what)}**")
        st.caption(
            words.plain(
                f"{action.cause[:1].upper()}{action.cause[1:]}. If nothing is done: {action.inaction}."
            )
        )
    with way, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(gap=None, width=DEADLINE_PIXELS):
            st.markdown(f"{action.deadline:%a} {words.short_day(action.deadline)}")
            _how_soon(action.deadline, today)
        amount = "–" if action.money is None else words.money(action.money, words.currency(plan, network))
        with st.container(gap=None, width=MONEY_PIXELS):
            st.markdown(f"**{words.plain(amount)}**", help=words.plain(action.traced))
            st.caption(action.stake)
        named = f"{action.verb}: {words.plain(action.what)}"
        if st.button(action.verb, key=f"open-{action.key}", help=named, width=BUTTON_PIXELS):
            go(action.address, **narrowed_to(action, plan, network))


def _how_soon(deadline: date, today: date) -> None:
    away = today_tables.due_in(deadline, today)
    if deadline > today:
        st.caption(away)
    else:
        st.badge(away.capitalize(), color="red" if deadline < today else "yellow")


def _figures(plan: Plan, ranking: Ranking) -> None:
    with st.grid(4, min_column_width=140, gap="small"):
        for figure in today_tables.figures(plan, ranking):
            st.metric(figure.label, figure.value, help=figure.help, border=True)
