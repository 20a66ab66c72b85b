"""Part of the Settings page: back up now, restore with what that loses told first, and start anew."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from pages.places import lead_to
from pages.view import show_view
from pages.welcome import TOLD
from planning.errors import TaktError
from planning.present import backup_tables, first_words, words
from planning.workflows.desk import Desk
from planning.workflows.safekeeping import Loss


def backup_button(desk: Desk) -> None:
    """The primary action: back the workspace up as it is."""
    st.button(
        "Back up now",
        type="primary",
        icon=":material/archive:",
        key="back-up",
        on_click=_back_up,
        args=(desk,),
    )


def draw_backups(desk: Desk, zone: str) -> None:
    """Every backup, and the ways back."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        st.success(told, icon=":material/check_circle:")
    rows = desk.safekeeping.table()
    if rows.is_empty():
        st.caption(backup_tables.NO_BACKUP)
    else:
        show_view(backup_tables.backups(rows, zone), "backups", alt="Backups, the latest first", rows=6)
        _restore(desk, rows.filter(pl.col("fault") == ""), zone)
    if desk.network() is not None or desk.plan() is not None:
        _anew(desk)


def _anew(desk: Desk) -> None:
    st.header("Start with your own data", anchor=False)
    st.write(first_words.ANEW)
    with st.popover("Start anew", icon=":material/restart_alt:", key="anew"):
        st.write(first_words.ANEW_ASKED)
        st.button("Empty the workspace", key="start-anew", on_click=_start_anew, args=(desk,))


def _restore(desk: Desk, rows: pl.DataFrame, zone: str) -> None:
    st.header("Restore", anchor=False)
    labels = {row["name"]: backup_tables.picked_by(row, zone) for row in rows.iter_rows(named=True)}
    name = st.selectbox(
        "Backup",
        list(labels),
        format_func=lambda one: labels[one],
        index=None,
        # Once there is another backup it is another choice: nothing stays chosen from before.
        key=f"restore-from-{next(iter(labels), '')}",
    )
    if name is None:
        st.caption("Choose a backup to see what going back to it would lose.")
        return
    try:
        loss = desk.safekeeping.lost_by(name)
    except TaktError as error:
        st.error(words.plain(str(error)), icon=":material/error:")
        return
    with st.container(border=True):
        st.markdown(f"**{backup_tables.lost(loss.entries)}** {backup_tables.KEPT}")
        if not loss.entries.is_empty():
            view = backup_tables.lost_entries(loss.entries, zone)
            show_view(view, "lost", alt="What the restore would lose", rows=6)
        st.button(
            "Restore this backup",
            icon=":material/settings_backup_restore:",
            key="restore-it",
            on_click=_restore_it,
            args=(desk, loss),
        )


def _back_up(desk: Desk) -> None:
    def work() -> str:
        made = desk.safekeeping.back_up()
        return f"{backup_tables.MADE} It is {made.name}, {made.size / 1e6:,.1f} MB."

    _do(work)


def _restore_it(desk: Desk, loss: Loss) -> None:
    def work() -> str:
        done = desk.safekeeping.restore(loss)
        return f"{done.backup.name} holds. What was there before is kept as {done.before.name}."

    if _do(work):
        _forget()


def _start_anew(desk: Desk) -> None:
    def work() -> str:
        return first_words.emptied(desk.safekeeping.start_anew().name)

    if _do(work):
        _forget()
        lead_to("today")


def _do(work: Callable[[], str]) -> bool:
    """Do it and tell it, or tell why not."""
    try:
        st.session_state[TOLD] = work()
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return False
    return True


def _forget() -> None:
    """What was chosen and typed spoke of the workspace that was."""
    for name in [name for name in st.session_state if name not in {TOLD, "section"}]:
        del st.session_state[name]
