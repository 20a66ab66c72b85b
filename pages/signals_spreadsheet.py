"""Part of the Signals page: rows kept aside taken away for a spreadsheet, and brought back."""

from collections.abc import Callable
from functools import partial

import polars as pl
import streamlit as st

from planning.present import mending_tables
from planning.signals.reading.spreadsheet import for_spreadsheet


def take_and_bring(
    key: str, turn: int, rows: pl.DataFrame, told: pl.DataFrame, came_back: Callable[[str, bytes], None]
) -> None:
    """Draw both ways.

    Parameters
    ----------
    key : tells the rows' file from every other one on the page.
    turn : another one after each time rows came back, so that what was given is let go.
    rows, told : as `for_spreadsheet` takes them.
    came_back : told name and bytes of what comes back.
    """
    with st.container(horizontal=True):
        st.download_button(
            "Rows to mend",
            data=partial(for_spreadsheet, rows, told),
            file_name="rows-to-mend.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"away-{key}",
            icon=":material/download:",
            help=mending_tables.BACK_HELP,
        )
        with (
            st.popover("From a spreadsheet", icon=":material/upload:", key=f"back-{key}"),
            st.form(f"form-{key}", border=False),
        ):
            file, text = f"file-{key}-{turn}", f"text-{key}-{turn}"
            st.file_uploader("The file with the mended rows", key=file)
            st.text_area("or its rows, copied with their header", key=text)
            st.form_submit_button(
                "Compare", key=f"compare-{key}", on_click=_bring, args=(file, text, came_back)
            )


def _bring(file: str, text: str, came_back: Callable[[str, bytes], None]) -> None:
    """Hand over what was given under these keys: the file, else the text."""
    given = st.session_state.get(file)
    if given is not None:
        came_back(given.name, given.getvalue())
    else:
        came_back("pasted rows", str(st.session_state.get(text) or "").encode())
