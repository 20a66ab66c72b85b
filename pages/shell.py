"""The frame around every page: navigation, name and logo."""

from pathlib import Path

import streamlit as st

from pages.places import follow, places
from pages.tour import guide
from planning.workflows.desk import the_desk

LOGO = Path(__file__).parent / "static" / "takt.svg"

# A local file: an icon named :material/…: would be fetched from the net by the browser's tab.
st.set_page_config(page_icon=LOGO, layout="wide")
st.logo(LOGO, size="large")

sections = places()


def open_first_page() -> None:
    """The app's root address leads to the first page, which keeps an address of its own."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    first = next(page for pages in sections.values() for page in pages)
    st.switch_page(first, query_params=asked)


home = st.Page(open_first_page, title="Takt", url_path="home", default=True, visibility="hidden")
page = st.navigation({"": [home], **sections}, position="sidebar", expanded=True)
follow()
guide(the_desk(), page.url_path)
page.run()
