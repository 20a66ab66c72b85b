"""Every page of the app, by section of the navigation, and the way from one to another."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_NEXT = "next-page"


def places() -> dict[str, list[StreamlitPage]]:
    """Section → its pages; the first of all is where a planner begins the day."""
    # Pages lead to one another through this module: imported any earlier, they would import each other.
    from pages import fleet, forecast, plan, scenarios, schedule, settings, signals, thread, today

    return {
        "Decide": [st.Page(today.show, title="Today", icon=":material/notifications:", url_path="today")],
        "Demand": [
            st.Page(signals.show, title="Signals", icon=":material/upload_file:", url_path="signals"),
            st.Page(forecast.show, title="Forecast", icon=":material/trending_up:", url_path="forecast"),
        ],
        "Supply": [
            st.Page(plan.show, title="Plan", icon=":material/calendar_view_week:", url_path="plan"),
            st.Page(fleet.show, title="Fleet", icon=":material/precision_manufacturing:", url_path="fleet"),
            st.Page(schedule.show, title="Schedule", icon=":material/view_timeline:", url_path="schedule"),
            st.Page(scenarios.show, title="Scenarios", icon=":material/alt_route:", url_path="scenarios"),
        ],
        "Keep": [
            st.Page(thread.show, title="Thread", icon=":material/conversion_path:", url_path="thread"),
            st.Page(settings.show, title="Settings", icon=":material/settings:", url_path="settings"),
        ],
    }


def go(address: str, **query: str | list[str]) -> None:
    """Open the page at this address, narrowed down as `query` says (filter → what is chosen).

    Raises
    ------
    KeyError
        There is no such page.
    """
    pages = {page.url_path: page for section in places().values() for page in section}
    st.switch_page(pages[address], query_params=query)


def lead_to(address: str, **query: str) -> None:
    """Have the page at this address opened next; for what a button does before the page is drawn anew."""
    st.session_state[_NEXT] = address, query


def follow() -> None:
    """Open the page a button led to."""
    led = st.session_state.pop(_NEXT, None)
    if led is not None:
        address, query = led
        go(address, **query)
