"""What a planner is told when a page cannot be drawn: a sentence, never a traceback."""

import logging
import uuid

import streamlit as st

from planning.errors import TaktError

log = logging.getLogger("takt.pages")


def tell_fault(fault: Exception) -> bool:
    """Say it in words; what nobody foresaw is logged under the id the planner sees. Nothing else is shown."""
    if isinstance(fault, TaktError):
        st.error(str(fault), icon=":material/error:")
        return True
    error_id = uuid.uuid4().hex[:8]
    log.error("error %s while drawing a page", error_id, exc_info=fault)
    st.error(
        f"This page could not be drawn (error id {error_id}). Reload it; if it happens again, give this id "
        "to your administrator, whose log has the details.",
        icon=":material/error:",
    )
    return True
