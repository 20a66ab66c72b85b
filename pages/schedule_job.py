"""One job of the schedule in a dialog: what it makes, and the order lines it is for."""

from typing import Any

import polars as pl
import streamlit as st

from pages.thread_way import thread_button
from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import schedule_tables


def ask_for(plan: Plan, number: int) -> None:
    """Have the job with this number shown when the page is drawn next."""
    st.session_state["job"] = (plan.summary["version"], number)


def show_job(plan: Plan, network: Network | None, jobs: pl.DataFrame) -> None:
    """Show the job asked for, once; one of an older plan is forgotten."""
    version, number = st.session_state.pop("job", (None, -1))
    found = jobs.filter(pl.col("number") == number)
    if version == plan.summary["version"] and not found.is_empty():
        job = found.row(0, named=True)
        st.dialog(f"Work order {job['work_order']}", width="large")(_dialog)(plan, network, job)


def _dialog(plan: Plan, network: Network | None, job: dict[str, Any]) -> None:
    st.markdown(schedule_tables.one_job(job))
    thread_button(f"work order:{job['work_order']}", key="follow-work")
    orders = schedule_tables.job_orders(plan, network, job)
    if orders.is_empty:
        st.caption("It serves no order line: it is made for expected demand.")
        return
    show_view(orders, "orders", alt="Order lines this job serves")
