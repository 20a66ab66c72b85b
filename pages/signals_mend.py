"""Part of the Signals page: rows kept aside to type in, page by page and by reason, or in a spreadsheet."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from pages.signals_spreadsheet import take_and_bring
from pages.view import look
from planning.errors import InputError
from planning.present import mending_tables, signals_words, words
from planning.signals.reading.spreadsheet import brought_back
from planning.signals.rows import LINE
from planning.workflows.mending import CHANGES, edited, following, merged, with_edits


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
        take_and_bring(self.key, self._turn, rows, self.told, self._take_over)
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
        self._keep(pl.concat([elsewhere, here]).sort("line", maintain_order=True))
        return self._edits

    def forget(self) -> None:
        """Take every edit back: another table, with nothing typed in."""
        for name in ("edits", "opened", "notes"):
            st.session_state.pop(self._named(name), None)
        self._next_turn()

    @property
    def _edits(self) -> pl.DataFrame:
        return pl.DataFrame(st.session_state.get(self._named("edits"), []), schema=CHANGES, orient="row")

    def _keep(self, changes: pl.DataFrame) -> None:
        st.session_state[self._named("edits")] = changes.rows()

    @property
    def _turn(self) -> int:
        return int(st.session_state.get(self._named("turn"), 0))

    def _next_turn(self) -> None:
        st.session_state[self._named("turn")] = self._turn + 1

    def _named(self, what: str) -> str:
        return f"{what}-{self.key}"

    def _follow_rows(self) -> None:
        """Once other rows stand here, a table of their own: what was typed stays with its row."""
        key, now = self._named("rows"), (self.rows.columns, self.rows.rows())
        columns, rows = st.session_state.get(key, now)
        if (columns, rows) != now:
            before = pl.DataFrame(rows, schema=columns, schema_overrides=self.rows.schema, orient="row")
            self._keep(following(self._edits, before, self.rows))
            self._next_turn()
        st.session_state[key] = now

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
        opened = st.session_state.get(key)
        if opened is None or opened[0] != page:
            opened = st.session_state[key] = (page, self._edits.rows())
        return pl.DataFrame(opened[1], schema=CHANGES, orient="row")

    def _take_over(self, name: str, data: bytes) -> None:
        """Let what came back from a spreadsheet be typed over the rows."""
        try:
            back = brought_back(name, data, self.rows)
        except InputError as error:
            st.session_state["refusal"] = signals_words.refused_back(error.faults)
            return
        before = self.rows.join(back.rows.select(LINE), on=LINE, how="semi").sort(LINE)
        changes = edited(before, back.rows.sort(LINE))
        self._keep(merged(self._edits, changes))
        st.session_state[self._named("notes")] = mending_tables.came_back(
            back.rows.height, changes, back.notes
        )
        self._next_turn()
