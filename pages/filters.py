"""What the page is narrowed down to; the choice lives in its address, so that a link shows the same."""

import streamlit as st

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import tables


def filters(plan: Plan, network: Network | None) -> tables.Choice:
    """Let the planner choose factories and products in the sidebar; nothing chosen means all."""
    with st.sidebar:
        choice = tables.Choice(
            _pick("Factory", tables.labels(network, "factories", "factory", tables.ids(plan, "factory"))),
            _pick("Product", tables.labels(network, "products", "product", tables.ids(plan, "product"))),
        )
        if choice.factories or choice.products:
            st.caption("Key figures and cost stay those of the whole plan.")
    return choice


def _pick(name: str, labels: dict[str, str]) -> list[str]:
    return st.multiselect(
        name,
        list(labels),
        format_func=lambda id: labels[id],
        key=name.lower(),
        bind="query-params",
        placeholder="All",
    )
