"""Buttons of the Scenarios page: duplicate, solve, promote, discard."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from planning.errors import MeanwhileError, TaktError
from planning.store import Scenario
from planning.workflows.desk import Desk

Kind = Literal["primary", "secondary"]


def duplicate_button(desk: Desk, of: str, *, primary: bool) -> None:
    """Asks for a name and duplicates the plan, or a scenario."""
    kind: Kind = "primary" if primary else "secondary"
    names = [one.name for one in desk.scenarios.open()]
    # A key of its own for each list of scenarios: once there is one more, it closes.
    with st.popover("Duplicate", type=kind, icon=":material/content_copy:", key=f"duplicate-{len(names)}"):
        st.fragment(_duplicate)(desk, of, names)


def _duplicate(desk: Desk, of: str, names: list[str]) -> None:
    sources = ["base", *names]
    called = {"base": "The plan as it is"} | {name: name for name in names}
    source = st.selectbox(
        "Of", sources, index=sources.index(of), format_func=lambda name: called[name], key="duplicate-of"
    )
    name = st.text_input("Name", key="duplicate-name", placeholder="such as: a second printer in Leeds")
    if st.button("Duplicate it", key="duplicate-it") and attempt(
        lambda: desk.scenarios.duplicate(name, source)
    ):
        st.session_state["to-open"] = name.strip()
        st.rerun()


def solve_button(desk: Desk, scenario: Scenario, *, primary: bool) -> None:
    """Has the scenario's plan made, in the queue."""
    kind: Kind = "primary" if primary else "secondary"
    busy = desk.board().active("scenario", scenario.name) is not None
    if st.button("Solve", type=kind, icon=":material/play_arrow:", disabled=busy, key="solve"):
        try:
            desk.start_scenario(scenario.name)
        except TaktError as error:
            st.session_state["refusal"] = str(error)
        st.rerun()


def promote_button(desk: Desk, scenario: Scenario) -> None:
    """Asks why, and lets the changes hold and the plan be proposed."""
    with st.popover("Promote", type="primary", icon=":material/upgrade:", key=f"promote-{scenario.name}"):
        st.fragment(_promote)(desk, scenario, desk.scenarios.version(scenario.name))


def _promote(desk: Desk, scenario: Scenario, seen: int | None) -> None:
    st.write(
        f"What {scenario.name} changes is imported, which can be undone on the Signals page, and its plan is "
        "proposed: it takes the place of the plan you see, and waits to be approved and published."
    )
    reason = st.text_input("Why", key="promote-reason")
    if st.button("Promote it", key="promote-it"):
        done_as_seen(lambda: desk.scenarios.promote(scenario.name, reason, seen))


def discard_button(desk: Desk, scenario: Scenario) -> None:
    """Puts the scenario away; asks first."""
    with st.popover("Discard", icon=":material/delete:", key="discard"):
        st.write("It leaves this list. Its plans stay in the record, and can be opened on the Plan page.")
        st.fragment(_discard)(desk, scenario)


def _discard(desk: Desk, scenario: Scenario) -> None:
    # A part of its own: the revision is the one whose changes stand on the page.
    if st.button("Discard it", key="discard-it"):
        done_as_seen(lambda: desk.scenarios.discard(scenario.name, scenario.revision))


def done_as_seen(work: Callable[[], object]) -> None:
    """Do it and draw the page anew; what is refused is told where the planner is.

    Where somebody else was quicker, the page is drawn as things are now, and that is told at its top. What
    was typed stays, and pressing again is meant for what is shown then.
    """
    try:
        work()
    except MeanwhileError as error:
        st.session_state["refusal"] = str(error)
    except TaktError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.rerun()


def attempt(work: Callable[[], object]) -> bool:
    """Do it; what is refused is told where the planner is, and nothing typed is lost."""
    try:
        work()
    except TaktError as error:
        st.error(str(error), icon=":material/error:")
        return False
    return True
