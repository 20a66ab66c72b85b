"""Part of the Plan page: open order lines, those of one cause, and the way from each to its thread."""

import streamlit as st

from pages.address import ask, forget_miss, tell_misses
from pages.thread_way import HINT, show_threads
from pages.view import MOST_ROWS
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import order_actions, plan_orders, words
from planning.present.view import Choice, View

#: Which orders are listed; in the address as they stand here.
NOT_ON_TIME, ALL_OPEN = "Late and refused", "All open"


@st.fragment
def orders(plan: Plan, network: Network | None, choice: Choice) -> None:
    """Open order lines with their promised weeks: those not on time, or all of them."""
    st.header("Orders", anchor=False)
    lines = _because_of(plan, network, plan_orders.order_lines(plan, network, choice))
    unserved = plan_orders.not_on_time(lines)
    counted = {NOT_ON_TIME: unserved.frame.height, ALL_OPEN: lines.frame.height}
    ask("orders", {name: name for name in counted}, several=False, called="choice of orders")
    shown = st.radio(
        "Orders shown",
        list(counted),
        captions=[f"{number:,}" for number in counted.values()],
        key="orders",
        bind="query-params",
        horizontal=True,
        label_visibility="collapsed",
        on_change=forget_miss,
        args=("orders",),
    )
    tell_misses("orders")
    if shown == ALL_OPEN:
        with_threads(lines, "lines", alt="Open orders, late and refused first")
    elif unserved.is_empty:
        st.caption("None: every open order is delivered in its week.")
    else:
        with_threads(unserved, "unserved", alt="Late and refused orders, dearest first")
    for note in (words.left_out(plan.summary), plan_orders.OF_FACTORIES if choice.factories else ""):
        if note:
            st.caption(note)


def _because_of(plan: Plan, network: Network | None, lines: View) -> View:
    """The lines a decision of Today is about, where one is chosen; its key stands in the address."""
    found = {} if network is None else order_actions.causes(plan, network)
    if network is None or (not found and "cause" not in st.query_params):
        return lines
    ask("cause", found, several=False, to_show="All causes are shown.")
    cause = st.selectbox(
        "Because of",
        list(found),
        index=None,
        format_func=lambda key: found[key],
        key="cause",
        bind="query-params",
        placeholder="any cause",
        width=420,
        on_change=forget_miss,
        args=("cause",),
    )
    tell_misses("cause")
    if cause is None:
        return lines
    about = order_actions.lines_because_of(plan, network, cause)
    return View(
        lines.frame.join(about, on=plan_orders.LINE, how="semi", maintain_order="left"), lines.columns
    )


def with_threads(lines: View, key: str, *, alt: str, rows: int = MOST_ROWS) -> None:
    """Order lines; one ticked leads to its thread."""
    show_threads(lines, key, lambda row: f"order:{lines.frame['order'][row]}", alt=alt, rows=rows)
    st.caption(HINT)
