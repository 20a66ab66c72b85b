"""Part of the Signals page: a dropped file with the rows that were mended in it since."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.signals_mend import Editor
from pages.view import show_view
from planning.errors import InputError
from planning.present import mending_tables, signals_words, words
from planning.workflows.aside_rows import edited_cells
from planning.workflows.desk import Desk
from planning.workflows.dropped_rows import with_our_rows
from planning.workflows.incoming import Incoming


@dataclass(frozen=True)
class Dropped:
    """A dropped file as it is by now.

    Parameters
    ----------
    name, data : the file, with what was mended in it where it is in our form.
    file_id : tells it from every other one on the page.
    mended : rows mended in it where it is another system's: line → cells.
    """

    name: str
    file_id: str
    data: bytes
    mended: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, file: UploadedFile) -> "Dropped":
        """The file with what was mended in it."""
        data: bytes = st.session_state.get(f"ours-{file.file_id}", file.getvalue())
        return cls(file.name, file.file_id, data, st.session_state.get(f"mended-{file.file_id}", {}))

    def mend(self, rows: pl.DataFrame, changes: pl.DataFrame, one: Incoming) -> None:
        """Let edits be in it; raises InputError where its encoding lacks a character of them."""
        cells = edited_cells(rows, changes)
        if one.is_ours:
            header = [name for name in rows.columns[1:] if not mending_tables.is_beyond(name)]
            st.session_state[f"ours-{self.file_id}"] = with_our_rows(self.name, self.data, len(header), cells)
        else:
            st.session_state[f"mended-{self.file_id}"] = dict(self.mended) | cells


def mend_dropped(desk: Desk, file: Dropped, one: Incoming, aside: pl.DataFrame) -> None:
    """Let rows that would be kept aside be mended before the import; each try judges the whole file anew."""
    rows = desk.uploads.dropped_rows(one, aside)
    if rows.is_empty():
        return
    with st.expander(f"Mend rows of {words.plain(file.name)} here", key=f"mend-open-{file.file_id}"):
        editor = Editor(file.file_id, file.name, rows, aside)
        changes = editor.changes()
        if changes.is_empty():
            return
        show_view(mending_tables.typed(changes), f"typed-{file.file_id}", alt="What was typed")
        with st.container(horizontal=True):
            if st.button("Try again", icon=":material/replay:", key=f"try-{file.file_id}"):
                try:
                    file.mend(rows, changes, one)
                except InputError as error:
                    st.error(signals_words.refused(error.faults), icon=":material/error:")
                    return
                editor.forget()
                st.rerun()
            st.button("Take the edits back", key=f"untry-{file.file_id}", on_click=editor.forget)
