"""What was imported on the Signals page, and the way back and forth."""

import polars as pl
import streamlit as st

from pages.thread_way import show_threads
from pages.view import show_view
from planning.errors import TaktError
from planning.present import signals_tables, signals_words, words
from planning.workflows.desk import Desk

ICONS = {"undo": ":material/undo:", "redo": ":material/redo:"}


def imports(desk: Desk, zone: str) -> None:
    """Every import with what it did, in the time of `zone`; the one that holds can be undone."""
    history = desk.uploads.history()
    if history.is_empty():
        return
    st.header("Imports", anchor=False)
    step_buttons(desk, history)
    view = signals_tables.imports(history, zone)
    batches = view.frame["batch"]
    show_threads(
        view, "imports", lambda row: f"import {batches[row]}", alt="Imports, the latest first", rows=6
    )
    for batch in history.filter("can_undo")["batch"]:
        rows = desk.uploads.aside(batch)
        if not rows.is_empty():
            with st.expander(f"What import {batch} kept aside: {words.count(rows.height, 'row')}"):
                st.caption("Lines are those of the uploaded files.")
                show_view(
                    signals_tables.kept_aside(rows), "import-aside", alt="Rows the last import kept aside"
                )


def step_buttons(desk: Desk, history: pl.DataFrame) -> None:
    """Undo what holds, redo what was undone last; asks first where that empties the data."""
    with st.container(horizontal=True):
        for step, icon in ICONS.items():
            for batch, source in history.filter(f"can_{step}").select("batch", "source").iter_rows():
                label = f"{step.capitalize()} import {batch}"
                if not st.button(label, key=step, icon=icon, help=words.plain(source)):
                    continue
                if step == "undo" and signals_tables.empties(history):
                    st.session_state["emptying"] = batch
                else:
                    _go(desk, step, batch)
    _ask_first(desk, history)


def _ask_first(desk: Desk, history: pl.DataFrame) -> None:
    """Before the data are emptied: is that meant?"""
    batch = st.session_state.get("emptying")
    if batch is None or batch not in history.filter("can_undo")["batch"]:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="emptying-asked"):
        st.warning(signals_words.emptying(batch), icon=":material/delete:")
        if st.button("Empty the data", key="empty", icon=":material/undo:"):
            del st.session_state["emptying"]
            _go(desk, "undo", batch)
        st.button("Keep them", key="keep", on_click=st.session_state.pop, args=("emptying", None))


def _go(desk: Desk, step: str, batch: int) -> None:
    try:
        (desk.uploads.undo if step == "undo" else desk.uploads.redo)(batch)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
    st.rerun()
