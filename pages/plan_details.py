"""Parts of the Plan page that answer a click by themselves: orders and production."""

from dataclasses import replace
from datetime import date

import streamlit as st

from pages.address import ask, forget_miss, tell_misses
from pages.thread_way import HINT, show_threads
from pages.view import MOST_ROWS, pick_cell, show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import order_actions, plan_cell, plan_orders, plan_tables, words
from planning.present.colours import palette
from planning.present.plan_charts import production_chart
from planning.present.view import Choice, View, labels

GRID_ROWS = 8
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
        _with_threads(lines, "lines", alt="Open orders, late and refused first")
    elif unserved.is_empty:
        st.caption("None: every open order is delivered in its week.")
    else:
        _with_threads(unserved, "unserved", alt="Late and refused orders, dearest first")
    for note in (words.left_out(plan.summary), plan_orders.OF_FACTORIES if choice.factories else ""):
        if note:
            st.caption(note)


def _with_threads(lines: View, key: str, *, alt: str, rows: int = MOST_ROWS) -> None:
    """Order lines; one ticked leads to its thread."""
    show_threads(lines, key, lambda row: f"order:{lines.frame['order'][row]}", alt=alt, rows=rows)
    st.caption(HINT)


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


@st.fragment
def production(plan: Plan, network: Network | None, choice: Choice) -> None:
    """Good units by week and factory; a cell of the table, or a week and a factory picked, opens it."""
    st.header("Production", anchor=False)
    by_week = plan_tables.production_by_week(plan, choice)
    chart = production_chart(by_week, palette(st.context.theme.type))
    st.altair_chart(chart, alt="Good units a week, for confirmed orders and for expected demand")
    grid = plan_tables.production_grid(plan, network, choice)
    weeks = grid.frame["week"].to_list()

    def open_cell(row: int, column: str) -> None:
        st.session_state["week"] = weeks[row]
        st.session_state["at"] = column.removeprefix("factory ") if column.startswith("factory ") else None

    pick_cell(grid, "grid", open_cell, alt="Good units by week and factory", rows=GRID_ROWS)
    week, factory = _picked(network, weeks, [name for name in grid.columns if name.startswith("factory ")])
    if week is not None:
        _cell(plan, network, replace(choice, factories=[factory]) if factory else choice, week)


def _picked(network: Network | None, weeks: list[date], columns: list[str]) -> tuple[date | None, str | None]:
    """Week and factory picked, for the keyboard and for links; nothing picked opens nothing."""
    factories = [column.removeprefix("factory ") for column in columns]
    called = labels(network, "factories", "factory", factories)
    ask("week", {monday: f"{monday:%G-W%V}" for monday in weeks}, several=False)
    ask("at", called, several=False, called="factory")
    with st.container(horizontal=True):
        week = st.selectbox(
            "Open a week",
            weeks,
            index=None,
            format_func=lambda monday: f"{monday:%G-W%V}",
            key="week",
            bind="query-params",
            placeholder="Pick one, or a cell of the table",
            on_change=forget_miss,
            args=("week",),
            width=260,
        )
        factory = st.selectbox(
            "At",
            factories,
            index=None,
            format_func=lambda id: called[id],
            key="at",
            bind="query-params",
            placeholder="all factories",
            on_change=forget_miss,
            args=("at",),
            width=260,
        )
    tell_misses("week", "at")
    return week, factory


def _cell(plan: Plan, network: Network | None, choice: Choice, week: date) -> None:
    made = plan_cell.made_in(plan, network, choice, week)
    where = choice.factories and labels(network, "factories", "factory", choice.factories).values()
    st.markdown(f"**{', '.join(where) if where else 'All factories'}, {words.week(week)}**")
    if made.is_empty:
        st.caption("Nothing is made there that week.")
        return
    show_view(made, "made", alt="Products made in the week picked, with units and robot hours")
    served = plan_cell.orders_served(plan, network, choice, week)
    if served.is_empty:
        st.caption("For no confirmed order: stock, or expected demand.")
        return
    st.markdown(f"**For {words.count(served.frame.height, 'order line')}**")
    _with_threads(served, "served", alt="Orders this work is for, with their promised weeks", rows=6)
    st.caption(plan_cell.how_served(plan, week))
