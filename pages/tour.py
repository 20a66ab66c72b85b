"""The tour of the demo: offered on Today, told in the sidebar of every page, left at any time."""

import streamlit as st

from pages.places import go, lead_to
from planning.present import tour as told
from planning.present.settings_tables import BACKUPS
from planning.present.tour import Stop
from planning.workflows.desk import Desk


def offer_tour(desk: Desk) -> None:
    """On Today, while the demo holds: offer the tour once."""
    if not desk.tour.is_here() or not desk.tour.is_new():
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour-offer"):
        st.markdown(told.OFFER, width="stretch")
        st.button("Start the tour", icon=":material/explore:", key="tour-start", on_click=desk.tour.start)
        st.button("Not now", key="tour-not-now", on_click=desk.tour.leave)


def list_stops(desk: Desk) -> None:
    """On Today, at its end: every stop with the way to it, and the way to one's own data."""
    if not desk.tour.is_here() or desk.tour.is_new():
        return
    seen = desk.tour.seen()
    count = len([stop for stop in told.STOPS if stop.name in seen])
    with st.expander(f"Tour of the demo: {count} of {len(told.STOPS)} stops seen", key="tour-list"):
        for stop in told.STOPS:
            _listed(stop, seen=stop.name in seen)
        with st.container(horizontal=True):
            if not desk.tour.is_on():
                label = "Go on with the tour" if count < len(told.STOPS) else "Take it again"
                again = desk.tour.start if count < len(told.STOPS) else desk.tour.begin_again
                st.button(label, icon=":material/explore:", key="tour-on", on_click=again)
            if st.button("Start with your own data", icon=":material/restart_alt:", key="own-data"):
                go("settings", section=BACKUPS)


def _listed(stop: Stop, *, seen: bool) -> None:
    words, way = st.columns([6, 1], vertical_alignment="center", gap="small")
    with words, st.container(gap=None):
        mark = ":material/check_circle:" if seen else ":material/radio_button_unchecked:"
        st.markdown(f"{mark} **{told.number_of(stop)}. {stop.title}**")
        st.caption(f"{stop.look} Try: {stop.attempt}")
    with way:
        if st.button("Go there", key=f"tour-go-{stop.name}", help=stop.title):
            go(stop.page, **stop.query)


def guide(desk: Desk, page: str) -> None:
    """In the sidebar while the tour is on: where it is, what to look at and to try, and the way on."""
    if not desk.tour.is_on():
        return
    seen = desk.tour.seen()
    stop = next((one for one in told.STOPS if one.name not in seen), None)
    with st.sidebar, st.container(border=True, key="tour-guide", gap="xsmall"):
        if stop is None:
            st.markdown(told.DONE)
            if st.button("Start with your own data", key="tour-own-data"):
                go("settings", section=BACKUPS)
        else:
            _tell(desk, stop, page)
        st.button("Leave the tour", type="tertiary", key="tour-leave", on_click=desk.tour.leave)


def _tell(desk: Desk, stop: Stop, page: str) -> None:
    st.caption(f"Tour of the demo, stop {told.number_of(stop)} of {len(told.STOPS)}")
    st.markdown(f"**{stop.title}**")
    st.markdown(stop.look)
    st.markdown(f"Try: {stop.attempt}")
    if page != stop.page and st.button("Go there", key="tour-there"):
        go(stop.page, **stop.query)
    last = stop is told.STOPS[-1]
    st.button(
        "Done" if last else "Next stop",
        icon=":material/check:" if last else ":material/arrow_forward:",
        key="tour-next",
        on_click=_next,
        args=(desk, stop),
    )


def _next(desk: Desk, stop: Stop) -> None:
    desk.tour.see(stop.name)
    after = told.STOPS[told.number_of(stop) :]
    if after:
        lead_to(after[0].page, **after[0].query)
