"""Part of the Signals page: a dropped file with the rows that were mended in it since."""

from dataclasses import dataclass

import polars as pl
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.view import look, show_view
from planning.errors import InputError
from planning.present import mending_tables, signals_words, words
from planning.workflows.dropped_rows import DroppedRows, Patch, dropped_rows, with_patch
from planning.workflows.incoming import Incoming
from planning.workflows.mending import edited


@dataclass(frozen=True)
class Dropped:
    """A dropped file as it is by now.

    Parameters
    ----------
    name, data : the file.
    file_id : tells it from every other one on the page.
    """

    name: str
    file_id: str
    data: bytes

    @classmethod
    def of(cls, file: UploadedFile) -> "Dropped":
        """The file with what was mended in it."""
        patch: Patch | None = st.session_state.get(f"patch-{file.file_id}")
        data = file.getvalue()
        return cls(file.name, file.file_id, data if patch is None else with_patch(file.name, data, patch))

    def getvalue(self) -> bytes:
        """Its bytes."""
        return self.data


def mend_dropped(file: Dropped, one: Incoming, aside: pl.DataFrame) -> None:
    """Let rows that would be kept aside be mended before the import; each try judges the whole file anew."""
    rows = dropped_rows(file.name, file.data, one, aside)
    if rows is None or rows.rows.is_empty():
        return
    with st.expander(f"Mend rows of {words.plain(file.name)} here", key=f"mend-open-{file.file_id}"):
        st.caption(mending_tables.HOW)
        view = mending_tables.to_mend(rows.rows, aside)
        turn = st.session_state.setdefault(f"tries-{file.file_id}", 0)
        after = st.data_editor(
            view.frame.select(list(view.columns)),
            key=f"mend-{file.file_id}-{turn}",
            disabled=mending_tables.locked(view),
            **look(view, f"Rows of {file.name} to be mended", 8),
        )
        changes = edited(view.frame.select(rows.rows.columns), after.select(rows.rows.columns))
        if changes.is_empty():
            return
        show_view(mending_tables.typed(changes), f"typed-{file.file_id}", alt="What was typed")
        with st.container(horizontal=True):
            if st.button("Try again", icon=":material/replay:", key=f"try-{file.file_id}"):
                _try(file, rows, changes)
            st.button("Take the edits back", key=f"untry-{file.file_id}", on_click=_next_turn, args=(file,))


def _try(file: Dropped, rows: DroppedRows, changes: pl.DataFrame) -> None:
    known: Patch | None = st.session_state.get(f"patch-{file.file_id}")
    patch = rows.patch(changes, known)
    try:
        with_patch(file.name, file.data, patch)
    except InputError as error:
        st.error(signals_words.refused(error.faults), icon=":material/error:")
        return
    st.session_state[f"patch-{file.file_id}"] = patch
    _next_turn(file)
    st.rerun()


def _next_turn(file: Dropped) -> None:
    st.session_state[f"tries-{file.file_id}"] = st.session_state.get(f"tries-{file.file_id}", 0) + 1
