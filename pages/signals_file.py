"""Part of the Signals page: one dropped file on its way to an upload, in our form or in another system's."""

from collections.abc import Sequence

import streamlit as st

from pages.signals_dropped import Dropped
from pages.signals_reading import read
from pages.signals_source import read_source
from planning.errors import InputError
from planning.present import signals_tables, signals_words, words
from planning.workflows.desk import Desk
from planning.workflows.incoming import Incoming


def take(desk: Desk, file: Dropped, files: Sequence[Dropped]) -> Incoming | None:
    """The file, of these, as an upload; None while something has to be said of it first."""
    data, mode = file.data, st.session_state.get(f"mode-{file.file_id}", "update")
    table = st.session_state.get(f"table-{file.file_id}")
    ours = desk.uploads.in_our_form(file.name, data, table)
    if ours is not None:
        return Incoming(file.name, ours, table, mode)
    try:
        with st.container(border=True):
            st.markdown(f"**{words.plain(file.name)}**")
            source = read_source(desk, file, [(one.name, one.data) for one in files if one is not file])
            if source is not None:
                left = signals_words.left_to_say_of_source(source.asked)
                if left:
                    st.warning(left, icon=":material/help:")
                    return None
                return desk.uploads.incoming(file.name, data, source)
            choices = st.container()
            proposal = read(desk, file)
            with choices:
                ask(file, proposal.profile.table)
            left = signals_words.left_to_say(proposal)
            if left:
                st.warning(left, icon=":material/help:")
                return None
            return desk.uploads.incoming(file.name, data, proposal, mode)
    except InputError as error:
        st.error(signals_words.refused(error.faults), icon=":material/error:")
        # What was chosen of a layout that is not the file's is forgotten with the choices that are not drawn.
        st.button("Read it anew", key=f"anew-{file.file_id}", icon=":material/refresh:")
        return None


def ask(file: Dropped, table: str | None) -> None:
    """What the file is, where its name and columns do not say it right, and how its rows join."""
    labels = signals_tables.file_labels()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            f"{words.plain(file.name)} is taken for",
            list(labels),
            index=None,
            format_func=lambda name: labels[name],
            placeholder=labels.get(table or "", "Choose what it holds"),
            key=f"table-{file.file_id}",
            width=420,
        )
        st.radio(
            "Its rows",
            list(signals_tables.MODES),
            format_func=lambda mode: signals_tables.MODES[mode],
            key=f"mode-{file.file_id}",
            horizontal=True,
            help=signals_words.MODE_HELP,
        )
