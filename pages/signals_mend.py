"""Part of the Signals page: rows kept aside to type in, page by page and by reason, or in a spreadsheet."""

from dataclasses import dataclass
from functools import partial

import polars as pl
import streamlit as st

from pages.view import look
from planning.errors import InputError
from planning.present import mending_tables, signals_words, words
from planning.signals.reading.spreadsheet import brought_back, for_spreadsheet
from planning.signals.rows import LINE
from planning.workflows.mending import edited, following, merged, with_edits


@dataclass(frozen=True)
class Editor:
    """The rows kept aside of one file, to be typed in.

    Parameters
    ----------
    key : tells it from every other editor on the page.
    name : of the file.
    rows : LINE, and its columns as text.
    told : line, reason, remedy of them; see `mending_tables.to_mend`.
    """

    key: str
    name: str
    rows: pl.DataFrame
    told: pl.DataFrame

    def changes(self) -> pl.DataFrame:
        """Draw it; what was typed so far, on this page of it and on others."""
        st.caption(mending_tables.HOW)
        self._follow_rows()
        why = self._reasons()
        rows = mending_tables.of_reasons(self.rows, self.told, why)
        self._spreadsheet(rows)
        for note in st.session_state.get(self._named("notes"), ()):
            st.caption(words.plain(note))
        start = self._page(rows.height)
        page = rows[start : start + mending_tables.MOST]
        shown = "-".join(map(str, (start, *why))) if start or why else ""
        opened = self._opened((self._turn, shown))
        view = mending_tables.to_mend(with_edits(page, opened), self.told)
        after = st.data_editor(
            view.frame.select(list(view.columns)),
            key=f"{self._named('mend')}-{self._turn}{shown and '-'}{shown}",
            disabled=mending_tables.locked(view),
            **look(view, f"Rows of {self.name} to be mended", 8),
        )
        here = edited(page, view.frame.select(LINE).hstack(after.select(page.columns[1:])))
        elsewhere = self._edits.filter(~pl.col("line").is_in(page[LINE].implode()))
        st.session_state[self._named("edits")] = pl.concat([elsewhere, here]).sort(
            "line", maintain_order=True
        )
        return self._edits

    def forget(self) -> None:
        """Take every edit back: another table, with nothing typed in."""
        for name in ("edits", "opened", "notes"):
            st.session_state.pop(self._named(name), None)
        self._next_turn()

    @property
    def _edits(self) -> pl.DataFrame:
        known: pl.DataFrame = st.session_state.get(self._named("edits"), edited(self.rows, self.rows))
        return known

    @property
    def _turn(self) -> int:
        return int(st.session_state.get(self._named("turn"), 0))

    def _next_turn(self) -> None:
        st.session_state[self._named("turn")] = self._turn + 1

    def _named(self, what: str) -> str:
        return f"{what}-{self.key}"

    def _follow_rows(self) -> None:
        """Once other rows stand here, a table of their own: what was typed stays with its row."""
        key = self._named("rows")
        before: pl.DataFrame = st.session_state.get(key, self.rows)
        if not before.equals(self.rows):
            st.session_state[self._named("edits")] = following(self._edits, before, self.rows)
            self._next_turn()
        st.session_state[key] = self.rows

    def _reasons(self) -> list[str]:
        """Those that were chosen; none for all."""
        labels = mending_tables.reasons(self.told)
        if len(labels) < 2:
            return []
        return st.multiselect(
            "Only rows kept aside because",
            list(labels),
            format_func=lambda one: labels[one],
            key=self._named("why"),
        )

    def _page(self, rows: int) -> int:
        labels = mending_tables.pages(rows)
        if len(labels) < 2:
            return 0
        key = self._named("page")
        if st.session_state.get(key) not in labels:
            st.session_state.pop(key, None)
        return st.selectbox("Rows", list(labels), format_func=lambda one: labels[one], key=key, width=240)

    def _opened(self, page: tuple[int, str]) -> pl.DataFrame:
        """The edits there were when this page was opened: what a table is given must not change under it."""
        key = self._named("opened")
        opened: tuple[object, pl.DataFrame] | None = st.session_state.get(key)
        if opened is None or opened[0] != page:
            opened = (page, self._edits)
            st.session_state[key] = opened
        return opened[1]

    def _spreadsheet(self, rows: pl.DataFrame) -> None:
        """The rows taken away, and brought back."""
        with st.container(horizontal=True):
            st.download_button(
                "Rows to mend",
                data=partial(for_spreadsheet, rows, self.told),
                file_name="rows-to-mend.csv",
                mime="text/csv",
                on_click="ignore",
                key=self._named("away"),
                icon=":material/download:",
                help=mending_tables.BACK_HELP,
            )
            with (
                st.popover("From a spreadsheet", icon=":material/upload:", key=self._named("back")),
                st.form(self._named("form"), border=False),
            ):
                st.file_uploader("The file with the mended rows", key=self._given("file"))
                st.text_area("or its rows, copied with their header", key=self._given("text"))
                st.form_submit_button("Compare", key=self._named("compare"), on_click=self._take_over)

    def _given(self, kind: str) -> str:
        """Key of what is brought back: another one after each time."""
        return f"{self._named(kind)}-{self._turn}"

    def _take_over(self) -> None:
        """Let what came back be typed over the rows."""
        file, text = st.session_state.get(self._given("file")), st.session_state.get(self._given("text"))
        name, data = ("pasted rows", (text or "").encode()) if file is None else (file.name, file.getvalue())
        try:
            back = brought_back(name, data, self.rows)
        except InputError as error:
            st.session_state["refusal"] = signals_words.refused_back(error.faults)
            return
        before = self.rows.join(back.rows.select(LINE), on=LINE, how="semi").sort(LINE)
        changes = edited(before, back.rows.sort(LINE))
        st.session_state[self._named("edits")] = merged(self._edits, changes)
        st.session_state[self._named("notes")] = mending_tables.came_back(
            back.rows.height, changes, back.notes
        )
        self._next_turn()
