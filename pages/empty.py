"""What a page says while there is nothing to show yet, and what to do about it."""

import streamlit as st

from pages.places import go
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words


def tell_nothing_yet(plan: Plan | None, network: Network | None) -> bool:
    """Say what is missing and where to get it; whether anything is."""
    if network is None and plan is None:
        st.info(words.NO_DATA, icon=":material/info:")
        if st.button("Bring data in", icon=":material/upload_file:", key="to-signals"):
            go("signals")
        return True
    if plan is None:
        st.info(words.NO_PLAN, icon=":material/info:")
        return True
    return False
