"""Versions of the plan on the Plan page: the next step, and every version to open, compare and make again."""

from typing import Literal

import streamlit as st

from pages.exports import export_menu
from pages.plan_changes import show_changes
from pages.scenario_actions import done_as_seen
from pages.shown import open_version
from pages.thread_way import thread_button
from pages.view import pick_row, show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import TaktError
from planning.present import version_tables
from planning.store import Step
from planning.workflows.desk import Desk

ICONS = {
    "proposed": ":material/outgoing_mail:",
    "approved": ":material/approval:",
    "published": ":material/publish:",
}


def step_button(desk: Desk, plan: Plan, *, primary: bool) -> bool:
    """What is next for the plan shown: propose, approve or publish; whether there is such a step."""
    step = desk.versions.next_step(plan.summary["version"])
    if step is None:
        return False
    label, _ = version_tables.STEPS[step]
    version = plan.summary["version"]
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    with st.popover(label, type=kind, icon=ICONS[step], key=f"step-{step}-{version}"):
        st.fragment(_take)(desk, version, step, desk.versions.publications())
    return True


def _take(desk: Desk, version: int, step: Step, seen: int) -> None:
    label, asked = version_tables.STEPS[step]
    st.write(f"Plan v{version}. {asked}")
    reason = st.text_input("Why", key=f"reason-{step}-{version}")
    if st.button(f"{label} plan v{version}", key="take-step"):
        done_as_seen(lambda: desk.versions.take(version, step, reason, seen))


def versions(desk: Desk, plan: Plan, network: Network | None) -> None:
    """Every version; one picked opens as it was stored."""
    st.header("Versions", anchor=False)
    zone = plan.summary["policy"]["timezone"]
    rows = desk.versions.every()
    numbers = rows["version"].to_list()

    def opened(row: int) -> None:
        st.session_state["version"] = numbers[row]

    pick_row(
        version_tables.versions(rows, zone), "versions", opened, alt="Versions of the plan, latest first"
    )
    st.caption("Tick a row (Shift+Space) to open a version, compare it with another and make it again.")
    picked = st.session_state.pop("version", None)
    if picked is not None:
        _open(desk, picked, numbers, network)


@st.dialog("A version of the plan", width="large")
def _open(desk: Desk, version: int, numbers: list[int], network: Network | None) -> None:
    plan, basis = desk.versions.plan(version), desk.versions.basis(version)
    if plan is None:
        st.caption(f"There is no plan v{version}.")
        return
    st.markdown(f"**Plan v{version}**, {desk.versions.status(version)}")
    zone = plan.summary["policy"]["timezone"]
    steps = version_tables.steps(desk.versions.steps(version), zone)
    show_view(steps, "steps", alt="What was decided about this version", rows=4)
    code, threads = (None, None) if basis is None else (basis.code_version, basis.threads)
    st.markdown("\n".join(f"- {line}" for line in version_tables.made_from(plan, code, threads)))
    with st.container(horizontal=True):
        thread_button(f"plan:v{version}", key="follow-version")
        newest = desk.plan()
        if newest is None or newest.summary["version"] != version:
            st.button(
                "Read it on every page",
                icon=":material/menu_book:",
                key="read-version",
                on_click=open_version,
                args=(version,),
            )
        export_menu(desk, plan, primary=False, key="version-export")
        if basis is not None and st.button("Reproduce", icon=":material/replay:", key="reproduce"):
            try:
                desk.start_reproduction(version)
            except TaktError as error:
                st.session_state["refusal"] = str(error)
            st.rerun()
    others = [number for number in numbers if number != version]
    if others:
        other = st.selectbox(
            "Compare with", others, index=None, format_func="v{}".format, key="compare-version"
        )
        before = None if other is None else desk.versions.plan(other)
        if before is not None:
            show_changes(plan, before, network)
