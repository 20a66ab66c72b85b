"""Uploading on the Signals page: files in, what they would do, and the import itself."""

import polars as pl
import streamlit as st

from pages.signals_dropped import Dropped, mend_dropped
from pages.signals_file import ask, take
from pages.view import show_view
from planning.errors import TaktError
from planning.present import signals_tables, signals_words, words
from planning.workflows.desk import Desk
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import templates_zip


def upload(desk: Desk) -> Preview | None:
    """Take files, ask what each is and how it joins, and tell what they would do; None while that is open."""
    with st.container(border=True):
        files = st.file_uploader(
            "Drop CSV or Excel files here",
            accept_multiple_files=True,
            key=f"upload-{st.session_state.get('uploads', 0)}",
            help=signals_words.UPLOAD_HELP,
        )
        _templates()
        if not files:
            return None
        dropped = [Dropped.of(file) for file in files]
        incoming = [taken for file in dropped if (taken := take(desk, file, dropped)) is not None]
        if len(incoming) < len(files):
            return None
        with st.spinner("Checking every row…"):
            preview = desk.uploads.preview(incoming)
        # A file may be of several tables, and one report more is of the deals these files win.
        tables = {report.file: report.table for report in preview.files}
        for file, one in zip(dropped, incoming, strict=True):
            if one.is_ours:
                ask(file, tables[file.name])
        _tell(desk, dropped, incoming, preview)
    return preview


def import_button(desk: Desk, preview: Preview | None) -> None:
    """The primary action: import what was previewed."""
    if preview is None or not preview.loads:
        return
    if not st.button("Import", type="primary", icon=":material/upload_file:", key="import"):
        return
    try:
        receipt = desk.uploads.load(preview)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
    else:
        st.session_state["imported"] = signals_words.imported(
            preview.record.files, preview.sums, receipt.outcome
        )
        # Another key is another widget: the files are let go.
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    st.rerun()


def tell_import() -> None:
    """What the import just made did, once."""
    told = st.session_state.pop("imported", None)
    if told is not None:
        st.success(told, icon=":material/check_circle:")


def _templates() -> None:
    st.download_button(
        "Templates",
        data=templates_zip,
        file_name="takt-templates.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="One CSV file for every table, with all its columns, as a zip.",
    )


def _tell(desk: Desk, dropped: list[Dropped], incoming: list[Incoming], preview: Preview) -> None:
    """What would load, what would not and why."""
    if preview.faults:
        st.error(signals_words.refused(preview.faults), icon=":material/error:")
        return
    show_view(signals_tables.upload_files(preview.record.files), "upload", alt="What the upload would do")
    if preview.sums:
        st.caption(signals_words.row_sums(preview.sums))
    if not preview.loads:
        st.info(signals_words.nothing(any(r.same for r in preview.files)), icon=":material/info:")
    told = signals_words.elsewhere(preview.healed, preview.fallen)
    if told:
        st.caption(told)
    if not preview.aside.is_empty():
        st.markdown(f"**{words.count(preview.aside.height, 'row')} will be kept aside**")
        aside = signals_tables.kept_aside(preview.aside)
        show_view(aside, "upload-aside", alt="Uploaded rows that cannot load")
        for file, one in zip(dropped, incoming, strict=True):
            if file.name in set(preview.aside["file"]):
                mend_dropped(desk, file, one, preview.aside.filter(pl.col("file") == file.name))
    for report in preview.files:
        if report.table and not report.rows.is_empty():
            named = f"{words.plain(report.file)}, {report.table}.csv"
            with st.expander(f"{named}: first rows as they will load"):
                view = signals_tables.upload_rows(report.table, report.rows)
                key = f"rows-{report.file}-{report.table}"
                show_view(view, key, alt=f"First rows of {report.file}", rows=6)
