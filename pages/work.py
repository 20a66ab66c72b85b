"""Long work on the page: start it, watch it, stop it, and hear how it ended."""

import streamlit as st

from planning.errors import TaktError
from planning.present import words
from planning.workflows.desk import Desk
from planning.workflows.jobs import JobView

SECONDS_BETWEEN_LOOKS = 1.0


def replan_button(desk: Desk, *, first: bool) -> None:
    """The primary action: make a new plan from the data as they are now."""
    job = desk.job()
    busy = job is not None and job.is_active
    label = "Make a plan" if first else "Re-plan"
    if not st.button(label, type="primary", icon=":material/play_arrow:", disabled=busy, key="replan"):
        return
    try:
        desk.start_replan()
    except TaktError as error:
        st.session_state["refusal"] = str(error)
    st.rerun()


def work_panel(desk: Desk, currency: str) -> None:
    """Progress of the job under way, or how the last one ended if it ended without a result."""
    refusal = st.session_state.pop("refusal", None)
    if refusal is not None:
        st.warning(refusal, icon=":material/info:")
    job = desk.job()
    if job is None:
        return
    if job.is_active:
        st.session_state["watched"] = job.id
        _progress(desk, job.id, currency)
        return
    _tell_end(job, just_ended=st.session_state.pop("watched", None) == job.id)


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _progress(desk: Desk, job_id: str, currency: str) -> None:
    job = desk.job()
    if job is None or job.id != job_id or not job.is_active:
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        text = words.progress(job.stage, job.gap, job.objective, currency)
        st.progress(min(1.0, max(0.0, job.fraction or 0.0)), text=text)
        st.button(
            "Cancel", icon=":material/close:", key=f"cancel-{job_id}", on_click=desk.cancel, args=(job_id,)
        )


def _tell_end(job: JobView, *, just_ended: bool) -> None:
    if job.status == "failed":
        st.error(job.message, icon=":material/error:")
    elif just_ended:
        st.toast(job.message)
