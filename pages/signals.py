"""Signals: what came in, whether it can be trusted, and what an upload would change."""

import streamlit as st

from pages.filters import pick_many
from pages.header import head
from pages.shown import newest
from pages.signals_aside import draw_aside
from pages.signals_deals import draw_deals
from pages.signals_imports import imports
from pages.signals_upload import import_button, tell_import, upload
from pages.view import show_view
from pages.work import replan_button
from planning.domain.network import Network
from planning.present import ladder_tables, signals_tables, signals_words
from planning.present.colours import palette
from planning.present.ladder_charts import ladder_chart
from planning.present.ladder_tables import LadderChoice
from planning.workflows.desk import Desk, the_desk


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = newest(desk)
    network = about.network
    with head(desk, "Signals", about):
        action = st.container()
    # A container each: what one section says more or less does not make the others be drawn anew.
    with st.container():
        tell_import()
        if network is None:
            st.info(signals_words.NO_NETWORK, icon=":material/info:")
    preview = upload(desk)
    with action:
        import_button(desk, preview)
        # A deal just confirmed brings the way on with it.
        if preview is None and desk.is_stale() and "confirmed" not in st.session_state:
            replan_button(desk, first=False)
    if network is not None:
        choice = _choice(network)
        with st.container():
            draw_aside(desk, network)
        for section in (_freshness, _ladder):
            with st.container():
                section(desk, network, choice)
    with st.container():
        imports(desk, "UTC" if network is None else network.policy.timezone)


def _choice(network: Network) -> LadderChoice:
    sources = pick_many("source", {name: name for name in ladder_tables.sources(network)})
    stages = pick_many("stage", {name: name for name in ladder_tables.stages(network)})
    return LadderChoice(sources, stages)


def _freshness(desk: Desk, network: Network, _choice: LadderChoice) -> None:
    st.header("How fresh the sources are", anchor=False)
    fresh = signals_tables.freshness(network, desk.uploads.since())
    st.caption(signals_words.behind(fresh, network.policy.as_of))
    show_view(fresh, "fresh", alt="Sources by age")


def _ladder(desk: Desk, network: Network, choice: LadderChoice) -> None:
    st.header("Demand ladder", anchor=False)
    rungs = ladder_tables.ladder(network, choice)
    if network["opportunities"].is_empty():
        st.caption("No opportunities came in: upload opportunities.csv to see what may become an order.")
        show_view(rungs, "ladder", alt="Demand ladder by stage", rows=10)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart = ladder_chart(ladder_tables.open_rungs(rungs), palette(st.context.theme.type))
        st.altair_chart(chart, alt="Units of open deals by stage, and how many of them count")
    with right:
        show_view(ladder_tables.by_source(network, choice), "sources", alt="What came of deals, by source")
    show_view(rungs, "ladder", alt="Demand ladder by stage", rows=10)
    draw_deals(desk, network, choice)
