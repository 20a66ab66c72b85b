"""Part of the Signals page: rows kept aside, by reason, taken away, or mended in place and tried again."""

import polars as pl
import streamlit as st

from pages.signals_mend import Editor
from pages.view import show_view
from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import InputError, TaktError
from planning.present import mending_tables, signals_tables, signals_words, words
from planning.workflows.aside_rows import AsideRows
from planning.workflows.desk import Desk
from planning.workflows.mending import Mending, draft_mending, save_mending


def draw_aside(desk: Desk, network: Network) -> None:
    """Every row that is in no plan, why, and the ways to mend it."""
    st.header("Kept aside", anchor=False)
    told = st.session_state.pop("mended", None)
    if told is not None:
        st.success(told, icon=":material/check_circle:")
    held = signals_tables.with_what_to_do(network.rejected, network)
    reading = desk.uploads.aside_while_reading()
    came = signals_tables.as_came_in(held, desk.uploads.origins())
    rows = pl.concat([came, reading])
    if rows.is_empty():
        st.caption("None: every row that came in is in the data.")
        return
    st.caption(
        f"{words.count(rows.height, 'row')} in no plan until corrected: mend here what is wrong, or upload "
        "the file corrected. Lines are those of the files they came in."
    )
    show_view(signals_tables.aside_reasons(rows), "reasons", alt="Rows kept aside by reason", rows=5)
    with st.expander(f"Every row kept aside: {rows.height:,}", key="every-aside"):
        show_view(signals_tables.kept_aside(rows), "aside", alt="Every row kept aside")
        _take_away(desk, rows)
    _mend(desk, held, came, reading)


def _take_away(desk: Desk, rows: pl.DataFrame) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Rows kept aside",
            data=lambda: desk.uploads.aside_list(rows),
            file_name="kept-aside.csv",
            mime="text/csv",
            on_click="ignore",
            key="aside-csv",
            icon=":material/download:",
            help=signals_words.LIST_HELP,
        )
        st.download_button(
            "Files that hold",
            data=desk.uploads.files_zip,
            file_name="takt-network.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/folder_zip:",
            help="The network folder as it holds, as a zip of CSV files.",
        )


def _mend(desk: Desk, held: pl.DataFrame, came: pl.DataFrame, reading: pl.DataFrame) -> None:
    """The rows of one file to type in, and what the edits come to.

    Parameters
    ----------
    held, came : rows kept aside of the network, by its own files and by those they came in.
    reading : rows that are in no file of the network.
    """
    counts = {
        name: held.filter(pl.col("file") == f"{name}.csv")["line"].n_unique()
        for name in INPUT
        if f"{name}.csv" in set(held["file"])
    }
    unread = dict(reading.group_by("file", maintain_order=True).agg(pl.col("line").n_unique()).iter_rows())
    with st.expander("Mend rows in place", key="mend"):
        labels = mending_tables.files(counts, unread)
        choice = st.selectbox(
            "Rows of", list(labels), format_func=lambda one: labels[one], key="mend-table", width=480
        )
        kind, _, name = choice.partition(":")
        if kind == "file":
            rows, told = desk.uploads.rows_unread(name), reading.filter(pl.col("file") == name)
        else:
            rows, told = desk.uploads.rows_aside(name), signals_tables.with_came_in(held, came, f"{name}.csv")
        if rows is None:
            st.info(mending_tables.not_kept(name), icon=":material/info:")
            return
        editor = Editor(choice, rows.file, rows.rows, told)
        changes = editor.changes()
        if changes.is_empty():
            return
        try:
            mending = draft_mending(desk.uploads, rows, changes)
        except InputError as error:
            st.error(signals_words.refused(error.faults), icon=":material/error:")
            return
        _tell(desk, rows, mending, editor)


def _tell(desk: Desk, rows: AsideRows, mending: Mending, editor: Editor) -> None:
    """What the edits come to, and the way on and back."""
    still = mending.aside["line"].n_unique()
    replaced = 0 if mending.preview is None else sum(r.changed for r in mending.preview.files)
    st.markdown(mending_tables.comes_to(len(mending.loads), still, replaced))
    told = mending_tables.diff(mending.changes, mending.aside, editor.told)
    show_view(told, "mending", alt="What the edits come to")
    with st.container(horizontal=True):
        st.button(
            "Apply",
            icon=":material/check:",
            key="apply-mending",
            disabled=mending.preview is None,
            on_click=_apply,
            args=(desk, rows, mending, editor),
        )
        st.button("Take the edits back", key="drop-mending", on_click=editor.forget)


def _apply(desk: Desk, rows: AsideRows, mending: Mending, editor: Editor) -> None:
    try:
        save_mending(desk.uploads, rows, mending)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    st.session_state["mended"] = mending_tables.saved(rows.file, len(mending.loads))
    editor.forget()
