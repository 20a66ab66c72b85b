"""Actions of the Fleet page: approve rentals, which become contracts, and take the decide-by dates along."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from pages.scenario_actions import attempt
from planning.domain.plan import Plan
from planning.present import rental_words
from planning.workflows.desk import Desk

DECIDE_SOON = timedelta(days=14)


def approve_button(desk: Desk, plan: Plan) -> bool:
    """The primary action once the plan is approved and rentals are left to order; whether it is there."""
    version = plan.summary["version"]
    if desk.versions.status(version) not in {"approved", "published"} or desk.is_stale():
        return False
    left = desk.orderable(version)
    if left.is_empty() or left["done"].all():
        return False
    left = left.filter(~pl.col("done"))
    key = f"approve-rentals-{left.height}"
    with st.popover("Approve rentals", type="primary", icon=":material/order_approve:", key=key):
        st.fragment(_approve)(desk, plan, left, desk.today())
    return True


def _approve(desk: Desk, plan: Plan, left: pl.DataFrame, today: date) -> None:
    currency = plan.summary["policy"]["currency"]
    named = rental_words.lots(left, currency)
    soon = left.filter(pl.col("decide_by") <= today + DECIDE_SOON)["contract"].to_list()
    chosen = st.multiselect(
        "Order now",
        list(named),
        default=soon,
        format_func=lambda contract: named[contract],
        key="rentals-chosen",
        help=f"Those to be decided within {DECIDE_SOON.days} days are chosen at first.",
    )
    st.write(rental_words.total(left.filter(pl.col("contract").is_in(chosen)), currency))
    st.caption("They become contracts, ordered, by an import that can be undone on the Signals page.")
    if st.button("Order them", disabled=not chosen, key="order-them") and attempt(
        lambda: desk.approve_rentals(plan.summary["version"], chosen)
    ):
        st.rerun()


def dates_button(desk: Desk, plan: Plan, *, primary: bool) -> None:
    """The days to decide by, for a calendar."""
    version = plan.summary["version"]
    st.download_button(
        "Dates to calendar",
        data=lambda: desk.export_dates(version),
        file_name=f"takt-decide-by-v{version}.ics",
        mime="text/calendar",
        on_click="ignore",
        type="primary" if primary else "secondary",
        icon=":material/event:",
    )
