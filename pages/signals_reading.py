"""Part of the Signals page: what a file of another system is taken for, and what only a planner can say."""

from dataclasses import replace

import streamlit as st

from pages.signals_dropped import Dropped
from pages.signals_layout import ask_layout, chosen_layout, said
from pages.view import show_view
from planning.present import reading_tables, words
from planning.signals.reading.profile import Profile, Taken
from planning.signals.reading.proposal import Proposal, Question, answered
from planning.workflows.desk import Desk

KEPT_ASIDE = "kept aside"


def read(desk: Desk, file: Dropped) -> Proposal:
    """What the file is taken for, by what was chosen and answered so far; draws every choice.

    Raises InputError where it cannot be read.
    """
    draft = chosen(file)
    proposal = desk.uploads.read(file.name, file.data, draft, file.mended)
    st.caption(reading_tables.how_read(proposal.grid, proposal.periods))
    show_view(reading_tables.as_text(proposal.grid), f"text-{file.file_id}", alt=f"Text of {file.name}")
    if proposal.table is not None:
        _ask_columns(file, proposal)
        if proposal.questions or proposal.strange:
            draft = _answers(file, draft, proposal)
    ask_layout(file, proposal)
    last = desk.uploads.read(file.name, file.data, draft, file.mended)
    if last.forms:
        st.caption(f"Read as: {reading_tables.forms_told(last)}.")
    return last


def chosen(file: Dropped) -> Profile:
    """What was chosen: table, columns, values for every row, layout, name."""
    profile = Profile(said(file, "remember") or "", said(file, "table"), hints=chosen_layout(file))
    for key in list(st.session_state):
        kind, _, column = str(key).removesuffix(f"-{file.file_id}").partition(":")
        chosen = st.session_state[key] if str(key).endswith(file.file_id) else None
        if kind == "map" and chosen:
            heading = None if chosen == reading_tables.NOTHING else chosen
            profile = profile.with_column(column, Taken(heading, constant=said(file, f"every:{column}")))
        elif kind == "every" and chosen and column not in profile.columns:
            profile = profile.with_column(column, Taken(constant=chosen))
    return profile


def _ask_columns(file: Dropped, proposal: Proposal) -> None:
    """Which column of the file is what; and what every row says, where none has to say it."""
    fields = proposal.table.fields if proposal.table is not None else ()
    choices = reading_tables.file_choices(proposal.grid.headings)
    st.markdown("**Which column is what**", help=reading_tables.COLUMNS_HELP)
    cells = st.columns(4, gap="small")
    for number, field in enumerate(fields):
        missing = field.name in proposal.missing or bool(said(file, f"every:{field.name}"))
        with cells[number % 4]:
            st.selectbox(
                reading_tables.column_label(field, missing=missing),
                list(choices),
                index=None,
                placeholder=reading_tables.column_shown(proposal, field.name),
                help=words.plain(field.doc) or None,
                key=f"map:{field.name}-{file.file_id}",
            )
            if missing:
                st.text_input(f"{field.name} of every row", key=f"every:{field.name}-{file.file_id}")


def _answers(file: Dropped, draft: Profile, proposal: Proposal) -> Profile:
    """The draft with the answers to what the file alone does not say."""
    st.markdown(f"**{reading_tables.CONFIRM}**")
    for question in proposal.questions:
        code = _ask(file, question)
        draft = draft if code is None else answered(draft, proposal, question, code)
    for column, strange in proposal.strange.items():
        field = next(f for f in proposal.table.fields if f.name == column) if proposal.table else None
        means = {word: _mean(file, column, word, field.choices) for word in strange} if field else {}
        meant = {word: ours for word, ours in means.items() if ours not in {None, KEPT_ASIDE}}
        if meant:
            taken = draft.columns.get(column, proposal.profile.columns[column])
            draft = draft.with_column(column, replace(taken, words=dict(taken.words) | meant))
    return draft


def _ask(file: Dropped, question: Question) -> str | None:
    return st.radio(
        words.plain(question.words),
        list(question.choices),
        index=None,
        format_func=lambda code: words.plain(question.choices[code]),
        key=f"answer:{question.column}-{file.file_id}",
    )


def _mean(file: Dropped, column: str, word: str, choices: tuple[str, ...]) -> str | None:
    key = f"word:{column}:{word}-{file.file_id}"
    label = f"{column}: {words.plain(word)} means"
    return st.selectbox(label, [*choices, KEPT_ASIDE], index=None, placeholder=KEPT_ASIDE, key=key, width=320)
