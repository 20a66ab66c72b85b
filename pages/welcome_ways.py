"""Part of the welcome: a folder of one's own, or filled templates, to the first plan."""

from collections.abc import Callable

import streamlit as st

from pages.signals_upload import upload
from pages.view import show_view
from planning.errors import TaktError
from planning.present import first_words, signals_tables, signals_words, words
from planning.workflows.desk import Desk
from planning.workflows.first_run import FolderLook

#: Where the way that was taken is remembered.
WAY = "way"


def take_folder(desk: Desk) -> None:
    """Take a network folder or a zip of it, tell what it holds, and import it."""
    st.header("Your folder", anchor=False)
    whole, zipped = st.columns(2, gap="small")
    with whole:
        files = st.file_uploader(
            "The network folder", type=["csv", "json"], accept_multiple_files="directory", key="first-folder"
        )
    with zipped:
        archive = st.file_uploader("Or a zip of it", type=["zip"], key="first-zip")
    dropped = {file.name: file.getvalue() for file in files}
    if archive is not None:
        dropped[archive.name] = archive.getvalue()
    if not dropped:
        return
    with st.spinner("Checking every row…"):
        look = desk.first_run.look(dropped)
    _tell(look)
    if not look.faults:
        _import_button(desk, lambda: desk.first_run.bring_in(look))


def _tell(look: FolderLook) -> None:
    """What the folder holds, and what of it would not load."""
    left_out = first_words.passed_over(look.passed_over)
    if left_out:
        st.caption(left_out)
    if look.faults:
        st.error(signals_words.refused(look.faults), icon=":material/error:")
        return
    show_view(first_words.folder_files(look.files), "first-files", alt="Files of the folder", rows=12)
    if not look.aside.is_empty():
        st.markdown(f"**{words.count(look.aside.height, 'row')} will be kept aside**, to be mended later.")
        aside = signals_tables.kept_aside(look.aside)
        show_view(aside, "first-aside", alt="Rows that cannot load", rows=5)


def take_templates(desk: Desk) -> None:
    """Take filled templates, or files of other systems, until the five that are needed are there."""
    st.header("Your files", anchor=False)
    said = st.container()
    preview = upload(desk)
    tables = [report.table for report in preview.files if report.table] if preview else []
    with said:
        st.caption(first_words.needed(tables))
    if preview is not None and preview.loads:
        _import_button(desk, lambda: desk.uploads.load(preview))


def _import_button(desk: Desk, load: Callable[[], object]) -> None:
    st.button(
        "Import and plan",
        type="primary",
        icon=":material/play_arrow:",
        key="first-import",
        on_click=bring_in,
        args=(desk, load),
    )


def bring_in(desk: Desk, load: Callable[[], object]) -> None:
    """Import, and have the first plan made of it."""
    try:
        load()
        desk.start_replan()
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    st.session_state.pop(WAY, None)
