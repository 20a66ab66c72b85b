"""Part of the Signals page: how a file of another system is laid out, and the name it is remembered by."""

from pathlib import Path

import streamlit as st

from pages.signals_dropped import Dropped
from planning.present import reading_tables
from planning.signals.reading.grid import Hints
from planning.signals.reading.proposal import Proposal
from planning.signals.reading.text import ENCODINGS
from planning.workflows.source_files import Understood


def said(file: Dropped, name: str) -> str | None:
    """What was chosen in the widget of this name."""
    return st.session_state.get(f"{name}-{file.file_id}") or None


def chosen_layout(file: Dropped) -> Hints:
    """How the file is laid out, as far as it was chosen."""
    line = said(file, "header")
    header = int(line) if line and line.isdecimal() else None
    return Hints(said(file, "encoding"), said(file, "mark"), said(file, "sheet"), header)


def ask_layout(file: Dropped, proposal: Proposal | Understood) -> None:
    """How the file is laid out, where it was not found out right; and the name it is remembered by."""
    grid, id = proposal.grid, file.file_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = proposal.profile.name or Path(file.name).stem
        st.text_input(
            "Remember as",
            placeholder=name,
            key=f"remember-{id}",
            help=reading_tables.REMEMBER_HELP,
            width=260,
        )
        if len(grid.sheets) > 1:
            st.selectbox(
                "Sheet",
                grid.sheets,
                index=None,
                placeholder=grid.hints.sheet or "",
                key=f"sheet-{id}",
                width=200,
            )
        st.text_input(
            "Header in line", placeholder=str(grid.hints.header_line), key=f"header-{id}", width=140
        )
        if not grid.sheets:
            labels, found = reading_tables.MARK_LABELS, grid.hints.mark or ","
            st.selectbox(
                "Cells separated by",
                list(labels),
                index=None,
                format_func=lambda mark: labels[mark],
                placeholder=labels[found],
                key=f"mark-{id}",
                width=180,
            )
            st.selectbox(
                "Encoding",
                list(ENCODINGS),
                index=None,
                format_func=lambda code: ENCODINGS[code],
                placeholder=ENCODINGS[grid.hints.encoding or "utf-8"],
                key=f"encoding-{id}",
                width=300,
            )
