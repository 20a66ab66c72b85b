"""Thread: from any id to everything it comes from and goes to."""

from typing import Literal

import streamlit as st

from pages.empty import tell_nothing_yet
from pages.header import head
from pages.places import go
from pages.shown import Shown, shown
from pages.thread_way import ID
from pages.view import pick_row
from planning.domain.thread import Step, Thread
from planning.present import thread_tables, words
from planning.present.thread_tables import OPENS, SIDES, STAGES
from planning.workflows.desk import Desk, the_desk
from planning.workflows.thread_ids import Found

ROWS = 6


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown(desk)
    with head(desk, "Thread", about):
        if about.network is not None:
            _log_button(desk, primary=not about.reads_only)
    if about.network is None:
        tell_nothing_yet(about.plan, about.network)
        return
    asked = st.text_input(
        "Any id",
        key=ID,
        bind="query-params",
        help=thread_tables.SEARCH_HELP,
        placeholder="such as SO-1042, v3 or import 2",
    )
    _tell_log()
    if not asked.strip():
        st.info(thread_tables.NOTHING_ASKED, icon=":material/search:")
        return
    found = desk.threads.look_up(asked, about.plan, about.network)
    if found.thread is None:
        st.warning(thread_tables.not_found(asked.strip()), icon=":material/search_off:")
        _others("Did you mean", found.nearest)
        if not found.nearest:
            st.caption(thread_tables.SEARCH_HELP)
        return
    _others("There is also", found.others)
    _thread(found.thread, about)


def _others(title: str, others: tuple[Found, ...]) -> None:
    if not others:
        return
    st.caption(title)
    with st.container(horizontal=True):
        for kind, id in others:
            st.button(
                words.plain(thread_tables.called(kind, id)),
                key=f"also-{kind}-{id}",
                on_click=_look_up,
                args=(f"{kind}:{id}",),
            )


def _thread(thread: Thread, about: Shown) -> None:
    st.header(words.plain(thread.title), anchor=False)
    for sentence in (thread_tables.balance(thread), thread.told):
        if sentence:
            st.markdown(words.plain(sentence))
    st.caption(thread_tables.HOW)
    currency = words.currency(about.plan, about.network)
    for side, steps in thread_tables.sides(thread).items():
        if thread.stage is not None:
            st.subheader(SIDES[side], anchor=False, divider="gray")
        for step in steps:
            _step(step, currency)


def _step(step: Step, currency: str) -> None:
    title, _ = STAGES[step.stage]
    links = step.links
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{title}**", help=step.told or None, width="content")
        if step.address and st.button(
            OPENS[step.address], key=f"open-{step.stage}", type="tertiary", icon=":material/arrow_forward:"
        ):
            go(step.address, **dict(step.shows))

    def ticked(row: int) -> None:
        kind, id = links["kind"][row], links["id"][row]
        if id is not None:
            _look_up(f"{kind}:{id}")

    pick_row(thread_tables.step_table(step, currency), f"step-{step.stage}", ticked, alt=title, rows=ROWS)


def _look_up(id: str) -> None:
    st.session_state[ID] = id


def _log_button(desk: Desk, *, primary: bool) -> None:
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button("Check the log", icon=":material/verified:", key="check-log", type=kind):
        st.session_state["log-checked"] = thread_tables.log_checked(*desk.check_ledger())


def _tell_log() -> None:
    told = st.session_state.pop("log-checked", None)
    if told is not None:
        st.toast(told, icon=":material/verified:", duration="long")
