"""Part of the Signals page: rows kept aside, by reason, taken away, or mended in place and tried again."""

import polars as pl
import streamlit as st

from pages.view import look, show_view
from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import InputError, TaktError
from planning.present import mending_tables, signals_tables, signals_words, words
from planning.workflows.aside_rows import AsideRows
from planning.workflows.desk import Desk
from planning.workflows.mending import Mending, draft_mending, edited, save_mending


def draw_aside(desk: Desk, network: Network) -> None:
    """Every row that is in no plan, why, and the ways to mend it."""
    st.header("Kept aside", anchor=False)
    told = st.session_state.pop("mended", None)
    if told is not None:
        st.success(told, icon=":material/check_circle:")
    held = signals_tables.with_what_to_do(network.rejected, network)
    reading = desk.uploads.aside_while_reading()
    rows = pl.concat([signals_tables.as_came_in(held, desk.uploads.origins()), reading])
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
    _mend(desk, held, reading.height)


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
            help=signals_words.MEND_HELP,
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


def _mend(desk: Desk, held: pl.DataFrame, while_reading: int) -> None:
    """The rows of one file to type in, and what the edits come to."""
    counts = {
        name: held.filter(pl.col("file") == f"{name}.csv")["line"].n_unique()
        for name in INPUT
        if f"{name}.csv" in set(held["file"])
    }
    with st.expander("Mend rows in place", key="mend"):
        if while_reading:
            st.caption(signals_words.while_reading(while_reading))
        if not counts:
            return
        labels = mending_tables.files(counts)
        table = st.selectbox("Rows of", list(labels), format_func=lambda name: labels[name], key="mend-table")
        rows = desk.uploads.rows_aside(table)
        st.caption(mending_tables.HOW)
        changes = _typed(rows, held.filter(pl.col("file") == f"{table}.csv"))
        if changes.is_empty():
            return
        try:
            mending = draft_mending(desk.uploads, rows, changes)
        except InputError as error:
            st.error(signals_words.refused(error.faults), icon=":material/error:")
            return
        _tell(desk, rows, mending)


def _typed(rows: AsideRows, told: pl.DataFrame) -> pl.DataFrame:
    """What was typed over the rows of a file."""
    view = mending_tables.to_mend(rows.rows, told)
    turn = st.session_state.setdefault("mendings", 0)
    after = st.data_editor(
        view.frame.select(list(view.columns)),
        # The same rows keep what was typed over them, whatever else is imported meanwhile.
        key=f"mend-{rows.table}-{mending_tables.of_rows(rows.rows)}-{turn}",
        disabled=mending_tables.locked(view),
        **look(view, "Rows kept aside, to be mended", 8),
    )
    return edited(view.frame.select(rows.rows.columns), after.select(rows.rows.columns))


def _tell(desk: Desk, rows: AsideRows, mending: Mending) -> None:
    """What the edits come to, and the way on and back."""
    still = mending.aside["line"].n_unique()
    replaced = 0 if mending.preview is None else sum(r.changed for r in mending.preview.files)
    st.markdown(mending_tables.comes_to(len(mending.loads), still, replaced))
    show_view(mending_tables.diff(mending.changes, mending.aside), "mending", alt="What the edits come to")
    with st.container(horizontal=True):
        st.button(
            "Apply",
            icon=":material/check:",
            key="apply-mending",
            disabled=mending.preview is None,
            on_click=_apply,
            args=(desk, rows, mending),
        )
        st.button("Take the edits back", key="drop-mending", on_click=_next_turn)


def _apply(desk: Desk, rows: AsideRows, mending: Mending) -> None:
    try:
        save_mending(desk.uploads, rows, mending)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    st.session_state["mended"] = mending_tables.saved(rows.table, len(mending.loads))
    _next_turn()


def _next_turn() -> None:
    """Another editor: nothing typed in the last one is left."""
    st.session_state["mendings"] = st.session_state.get("mendings", 0) + 1
