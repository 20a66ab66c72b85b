"""What robots cost, below the rest of the Fleet page: closed until somebody asks."""

from datetime import date

import streamlit as st

from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import fleet_costs
from planning.present.fleet_tables import FleetChoice


def show_costs(plan: Plan, network: Network | None, choice: FleetChoice, today: date) -> None:
    """What vendors will invoice, and what the robots of each factory cost a good unit."""
    if network is not None:
        _invoices(plan, network, choice, today)
    by_factory = fleet_costs.robot_cost_table(plan, network, choice)
    if not by_factory.is_empty:
        with st.expander("Paid hours and robot cost a good unit, by factory"):
            show_view(by_factory, "robot-costs", alt="Paid hours used and robot cost a good unit by factory")


def _invoices(plan: Plan, network: Network, choice: FleetChoice, today: date) -> None:
    invoices = fleet_costs.invoice_table(plan, network, choice, today)
    told = fleet_costs.to_pay(plan, network, invoices)
    if invoices.is_empty and not told:
        return
    with st.expander("What vendors will invoice, by month"):
        st.caption(told, help=fleet_costs.INVOICES)
        if not invoices.is_empty:
            show_view(invoices, "invoices", alt="Invoices of vendors to come, by month and contract")
