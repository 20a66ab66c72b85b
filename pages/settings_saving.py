"""Part of the Settings page: what edits come to, the way in and the way back."""

import streamlit as st

from pages.just_imported import keep_told, tell_kept
from pages.view import show_view
from planning.errors import TaktError
from planning.present import settings_tables, signals_words, words
from planning.workflows.desk import Desk
from planning.workflows.table_edits import TableEdit, changed_meanwhile, save_edit

_SAVED = "settings-saved"


def turn_of(table: str) -> int:
    """How often edits of a table were saved or taken back: each time another editor takes its place."""
    return int(st.session_state.setdefault(f"edit-turn-{table}", 0))


def began_on(desk: Desk, table: str) -> int | None:
    """The import whose rows are being edited: what others change meanwhile takes nothing typed away."""
    base = st.session_state.get(f"edit-base-{table}")
    if base is None:
        base = desk.uploads.held_file(table).batch
        st.session_state[f"edit-base-{table}"] = base
    return None if base is None else int(base)


def let_go(desk: Desk, table: str) -> None:
    """Nothing is typed: the next look is at the rows as they are by then."""
    base = st.session_state.pop(f"edit-base-{table}", None)
    if changed_meanwhile(desk.uploads, table, base):
        st.rerun()


def tell_edit(desk: Desk, edit: TableEdit) -> None:
    """Every change before it counts, what is wrong with it, and why it is made."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{settings_tables.comes_to(edit.changes)}** Nothing is saved yet.")
            st.button(
                "Take the edits back",
                icon=":material/undo:",
                key="take-back",
                on_click=_next_turn,
                args=(edit.table,),
            )
        if changed_meanwhile(desk.uploads, edit.table, edit.base):
            st.warning(
                f"Somebody changed {edit.table}.csv since you began: these edits cannot be saved any more. "
                "Take the list below along, take the edits back, and type again what still has to change.",
                icon=":material/sync_problem:",
            )
        if not edit.faults.is_empty():
            st.error(
                f"{words.count(edit.faults.height, 'thing')} to put right first.", icon=":material/error:"
            )
            show_view(
                settings_tables.faults(edit.faults, edit.table), "edit-faults", alt="What is wrong", rows=6
            )
        show_view(settings_tables.changes(edit.changes), "edit-changes", alt="What the edits change", rows=6)
        _elsewhere(edit)
        if edit.needs_reason:
            st.text_input("Why", key=_reason(edit.table), help=settings_tables.REASON)


def _elsewhere(edit: TableEdit) -> None:
    preview = edit.preview
    if preview is None or preview.faults:
        return
    told = signals_words.elsewhere(preview.healed, preview.fallen)
    if told:
        st.warning(told, icon=":material/info:")
    if edit.faults.is_empty() and not preview.loads:
        st.info("The data say the same already: there is nothing to save.", icon=":material/info:")


def save_button(desk: Desk, edit: TableEdit) -> None:
    """The primary action: let the edits hold."""
    reason = str(st.session_state.get(_reason(edit.table), ""))
    unsaid = edit.needs_reason and not reason.strip()
    st.button(
        "Save",
        type="primary",
        icon=":material/save:",
        key="save-edit",
        disabled=not edit.can_be_saved or unsaid,
        help="Say why first." if unsaid else None,
        on_click=_save,
        args=(desk, edit, reason),
    )


def tell_saved(desk: Desk) -> None:
    """What was saved last, with the way back."""
    tell_kept(desk, _SAVED, "undo-saved")


def _save(desk: Desk, edit: TableEdit, reason: str) -> None:
    try:
        receipt = save_edit(desk.uploads, edit, reason)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    keep_told(desk, _SAVED, receipt.batch, settings_tables.saved(edit.table, edit.changes))
    _next_turn(edit.table)


def _next_turn(table: str) -> None:
    st.session_state[f"edit-turn-{table}"] = turn_of(table) + 1
    st.session_state.pop(f"edit-base-{table}", None)


def _reason(table: str) -> str:
    return f"edit-reason-{table}-{turn_of(table)}"
