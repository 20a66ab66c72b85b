"""The way from an id on any page to its thread."""

from collections.abc import Callable

import streamlit as st

from pages.places import go
from pages.view import MOST_ROWS, pick_row
from planning.present.view import View

#: In the address of the Thread page.
ID = "id"
_TICKED = "follow"

HINT = "Tick a row (Shift+Space) to see what it comes from and goes to."


def follow(id: str) -> None:
    """Have the thread of this id opened once the page is drawn."""
    st.session_state[_TICKED] = id


def follow_what_was_ticked() -> None:
    """Go to the thread asked for, once."""
    id = st.session_state.pop(_TICKED, None)
    if id is not None:
        go("thread", id=id)


def show_threads(
    view: View, key: str, thread_of: Callable[[int], str], *, alt: str, rows: int = MOST_ROWS
) -> None:
    """A table of things that have a thread: a row ticked leads to that of `thread_of` its number."""
    pick_row(view, key, lambda row: follow(thread_of(row)), alt=alt, rows=rows)
    follow_what_was_ticked()


def thread_button(id: str, key: str) -> None:
    """A button to the thread of an id."""
    if st.button("Follow it", icon=":material/conversion_path:", key=key):
        go("thread", id=id)
