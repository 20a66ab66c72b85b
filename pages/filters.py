"""What a page is narrowed down to; the choice lives in its address, so that a link shows the same."""

import streamlit as st

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, ids, labels

TABLES = {"factory": "factories", "product": "products", "market": "markets"}


def filters(plan: Plan, network: Network | None, *names: str) -> Choice:
    """Let the planner choose in the sidebar; nothing chosen means all.

    Parameters
    ----------
    names : what the page can be narrowed by: factory, product, market.
    """
    with st.sidebar:
        chosen = {
            name: pick_many(name, labels(network, TABLES[name], name, ids(plan, name))) for name in names
        }
    return Choice(*(chosen.get(name, ()) for name in TABLES))


def pick_many(name: str, labels: dict[str, str]) -> list[str]:
    """Ids chosen from these; none means all. `name` stands in the address and, capitalised, above it."""
    return st.multiselect(
        name.capitalize(),
        list(labels),
        format_func=lambda id: labels[id],
        key=name,
        bind="query-params",
        placeholder="All",
    )
