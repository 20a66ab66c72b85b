"""Part of the Forecast page: overrides as they are typed, and what they would change once saved."""

from datetime import date

import polars as pl
import streamlit as st

from pages.view import look, show_view
from planning.present import forecast_tables, override_tables, words
from planning.workflows.outlook import Outlook
from planning.workflows.overruling import Draft, Entry, Signature, draft_overrides


def title(shown: pl.DataFrame) -> str:
    """What can be said something else of: the series in `shown`."""
    series = "this series" if shown.height == 1 else f"these {shown.height:,} series together"
    return f"Say something else of {series}"


def type_draft(outlook: Outlook, shown: pl.DataFrame) -> Draft:
    """Let overrides of the series in `shown` be typed; tell what they would change, and what will not do."""
    # Other series, or a saved draft, are another editor: nothing typed for one is said of the other.
    turn = st.session_state.setdefault("drafts", 0)
    editor = f"{turn}-{shown.select(forecast_tables.SERIES).hash_rows().sum()}"
    st.caption(override_tables.HOW)
    weeks, rest = st.columns([3, 2], gap="medium")
    with weeks:
        entries = _by_week(outlook, shown, editor)
    with rest:
        entries += _over_a_range(outlook, editor)
        draft = draft_overrides(outlook, shown, entries, _signature(editor))
        # Beside the cells, where who types sees it.
        _tell_in_the_way(draft)
    if not draft.rows.is_empty():
        st.markdown(override_tables.what_changes(draft.rows))
        show_view(
            override_tables.changes(draft.rows, outlook.network), "draft", alt="What the overrides change"
        )
    return draft


def _by_week(outlook: Outlook, shown: pl.DataFrame, editor: str) -> list[Entry]:
    view = override_tables.weeks_to_overrule(outlook.network, outlook.without_overrides, shown)
    # All text: what is pasted stays as it is until it is judged. A number column would clamp or blank it.
    typed = st.data_editor(
        view.frame.select(list(view.columns)),
        key=f"weeks-{editor}",
        disabled=[name for name in view.columns if name != "said"],
        **look(view, "Weeks, and what is said instead of their forecast", 8),
    )
    # Rows stay in their order; what the editor gives back as weeks are date-times.
    said = zip(view.frame["week"], typed["said"], strict=True)
    return [
        Entry(f"{words.week(week)} of {week:%G}".capitalize(), (week,), text or "") for week, text in said
    ]


def _over_a_range(outlook: Outlook, editor: str) -> list[Entry]:
    weeks = outlook.network.policy.weeks

    def pick(title: str) -> date | None:
        return st.selectbox(
            title,
            weeks,
            index=None,
            format_func=lambda week: f"W{week:%V} · {words.short_day(week)}",
            key=f"{title}-{editor}",
            placeholder="–",
        )

    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, last = pick("From week"), pick("To week")
        text = st.text_input(
            "Say for all of it",
            key=f"range-{editor}",
            placeholder="500 or +20 %",
            help=override_tables.SAID_HELP,
        )
    start, end = first or last, last or first
    if start is None or end is None:
        return [Entry("The range", (), text)]
    where = f"W{start:%V}" if start == end else f"W{start:%V} to W{end:%V}"
    return [Entry(where, tuple(week for week in weeks if start <= week <= end), text)]


def _signature(editor: str) -> Signature:
    reason = st.text_input("Reason", key=f"reason-{editor}", placeholder="What do you know that it does not?")
    with st.container(horizontal=True):
        author = st.text_input("Author", key=f"author-{editor}", value=st.session_state.get("signed", ""))
        expires = st.date_input(
            "Last day it holds",
            value=None,
            key=f"expires-{editor}",
            format="YYYY-MM-DD",
            help="After it the forecast holds again. Empty: it holds until you let it end.",
        )
    return Signature(reason, author, expires)


def _tell_in_the_way(draft: Draft) -> None:
    """What will not do, and what has to be said yet, before anything can be saved."""
    if draft.faults:
        st.error("\n".join(f"- {words.plain(fault)}" for fault in draft.faults), icon=":material/error:")
    if draft.missing:
        st.info(draft.missing, icon=":material/info:")
