"""Part of the Signals page: a file of a source Takt knows, what it means, and what only a planner can say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.signals_dropped import Dropped
from pages.signals_layout import ask_layout, said
from pages.signals_reading import chosen
from pages.view import show_view
from planning.present import reading_tables, source_tables, words
from planning.signals.sources.settings import Answers
from planning.workflows.desk import Desk
from planning.workflows.source_files import Understood

#: Kind of name → names of the file, what each may be, and the words between.
type _Names = Mapping[str, tuple[Sequence[str], Sequence[str], str]]


def read_source(desk: Desk, file: Dropped, beside: Sequence[tuple[str, bytes]]) -> Understood | None:
    """What the file means beside others, by what was said so far; draws every choice.

    None where its columns are mapped.

    Raises InputError where it cannot be read.
    """
    data, draft = file.data, chosen(file)
    source = desk.uploads.source_of(file.name, data, draft)
    if source is None:
        return None
    way = said(file, "way")
    if way is not None:
        draft = replace(draft, table=None, source=source.name if way == source_tables.BY_SOURCE else "")
    found = desk.uploads.understood(file.name, data, draft, file.mended, beside)
    labels = source_tables.ways(source.title)
    st.radio(
        "How it is read",
        list(labels),
        index=list(labels).index(source_tables.BY_HAND if found is None else source_tables.BY_SOURCE),
        format_func=lambda one: labels[one],
        key=f"way-{file.file_id}",
        horizontal=True,
    )
    if found is None:
        return None
    st.caption(reading_tables.how_read(found.grid))
    show_view(reading_tables.as_text(found.grid), f"text-{file.file_id}", alt=f"Text of {file.name}")
    answers = _Asking(file, found).answers()
    ask_layout(file, found)
    last = desk.uploads.understood(file.name, data, replace(draft, answers=answers), file.mended, beside)
    if last is None:
        return None
    st.caption(source_tables.understood(last.meaning))
    alt = f"What the rows of {file.name} become"
    show_view(source_tables.fates(last.meaning), f"fates-{file.file_id}", alt=alt, rows=5)
    return last


class _Asking:
    """The questions of one file; what was said before stands in their answers."""

    def __init__(self, file: Dropped, found: Understood) -> None:
        self._file, self._found = file, found
        self._before = found.profile.answers

    def answers(self) -> Answers:
        """What is said now: what has to be said first, then what may be."""
        asked, before, known = self._found.asked, self._before, self._found.known
        has_to = asked.is_open or before.date_order is not None or before.market is not None
        given: dict[str, Any] = {}
        if has_to:
            st.markdown(f"**{source_tables.CONFIRM}**")
            given |= self._days() | self._market()
        meanings = {
            "statuses": (asked.statuses, source_tables.STATUSES, "means"),
            "stages": (asked.stages, source_tables.STAGES, "is on Takt's ladder"),
        }
        ours = {
            "markets": (asked.markets, known.markets, "is our market"),
            "products": (asked.products, known.products, "is our product"),
        }
        if self._any(meanings) or asked.delivers or asked.history:
            with st.expander(
                source_tables.SAID, expanded=bool(asked.statuses or asked.stages), key=self._key("say")
            ):
                st.caption(source_tables.SAID_HELP)
                cells = st.columns(3, gap="small")
                told, place = self._all_names(meanings, cells)
                given |= told | {"chances": self._chances(asked.stages, cells, place)}
                given |= self._delivery() if asked.delivers else {}
                given |= self._history() if asked.history else {}
        if self._any(ours):
            label = source_tables.strange_names(asked.markets, asked.products)
            with st.expander(label, key=self._key("names")):
                st.caption(source_tables.SAID_HELP)
                given |= self._all_names(ours, st.columns(3, gap="small"))[0]
        return Answers(**given)

    def _any(self, names: _Names) -> bool:
        """Whether there is anything to say, or was said before, of these."""
        return any(getattr(self._before, name) or strange for name, (strange, _, _) in names.items())

    def _all_names(self, names: _Names, cells: Any) -> tuple[dict[str, Any], int]:
        """What is said of names of several kinds, and how many there are."""
        told, place = dict[str, Any](), 0
        for name, (strange, choices, verb) in names.items():
            told[name], place = self._names(name, strange, choices, verb, cells, place)
        return told, place

    def _key(self, name: str) -> str:
        return f"{name}-{self._file.file_id}"

    def _days(self) -> dict[str, Any]:
        """Day or month first, where a text of the file could be two days."""
        example, before = self._found.asked.days, self._before.date_order
        if example is None and before is None:
            return {}
        choices = source_tables.ORDERS
        answer = st.radio(
            f"{words.plain(example)} could be two days. Which comes first?"
            if example
            else "Which comes first?",
            list(choices),
            index=None if before is None else list(choices).index(before),
            format_func=lambda one: choices[one],
            key=self._key("order"),
            horizontal=True,
        )
        return {"date_order": answer}

    def _market(self) -> dict[str, Any]:
        """The market of all rows, where the file names none."""
        before, ours = self._before.market, self._found.known.markets
        if not self._found.asked.market and before is None:
            return {}
        label = "No row says a market. Which one are they of?"
        if ours:
            place = ours.index(before) if before in ours else None
            return {"market": st.selectbox(label, ours, index=place, key=self._key("market"), width=320)}
        text = st.text_input(label, before or "", key=self._key("market"), width=320)
        return {"market": text.strip() or None}

    def _names(  # noqa: PLR0917 - a kind of name, and where its questions go
        self, name: str, strange: Sequence[str], choices: Sequence[str], verb: str, cells: Any, place: int
    ) -> tuple[Mapping[str, str], int]:
        """Theirs → ours, of one kind of name."""
        before = getattr(self._before, name)
        told: dict[str, str] = {}
        for theirs in [*before, *(one for one in strange if one not in before)]:
            known = "kept aside" if before.get(theirs) == "aside" else before.get(theirs)
            with cells[place % len(cells)]:
                ours = st.selectbox(
                    f"{words.plain(theirs)} {verb}",
                    list(choices),
                    index=list(choices).index(known) if known in choices else None,
                    placeholder="as it is" if name != "statuses" else "kept aside",
                    key=self._key(f"{name}:{theirs}"),
                )
            place += 1
            if ours is not None:
                told[theirs] = "aside" if ours == "kept aside" else ours
        return told, place

    def _chances(self, stages: Sequence[str], cells: Any, place: int) -> dict[str, float]:
        """The probability of stages that are none of the ladder, where deals have none of their own."""
        told: dict[str, float] = {}
        before = self._before.chances
        for number, stage in enumerate([*before, *(one for one in stages if one not in before)], start=place):
            with cells[number % len(cells)]:
                typed = st.text_input(
                    f"Probability of {words.plain(stage)}",
                    f"{before[stage]:g}" if stage in before else "",
                    key=self._key(f"chance:{stage}"),
                    placeholder="the deal's own",
                ).strip()
                if typed and _share(typed) is None:
                    st.error(source_tables.NO_CHANCE, icon=":material/error:")
            share = _share(typed) if typed else None
            if share is not None:
                told[stage] = share
        return told

    def _delivery(self) -> dict[str, Any]:
        usual = self._before.due_days
        label = "Days from order, or closing, to delivery, where the file has no delivery day"
        typed = st.text_input(label, placeholder=str(usual), key=self._key("due"), width=480).strip()
        if not typed:
            return {}
        if not typed.isdecimal() or len(typed) > 4:
            st.error(source_tables.NO_DAYS, icon=":material/error:")
            return {}
        return {"due_days": int(typed)}

    def _history(self) -> dict[str, Any]:
        answer = st.checkbox(
            "These orders are demand history, too",
            value=bool(self._before.as_history),
            key=self._key("history"),
            help=source_tables.HISTORY_HELP,
        )
        return {"as_history": answer}


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
