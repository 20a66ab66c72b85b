"""A table of `planning.present` on the page; its own toolbar searches it and downloads it as CSV."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from planning.present.colours import LATE
from planning.present.view import Column, View
from planning.present.words import FATES

ROW_PIXELS = 31
MOST_ROWS = 8

_NUMBERS = {
    "money": "%,.0f",
    "cents": "%,.2f",
    "quantity": "%,.0f",
    "rate": "%,.1f",
    "percent": "%.1f %%",
    "whole": "%d",
}
_DATES = {"date": "D MMM YYYY", "deadline": "ddd D MMM", "week": "[W]WW · D MMM YYYY", "month": "MMM YYYY"}


def show_view(view: View, key: str, *, alt: str, rows: int = MOST_ROWS) -> None:
    """Show a table, as high as it needs, and never higher than `rows` rows."""
    _leave_room_for_toolbar()
    st.dataframe(_cells(view), key=key, **look(view, alt, rows))


def pick_cell(
    view: View, key: str, on_pick: Callable[[int, str], None], *, alt: str, rows: int = MOST_ROWS
) -> None:
    """Show a table of which a cell can be picked; `on_pick` hears its row (from 0) and its column."""

    def picked() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        if cells:
            on_pick(*cells[0])

    _leave_room_for_toolbar()
    st.dataframe(
        _cells(view), key=key, on_select=picked, selection_mode="single-cell", **look(view, alt, rows)
    )


def pick_row(
    view: View, key: str, on_pick: Callable[[int], None], *, alt: str, rows: int = MOST_ROWS
) -> None:
    """Show a table of which a row can be picked, by its box or Shift+Space; `on_pick` hears its number.

    Rows count from 0. Unlike a cell, a row is not picked by walking over it with the keyboard: what leads
    elsewhere is picked by row.
    """

    def picked() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if chosen:
            # A table keeps its selection, and would not tell the same row picked again.
            st.session_state[key] = {"selection": {"rows": []}}
            on_pick(chosen[0])

    _leave_room_for_toolbar()
    st.dataframe(
        _cells(view), key=key, on_select=picked, selection_mode="single-row", **look(view, alt, rows)
    )


def _leave_room_for_toolbar() -> None:
    """Where nothing hovers, a table's toolbar always stands, over what is above the table."""
    if "Mobile" in st.context.headers.get("User-Agent", ""):
        st.space("small")


def _cells(view: View) -> pl.DataFrame:
    """What the cells say; shares in per cent, as everywhere else on the pages."""
    shares = [name for name, column in view.columns.items() if column.kind in {"share", "percent"}]
    return view.frame.select(list(view.columns)).with_columns(pl.col(shares) * 100)


def look(view: View, alt: str, rows: int) -> dict[str, Any]:
    """How a table is drawn, to be read or to be edited."""
    return {
        "alt": alt,
        "hide_index": True,
        "row_height": ROW_PIXELS,
        # Half a row more than asked for: what is cut in two is seen to go on.
        "height": "content" if view.frame.height <= rows else int(ROW_PIXELS * (rows + 1.5)),
        "placeholder": "–",
        "column_config": {name: _config(column) for name, column in view.columns.items()},
    }


def _config(column: Column) -> Any:
    said: dict[str, Any] = {"label": column.label, "help": column.help or None, "width": column.width or None}
    if column.kind in _NUMBERS:
        return st.column_config.NumberColumn(**said, format=_NUMBERS[column.kind])
    if column.kind in _DATES:
        return st.column_config.DateColumn(**said, format=_DATES[column.kind])
    match column.kind:
        case "fate":
            colours = [LATE if fate == "Late" else "gray" for fate in FATES.values()]
            return st.column_config.MultiselectColumn(**said, options=list(FATES.values()), color=colours)
        case "share":
            return st.column_config.ProgressColumn(**said, format="%.1f %%", min_value=0.0, max_value=100.0)
        case "time":
            # Naive date-times: shown as they are, whatever the reader's time zone.
            return st.column_config.DatetimeColumn(**said, format="ddd D MMM HH:mm")
        case _:
            return st.column_config.TextColumn(**said)
