"""Settings: the master data and the policy a planner keeps by hand, and what keeps them safe."""

import streamlit as st

from pages.empty import tell_nothing_yet
from pages.header import head
from pages.settings_backups import backup_button, draw_backups
from pages.settings_everything import everything_button
from pages.settings_policy import edit_policy
from pages.settings_saving import save_button, tell_saved
from pages.settings_table import edit_table
from pages.shown import newest
from pages.signals_imports import step_buttons
from pages.view import show_view
from pages.work import replan_button
from planning.domain.network import Network
from planning.present import settings_tables
from planning.workflows.desk import Desk, the_desk
from planning.workflows.table_edits import TableEdit


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = newest(desk)
    plan, network = about.plan, about.network
    with head(desk, "Settings", about):
        action = st.container(horizontal=True, width="content")
    section = st.radio(
        "Section",
        settings_tables.SECTIONS,
        horizontal=True,
        label_visibility="collapsed",
        key="section",
        bind="query-params",
    )
    if section == settings_tables.BACKUPS:
        with action:
            backup_button(desk)
        draw_backups(desk, "UTC" if network is None else network.policy.timezone)
        return
    if network is None:
        tell_nothing_yet(plan, network)
        return
    if section == settings_tables.EVERYTHING:
        with action:
            everything_button(desk)
        st.markdown(settings_tables.TAKE_AWAY)
        return
    edit = _edit(desk, network, str(section))
    with action:
        _actions(desk, edit)


def _edit(desk: Desk, network: Network, section: str) -> TableEdit | None:
    """What is being edited, drawn with the edits made before."""
    tell_saved(desk)
    edit = edit_policy(desk, network) if section == settings_tables.POLICY else edit_table(desk)
    made = desk.uploads.edits()
    if not made.is_empty():
        st.header("Edits so far", anchor=False)
        step_buttons(desk, desk.uploads.history())
        view = settings_tables.edits(made, network.policy.timezone)
        show_view(view, "edits", alt="Edits by hand, the latest first", rows=5)
    return edit


def _actions(desk: Desk, edit: TableEdit | None) -> None:
    """Saving is what matters while something is typed; after that a plan of the data as they are now."""
    if edit is not None and not edit.changes.is_empty():
        save_button(desk, edit)
    elif desk.plan() is None or desk.is_stale():
        replan_button(desk, first=desk.plan() is None)
