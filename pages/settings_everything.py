"""Part of the Settings page: everything taken away in one zip."""

import streamlit as st

from planning.workflows.desk import Desk


def everything_button(desk: Desk) -> None:
    """The primary action: all the workspace holds, made when it is asked for."""
    st.download_button(
        "Take everything away",
        data=desk.everything_zip,
        file_name="takt-everything.zip",
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/folder_zip:",
        key="everything",
        help="Made when you press it: a large workspace takes a while.",
    )
