"""What an empty install says on Today: three ways in, each of which ends with a first plan."""

import streamlit as st

from pages.welcome_ways import WAY, bring_in, take_folder, take_templates
from planning.present import first_words
from planning.present.first_words import FOLDER_WAY, TEMPLATES_WAY
from planning.workflows.desk import Desk

#: What was done to the workspace as a whole, to be told once.
TOLD = "workspace-told"


def welcome(desk: Desk) -> None:
    """Offer the ways, and draw the one that was taken."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        st.success(told, icon=":material/check_circle:")
    st.info(first_words.GREETING, icon=":material/waving_hand:")
    way = st.session_state.get(WAY)
    for column, offer in zip(st.columns(3, gap="small"), (_demo, _folder, _templates), strict=True):
        with column, st.container(border=True, height="stretch", vertical_alignment="distribute"):
            offer(desk, way)
    if way == FOLDER_WAY:
        take_folder(desk)
    elif way == TEMPLATES_WAY:
        take_templates(desk)


def _demo(desk: Desk, way: str | None) -> None:
    with st.container(gap="xsmall"):
        st.header("The demo company", anchor=False)
        st.write(first_words.DEMO)
    st.button(
        "Load the demo company",
        type="secondary" if way else "primary",
        icon=":material/explore:",
        key="way-demo",
        on_click=bring_in,
        args=(desk, desk.first_run.load_demo),
    )


def _folder(_desk: Desk, way: str | None) -> None:
    with st.container(gap="xsmall"):
        st.header("A folder of yours", anchor=False)
        st.write(first_words.FOLDER)
    _take(FOLDER_WAY, "Upload a folder", ":material/drive_folder_upload:", way)


def _templates(_desk: Desk, way: str | None) -> None:
    with st.container(gap="xsmall"):
        st.header("From the templates", anchor=False)
        st.write(first_words.TEMPLATES)
    _take(TEMPLATES_WAY, "Start from templates", ":material/description:", way)


def _take(way: str, label: str, icon: str, taken: str | None) -> None:
    chosen = {WAY: way}
    st.button(
        label,
        icon=icon,
        key=f"way-{way}",
        disabled=taken == way,
        on_click=st.session_state.update,
        args=(chosen,),
    )
