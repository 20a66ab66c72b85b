"""Fleet: what to rent, keep and return by when, and where robots are spare or short."""

from datetime import date

import polars as pl
import streamlit as st

from pages.empty import tell_nothing_yet
from pages.filters import filters, pick_many
from pages.fleet_costs import show_costs
from pages.fleet_rentals import approve_button, dates_button
from pages.header import head
from pages.shown import shown
from pages.thread_way import HINT, show_threads
from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_tables, robot_weeks, words
from planning.present.colours import palette
from planning.present.fleet_charts import robots_chart, surplus_map
from planning.present.fleet_tables import FleetChoice
from planning.present.view import ids, labels
from planning.workflows.desk import the_desk

MOST_CHARTS = 8
MOST_MAP_ROWS = 14


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown(desk)
    plan, network = about.plan, about.network
    with head(desk, "Fleet", about):
        if plan is not None and not plan["rentals"].is_empty():
            decided = about.reads_only or approve_button(desk, plan)
            dates_button(desk, plan, primary=not decided)
    if tell_nothing_yet(plan, network) or plan is None:
        return
    choice = _choice(plan, network)
    today = max(desk.today(), words.as_of(plan))
    _decisions(plan, network, choice, today)
    _figures(plan, choice)
    cells = robot_weeks.robot_weeks(plan, network, choice)
    if not cells.is_empty():
        _by_week(plan, cells)
        _map(cells)
    if network is not None:
        _contracts(plan, network, choice, today)
    show_costs(plan, network, choice, today)


def _choice(plan: Plan, network: Network | None) -> FleetChoice:
    placed = filters(plan, network, "factory")
    robots = pick_many("robot", labels(network, "robots", "robot_model", ids(plan, "robot_model")))
    return FleetChoice(factories=placed.factories, robots=robots)


def _decisions(plan: Plan, network: Network | None, choice: FleetChoice, today: date) -> None:
    st.header("To decide", anchor=False)
    asked = fleet_tables.decisions(plan, network, choice, today)
    if asked.is_empty:
        st.info(fleet_tables.nothing_to_decide(plan, choice), icon=":material/check_circle:")
    else:
        st.caption(fleet_tables.to_decide(plan, asked, today))
        show_view(asked, "decisions", alt="Rentals to decide, by date")


def _figures(plan: Plan, choice: FleetChoice) -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        for figure in robot_weeks.figures(plan, choice):
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def _by_week(plan: Plan, cells: pl.DataFrame) -> None:
    st.header("Robots by week", anchor=False, help=robot_weeks.NEEDED)
    places = robot_weeks.by_factory(cells, plan)
    if len(places) > MOST_CHARTS:
        st.caption(f"{len(places)} factories: choose some on the left to see each by week.")
        places = robot_weeks.together(places)
    top = robot_weeks.most_robots(places)
    with st.grid(min(2, len(places)), min_column_width=320, gap="medium"):
        for place, by_week in places.items():
            with st.container():
                st.markdown(f"**{place}**")
                st.altair_chart(
                    robots_chart(by_week, palette(st.context.theme.type), top),
                    alt=f"Robots owned, on contract, newly rented and needed by week: {place}",
                )


def _map(cells: pl.DataFrame) -> None:
    st.header("Spare and short", anchor=False, help=robot_weeks.SPARE)
    rows, left = robot_weeks.map_rows(cells, MOST_MAP_ROWS)
    if rows.is_empty():
        st.caption("Everywhere and always as many robots as the plan's work needs.")
    else:
        st.caption(robot_weeks.how_to_read(left))
        st.altair_chart(
            surplus_map(rows, palette(st.context.theme.type)),
            alt="Spare and short robots by factory, robot model and week",
        )
    with st.expander("By week, factory and robot"):
        show_view(robot_weeks.weeks_table(cells), "robot-weeks", alt="Robots by week, factory and model")


def _contracts(plan: Plan, network: Network, choice: FleetChoice, today: date) -> None:
    st.header("Contracts", anchor=False)
    running = fleet_tables.contracts(plan, network, choice, today)
    if running.is_empty:
        st.caption("No contract is running.")
    else:
        named = running.frame["contract"]
        told = "Contracts that run, by notice date"
        show_threads(running, "contracts", lambda row: f"contract:{named[row]}", alt=told)
        st.caption(HINT)
