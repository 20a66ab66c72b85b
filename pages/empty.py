"""What a page says while there is nothing to show yet, and what to do about it."""

import streamlit as st

from pages.places import go
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.workflows.desk import the_desk


def tell_nothing_yet(plan: Plan | None, network: Network | None) -> bool:
    """Say what is missing and where to get it, or that it is on its way; whether anything is."""
    if network is None and plan is None:
        st.info(words.NO_DATA, icon=":material/info:")
        if st.button("Bring data in", icon=":material/upload_file:", key="to-today"):
            go("today")
        return True
    if plan is None:
        planning = the_desk().board().active("plan") is not None
        st.info(words.FIRST_PLAN if planning else words.NO_PLAN, icon=":material/info:")
        return True
    return False
