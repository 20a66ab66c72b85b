"""Parts of the Plan page: production, of which a cell is opened by a click, and robot load."""

from dataclasses import replace
from datetime import date

import streamlit as st

from pages.address import ask, forget_miss, tell_misses
from pages.plan_orders import with_threads
from pages.view import pick_cell, show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import plan_cell, plan_tables, words
from planning.present.charts import MOST_MARKS
from planning.present.colours import palette
from planning.present.plan_charts import load_chart, production_chart
from planning.present.view import Choice, labels

GRID_ROWS = 8
MOST_LOAD_ROWS = 40
#: Each may have an edge as well.
MOST_LOAD_CELLS = MOST_MARKS // 2


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
    with_threads(served, "served", alt="Orders this work is for, with their promised weeks", rows=6)
    st.caption(plan_cell.how_served(plan, week))


def load(plan: Plan, network: Network | None, choice: Choice) -> None:
    """Hours in use by factory, robot model and week."""
    st.header("Robot load", anchor=False)
    drawn, left_out = plan_tables.drawable_load(
        plan_tables.robot_load(plan, network, choice), MOST_LOAD_ROWS, MOST_LOAD_CELLS
    )
    fullest = plan_tables.fullest(drawn)
    if not fullest:
        st.caption("No robot works in this plan.")
        return
    chart = load_chart(drawn, palette(st.context.theme.type))
    st.altair_chart(chart, alt=f"Robot hours in use by factory, model and week, in per cent. {fullest}")
    st.caption(f"{fullest} {left_out}")
