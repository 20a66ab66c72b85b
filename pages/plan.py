"""Plan: what is made where, what it costs, how good it is, and what is late."""

import polars as pl
import streamlit as st

from pages.empty import tell_nothing_yet
from pages.exports import export_menu
from pages.filters import filters
from pages.header import head
from pages.plan_changes import changes_button
from pages.plan_details import load, production
from pages.plan_orders import orders
from pages.rolling import roll_button, week_over
from pages.shown import shown
from pages.versions import step_button, versions
from pages.view import show_view
from pages.work import replan_button
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_tables, plan_tables, signals_tables, words
from planning.present.view import Choice
from planning.workflows.desk import Desk, the_desk

DECIDE_SOON_DAYS = 14


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown(desk)
    plan, network = about.plan, about.network
    with head(desk, "Plan", about):
        if about.opened is not None:
            export_menu(desk, about.opened.plan, primary=False)
        else:
            _actions(desk, plan, network)
    if tell_nothing_yet(plan, network) or plan is None:
        return
    if not about.reads_only:
        week_over(desk)
    choice = filters(plan, network, "factory", "product", "market")
    if not choice.is_empty:
        st.sidebar.caption(plan_tables.not_narrowed(choice))
    _relaxed(plan)
    decisions, figures = st.columns([5, 3], gap="medium")
    with decisions:
        _decisions(plan, network, choice)
    with figures:
        _figures(plan)
    orders(plan, network, choice)
    production(plan, network, choice)
    load(plan, network, choice)
    _cost(desk, plan, network, compared=not about.reads_only)
    _basis(plan, plan["rejected_rows"] if about.reads_only else desk.kept_aside())
    versions(desk, plan, network)


def _actions(desk: Desk, plan: Plan | None, network: Network | None) -> None:
    """Re-planning matters while there is no plan of today's data, then its next step, then taking it away."""
    to_replan = plan is None or desk.is_stale()
    if plan is not None:
        last = not step_button(desk, plan, primary=not to_replan or network is None)
        export_menu(desk, plan, primary=last and (not to_replan or network is None))
    if network is not None:
        roll_button(desk)
        replan_button(desk, first=plan is None, primary=to_replan)


def _relaxed(plan: Plan) -> None:
    bent = plan_tables.relaxed(plan)
    if not bent.is_empty:
        st.warning(words.bent(bent.frame.height, plan.summary["status"]), icon=":material/rule:")
        show_view(bent, "relaxed", alt="Rules the plan bends")


def _decisions(plan: Plan, network: Network | None, choice: Choice) -> None:
    st.header("Rentals to decide", anchor=False)
    rentals = fleet_tables.rentals(plan, network, choice)
    if rentals.is_empty:
        st.caption("Nothing to rent, return or renew: the robots you have are what this plan needs.")
        return
    show_view(rentals, "rentals", alt="Rentals to decide, by date", rows=5)
    due = fleet_tables.due_soon(rentals, words.as_of(plan), DECIDE_SOON_DAYS)
    st.caption(f"{due} of {rentals.frame.height} due within {DECIDE_SOON_DAYS} days.")


def _figures(plan: Plan) -> None:
    with st.grid(2, min_column_width=140, gap="small"):
        for figure in words.figures(plan.summary):
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def _cost(desk: Desk, plan: Plan, network: Network | None, *, compared: bool) -> None:
    st.header("Cost", anchor=False)
    lines, sentences = st.columns([3, 2], gap="medium")
    with lines:
        show_view(plan_tables.cost_lines(plan), "cost", alt="Cost of the plan by line", rows=10)
    with sentences:
        st.write(words.quality(plan.summary))
        st.write(words.commitment(plan.summary))
        if compared:
            changes_button(desk, plan, network)


def _basis(plan: Plan, rejected: pl.DataFrame) -> None:
    aside = signals_tables.kept_aside(rejected)
    assumed = plan.summary.get("assumed", ())
    with st.expander(f"What this rests on: {words.basis(len(assumed), aside.frame.height)}"):
        for line in (*assumed, *words.deals_left_out(plan.summary)):
            st.markdown(f"- {line}")
        if not aside.is_empty:
            show_view(aside, "aside", alt="Rows kept aside on import")
