"""Part of the Settings page: a table to type in, and what the edits come to."""

import polars as pl
import streamlit as st

from pages.filters import pick_one
from pages.settings_saving import began_on, let_go, tell_edit, turn_of
from pages.view import look, show_view
from planning.present import settings_tables
from planning.signals.rows import LINE
from planning.workflows.desk import Desk
from planning.workflows.table_edits import TableEdit, TableRows, draft_edit, table_rows


def edit_table(desk: Desk) -> TableEdit | None:
    """Let the planner pick a table and edit it; None where nothing was typed."""
    which, narrowed = st.columns([3, 2], gap="small")
    with which:
        table = pick_one("table", {name: name for name in settings_tables.EDITED})
    with narrowed, st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Find rows", key=f"find-{table}", placeholder="All rows", width="stretch")
        _take_away(desk, table)
    rows = table_rows(table, desk.uploads.held_file(table, began_on(desk, table)))
    found = rows.holding(text)
    shown = found.head(settings_tables.MOST)
    told = settings_tables.more(shown.height, found.height)
    st.caption(f"{settings_tables.about(table, rows.rows.height)} {told}")
    with st.expander("What the columns mean", key="columns-mean"):
        show_view(settings_tables.meanings(table), "meanings", alt=f"Columns of {table}.csv", rows=30)
    edit = draft_edit(desk.uploads, rows, shown, _typed(rows, shown, text))
    if edit.changes.is_empty():
        let_go(desk, table)
        return None
    st.caption(settings_tables.LET_GO)
    tell_edit(desk, edit)
    return edit


def _typed(rows: TableRows, shown: pl.DataFrame, text: str) -> pl.DataFrame:
    """The rows as they were left."""
    view = settings_tables.rows(rows.table, shown)
    after: pl.DataFrame = st.data_editor(
        shown,
        key=f"edit-{rows.table}-{rows.batch}-{turn_of(rows.table)}-{text}",
        num_rows="dynamic",
        disabled=[LINE],
        **look(view, f"Rows of {rows.table}.csv, to be edited", 12),
    )
    return after.select(pl.col(LINE).cast(pl.Int64, strict=False), *rows.columns)


def _take_away(desk: Desk, table: str) -> None:
    data = desk.uploads.held_file(table).data
    if data is not None:
        st.download_button(
            f"{table}.csv",
            data=data,
            file_name=f"{table}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="take-table",
            help="The file as it holds: edit it in a spreadsheet, and drop it on the Signals page.",
        )
