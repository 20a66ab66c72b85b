"""What a page is narrowed down to; the choice lives in its address, so that a link shows the same."""

from datetime import date

import streamlit as st

from pages.address import ask, forget_miss, tell_misses
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, ids, labels

TABLES = {"factory": "factories", "product": "products", "market": "markets"}
EVERY_WEEK = "All weeks"


def filters(plan: Plan, network: Network | None, *names: str) -> Choice:
    """Let the planner choose in the sidebar; nothing chosen means all.

    Parameters
    ----------
    names : what the page can be narrowed by: factory, product, market.
    """
    chosen = {name: pick_many(name, labels(network, TABLES[name], name, ids(plan, name))) for name in names}
    return Choice(*(chosen.get(name, ()) for name in TABLES))


def pick_one(name: str, labels: dict[str, str], title: str = "", to_show: str = "") -> str:
    """One of these ids, at first the first. `name` stands in the address, `title` above the choice.

    `to_show` says what is shown where the address asks for something else.
    """
    ask(name, labels, several=False, to_show=to_show)
    return st.selectbox(
        title or name.capitalize(),
        list(labels),
        format_func=lambda id: labels[id],
        key=name,
        bind="query-params",
        on_change=forget_miss,
        args=(name,),
    )


def pick_week(weeks: list[date]) -> date | None:
    """A week of these, in the sidebar: the first unless another is chosen, or all of them (None).

    In the address stands week=2026-W49, so that other pages can lead to a week: `go(…, week="2026-W49")`.
    """
    named = {f"{week:%G-W%V}": week for week in weeks}
    options = {name: name for name in (*named, EVERY_WEEK)}
    with st.sidebar:
        week = pick_one("week", options, to_show="The first week laid out is shown.")
    tell_misses("week")
    return named.get(week)


def pick_many(name: str, labels: dict[str, str]) -> list[str]:
    """Ids chosen from these in the sidebar; none means all. `name` stands in the address and above it.

    What the address asks for and is not there is told where this is called.
    """
    ask(name, labels, to_show="All are shown.")
    with st.sidebar:
        chosen = st.multiselect(
            name.capitalize(),
            list(labels),
            format_func=lambda id: labels[id],
            key=name,
            bind="query-params",
            placeholder="All",
            on_change=forget_miss,
            args=(name,),
        )
    tell_misses(name)
    return chosen
