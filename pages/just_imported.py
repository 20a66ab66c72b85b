"""What a button on a page imported last, told with the way back for as long as it is what holds."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planning.errors import TaktError
from planning.workflows.desk import Desk


def keep_told(desk: Desk, name: str, batch: int, sentence: str) -> None:
    """Remember under `name` that import `batch` was made, and the sentence that tells of it."""
    network = desk.network()
    made = "" if network is None else network.input_hash
    st.session_state[name] = (batch, made, sentence)


def tell_kept(desk: Desk, name: str, undo_key: str) -> DeltaGenerator | None:
    """Tell it, with Undo; forget it once something else holds. What comes back is the row it stands in."""
    told, network = st.session_state.get(name), desk.network()
    if told is None or network is None:
        return None
    batch, made, sentence = told
    if network.input_hash != made:
        del st.session_state[name]
        return None
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        st.success(sentence, icon=":material/check_circle:")
        st.button("Undo", icon=":material/undo:", key=undo_key, on_click=_undo, args=(desk, batch))
    return row


def _undo(desk: Desk, batch: int) -> None:
    try:
        desk.uploads.undo(batch)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
