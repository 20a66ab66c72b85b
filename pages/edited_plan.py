"""Part of the Scenarios page: a plan edited in a spreadsheet comes back, and is tried as a scenario."""

import streamlit as st

from pages.scenario_actions import attempt
from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import TaktError
from planning.present import scenario_words
from planning.present.edited_tables import differences, told
from planning.workflows.desk import Desk
from planning.workflows.edited_plan import EditedPlan, read_edited


def edited_button(desk: Desk, plan: Plan, network: Network) -> None:
    """Takes an edited production.csv, schedule.csv or plan.xlsx of the plan shown."""
    with st.popover("Edited plan", icon=":material/upload_file:", key="edited-plan", width="content"):
        st.fragment(_bring)(desk, plan, network)


def _bring(desk: Desk, plan: Plan, network: Network) -> None:
    version = plan.summary["version"]
    file = st.file_uploader(
        f"production.csv, schedule.csv or plan.xlsx of plan v{version}, edited",
        type=["csv", "xlsx"],
        key=f"edited-{version}",
    )
    if file is None:
        return
    try:
        edited = read_edited(plan, network, file.name, file.getvalue())
    except TaktError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.write(told(edited.differences, len(edited.changes)))
    if not edited.differences.is_empty():
        show_view(differences(edited.differences), "edits", alt="What was edited", rows=6)
    if (
        edited.changes
        and st.button("Try it as a scenario", key="try-edited")
        and attempt(lambda: _try(desk, edited))
    ):
        st.rerun()


def _try(desk: Desk, edited: EditedPlan) -> None:
    taken = {one.name for one in desk.scenarios.open()}
    plain = scenario_words.EDITED.format(edited.version)
    names = (plain if number == 1 else f"{plain} ({number})" for number in range(1, len(taken) + 2))
    name = next(name for name in names if name not in taken)
    desk.scenarios.duplicate(name)
    desk.scenarios.change(name, edited.changes, on=0)
    st.session_state["to-open"] = name
    desk.start_scenario(name)
