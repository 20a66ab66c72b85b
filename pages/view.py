"""A table of `planning.present` on the page; its own toolbar searches it and downloads it as CSV."""

from typing import Any

import streamlit as st

from planning.present.colours import LATE
from planning.present.view import Column, View
from planning.present.words import FATES

ROW_PIXELS = 31
MOST_ROWS = 8


def show_view(view: View, key: str, *, alt: str, rows: int = MOST_ROWS) -> None:
    """Show a table, as high as it needs, and never higher than `rows` rows."""
    st.dataframe(
        view.frame.select(list(view.columns)),
        key=key,
        alt=alt,
        hide_index=True,
        row_height=ROW_PIXELS,
        # Half a row more than asked for: what is cut in two is seen to go on.
        height="content" if view.frame.height <= rows else int(ROW_PIXELS * (rows + 1.5)),
        placeholder="–",
        column_config={name: _config(column) for name, column in view.columns.items()},
    )


def _config(column: Column) -> Any:
    explained = column.help or None
    match column.kind:
        case "money" | "quantity":
            return st.column_config.NumberColumn(column.label, help=explained, format="%,.0f")
        case "fate":
            colours = [LATE if fate == "Late" else "gray" for fate in FATES.values()]
            return st.column_config.MultiselectColumn(
                column.label, help=explained, options=list(FATES.values()), color=colours
            )
        case "whole":
            return st.column_config.NumberColumn(column.label, help=explained, format="%d")
        case "share":
            return st.column_config.ProgressColumn(
                column.label, help=explained, format="percent", min_value=0.0, max_value=1.0
            )
        case "date":
            return st.column_config.DateColumn(column.label, help=explained, format="D MMM YYYY")
        case "deadline":
            return st.column_config.DateColumn(column.label, help=explained, format="ddd D MMM")
        case "week":
            return st.column_config.DateColumn(column.label, help=explained, format="[W]WW · D MMM YYYY")
        case _:
            return st.column_config.TextColumn(column.label, help=explained)
