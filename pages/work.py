"""Long work on every page: start it, watch it, stop it, and hear how it ended."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from planning.errors import TaktError
from planning.present import words
from planning.workflows.desk import Desk
from planning.workflows.jobs import Board, JobView

SECONDS_BETWEEN_LOOKS = 1.0

#: How often a page looks while nothing is at work: a colleague may have something started.
IDLE_SECONDS_BETWEEN_LOOKS = 3.0

#: Work that is stopped with a plan where there is one.
SOLVES = frozenset({"plan", "quick", "scenario"})


def replan_button(desk: Desk, *, first: bool, primary: bool = True) -> None:
    """Make a new plan from the data as they are now; the page's primary action unless it says otherwise."""
    busy = desk.board().active("plan") is not None
    label = "Make a plan" if first else "Re-plan"
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(label, type=kind, icon=":material/play_arrow:", disabled=busy, key="replan"):
        _start(desk.start_replan)


def forecast_button(desk: Desk, *, primary: bool = True) -> None:
    """Forecast anew from the data as they are now; the page's primary action unless it says otherwise."""
    busy = desk.board().active("forecast") is not None
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button("Forecast", type=kind, icon=":material/trending_up:", disabled=busy, key="forecast"):
        _start(desk.start_forecast)


def _start(work: Callable[[], str]) -> None:
    try:
        work()
    except TaktError as error:
        st.session_state["refusal"] = str(error)
    st.rerun()


def work_panel(desk: Desk, known: tuple[JobView, ...], currency: str) -> None:
    """What was refused, how the last work ended where it has no result, and the work under way.

    Parameters
    ----------
    known : the work that had ended before the page read what it shows.
    """
    board = desk.board()
    if board.ended != known:
        st.rerun()
    refusal = st.session_state.pop("refusal", None)
    if refusal is not None:
        st.warning(refusal, icon=":material/info:")
    _tell_end(board)
    for job in board.failed:
        _tell_failure(job)
    pause = SECONDS_BETWEEN_LOOKS if board.under_way else IDLE_SECONDS_BETWEEN_LOOKS
    st.fragment(_watch, run_every=pause)(desk, known, currency)


def _watch(desk: Desk, known: tuple[JobView, ...], currency: str) -> None:
    """The work under way; when some has ended since the page was drawn, the page is drawn again."""
    board = desk.board()
    if board.ended != known:
        st.rerun()
    for job in board.under_way:
        _progress(desk, job, currency)


def _progress(desk: Desk, job: JobView, currency: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"work-{job.id}"):
        spent = words.duration((datetime.now(UTC) - job.submitted_at).total_seconds())
        stage = words.progress(job.stage, job.gap, job.objective, currency, job.bound)
        st.progress(min(1.0, max(0.0, job.fraction or 0.0)), text=f"**{job.title}** · {spent} · {stage}")
        st.button(
            "Cancel",
            icon=":material/close:",
            key=f"cancel-{job.id}",
            on_click=desk.cancel,
            args=(job.id,),
            help=_of_cancelling(job),
        )


def _of_cancelling(job: JobView) -> str | None:
    """What comes of stopping it, where that is not plain."""
    if job.kind not in SOLVES:
        return None
    found = job.objective is not None
    return "Ends it with the best plan so far." if found else "No plan is found yet: nothing changes."


def _tell_end(board: Board) -> None:
    """Who has a page open is told once how work ended, whoever started it."""
    last = board.ended[0] if board.ended else None
    known = st.session_state.get("last_ended", last.id if last else None)
    st.session_state["last_ended"] = last.id if last else None
    if last is not None and last.id != known and last.status != "failed":
        st.toast(last.message)


def _tell_failure(job: JobView) -> None:
    dismissed = st.session_state.setdefault("dismissed", [])
    if job.id in dismissed:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"failed-{job.id}"):
        st.error(job.message, icon=":material/error:", title=f"{job.title} failed (error id {job.reference})")
        st.button("Dismiss", key=f"dismiss-{job.id}", on_click=dismissed.append, args=(job.id,))
