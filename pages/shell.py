"""The frame around every page: navigation, name and logo."""

from pathlib import Path

import streamlit as st

from pages import plan

LOGO = Path(__file__).parent / "static" / "takt.svg"

# A local file: an icon named :material/…: would be fetched from the net by the browser's tab.
st.set_page_config(page_icon=LOGO, layout="wide")
st.logo(LOGO, size="large")

plan_page = st.Page(plan.show, title="Plan", icon=":material/calendar_view_week:", url_path="plan")
pages = [plan_page]


def open_first_page() -> None:
    """The app's root address leads to the first page, which keeps an address of its own."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    st.switch_page(pages[0], query_params=asked)


home = st.Page(open_first_page, title="Takt", url_path="home", default=True, visibility="hidden")
page = st.navigation([home, *pages], position="hidden")

# Streamlit hides its own menu as long as there is but one page.
with st.sidebar:
    for entry in pages:
        st.page_link(entry)

page.run()
