"""Part of the Plan page: the week that is over, from what really happened to the next week's plan."""

import polars as pl
import streamlit as st

from pages.scenario_actions import attempt
from pages.view import show_view
from planning.errors import TaktError
from planning.present import rolling_tables, words
from planning.rolling import ACTUALS, EVENTS
from planning.workflows.desk import Desk
from planning.workflows.rolling import RollPreview

_OPEN = "rolling"


def roll_button(desk: Desk) -> None:
    """Opens the week that is over; nothing before a plan is published, for then there is none to compare."""
    if desk.versions.published() is None:
        return
    if st.button("Roll the week", icon=":material/event_repeat:", key="roll"):
        st.session_state[_OPEN] = True


def week_over(desk: Desk) -> None:
    """The week that is over, while it is open: what happened in it, and what that changes."""
    if st.session_state.get(_OPEN, False):
        with st.container(border=True, key="week-over"):
            st.fragment(_week)(desk)


def _week(desk: Desk) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.header("The week that is over", anchor=False)
        if st.button("Not now", icon=":material/close:", key="roll-later"):
            st.session_state[_OPEN] = False
            st.rerun()
    try:
        week, contracts, planned = (
            desk.rolling.week(),
            desk.rolling.contracts(),
            desk.rolling.as_planned_zip(),
        )
    except TaktError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.write(f"What really happened in {words.week(week)}? What you do not say is taken as it was planned.")
    st.download_button(
        "The week as planned, to correct",
        planned,
        f"week-{week:%G-W%V}.zip",
        "application/zip",
        icon=":material/download:",
        key="as-planned",
    )
    files = st.file_uploader(
        "Stock count, work, shipments, orders, contract events",
        type=["csv"],
        accept_multiple_files=True,
        help=rolling_tables.FILES_HELP,
        key=f"actuals-{week}",
    )
    said = st.session_state.setdefault(f"events-{week}", [])
    if contracts:
        _contract_events(said, contracts)
    try:
        asked = desk.rolling.preview({file.name: file.getvalue() for file in files}, _frame(said))
    except TaktError as error:
        st.error(str(error), icon=":material/error:")
        return
    _told(asked, bool(files or said))
    after = words.week(asked.rolled.next_week)
    if st.button(f"Roll to {after} and re-plan", key="roll-it") and attempt(lambda: _roll(desk, asked)):
        st.session_state[_OPEN] = False
        st.rerun()


def _contract_events(said: list[dict[str, object]], contracts: list[str]) -> None:
    """A contract, what happened to it, and the day: each press of the button adds one."""
    with st.expander("Contracts: arrived, notice, returned, renewed", key="contract-events"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            contract = st.selectbox("Contract", contracts, key="event-contract")
            event = st.selectbox(
                "What happened", EVENTS, format_func=lambda name: rolling_tables.HAPPENED[name], key="event"
            )
            day = st.date_input(rolling_tables.DAY[event], value=None, key="event-day")
            if st.button("Add", icon=":material/add:", key="add-event", disabled=day is None):
                others = [one for one in said if (one["contract"], one["event"]) != (contract, event)]
                said[:] = [*others, {"contract": contract, "event": event, "date": day, "units": None}]
        if said:
            show_view(rolling_tables.events(said), "said-events", alt="Contract events said", rows=4)
            st.button("Forget them", icon=":material/close:", key="forget-events", on_click=said.clear)


def _told(asked: RollPreview, something: bool) -> None:
    if not something:
        st.caption(rolling_tables.NOTHING_SAID)
    st.markdown(f"**{rolling_tables.headline(asked.rolled)}**")
    st.write(rolling_tables.balance(asked.rolled))
    differed = rolling_tables.differed(asked.rolled)
    if not differed.is_empty:
        show_view(differed, "differed", alt="What differed from the plan", rows=6)
    assumed = asked.rolled.assumed
    if assumed:
        with st.expander(f"Taken as planned: {len(assumed)}", key="taken-as-planned"):
            st.markdown("\n".join(f"- {words.plain(line)}" for line in assumed))


def _roll(desk: Desk, asked: RollPreview) -> None:
    desk.rolling.roll(asked)
    desk.start_replan()


def _frame(said: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(said, schema=ACTUALS["contract_events"].polars_schema)
