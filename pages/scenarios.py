"""Scenarios: what if, tried beside the plan and compared with it before anything is decided."""

import streamlit as st

from pages.address import tell_misses
from pages.edited_plan import edited_button
from pages.empty import tell_nothing_yet
from pages.filters import pick_one
from pages.header import head
from pages.scenario_actions import discard_button, duplicate_button, promote_button, solve_button
from pages.scenario_change import change_button, take_out_button
from pages.scenario_compare import compare
from pages.shown import newest
from pages.view import show_view
from planning.domain.network import Network
from planning.present import scenario_words
from planning.store import Scenario
from planning.workflows.desk import Desk, the_desk


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = newest(desk)
    plan, network = about.plan, about.network
    scenarios = [] if plan is None else desk.scenarios.open()
    with head(desk, "Scenarios", about):
        actions = st.container(horizontal=True, width="content")
    if tell_nothing_yet(plan, network) or plan is None or network is None:
        return
    if not scenarios:
        with actions:
            edited_button(desk, plan, network)
            duplicate_button(desk, "base", primary=True)
        st.info(scenario_words.NO_SCENARIO, icon=":material/info:")
        return
    names = [one.name for one in scenarios]
    fresh = st.session_state.pop("to-open", None)
    if fresh in names:
        st.session_state["scenario"] = fresh
    with st.sidebar:
        name = pick_one("scenario", {name: name for name in names}, to_show="The newest is shown.")
    tell_misses("scenario")
    scenario = next(one for one in scenarios if one.name == name)
    with actions:
        edited_button(desk, plan, network)
        _actions(desk, scenario)
    _changes(desk, network, scenario)
    compare(desk, plan, network, scenarios)


def _actions(desk: Desk, scenario: Scenario) -> None:
    """Promoting is what matters once there is a plan of these very changes; before that solving is."""
    solved = desk.scenarios.version(scenario.name) is not None and not desk.scenarios.is_outrun(scenario)
    duplicate_button(desk, scenario.name, primary=False)
    solve_button(desk, scenario, primary=not solved)
    if solved:
        promote_button(desk, scenario)


def _changes(desk: Desk, network: Network, scenario: Scenario) -> None:
    st.header(f"What {scenario.name} changes", anchor=False)
    told = scenario_words.changes(scenario.changes)
    if told.is_empty:
        st.caption(scenario_words.NO_CHANGE)
    else:
        show_view(told, "changes", alt="What the scenario changes")
    with st.container(horizontal=True):
        change_button(desk, network, scenario)
        take_out_button(desk, scenario)
        discard_button(desk, scenario)
