"""The head of every page: what it is about, which plan and data it shows, and its one primary action."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.address import tell_misses
from pages.shown import VERSION, Shown, back
from pages.work import work_panel
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import version_tables, words
from planning.present.help import page_help
from planning.workflows.desk import Desk

#: Pages by which robots are ordered or given back and orders promised.
_ACTED_ON = frozenset({"Today", "Plan", "Fleet"})


@contextmanager
def head(desk: Desk, title: str, about: Shown) -> Iterator[None]:
    """Title on the left, badges on the right, the page's actions after them; below, the work under way.

    Parameters
    ----------
    about : what the page shows, read before anything else on it.
    """
    plan, network = about.plan, about.network
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content", help=page_help(title))
        # Beside the title where there is room; on a phone below it, from the left like all else.
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall"):
                stale = desk.is_stale() and not about.reads_only
                _badges(plan, network, _standing(desk, plan), stale=stale)
            with st.container(horizontal=True, width="content"):
                yield
                if about.reads_only:
                    _way_back(desk)
    if about.opened is not None:
        newest = desk.plan()
        number = None if newest is None else int(newest.summary["version"])
        version = int(about.opened.plan.summary["version"])
        st.info(version_tables.read_only(version, about.opened.of, number), icon=":material/lock:")
    doubt = words.doubt(plan.summary) if plan is not None and title in _ACTED_ON else ""
    if doubt:
        st.warning(doubt, icon=":material/help:")
    tell_misses(VERSION)
    work_panel(desk, about.ended, words.currency(plan, network))


def _way_back(desk: Desk) -> None:
    """The one primary action while an older version is read."""
    newest = desk.plan()
    to = "the data" if newest is None else f"plan v{newest.summary['version']}"
    st.button(f"Back to {to}", type="primary", icon=":material/undo:", key="back-to-newest", on_click=back)


def _standing(desk: Desk, plan: Plan | None) -> str:
    """How far the plan shown has come; empty without one."""
    return "" if plan is None else desk.versions.status(plan.summary["version"])


def _badges(plan: Plan | None, network: Network | None, standing: str, *, stale: bool) -> None:
    if plan is not None:
        ended_well = plan.summary["status"] in {"optimal", "gap"}
        st.badge(
            f"{words.plan_name(plan.summary)}, {standing}",
            icon=":material/check_circle:" if ended_well else ":material/timelapse:",
            color="green" if ended_well else "blue",
        )
    elif network is not None:
        st.badge("No plan yet", icon=":material/hourglass_empty:", color="gray")
    until = words.data_until(plan, network)
    if until:
        st.badge(f"Data to {until}", icon=":material/database:", color="gray")
    if stale:
        st.badge("Stale: the data changed since", icon=":material/sync_problem:", color="yellow")
