"""Part of the Today page: decisions that wait until a day, and those that are put off already."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from pages.scenario_actions import attempt
from pages.view import show_view
from planning.present import words
from planning.present.action import Action
from planning.present.view import View
from planning.workflows.desk import Desk


def put_off(desk: Desk, shown: Sequence[Action], off: View, today: date) -> None:
    """Lets a decision shown wait until a day; those that wait are listed with who put them off and why."""
    if shown:
        # A key of its own for each list of decisions: once one is put off, it closes.
        with st.popover("Put off", icon=":material/snooze:", key=f"put-off-{len(shown)}-{off.frame.height}"):
            st.fragment(_ask)(desk, shown, today)
    if not off.is_empty:
        with st.expander(f"Put off: {off.frame.height}", key="put-off-until"):
            show_view(off, "put-off", alt="Decisions put off, by the day they come back")


def _ask(desk: Desk, shown: Sequence[Action], today: date) -> None:
    called = {action.key: words.plain(action.what) for action in shown}
    key = st.selectbox("Decision", list(called), format_func=lambda key: called[key], key="put-off-what")
    chosen = next(action for action in shown if action.key == key)
    tomorrow = today + timedelta(days=1)
    until = st.date_input("Until", value=tomorrow, min_value=tomorrow, key="put-off-day")
    if until > chosen.deadline:
        st.warning(
            f"It has to be decided by {words.day(chosen.deadline)}. If nothing is done: {chosen.inaction}.",
            icon=":material/warning:",
        )
    reason = st.text_input("Why", key="put-off-why")
    if st.button("Put it off", key="put-it-off") and attempt(lambda: desk.snooze(key, until, reason)):
        st.rerun()
