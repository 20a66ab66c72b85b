"""Plan: what is made where, what it costs, how good it is, and what is late."""

import streamlit as st

from pages.empty import tell_nothing_yet
from pages.filters import filters
from pages.header import head
from pages.view import show_view
from pages.work import replan_button
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_tables, plan_tables, signals_tables, words
from planning.present.charts import production_chart
from planning.present.colours import palette
from planning.present.view import Choice
from planning.workflows.desk import Desk, the_desk

DECIDE_SOON_DAYS = 14


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    plan, network = desk.plan(), desk.network()
    with head(desk, "Plan"):
        if plan is not None:
            _export_button(desk, plan)
        if network is not None:
            replan_button(desk, first=plan is None)
    if tell_nothing_yet(plan, network) or plan is None:
        return
    choice = filters(plan, network, "factory", "product")
    if choice.factories or choice.products:
        st.sidebar.caption("Key figures and cost stay those of the whole plan.")
    _relaxed(plan)
    decisions, figures = st.columns([5, 3], gap="medium")
    with decisions:
        _decisions(plan, network, choice)
    with figures:
        _figures(plan)
    _unserved(plan, network, choice)
    _production(plan, network, choice)
    _cost(plan)
    _basis(desk, plan)


def _export_button(desk: Desk, plan: Plan) -> None:
    version = plan.summary["version"]
    st.download_button(
        "Export",
        data=lambda: desk.export_zip(version),
        file_name=f"takt-plan-v{version}.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
        help="The export folder of this plan as a zip: CSV files and plan.json.",
    )


def _relaxed(plan: Plan) -> None:
    bent = plan_tables.relaxed(plan)
    if not bent.is_empty:
        st.warning(words.bent(bent.frame.height), icon=":material/rule:")
        show_view(bent, "relaxed", alt="Rules the plan bends")


def _decisions(plan: Plan, network: Network | None, choice: Choice) -> None:
    st.subheader("Rentals to decide", anchor=False)
    rentals = fleet_tables.rentals(plan, network, choice)
    if rentals.is_empty:
        st.caption("Nothing to rent, return or renew: the robots you have are what this plan needs.")
        return
    due = fleet_tables.due_soon(rentals, words.as_of(plan), DECIDE_SOON_DAYS)
    st.caption(f"{due} of {rentals.frame.height} due within {DECIDE_SOON_DAYS} days.")
    show_view(rentals, "rentals", alt="Rentals to decide, by date", rows=5)


def _figures(plan: Plan) -> None:
    with st.grid(2, min_column_width=140, gap="small"):
        for figure in words.figures(plan.summary):
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def _unserved(plan: Plan, network: Network | None, choice: Choice) -> None:
    st.subheader("Late and refused orders", anchor=False)
    unserved = plan_tables.unserved(plan, network, choice)
    if unserved.is_empty:
        st.caption("None: every open order is delivered in its week.")
    else:
        show_view(unserved, "unserved", alt="Late and refused orders, dearest first")
    left_out = words.left_out(plan.summary)
    if left_out:
        st.caption(left_out)


def _production(plan: Plan, network: Network | None, choice: Choice) -> None:
    st.subheader("Production", anchor=False)
    by_week = plan_tables.production_by_week(plan, choice)
    chart = production_chart(by_week, palette(st.context.theme.type))
    st.altair_chart(chart, alt="Good units a week, for confirmed orders and for expected demand")
    show_view(
        plan_tables.production_grid(plan, network, choice), "grid", alt="Good units by week and factory"
    )


def _cost(plan: Plan) -> None:
    st.subheader("Cost, and how good the plan is", anchor=False)
    lines, sentences = st.columns([3, 2], gap="medium")
    with lines:
        show_view(plan_tables.cost_lines(plan), "cost", alt="Cost of the plan by line", rows=10)
    with sentences:
        st.write(words.quality(plan.summary))
        st.write(words.commitment(plan.summary))


def _basis(desk: Desk, plan: Plan) -> None:
    aside = signals_tables.kept_aside(desk.kept_aside())
    assumed = plan.summary.get("assumed", ())
    with st.expander(f"What this rests on: {words.basis(len(assumed), aside.frame.height)}"):
        for line in (*assumed, *words.deals_left_out(plan.summary)):
            st.markdown(f"- {line}")
        if not aside.is_empty:
            show_view(aside, "aside", alt="Rows kept aside on import")
