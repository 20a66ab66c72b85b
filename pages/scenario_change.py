"""Part of the Scenarios page: say what would be different, or take it out again."""

from typing import Any

import streamlit as st

from pages.scenario_actions import attempt, done_as_seen
from planning.domain.network import Network
from planning.domain.scenario_rows import changed_rows
from planning.present import scenario_forms, scenario_words
from planning.present.scenario_forms import Ask
from planning.store import Scenario
from planning.workflows.desk import Desk


def change_button(desk: Desk, network: Network, scenario: Scenario) -> None:
    """Opens the kinds of change, asks what one needs, and adds it."""
    with st.popover("Add a change", icon=":material/add:", key=f"add-change-{scenario.name}"):
        st.fragment(_add)(desk, network, scenario)


def _add(desk: Desk, network: Network, scenario: Scenario) -> None:
    titles = [form.title for form in scenario_forms.FORMS]
    form = scenario_forms.form_of(st.selectbox("What would be different", titles, key="change-kind"))
    # What was typed stays until it is saved, whatever others do meanwhile.
    turn = st.session_state.setdefault("change-turn", 0)
    seen = f"change-seen-{scenario.name}-{turn}"
    on, before = st.session_state.setdefault(seen, (scenario.revision, scenario.changes))
    answers = {ask.name: _answer(network, ask, f"change-{turn}-{form.title}-{ask.name}") for ask in form.asks}
    missing = form.missing(answers)
    if missing:
        st.caption(missing)
    if not st.button("Add", disabled=bool(missing), key="add-it"):
        return
    now = desk.scenarios.find(scenario.name)
    if now.revision != on:
        st.session_state[seen] = (now.revision, now.changes)
        told = desk.scenarios.changed_by(scenario.name)
        st.session_state["refusal"] = scenario_words.changed_meanwhile(told, before, now.changes)
        st.rerun()
    changes = [*now.changes, form.make(answers)]

    def save() -> None:
        # Said before it is kept: what is not there cannot be changed.
        changed_rows(changes, network)
        desk.scenarios.change(scenario.name, changes, on)

    if attempt(save):
        st.session_state["change-turn"] = turn + 1
        st.rerun()


def _answer(network: Network, ask: Ask, key: str) -> Any:
    match ask.kind:
        case "one of":
            named = scenario_forms.choices(network, ask)
            return st.selectbox(
                ask.label,
                list(named),
                format_func=lambda id: named[id],
                index=None,
                key=key,
                placeholder="All" if ask.optional else "Choose",
            )
        case "date":
            return st.date_input(ask.label, value=None, key=key, format="YYYY-MM-DD")
        case "text":
            return st.text_input(ask.label, key=key)
        case "whole":
            least = None if ask.least is None else int(ask.least)
            return st.number_input(ask.label, min_value=least, value=None, step=1, key=key)
        case _:
            return st.number_input(ask.label, min_value=ask.least, value=None, step=1.0, key=key)


def take_out_button(desk: Desk, scenario: Scenario) -> None:
    """Lets the planner take changes out again."""
    if not scenario.changes:
        return
    with st.popover("Take out", icon=":material/remove:", key="take-out"):
        st.fragment(_take_out)(desk, scenario)


def _take_out(desk: Desk, scenario: Scenario) -> None:
    # By their words, not by their place: places move when somebody else takes one out.
    named = scenario_words.told_apart(scenario.changes)
    out = st.multiselect("Changes", list(named), key="take-out-changes")
    left = [change for words, change in named.items() if words not in out]
    if st.button("Take them out", disabled=not out, key="take-them-out"):
        done_as_seen(lambda: desk.scenarios.change(scenario.name, left, scenario.revision))
