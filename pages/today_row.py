"""Part of the Today page: one decision, with its deadline, its money and the ways to decide it."""

from datetime import date

import streamlit as st

from pages.decide import ask_to_decide
from pages.places import go
from pages.shown import Shown
from planning.present import today_tables, words
from planning.present.action import Action, narrowed_to

#: What it is; beside it, in one line also on a phone, by when, how much, and the way to it.
WIDTHS = [5, 4]
DEADLINE_PIXELS, MONEY_PIXELS, BUTTON_PIXELS, DECIDE_PIXELS = 92, 98, 112, 80
WAYS_PIXELS = BUTTON_PIXELS + DECIDE_PIXELS + 16


def decision(action: Action, about: Shown, assignee: str | None, today: date) -> None:
    """One decision; its buttons open the page it is decided on, narrowed to what it is about, and itself."""
    plan, network = about.plan, about.network
    told, way = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    with told, st.container(gap=None):
        st.markdown(f"**{words.plain(action.what)}**")
        whose = f" Given to {words.plain(assignee)}." if assignee else ""
        cause = words.plain(f"{action.cause[:1].upper()}{action.cause[1:]}. If nothing is done: ")
        st.caption(f"{cause}{words.plain(action.inaction)}.{whose}")
    with way, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(gap=None, width=DEADLINE_PIXELS):
            st.markdown(f"{action.deadline:%a} {words.short_day(action.deadline)}")
            _how_soon(action.deadline, today)
        amount = "–" if action.money is None else words.money(action.money, words.currency(plan, network))
        with st.container(gap=None, width=MONEY_PIXELS):
            st.markdown(f"**{words.plain(amount)}**", help=words.plain(action.traced))
            st.caption(action.stake)
        # Together, so that on a phone they go to the next line together.
        with st.container(horizontal=True, gap="xsmall", width=WAYS_PIXELS):
            _ways(action, about)


def _ways(action: Action, about: Shown) -> None:
    named = f"{action.verb}: {words.plain(action.what)}"
    if st.button(action.verb, key=f"open-{action.key}", help=named, width=BUTTON_PIXELS):
        go(action.address, **narrowed_to(action, about.plan, about.network))
    if not about.reads_only:
        st.button(
            "Decide",
            key=f"decide-{action.key}",
            help=f"Accept, assign or put off: {words.plain(action.what)}",
            width=DECIDE_PIXELS,
            on_click=ask_to_decide,
            args=(action.key,),
        )


def _how_soon(deadline: date, today: date) -> None:
    away = today_tables.due_in(deadline, today)
    if deadline > today:
        st.caption(away)
    else:
        st.badge(away.capitalize(), color="red" if deadline < today else "yellow")
